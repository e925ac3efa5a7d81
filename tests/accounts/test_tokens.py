"""Tokens for programs: shown once, valid until revoked, never somebody else's."""

import re

import pytest
from django.test import Client
from knox.models import AuthToken

from safegrid.accounts.tokens import MOST
from safegrid.audit.models import Entry

PAGE = "/accounts/tokens/"


def make_token(client):
    found = re.search(r'value="(sg_\w+)"', client.post(PAGE).text)
    return found and found[1]


def read(client, token):
    return client.get("/api/v1/sites/", headers={"Authorization": f"Token {token}"})


@pytest.fixture
def program():
    return Client()


def test_a_token_is_shown_once_and_reads(cast, client, program):
    client.force_login(cast.rival)
    token = make_token(client)
    assert [row["site"] for row in read(program, token).json()["results"]] == [cast.city.shop.name]
    assert token not in client.get(PAGE).text
    assert client.post(PAGE)["Cache-Control"].startswith("max-age=0")
    actions = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["token_made", "token_made"]
    assert not Entry.objects.filter(body__contains=token).exists()


def test_a_revoked_token_reads_no_more(cast, client, program):
    client.force_login(cast.rival)
    token = make_token(client)
    key = AuthToken.objects.get().token_key
    assert client.post(f"{PAGE}{key}/revoke/").url == PAGE
    assert read(program, token).status_code == 401
    assert Entry.objects.latest("pk").action == "token_revoked"


def test_nobody_revokes_or_sees_a_token_of_somebody_else(cast, client, program):
    client.force_login(cast.rival)
    token = make_token(client)
    key = AuthToken.objects.get().token_key
    client.force_login(cast.enterprise)
    assert key not in client.get(PAGE).text
    assert client.post(f"{PAGE}{key}/revoke/").status_code == 404
    assert read(program, token).status_code == 200


def test_a_token_reaches_what_its_owner_reaches_now(cast, client, program):
    client.force_login(cast.rival)
    token = make_token(client)
    cast.rival.holdings.all().delete()
    assert read(program, token).json()["results"] == []
    cast.rival.is_active = False
    cast.rival.save()
    assert read(program, token).status_code == 401


def test_there_is_an_end_to_tokens(cast, client):
    client.force_login(cast.rival)
    for _ in range(MOST):
        assert make_token(client)
    assert make_token(client) is None
    assert AuthToken.objects.count() == MOST


def test_whoever_is_not_signed_in_is_asked_to(db, client):
    assert client.get(PAGE).url.startswith("/accounts/login/")
    assert client.post(f"{PAGE}x/revoke/").url.startswith("/accounts/login/")
