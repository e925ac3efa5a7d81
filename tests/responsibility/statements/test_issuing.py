"""Issuing a level in one act, within one's own scope, and writing the templates for it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from responsibility.obligations.models import Obligation
from responsibility.statements.defaults import load_templates
from responsibility.statements.issuing import issue, plan
from responsibility.statements.models import Statement, StatementTemplate
from responsibility.statements.signing import PROMISE, act
from responsibility.statements.templating import FIELDS, new_version, write
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Substitution
from safegrid.audit.models import Entry
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale
from tests import factories as make
from tests.responsibility.statements.conftest import DISTRICT, ENTERPRISE, MEMBER, TOWNSHIP, principal_of

TODAY = dt.date(2026, 11, 23)


def template(level):
    return StatementTemplate.objects.get(year=2026, level=level, version=1)


def bodies(rows):
    return {(row.body, row.receiver.name) for row in rows}


def test_the_city_issues_to_districts_and_member_units_and_so_on_down(issued, town, cast):
    office = "西宁市安委办"
    assert bodies(issued(DISTRICT).values()) == {("城东区人民政府", office), ("城西区人民政府", office)}
    assert bodies(issued(MEMBER).values()) == {("西宁市消防救援支队", office)}
    assert bodies(issued(TOWNSHIP, "chengdong").values()) == {("东关大街街道办事处", "城东区人民政府")}
    principal_of(cast.city.other)
    assert bodies(issued(ENTERPRISE, "town").values()) == {
        ("青海恒盛商贸有限公司", "东关大街街道办事处"),
        ("西宁宏达燃气具经营部", "东关大街街道办事处"),
    }
    hotel = Statement.objects.get(enterprise=cast.city.enterprise)
    assert (hotel.site, hotel.cell) == (cast.city.hotel, cast.city.cell)  # one for two sites


def test_issuing_again_issues_only_what_is_missing(issued, by, cast):
    issued(DISTRICT)
    before = (Statement.objects.count(), Obligation.objects.count(), Entry.objects.count())
    assert issue(template=template(DISTRICT), **by("bureau")) == []
    assert (Statement.objects.count(), Obligation.objects.count(), Entry.objects.count()) == before
    make.UnitFactory(
        name="新区管委会", kind="government", district=make.DistrictFactory(parent=cast.city.city)
    )
    assert [row.body for row in issue(template=template(DISTRICT), **by("bureau"))] == ["新区管委会"]


def test_a_preview_counts_what_would_be_issued_and_names_who_cannot_sign(issued, policies, town, cast):
    found = plan(template=template(MEMBER), acting_post=cast.posts["bureau"], on=TODAY)
    assert [(group.receiver, group.new, group.there) for group in found.groups] == [(cast.city.office, 1, 0)]
    assert found.unmanned == [cast.city.brigade]  # it has a supervisor and no head
    issued(MEMBER)
    found = plan(template=template(MEMBER), acting_post=cast.posts["bureau"], on=TODAY)
    assert (found.groups[0].new, found.there, found.new) == (0, 1, [])


def test_an_enterprise_without_a_held_principals_post_is_counted_left_out_and_issued_to_later(
    issued, policies, town, cast
):
    def previewed():
        found = plan(template=template(ENTERPRISE), acting_post=cast.posts["town"], on=TODAY)
        (group,) = found.groups
        return [each.body for each in found.new], found.left_out, (group.new, group.there, group.left_out)

    hotel, shop = cast.city.enterprise, cast.city.other
    assert previewed() == ([hotel], 1, (1, 0, 1))
    assert set(issued(ENTERPRISE, "town")) == {hotel.name}
    post = principal_of(shop, is_active=False)
    assert previewed() == ([], 1, (0, 1, 1))
    Substitution.objects.create(post=post, user=cast.nobody, span=(TODAY, TODAY + dt.timedelta(days=1)))
    assert previewed() == ([shop], 0, (1, 1, 0))
    for _twice in range(2):
        assert set(issued(ENTERPRISE, "town")) == {hotel.name, shop.name}
    assert Statement.objects.count() == 2
    assert previewed() == ([], 0, (0, 2, 0))


def test_for_a_unit_without_a_head_whoever_issued_must_see_to_it(issued, cast):
    issued(MEMBER)
    assert Obligation.objects.get(kind=PROMISE).debtor_post == cast.posts["bureau"]


@pytest.mark.parametrize(
    ("level", "name"),
    [
        (DISTRICT, "chengdong"),
        (TOWNSHIP, "chengxi"),
        (TOWNSHIP, "inspector"),
        (ENTERPRISE, "chengdong"),
        (ENTERPRISE, "principal"),
        (DISTRICT, "auditor"),
        (DISTRICT, "fire"),
    ],
)
def test_nobody_issues_outside_their_own_scope(by, policies, level, name):
    if (level, name) == (TOWNSHIP, "chengxi"):  # a head of another district issues to its own townships only
        assert issue(template=template(level), **by(name)) == []
        return
    with pytest.raises(NotAllowed):
        issue(template=template(level), **by(name))
    assert not Statement.objects.exists()


def test_a_text_is_filled_in_and_holds_every_item(signed):
    assert "{" not in signed.text
    assert "西宁市安委办与城东区人民政府签订2026年度" in signed.text
    for item in signed.template.items.all():
        assert item.promise in signed.text
    assert "目标值95%" in signed.text.replace(" ", "")


def test_issuing_to_many_costs_no_more_queries(by, policies, cast, town):
    def cost():
        Statement.objects.all().delete()
        Obligation.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            issue(template=template(ENTERPRISE), **by("town"))
        return len(queries)

    cost()
    few = cost()
    for _ in range(12):
        principal_of(make.SiteFactory(at=cast.city.cell).enterprise)
    assert cost() == few
    assert Statement.objects.count() == 13


# -- templates -------------------------------------------------------------------------------------------


def given(row, **first):
    items = [{name: getattr(item, name) for name in FIELDS} for item in row.items.all()]
    items[0] |= first
    return {"title": row.title, "text": row.text, "items": items}


def test_delivered_templates_come_to_a_hundred_and_loading_again_changes_nothing(policies, now):
    assert StatementTemplate.objects.count() == 4
    for row in StatementTemplate.objects.all():
        assert row.is_default
        assert sum(item.points for item in row.items.all()) == 100
    load_templates(year=2026, today=clock.local_date(now))
    assert StatementTemplate.objects.count() == 4


@pytest.mark.parametrize(
    ("first", "field"),
    [
        ({"points": 31}, "template"),
        ({"points": 0}, "items"),
        ({"target": Decimal(101)}, "items"),
        ({"target": Decimal(-1)}, "items"),
        ({"target": None}, "items"),
        ({"step": Decimal(0)}, "items"),
        ({"per_step": Decimal(-1)}, "items"),
        ({"indicator": ""}, "items"),
    ],
)
def test_a_template_that_cannot_be_scored_is_refused(by, policies, first, field):
    row = template(DISTRICT)
    with pytest.raises(Invalid) as refusal:
        write(template=row, **given(row, **first), **by("bureau"))
    assert set(refusal.value.message_dict) == {field}
    assert list(row.items.values_list("points", flat=True)) == [30, 20, 20, 15, 15, 0, 0]


@pytest.mark.parametrize("text", ["没有目标", "{targets}{nothing}"])
def test_a_text_must_hold_the_items_and_nothing_unknown(by, policies, text):
    row = template(DISTRICT)
    with pytest.raises(Invalid) as refusal:
        write(template=row, **given(row) | {"text": text}, **by("bureau"))
    assert set(refusal.value.message_dict) == {"text"}


def test_a_template_in_use_is_fixed_and_a_new_version_takes_over(signed, by):
    used = template(DISTRICT)
    with pytest.raises(Stale):
        write(template=used, **given(used), **by("bureau"))
    fresh = new_version(template=used, year=2026, **by("bureau"))
    assert (fresh.version, fresh.used_at) == (2, None)
    assert new_version(template=used, year=2026, **by("bureau")) == fresh  # sent twice
    write(template=fresh, **given(fresh, promise="别的"), **by("bureau"))
    with pytest.raises(Invalid):
        issue(template=used, **by("bureau"))
    assert issue(template=fresh, **by("bureau")) == []  # everybody has one for this year
    other = Statement.objects.exclude(pk=signed.pk).get()
    act(statement=other, action="withdraw", reason="换用新版本", **by("bureau"))
    assert [row.body for row in issue(template=fresh, **by("bureau"))] == ["城西区人民政府"]


@pytest.mark.parametrize("name", ["chengdong", "town", "district_office", "narrow_office", "auditor", "fire"])
def test_only_the_office_of_the_whole_city_writes_and_copies_templates(by, policies, cast, town, name):
    if name.endswith("_office"):
        user = make.UserFactory(username=name)
        post = make.PostFactory(kind=PostKind.OFFICE, unit=cast.city.office, holder=user)
        place = cast.city.chengdong if name == "district_office" else cast.city.city
        matter = None if name == "district_office" else cast.city.fire
        make.PostScopeFactory(post=post, district=place, matter=matter, acting=True)
        who = {**by("bureau"), "actor": user, "acting_post": post}
    else:
        who = by(name)
    row = template(TOWNSHIP)
    before = given(row), StatementTemplate.objects.count(), Entry.objects.count()
    with pytest.raises(NotAllowed):
        write(template=row, **given(row, promise="别的"), **who)
    with pytest.raises(NotAllowed):
        new_version(template=row, year=2027, **who)
    row.refresh_from_db()
    assert (given(row), StatementTemplate.objects.count(), Entry.objects.count()) == before


def test_the_database_uses_no_template_whose_points_are_not_a_hundred(policies, now):
    row = template(DISTRICT)
    row.items.filter(order=1).update(points=29)
    with pytest.raises(IntegrityError, match="not 100"), transaction.atomic():
        StatementTemplate.objects.filter(pk=row.pk).update(used_at=now)


def test_whoever_issues_nothing_writes_nothing(by, policies):
    row = template(DISTRICT)
    for name in ("chengdong", "auditor", "fire", "principal"):
        with pytest.raises(NotAllowed):
            write(template=row, **given(row), **by(name))
        with pytest.raises(NotAllowed):
            new_version(template=row, year=2027, **by(name))
