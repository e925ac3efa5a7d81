"""What every portal starts with: loaded once, added to later, never against what people have made of it."""

import pytest
from django.core.management import call_command

from responsibility.models import DeadlinePolicy, DocumentKind
from safegrid.grid.choices import SuccessionKind
from safegrid.grid.models import District, Matter
from safegrid.grid.succession.plan import NewPlace
from safegrid.grid.succession.services import reorganise

pytestmark = pytest.mark.django_db


def test_an_empty_portal_gets_places_matters_and_policies(now):
    call_command("load_ground")
    assert District.objects.filter(code="630102000000").exists()
    assert Matter.objects.exists()
    assert {"reminder", "urging", "talk", "circular"} <= set(
        DocumentKind.objects.values_list("code", flat=True)
    )


def test_loading_again_changes_nothing_that_an_office_has_changed(now):
    call_command("load_ground")
    DeadlinePolicy.objects.filter(code="coverage").update(days=20)
    before = DeadlinePolicy.objects.count(), District.objects.count(), Matter.objects.count()
    call_command("load_ground")
    assert (DeadlinePolicy.objects.count(), District.objects.count(), Matter.objects.count()) == before
    assert DeadlinePolicy.objects.get(code="coverage").days == 20


def test_a_place_with_a_new_code_does_not_come_back_under_the_old_one(now):
    call_command("load_ground")
    old = District.objects.filter(level="township", closed_on=None).first()
    new = NewPlace(code=f"{old.code[:6]}999000", name="新镇", name_en="New Town")
    reorganise(
        kind=SuccessionKind.RECODED,
        predecessors=[old],
        successors=[new],
        on=now.date(),
        basis="决定",
        actor=None,
        acting_post=None,
        now=now,
    )
    call_command("load_ground")
    assert not District.objects.filter(code=old.code, closed_on=None).exists()
    assert District.objects.filter(code=new.code, closed_on=None).count() == 1
