"""Health and metrics."""

import datetime as dt

import pytest
from django.test import Client, override_settings

from responsibility.alerts.sweep import tick


@pytest.mark.django_db(transaction=True)  # the checks ask from threads of their own
def test_health_needs_no_account_and_tells_that_alerts_stand_still(now):
    client = Client()
    response = client.get("/healthz", headers={"accept": "text/plain"})
    assert response.status_code == 500
    assert "alerts stand still: the last sweep was never" in response.content.decode()
    tick("sweep", now=now)
    assert client.get("/healthz").status_code == 200
    tick("sweep", now=now - dt.timedelta(minutes=10))
    assert client.get("/healthz").status_code == 500


@pytest.mark.django_db(transaction=True)
def test_a_person_reads_in_words_what_runs(now):
    tick("sweep", now=now)
    html = Client().get("/healthz", headers={"accept": "text/html"}).content.decode()
    assert "All is well" in html
    assert html.count("state-good") == 4
    tick("sweep", now=now - dt.timedelta(minutes=10))
    chinese = {"accept": "text/html", "accept-language": "zh-CN"}
    html = Client().get("/healthz", headers=chinese).content.decode()
    assert "有部分没有运行" in html
    assert html.count("state-good") == 3
    assert html.count("state-bad") == 1
    assert "<style" not in html


def test_metrics_are_for_whoever_brings_the_token(db):
    with override_settings(METRICS_TOKEN="metrics-token"):
        assert Client().get("/metrics").status_code == 404
        assert Client().get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 404
        response = Client().get("/metrics", headers={"authorization": "Bearer metrics-token"})
    assert response.status_code == 200
    assert b"django_http_requests_total" in response.content


def test_without_a_token_set_metrics_are_closed_in_production(db):
    with override_settings(METRICS_TOKEN="", DEBUG=False):
        assert Client().get("/metrics").status_code == 404
