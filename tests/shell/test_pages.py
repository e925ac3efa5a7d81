"""Sign-in and error pages, as the portal serves them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from safegrid.accounts.demo import ACCOUNTS

LOCAL_ONLY = "data-sign-in-as"


def test_sign_in_offers_exactly_the_demo_accounts_in_the_local_demo(client, db, settings):
    settings.DEBUG = True
    html = client.get(reverse("account_login")).content.decode()
    assert tuple(re.findall(r'data-sign-in-as="([^"]+)"', html)) == ACCOUNTS
    assert f"<code>{settings.DEMO_PASSWORD}</code>" in html


def test_sign_in_names_no_account_elsewhere(client, db, settings):
    settings.DEBUG = False
    html = client.get(reverse("account_login")).content.decode()
    assert 'name="password"' in html
    assert LOCAL_ONLY not in html
    assert settings.DEMO_PASSWORD not in html


def test_every_page_carries_the_strict_policy(client, db):
    policy = client.get(reverse("account_login"))["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


def test_nobody_signs_up(client, db):
    response = client.get(reverse("account_signup"))
    assert 'name="password1"' not in response.content.decode()
    assert "Accounts are given" in response.content.decode()


def test_a_wrong_address_gets_plain_words(client, cast):
    client.force_login(cast.bureau)
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "Nothing here" in response.content.decode()


def test_a_form_without_its_token_is_told_what_to_do(db):
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"login": "a", "password": "b"})
    assert response.status_code == 403
    html = response.content.decode()
    assert "This page was too old" in html
    assert f'href="{reverse("account_login")}"' in html


@pytest.mark.parametrize(
    "name",
    ["account_change_password", "account_email", "mfa_index", "mfa_list_webauthn", "account_logout"],
)
def test_account_pages_wear_the_shell(client, cast, name):
    cast.bureau.set_password("a password of one's own")
    cast.bureau.save()
    client.force_login(cast.bureau)
    html = client.get(reverse(name)).content.decode()
    assert 'class="skip-link"' in html
    assert html.count("<h1") == 1
    assert html.count("<main") == 1


def test_the_language_switch_names_the_other_language_in_itself(client, db):
    english = client.get(reverse("account_login"), headers={"accept-language": "en"}).content.decode()
    chinese = client.get(reverse("account_login"), headers={"accept-language": "zh-CN"}).content.decode()
    assert 'lang="zh-hans"' in english
    assert "中文" in english
    assert '<html lang="zh-hans">' in chinese
    assert 'value="en"' in chinese


def test_whoever_has_no_post_can_still_sign_out_on_a_phone(client, cast):
    client.force_login(cast.nobody)
    html = client.get(reverse("account_logout")).content.decode()
    sheet = html[html.index('id="more-dialog"') :]
    assert 'form="sign-out"' in sheet
    assert f'<form id="sign-out" action="{reverse("account_logout")}"' in html
