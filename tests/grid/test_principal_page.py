"""The principal of an enterprise is named by officials in scope and by its own posts, and by nobody else."""

import pytest
from django.urls import reverse

from safegrid.audit.models import Entry
from safegrid.grid.models import Enterprise
from safegrid.grid.services import name_principal
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale


@pytest.fixture
def unnamed(cast, now):
    """The hotel's enterprise names nobody."""
    Enterprise.objects.filter(pk=cast.city.enterprise.pk).update(principal="", phone="")
    cast.city.enterprise.refresh_from_db()
    return cast.city.enterprise


def address(enterprise):
    return reverse("grid:principal", args=[enterprise.pk])


def named(enterprise):
    enterprise.refresh_from_db()
    return enterprise.principal, enterprise.phone


def deeds(enterprise):
    return Entry.objects.filter(subject=f"grid.enterprise:{enterprise.pk}", action="named")


GIVEN = {"principal": "张恒盛", "phone": "0971-5551234", "seen_principal": "", "seen_phone": ""}


@pytest.mark.parametrize("name", ["bureau", "chengdong", "inspector", "fire", "enterprise", "principal"])
def test_it_is_named_once_however_often_it_is_sent(cast, unnamed, client, name):
    client.force_login(getattr(cast, name))
    page = f"{reverse('grid:enterprise', args=[unnamed.pk])}?site={cast.city.hotel.pk}"
    assert f'href="{address(unnamed)}?site={cast.city.hotel.pk}"' in client.get(page).text
    for _twice in range(2):
        sent = client.post(f"{address(unnamed)}?site={cast.city.hotel.pk}", GIVEN)
        assert sent.url == page
    assert named(unnamed) == ("张恒盛", "0971-5551234")
    assert deeds(unnamed).count() == 1
    assert "张恒盛" not in deeds(unnamed).get().body


@pytest.mark.parametrize(
    ("name", "status"), [("auditor", 403), ("gas", 404), ("rival", 404), ("chengxi", 404), ("nobody", 404)]
)
def test_whoever_may_not_names_nobody(cast, unnamed, client, name, status):
    client.force_login(getattr(cast, name))
    assert client.get(address(unnamed)).status_code == status
    assert client.post(address(unnamed), GIVEN).status_code == status
    assert named(unnamed) == ("", "")
    assert "/principal/" not in client.get(reverse("grid:enterprise", args=[unnamed.pk])).text


@pytest.mark.parametrize("name", ["auditor", "gas", "rival", "chengxi"])
def test_the_service_asks_too(cast, unnamed, now, name):
    who = {"actor": getattr(cast, name), "acting_post": cast.posts[name], "now": now}
    with pytest.raises(NotAllowed):
        name_principal(enterprise=unnamed, principal="张恒盛", phone="", **who)
    assert named(unnamed) == ("", "")


def test_a_name_is_asked_for_and_what_was_typed_stays(cast, unnamed, client, now):
    client.force_login(cast.inspector)
    refused = client.post(address(unnamed), GIVEN | {"principal": " "})
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"principal": ["Enter a name."]}
    assert 'value="0971-5551234"' in refused.text
    with pytest.raises(Invalid) as refusal:
        name_principal(enterprise=unnamed, principal=" ", phone="1", actor=None, acting_post=None, now=now)
    assert set(refusal.value.message_dict) == {"principal"}
    assert named(unnamed) == ("", "")


def test_of_two_who_name_another_at_once_the_second_looks_again(cast, unnamed, client, now):
    client.force_login(cast.inspector)
    client.post(address(unnamed), GIVEN)
    late = client.post(address(unnamed), GIVEN | {"principal": "李四"})
    assert "Meanwhile another principal has been entered" in late.text
    assert 'value="李四"' in late.text
    assert named(unnamed) == ("张恒盛", "0971-5551234")
    seen = {"seen_principal": "张恒盛", "seen_phone": "0971-5551234"}
    assert client.post(address(unnamed), GIVEN | {"principal": "李四"} | seen).status_code == 302
    assert named(unnamed)[0] == "李四"
    with pytest.raises(Stale):
        name_principal(
            enterprise=unnamed,
            principal="王五",
            phone="",
            seen=("", ""),
            actor=None,
            acting_post=None,
            now=now,
        )


def test_a_second_record_takes_nothing_new(cast, unnamed, client, now):
    other = cast.city.other
    Enterprise.objects.filter(pk=unnamed.pk).update(
        merged_into=other, status="closed", uscc=None, no_uscc_reason="unknown"
    )
    client.force_login(cast.bureau)
    assert client.post(address(unnamed), GIVEN).status_code == 403
    assert named(unnamed) == ("", "")
