"""Whom an enterprise names as principal on its own page is known to the register, and asked for no more."""

import datetime as dt

import pytest
from django.urls import reverse

from responsibility.coverage.audit import audit, audit_touched
from responsibility.coverage.choices import FindingState
from responsibility.coverage.models import Finding
from responsibility.enterprise_line.choices import StaffRole
from responsibility.enterprise_line.owing import look
from responsibility.enterprise_line.services.staff import change_staff, enter_staff
from safegrid.accounts.models import Holding, User
from safegrid.audit.models import Entry
from safegrid.grid.models import Enterprise
from tests import factories as make

JOINED = dt.date(2024, 1, 1)


@pytest.fixture
def unnamed(books):
    """The register names no principal, and nobody holds that post."""
    Enterprise.objects.filter(pk=books.enterprise.pk).update(principal="", phone="")
    Holding.objects.filter(post=books.cast.posts["principal"]).update(span=(JOINED, dt.date(2025, 1, 1)))
    return books


def registered(books):
    books.enterprise.refresh_from_db()
    return books.enterprise.principal, books.enterprise.phone


def enter(books, name="张恒盛", role=StaffRole.PRINCIPAL, **more):
    return enter_staff(
        enterprise=books.enterprise, name=name, role=role, joined_on=JOINED, **(books.me | more)
    )


def test_the_finding_closes_and_card_and_notice_name_the_principal(unnamed, client):
    audit(now=unnamed.now)
    rows = Finding.objects.filter(rule="no_principal", touched__site=unnamed.city.hotel)
    assert rows.get().state == FindingState.OPEN
    enter(unnamed)
    audit_touched(now=unnamed.now)
    assert not rows.exclude(state=FindingState.MENDED).filter(touched__site=unnamed.city.hotel).exists()
    client.force_login(unnamed.cast.inspector)
    page = client.get(
        f"{reverse('grid:enterprise', args=[unnamed.enterprise.pk])}?site={unnamed.city.hotel.pk}"
    )
    for page_of in (page, client.get(reverse("responsibility:site", args=[unnamed.city.hotel.pk]))):
        assert "<strong>张恒盛</strong>" in page_of.text
        assert "Principal as registered" in page_of.text
    notice = client.get(reverse("responsibility:notice", args=[unnamed.city.hotel.pk]))
    assert "<strong>张恒盛</strong>" in notice.text


def test_the_finding_leads_to_where_the_principal_is_named(unnamed, client):
    audit(now=unnamed.now)
    finding = Finding.objects.filter(rule="no_principal", touched__site=unnamed.city.hotel).get()
    client.force_login(unnamed.cast.chengdong)
    url = f"{reverse('grid:principal', args=[unnamed.enterprise.pk])}?site={unnamed.city.hotel.pk}"
    assert f'href="{url}"' in client.get(reverse("responsibility:finding", args=[finding.pk])).text
    client.post(url, {"principal": "张恒盛", "phone": "0971-1", "seen_principal": "", "seen_phone": ""})
    audit_touched(now=unnamed.now)
    assert unnamed.city.hotel.pk not in set(
        Finding.objects.open().filter(rule="no_principal").values_list("touched__site", flat=True)
    )


def test_who_entered_it_stands_in_the_ledger_and_the_name_does_not(unnamed):
    enter(unnamed)
    assert registered(unnamed) == ("张恒盛", "")
    entry = Entry.objects.get(subject=f"grid.enterprise:{unnamed.enterprise.pk}", action="named")
    assert (entry.actor_id, entry.acting_post_id) == (
        unnamed.cast.enterprise.pk,
        unnamed.cast.posts["enterprise"].pk,
    )
    assert "张恒盛" not in entry.body


def test_an_account_brings_its_telephone(unnamed):
    User.objects.filter(pk=unnamed.cast.enterprise.pk).update(phone="13900000000")
    account = User.objects.get(pk=unnamed.cast.enterprise.pk)
    person = enter(unnamed)
    change_staff(staff=person, name="张恒盛", role=person.role, joined_on=JOINED, user=account, **unnamed.me)
    assert registered(unnamed) == ("张恒盛", "13900000000")


def test_whom_the_register_names_already_stays(books):
    before = registered(books)
    enter(books, name="另一人")
    assert registered(books) == before


def test_only_a_principal_who_is_there_counts(unnamed):
    enter(unnamed, name="王海燕", role=StaffRole.SAFETY_MANAGER)
    make.StaffFactory(enterprise=unnamed.enterprise, role=StaffRole.PRINCIPAL, left_on=dt.date(2026, 1, 1))
    look(now=unnamed.now)
    assert registered(unnamed) == ("", "")


def test_what_was_typed_long_ago_is_known_the_next_night(unnamed):
    make.StaffFactory(enterprise=unnamed.enterprise, name="张恒盛", role=StaffRole.PRINCIPAL)
    for _twice in range(2):
        look(now=unnamed.now)
    assert registered(unnamed) == ("张恒盛", "")
    assert Entry.objects.filter(subject=f"grid.enterprise:{unnamed.enterprise.pk}").count() == 1
