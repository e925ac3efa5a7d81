"""Findings about officers are put in order on a page: a cell is given, a certificate entered."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from responsibility.coverage.audit import audit, audit_touched
from responsibility.coverage.models import Finding
from responsibility.posts.equipping import certify, give_cell, take_cell
from safegrid.accounts.choices import CertificateKind, PostKind
from safegrid.accounts.models import Certificate, Post, PostScope
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.grid.choices import UnitKind
from safegrid.grid.models import Unit
from safegrid.kernel.refusals import Invalid, NotAllowed
from tests import factories as make

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


@pytest.fixture
def lost(cast, policies, now):
    """A new cell of the community, which nobody looks after; found."""
    cell = make.DistrictFactory(parent=cast.city.community, name="慈幼社区第003网格")
    audit(now=NOW)
    return cell


@pytest.fixture
def town(cast):
    """The township's government."""
    return make.UnitFactory(name="东关大街街道办事处", kind=UnitKind.GOVERNMENT, district=cast.city.township)


def by(cast, who="chengdong"):
    return {"actor": getattr(cast, who), "acting_post": cast.posts[who], "now": NOW}


def scopes(post):
    return set(PostScope.objects.filter(post=post, acting=True).values_list("district__name", flat=True))


def finding_of(cell):
    return Finding.objects.get(rule="no_officer", cell=cell)


def test_a_cell_is_given_to_an_officer_from_its_finding_which_then_closes(cast, town, lost, client):
    post = make.PostFactory(
        kind=PostKind.GRID_OFFICER, unit=town, holder=make.UserFactory(name="王网格", name_en="")
    )
    finding = finding_of(lost)
    assert finding.whose == cast.posts["chengdong"]
    url = reverse("responsibility:cell_officer", args=[lost.code])
    client.force_login(cast.chengdong)
    assert f'href="{url}"' in client.get(f"/responsibility/coverage/findings/{finding.pk}/").text
    assert "王网格" in client.get(url).text
    for _twice in range(2):
        assert client.post(url, {"post": post.pk}).status_code == 302
    assert scopes(post) == {lost.name}
    assert Entry.objects.filter(action="post.give_cell").count() == 1
    audit_touched(now=NOW)
    finding.refresh_from_db()
    assert finding.state == "mended"


def test_a_new_post_is_opened_once_and_filled_next(cast, town, lost, client):
    client.force_login(cast.chengdong)
    url = reverse("responsibility:cell_officer", args=[lost.code])
    refused = client.post(url, {"post": 0, "unit": town.pk, "title": " "})
    assert refused.status_code == 422
    assert "Give the post a title." in refused.text
    for _twice in range(2):
        answer = client.post(url, {"post": 0, "unit": town.pk, "title": "第三网格员"})
    post = Post.objects.get(title="第三网格员")
    assert answer.url == reverse("responsibility:handover", args=[post.pk])
    assert (post.kind, post.unit, scopes(post)) == (PostKind.GRID_OFFICER, town, {lost.name})
    assert client.get(answer.url).status_code == 200


def test_a_new_post_without_a_unit_is_refused_at_the_unit(cast, town, lost, client):
    client.force_login(cast.chengdong)
    url = reverse("responsibility:cell_officer", args=[lost.code])
    before = Post.objects.count()
    for unit in ({}, {"unit": ""}, {"unit": cast.city.brigade.pk}):
        refused = client.post(url, {"post": 0, "title": "第三网格员", **unit})
        assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"unit"})
        assert 'value="第三网格员"' in refused.text
    Unit.objects.filter(kind=UnitKind.GOVERNMENT).update(kind=UnitKind.MEMBER)
    refused = client.post(url, {"post": 0, "title": "第三网格员", "unit": town.pk})
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"unit"})
    assert Post.objects.count() == before


def test_a_title_that_another_post_of_the_unit_has_is_refused_and_that_post_named(cast, town, lost, client):
    held = make.PostFactory(
        kind=PostKind.GRID_OFFICER, unit=town, title="网格员", holder=make.UserFactory(), title_en=""
    )
    client.force_login(cast.chengdong)
    url = reverse("responsibility:cell_officer", args=[lost.code])
    given = {"post": 0, "unit": town.pk, "title": "网格员"}
    refused = client.post(url, given)
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"title"})
    assert "“网格员” already" in refused.text
    assert 'value="网格员"' in refused.text
    # Neither is one of a vacant post that looks after another cell, nor of one that is filled meanwhile.
    other = make.PostFactory(kind=PostKind.GRID_OFFICER, unit=town, title="副网格员")
    give_cell(cell=cast.city.cell, post=other, **by(cast))
    assert client.post(url, given | {"title": "副网格员"}).status_code == 422
    assert client.post(url, given | {"title": "新网格员"}).status_code == 302
    new = Post.objects.get(title="新网格员")
    make.HoldingFactory(post=new, user=make.UserFactory(), span=(TODAY + 3 * DAY, None))
    assert client.post(url, given | {"title": "新网格员"}).status_code == 422
    assert (scopes(held), scopes(other), scopes(new)) == (set(), {cast.city.cell.name}, {lost.name})


def test_a_cell_is_taken_again_and_the_audit_says_so(cast, town, lost, client):
    post = make.PostFactory(kind=PostKind.GRID_OFFICER, unit=town, holder=make.UserFactory())
    scope = give_cell(cell=lost, post=post, **by(cast))
    audit_touched(now=NOW)
    client.force_login(cast.chengdong)
    url = reverse("responsibility:take_cell", args=[post.pk, scope.pk])
    assert url in client.get(reverse("responsibility:post", args=[post.pk])).text
    for _twice in range(2):
        assert client.post(url).status_code == 302
    assert scopes(post) == set()
    audit_touched(now=NOW)
    assert Finding.objects.open().filter(rule="no_officer", cell=lost).exists()
    assert verify() == []


@pytest.mark.parametrize("who", ["chengxi", "gridofficer", "inspector", "auditor", "fire", "enterprise"])
def test_whoever_does_not_stand_over_it_gives_and_takes_nothing(cast, town, lost, client, who):
    post = make.PostFactory(kind=PostKind.GRID_OFFICER, unit=town)
    scope = PostScope.objects.get(post=cast.posts["gridofficer"], district=cast.city.cell)
    client.force_login(getattr(cast, who))
    url = reverse("responsibility:cell_officer", args=[lost.code])
    assert client.post(url, {"post": post.pk}).status_code == 403
    with pytest.raises(NotAllowed):
        give_cell(cell=lost, post=post, **by(cast, who))
    with pytest.raises(NotAllowed):
        take_cell(scope=scope, **by(cast, who))
    assert (scopes(post), PostScope.objects.filter(pk=scope.pk).exists()) == (set(), True)


def test_a_cell_is_given_to_grid_officers_only_and_within_ones_own_place(cast, lost):
    with pytest.raises(Invalid):
        give_cell(cell=lost, post=cast.posts["inspector"], **by(cast, "bureau"))
    west = make.UnitFactory(kind=UnitKind.GOVERNMENT, district=cast.city.chengxi)
    with pytest.raises(NotAllowed):
        give_cell(cell=lost, post=make.PostFactory(kind=PostKind.GRID_OFFICER, unit=west), **by(cast))


@pytest.fixture
def head(cast):
    """The head of the inspectors' bureau, who only reads."""
    user = make.UserFactory(username="bureau_head", name="局长")
    post = make.PostFactory(kind=PostKind.HEAD, unit=cast.city.emergency, holder=user)
    make.PostScopeFactory(post=post, district=cast.city.chengdong, acting=False)
    cast.posts["head"] = post
    return user


def test_an_expired_certificate_is_renewed_by_the_head_of_the_unit_and_the_finding_closes(
    cast, policies, now, head, client
):
    own = Certificate.objects.filter(user=cast.inspector2)
    own.update(span=(dt.date(2020, 1, 1), TODAY))
    audit(now=NOW)
    finding = Finding.objects.get(rule="certificate")
    post = cast.posts["inspector2"]
    assert (finding.post, finding.whose) == (post, cast.posts["head"])
    client.force_login(head)
    url = reverse("responsibility:certificate", args=[post.pk])
    assert f'href="{url}"' in client.get(f"/responsibility/coverage/findings/{finding.pk}/").text
    page = reverse("responsibility:post", args=[post.pk])
    assert "expired" in client.get(page).text
    number = own.get().number
    given = {"number": number, "since": "2026-11-20", "until": "2031-11-20"}
    for _twice in range(2):
        assert client.post(url, given).url == page
    span = own.get().span
    assert (span.lower, span.upper) == (dt.date(2026, 11, 20), dt.date(2031, 11, 20))
    entry = Entry.objects.get(action="person.correct_certificate")
    assert json.loads(entry.body)["data"]["was"] == ["2020-01-01", "2026-11-23"]
    assert not Entry.objects.filter(action="person.certify").exists()
    audit_touched(now=NOW)
    finding.refresh_from_db()
    assert finding.state == "mended"


def test_a_slip_in_a_certificates_days_is_put_right_and_the_finding_is_there_again(
    cast, policies, now, head, client
):
    own = Certificate.objects.filter(user=cast.inspector2)
    own.update(number="执法2026001", span=(dt.date(2020, 1, 1), dt.date(2096, 11, 20)))
    audit(now=NOW)
    found = Finding.objects.open().filter(rule="certificate", post=cast.posts["inspector2"])
    assert not found.exists()
    client.force_login(head)
    url = reverse("responsibility:certificate", args=[cast.posts["inspector2"].pk])
    page = client.get(url).text
    assert "执法2026001" in page
    assert "2096-11-20" in page
    given = {"number": "执法2026001", "since": "2020-01-01", "until": "2026-11-20"}
    for _twice in range(2):
        assert client.post(url, given).status_code == 302
    span = own.get().span
    assert (span.lower, span.upper) == (dt.date(2020, 1, 1), dt.date(2026, 11, 20))
    assert Entry.objects.filter(action="person.correct_certificate").count() == 1
    audit_touched(now=NOW)
    assert found.exists()


def test_what_makes_no_sense_of_a_certificate_is_said_at_its_field(cast, policies, now, head, client):
    other = Certificate.objects.get(user=cast.inspector, kind=CertificateKind.ENFORCEMENT)
    good = {"number": "执法2026001", "since": TODAY, "until": TODAY + 365 * DAY}
    vacant = make.PostFactory(kind=PostKind.OFFICER, unit=cast.city.emergency)
    for field, changes in (
        ("number", {"number": " "}),
        ("number", {"number": other.number}),
        ("number", {"post": vacant}),
        ("until", {"until": TODAY}),
        ("until", {"since": TODAY - 9 * DAY, "until": TODAY - DAY}),
    ):
        given = {"post": cast.posts["inspector2"], **good, **changes}
        with pytest.raises(Invalid) as refused:
            certify(**given, actor=head, acting_post=cast.posts["head"], now=NOW)
        assert set(refused.value.message_dict) == {field}
    assert Certificate.objects.filter(number=good["number"]).count() == 0
    client.force_login(head)
    url = reverse("responsibility:certificate", args=[cast.posts["inspector2"].pk])
    answer = client.post(url, {"number": "执法2026001", "since": "2026-11-23", "until": ""})
    assert (answer.status_code, "执法2026001" in answer.text) == (422, True)


@pytest.mark.parametrize("who", ["inspector2", "inspector", "chengxi", "auditor", "fire", "enterprise"])
def test_nobody_certifies_themselves_or_elsewhere(cast, policies, now, who):
    before = Certificate.objects.count()
    with pytest.raises(NotAllowed):
        certify(post=cast.posts["inspector2"], number="x", since=TODAY, until=TODAY + DAY, **by(cast, who))
    assert Certificate.objects.count() == before
