"""Assignments from a spreadsheet: rows in the words of offices, refused with a reason, safe to repeat."""

import datetime as dt
import json

import pytest

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.importing import AssignmentImporter, assignments
from responsibility.assignments.models import Assignment
from safegrid.audit.models import Entry
from safegrid.grid.choices import ImportState, Outcome
from safegrid.grid.imports import running, services
from safegrid.grid.imports.kinds import Row, Terms
from safegrid.kernel.refusals import NotAllowed
from tests import factories as make
from tests.grid.sheets import csv_bytes

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
HEAD = [
    "网格代码",
    "监管事项",
    "责任线",
    "层级",
    "责任岗位",
    "责任单位",
    "起始日期",
    "终止日期",
    "法律依据",
    "文件",
]


@pytest.fixture
def bring(cast):
    def bring(*rows, by=None):
        post = cast.posts[by] if by else None
        job = services.receive(
            data=csv_bytes([HEAD, *rows]),
            name="x.csv",
            kind=assignments,
            actor=getattr(cast, by) if by else None,
            acting_post=post,
            now=NOW,
        )
        running.run_at_once(
            job, mapping=job.mapping, datum="wgs84", clock=lambda: NOW, tell=lambda d, t: None
        )
        job.refresh_from_db()
        assert job.state == ImportState.DONE
        return job

    return bring


def row(cast, **over):
    given = {
        "place": cast.city.cell.code,
        "matter": "消防安全",
        "line": "属地管理",
        "tier": "直接责任",
        "post": "网格员岗",
        "unit": "",
        "since": "2026-12-01",
        "until": "",
        "basis": "网格化监管实施方案",
        "document": "安委办〔2026〕3号",
    }
    return list((given | over).values())


def reasons(job):
    return {r.number: r.reason for r in job.rows.filter(outcome=Outcome.REJECTED)}


def test_the_cells_of_a_township_are_given_to_their_officers_at_once(cast, bring):
    cells = [
        cast.city.cell,
        cast.city.next_cell,
        *(make.DistrictFactory(parent=cast.city.community) for _ in range(30)),
    ]
    job = bring(*(row(cast, place=cell.code) for cell in cells), by="bureau")
    assert (job.created, job.rejected) == (32, 0)
    given = Assignment.objects.get(district=cast.city.cell)
    assert (given.line, given.tier, given.matter) == (Line.TERRITORIAL, Tier.DIRECT, cast.city.fire)
    assert (given.post, given.assigned_by) == (cast.posts["gridofficer"], cast.posts["bureau"])
    assert (given.span.lower, given.span.upper) == (dt.date(2026, 12, 1), None)
    assert (given.basis, given.document) == ("网格化监管实施方案", "安委办〔2026〕3号")


def test_each_assignment_of_a_file_is_in_the_ledger_as_if_given_by_hand(cast, bring):
    job = bring(row(cast), row(cast, place=cast.city.township.code), by="bureau")
    given = {f"responsibility.assignment:{each.pk}": each for each in Assignment.objects.all()}
    entries = {entry.subject: entry for entry in Entry.objects.filter(action="assignment.give")}
    assert set(entries) == set(given)
    for subject, entry in entries.items():
        assert (entry.actor, entry.acting_post) == (cast.bureau, cast.posts["bureau"])
        assert json.loads(entry.body)["data"] == {
            "post": cast.posts["gridofficer"].pk,
            "line": "territorial",
            "tier": "direct",
            "matter": "fire",
            "since": "2026-12-01",
            "until": None,
            "district": given[subject].district.code,
            "import": job.pk,
        }
    bring(row(cast), by="bureau")
    assert Entry.objects.filter(action="assignment.give").count() == 2


def test_a_head_brings_a_file_and_only_what_lies_in_their_scope_is_given(cast, bring):
    west = cast.city.west_township.code
    job = bring(row(cast), row(cast, place=west), by="chengdong")
    assert reasons(job) == {3: "out_of_reach"}
    assert [each.district for each in Assignment.objects.all()] == [cast.city.cell]


@pytest.mark.parametrize("by", ["admin", "wide_admin", "inspector", "fire", "auditor", "principal"])
def test_nobody_else_brings_one_and_no_scope_is_never_every_scope(cast, bring, client, by):
    user, post = (cast.admin, cast.posts["admin"]) if by == "wide_admin" else (None, None)
    if by == "wide_admin":
        make.PostScopeFactory(post=post, district=cast.city.city, acting=True)
    with pytest.raises(NotAllowed):
        bring(row(cast), by=by.removeprefix("wide_"))
    client.force_login(user or getattr(cast, by))
    page = client.get("/grid/imports/")
    codes = [] if page.status_code == 403 else [code for code, _label in _offered(page)]
    assert "assignments" not in codes
    assert not Assignment.objects.exists()


def _offered(page):
    form = page.context["form"]
    return form.fields["kind"].choices if form else []


def test_an_import_that_was_begun_as_the_administrator_is_held_to_a_scope_too(cast, bring, monkeypatch):
    monkeypatch.setattr(services, "may_import", lambda post, kind=None: True)
    assert reasons(bring(row(cast), by="admin")) == {2: "out_of_reach"}


def test_a_head_finds_the_spreadsheet_beside_the_assignments_of_their_place(cast, client):
    client.force_login(cast.chengdong)
    shown = client.get(f"/responsibility/?place={cast.city.chengdong.code}").text
    assert 'href="/grid/imports/"' in shown
    page = client.get("/grid/imports/")
    assert [code for code, _label in _offered(page)] == ["assignments"]
    client.force_login(cast.inspector)
    assert 'href="/grid/imports/"' not in client.get(f"/responsibility/?place={cast.city.cell.code}").text


def test_the_same_file_again_changes_nothing(cast, bring):
    bring(row(cast))
    again = bring(row(cast))
    assert (again.created, again.unchanged) == (0, 1)
    assert Assignment.objects.count() == 1


def test_a_register_that_is_taken_over_says_since_when_each_answers(cast, bring):
    job = bring(row(cast, since="2021-09-01"), by="bureau")
    assert (job.created, job.rejected) == (1, 0)
    assert list(Assignment.objects.as_of(dt.date(2021, 9, 1))) == [Assignment.objects.get()]


def test_what_lacks_some_days_is_lengthened_and_the_page_of_the_import_names_it(cast, bring):
    bring(row(cast, until="2027-01-01"))
    wanted = [row(cast, since="2026-11-25", until="2026-12-05"), row(cast, since="2026-12-20")]
    job = bring(*wanted, by="bureau")
    assert (job.created, job.changed, job.rejected) == (0, 2, 0)
    given = Assignment.objects.get()
    assert (given.span.lower, given.span.upper) == (dt.date(2026, 11, 25), None)
    every = Entry.objects.filter(subject=f"responsibility.assignment:{given.pk}")
    entries = every.exclude(action="assignment.give")
    assert every.count() == 3
    assert [(e.action, e.acting_post) for e in entries] == [("assignment.lengthen", cast.posts["bureau"])] * 2
    assert [json.loads(e.body)["data"]["until"] for e in entries.order_by("pk")] == ["2027-01-01", None]
    assert [len(rows) for rows in assignments.written(job).values()] == [1]
    again = bring(*wanted)
    assert (again.changed, again.unchanged) == (0, 2)


@pytest.mark.parametrize("meanwhile", ["ends", "is called off"])
def test_what_somebody_changes_between_reading_and_writing_stays_and_its_rows_are_rejected(
    cast, bring, monkeypatch, meanwhile
):
    bring(row(cast, until="2027-01-01"), row(cast, place=cast.city.next_cell.code, until="2027-01-01"))
    ended = Assignment.objects.filter(district=cast.city.cell)
    apply = AssignmentImporter.apply

    def change_first(importer, plans):
        if meanwhile == "ends":
            ended.update(span=(dt.date(2026, 12, 1), dt.date(2026, 12, 24)))
        else:
            ended.delete()
        apply(importer, plans)

    monkeypatch.setattr(AssignmentImporter, "apply", change_first)
    job = bring(
        row(cast, since="2026-11-25", until="2026-12-05"),
        row(cast, since="2026-12-20"),
        row(cast, place=cast.city.next_cell.code),
    )
    assert (job.changed, reasons(job)) == (1, {2: "changed_meanwhile", 3: "changed_meanwhile"})
    spans = {each.district: (each.span.lower, each.span.upper) for each in Assignment.objects.all()}
    here = {cast.city.cell: (dt.date(2026, 12, 1), dt.date(2026, 12, 24))} if meanwhile == "ends" else {}
    assert spans == here | {cast.city.next_cell: (dt.date(2026, 12, 1), None)}
    assert Entry.objects.filter(action="assignment.lengthen").count() == 1


def test_rows_of_one_file_that_give_a_post_the_same_days_twice_are_to_be_one_row(cast, bring):
    assert reasons(bring(row(cast), row(cast, since="2026-12-20"))) == {3: "given_above"}
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize(
    "day", ["2026-12-01", "2026/12/1", "2026.12.1", "2026年12月1日", "2026-12-01 00:00:00"]
)
def test_a_day_is_understood_as_offices_write_it(cast, bring, day):
    bring(row(cast, since=day))
    assert Assignment.objects.get().span.lower == dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    ("line", "tier", "wanted"),
    [
        ("属地", "牵头", (Line.TERRITORIAL, Tier.LEAD)),
        ("Industry line", "supervisor", (Line.INDUSTRY, Tier.SUPERVISOR)),
        ("综合监管", "直接责任", (Line.COMPREHENSIVE, Tier.DIRECT)),
    ],
)
def test_lines_and_tiers_are_understood_in_the_words_that_are_used(cast, bring, line, tier, wanted):
    bring(row(cast, line=line, tier=tier, matter="fire"))
    given = Assignment.objects.get()
    assert (given.line, given.tier) == wanted


@pytest.mark.parametrize(
    ("over", "reason"),
    [
        ({"place": "999999999999"}, "no_place"),
        ({"matter": "航天安全"}, "no_matter"),
        ({"line": "企业"}, "unknown_word"),
        ({"line": "enterprise"}, "unknown_word"),
        ({"tier": "旁观"}, "unknown_word"),
        ({"post": "无此岗位"}, "no_post"),
        ({"post": "负责人岗"}, "no_post"),  # an enterprise's post supervises nobody
        ({"unit": "西宁市消防救援支队"}, "no_post"),
        ({"since": "下个月"}, "no_day"),
        ({"since": "2026-02-30"}, "no_day"),
        ({"until": "2026-12-01"}, "ends_early"),
        ({"basis": ""}, "missing"),
        ({"basis": "法" * 201}, "too_long"),
    ],
)
def test_a_row_that_makes_no_sense_is_rejected_with_its_reason(cast, bring, over, reason):
    job = bring(row(cast), row(cast, **over))
    assert reasons(job) == {3: reason}
    assert Assignment.objects.count() == 1
    told = job.rows.get(number=3)
    assert assignments.reason(told.reason, told.details)


def test_two_posts_of_one_name_are_told_apart_by_their_body(cast, bring):
    twin = make.PostFactory(title="网格员岗", unit=cast.city.brigade)
    assert reasons(bring(row(cast))) == {2: "several_posts"}
    bring(row(cast, unit="西宁市消防救援支队"))
    assert Assignment.objects.get().post == twin


def test_a_second_lead_is_rejected_against_what_stands_and_against_the_file(cast, bring):
    lead = {"tier": "领导责任"}
    job = bring(row(cast, **lead), row(cast, post="执法一岗", **lead), row(cast, post="执法一岗"))
    assert reasons(job) == {3: "lead_taken"}
    assert Assignment.objects.count() == 2
    later = bring(row(cast, post="执法一岗", since="2027-03-01", **lead))
    assert reasons(later) == {2: "lead_taken"}


def test_leads_may_follow_each_other_in_one_file(cast, bring):
    lead = {"tier": "领导责任"}
    job = bring(row(cast, until="2027-01-01", **lead), row(cast, post="执法一岗", since="2027-01-01", **lead))
    assert (job.created, job.rejected) == (2, 0)


def test_the_same_row_twice_is_a_duplicate(cast, bring):
    assert reasons(bring(row(cast), row(cast))) == {3: "duplicate"}


@pytest.mark.parametrize(
    ("by", "over", "reason"),
    [
        ("chengdong", {"place": "west"}, "out_of_reach"),
        ("gridofficer", {"place": "township"}, "out_of_reach"),
        ("fire", {"matter": "燃气安全"}, "out_of_reach"),
        ("fire", {}, None),
        ("chengdong", {}, None),
    ],
)
def test_nobody_assigns_by_a_file_what_they_could_not_by_hand(cast, by, over, reason):
    places = {"west": cast.city.west_township.code, "township": cast.city.township.code}
    if "place" in over:
        over = {"place": places[over["place"]]}
    cells = row(cast, **over)
    reach = getattr(cast, by).reach.of(acting=True, post_id=cast.posts[by].pk)
    importer = AssignmentImporter(Terms({}, NOW, reach=reach))
    values = dict(zip([field.code for field in assignments.fields], cells, strict=False))
    values |= {"place": cells[0], "matter": cells[1], "line": cells[2], "tier": cells[3], "post": cells[4]}
    (plan,) = importer.plan([Row(2, cells, values)])
    assert (plan.reason or None) == reason
    assert not Assignment.objects.exists()
