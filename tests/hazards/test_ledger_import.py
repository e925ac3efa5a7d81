"""An office's ledger becomes hazards: counted row by row, followed from then on, never taken over twice."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hazards.choices import STEP_IN_LABEL, Grade, Owed, Road, Source, State
from hazards.ledger.models import LedgerRow
from hazards.models import Hazard, Step
from responsibility.obligations.models import Obligation
from responsibility.obligations.services import about
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.grid import counts
from safegrid.grid.models import Enterprise
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from tests import factories as make
from tests.grid.sheets import code, csv_bytes, xlsx_bytes
from tests.hazards.ledgers import HEAD, HOTEL, SCHOOL, SHOP, brought, reasons, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast, policies):
    """The cast with the policies; the hotel's enterprise has a main site of its name."""
    make.SiteFactory(enterprise=cast.city.enterprise, name=HOTEL, at=cast.city.cell)
    return cast


def test_every_row_of_the_sheet_is_accounted_for(world, now):
    rows = [
        HEAD,
        row(1),
        row(2, state="已整改", closed="2026.11.20"),
        row(1),  # once more
        row(3, name="没有这家企业"),
        ["合计", "", "", "", "", "", "", "", ""],
        ["制表人：甲", "", "", "审核人：乙", "", "", "", "", ""],
    ]
    job = brought(world, rows, now=now)
    assert (job.total, job.created, job.rejected, job.skipped) == (6, 2, 1, 3)
    assert reasons(job) == {
        4: "Row 2 is the same.",
        5: "No enterprise is called “没有这家企业” where you may act. Import it first, correct the name, or "
        "give the USCC.",
        6: "A line of totals.",
        7: "A line of signatures or remarks.",
    }


def test_an_open_row_is_followed_from_then_on(world, now):
    brought(world, [HEAD, row(1)], now=now)
    hazard = Hazard.objects.get()
    assert (hazard.number, hazard.state, hazard.road) == ("XN-2026-000001", State.RECTIFYING, Road.ORDERED)
    assert (hazard.source, hazard.due_on) == (Source.IMPORT, dt.date(2026, 12, 1))
    assert (hazard.district, hazard.cell) == (world.city.chengdong, world.city.cell)
    owed = Obligation.objects.get()
    assert (owed.kind, owed.debtor_enterprise) == (Owed.RECTIFY, world.city.enterprise)
    assert (owed.due_on, owed.creditor_post) == (dt.date(2026, 12, 1), world.posts["inspector"])
    assert owed.next_look_at is not None


def test_it_goes_through_the_one_door_to_its_end(world, play, now):
    brought(world, [HEAD, row(1)], now=now)
    hazard = play.play(Hazard.objects.get(), [("submit", "enterprise"), ("accept", "inspector")])
    assert hazard.state == State.CLOSED
    assert not Obligation.objects.open().exists()


def test_what_was_late_before_is_late_from_the_start_and_tells_nobody_of_rungs_that_are_past(world, now):
    brought(world, [HEAD, row(1, due="2026.11.5")], now=now)
    hazard, owed = Hazard.objects.get(), Obligation.objects.get()
    assert hazard.is_overdue(now)
    assert (owed.is_overdue(now), owed.days_over(now), owed.next_look_at) == (True, 18, None)


def test_without_a_deadline_the_rule_gives_one_from_today(world, now):
    brought(world, [HEAD, row(1, due=""), row(2, due="", grade="重大")], now=now)
    general, major = Hazard.objects.order_by("number")
    assert general.due_on == dt.date(2026, 12, 14)  # 15 working days
    assert major.due_on == dt.date(2026, 12, 23)
    policies = dict(Obligation.objects.filter(kind=Owed.RECTIFY).values_list("subject_id", "policy__code"))
    assert policies == {general.pk: "ledger_general", major.pk: "ledger_major"}
    plans = Obligation.objects.filter(kind=Owed.PLAN)
    assert [plan.subject_id for plan in plans] == [major.pk]
    assert (major.grade, major.major_basis) == (Grade.MAJOR, "重大")


def test_a_closed_row_keeps_its_day_and_how_late_it_was_and_nobody_owes_anything(world, now):
    brought(world, [HEAD, row(1, due="2026.11.10", state="√", closed="46346")], now=now)
    hazard = Hazard.objects.get()
    assert (hazard.state, clock.local_date(hazard.closed_at)) == (State.CLOSED, dt.date(2026, 11, 20))
    assert hazard.days_late == 10
    assert not Obligation.objects.exists()


def test_the_timeline_says_what_the_ledger_told_and_when_it_was_taken_over(world, now, client):
    brought(world, [HEAD, row(1, state="已整改", closed="2026/11/20")], now=now)
    hazard = Hazard.objects.get()
    assert [(s.action, s.to_state) for s in Step.objects.all()] == [
        ("told_found", State.REPORTED),
        ("told_closed", State.CLOSED),
        ("import", State.CLOSED),
    ]
    last = Step.objects.last()
    assert (last.actor, last.acting_post, last.at) == (world.bureau, world.posts["bureau"], now)
    assert last.note == "隐患台账.csv · 城东隐患〔2026〕1号"
    client.force_login(world.inspector)
    page = client.get(f"/hazards/{hazard.number}/").content.decode()
    assert "Taken over from the ledger" in page
    assert ">2026-11-20</time>" in page  # a ledger names no hours


def test_a_self_inspection_of_the_sheet_goes_the_enterprises_own_way(world, now):
    rows = [
        [*HEAD, "隐患来源"],
        [*row(1), "企业自查"],
        [*row(2, state="待复查"), "企业自查"],
        [*row(3), "执法检查"],
    ]
    brought(world, rows, now=now)
    found = Hazard.objects.order_by("number").values_list("road", "state", "source", "ordered_by")
    officer = world.posts["inspector"].pk
    assert list(found) == [
        (Road.SELF, State.RECTIFYING, Source.IMPORT, None),
        (Road.SELF, State.TO_CONFIRM, Source.IMPORT, None),
        (Road.ORDERED, State.RECTIFYING, Source.IMPORT, officer),
    ]
    assert set(Obligation.objects.values_list("kind", flat=True)) == {Owed.RECTIFY, Owed.CONFIRM}


def test_a_major_one_owes_its_plan_and_both_reports_however_far_it_is(world, now):
    rows = [
        [*HEAD, "隐患来源"],
        [*row(1, grade="重大"), "执法检查"],
        [*row(2, grade="重大", state="待复查"), "执法检查"],
        [*row(3, grade="重大"), "企业自查"],
        [*row(4, grade="重大", state="待复查"), "企业自查"],
    ]
    brought(world, rows, now=now)
    owed = [
        dict(about(hazard).open().values_list("kind", "label"))
        for hazard in Hazard.objects.order_by("number")
    ]
    assert [set(kinds) for kinds in owed] == [
        {Owed.RECTIFY, Owed.PLAN, Owed.TELL},
        {Owed.ACCEPT, Owed.TELL},
        {Owed.RECTIFY, Owed.PLAN, Owed.TELL, Owed.DECIDE},
        {Owed.CONFIRM, Owed.TELL, Owed.DECIDE},
    ]
    assert {kinds[Owed.DECIDE] for kinds in owed[2:]} == {STEP_IN_LABEL}  # whether to step in
    deciding = Obligation.objects.filter(kind=Owed.DECIDE).values_list("debtor_post", flat=True)
    assert set(deciding) == {world.posts["inspector"].pk}


def test_repeating_an_import_changes_nothing(world, now):
    rows = [HEAD, row(1), row(2, number="", state="已整改", closed="2026.11.20")]
    brought(world, rows, now=now)
    before = list(Hazard.objects.values().order_by("pk"))
    later = now + dt.timedelta(days=1)
    again = brought(world, [HEAD, *([*r[:7], "已销号", "2026.11.21"] for r in rows[1:])], now=later)
    assert (again.created, again.unchanged) == (0, 2)
    assert list(Hazard.objects.values().order_by("pk")) == before
    assert (LedgerRow.objects.count(), Step.objects.filter(action="import").count()) == (2, 2)
    assert reasons(again)[2] == "Registered already as XN-2026-000001."


def test_a_number_that_is_used_for_something_else_is_no_repetition(world, now):
    brought(world, [HEAD, row(1)], now=now)
    job = brought(world, [HEAD, row(1, title="灭火器过期"), row(2), row(2, title="无证上岗")], now=now)
    assert reasons(job) == {
        2: "The number is that of XN-2026-000001, which is about something else.",
        4: "Row 3 has the same number for something else.",
    }


def test_the_same_sheet_without_its_numbers_is_recognised_by_its_content(world, now):
    brought(world, [HEAD, row(1), row(2)], now=now)
    again = brought(world, [HEAD, row(1, number=""), row(2, number="")], now=now)
    assert (again.created, again.unchanged) == (0, 2)


def test_the_database_refuses_the_same_row_twice(world, now):
    brought(world, [HEAD, row(1), row(2)], now=now)
    first, second = LedgerRow.objects.order_by("number")
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerRow.objects.filter(pk=second.pk).update(key=first.key)


def test_an_enterprise_is_found_by_its_code_before_its_name(world, now):
    Enterprise.objects.filter(pk=world.city.other.pk).update(uscc=code(7), no_uscc_reason="")
    job = brought(
        world, [[*HEAD, "统一社会信用代码"], [*row(1, name="旧名称"), code(7)], [*row(2), "9163"]], now=now
    )
    assert Hazard.objects.get().enterprise == world.city.other
    assert reasons(job) == {3: "USCC: “9163” is no valid one. Correct it, or leave the cell empty."}


def test_a_name_that_two_enterprises_have_asks_for_the_code_unless_the_place_tells(world, now):
    twin = make.EnterpriseFactory(name=SHOP, uscc=code(8))
    make.SiteFactory(enterprise=twin, at=world.city.west_township)
    rows = [
        [*HEAD, "所属区县"],
        [*row(1, name=SHOP), ""],
        [*row(2, name=SHOP, state="是", closed="2026.11.3"), "城西区"],
        [*row(3, name=SHOP), "城中区"],
    ]
    job = brought(world, rows, now=now)
    said = reasons(job)
    assert said[2].startswith(f"2 enterprises are called “{SHOP}”. Give the USCC:")
    assert said[4] == f"“{SHOP}” has no site in 城中区."
    assert Hazard.objects.get().enterprise == twin


def test_of_several_sites_the_sheet_names_one(world, now):
    world.city.enterprise.sites.filter(name=HOTEL).delete()
    rows = [[*HEAD, "场所名称"], [*row(1), "恒盛仓库"], [*row(2), ""], [*row(3), "恒盛酒吧"]]
    job = brought(world, rows, now=now)
    assert Hazard.objects.get().site == world.city.warehouse
    assert reasons(job) == {
        3: f"“{HOTEL}” has 2 sites. Name one of them: 恒盛宾馆, 恒盛仓库.",
        4: f"“{HOTEL}” has no site “恒盛酒吧”. It has: 恒盛宾馆, 恒盛仓库.",
    }


def test_an_officer_imports_only_where_and_for_what_the_post_acts(world, now):
    job = brought(world, [HEAD, row(1), row(2, name=SCHOOL)], by="inspector", now=now)
    assert (job.created, job.rejected) == (1, 1)
    assert reasons(job)[3].startswith(f"No enterprise is called “{SCHOOL}” where you may act.")
    fire = brought(world, [HEAD, row(3, name=SCHOOL), row(4, name=SHOP)], by="fire", now=now)
    assert (fire.created, fire.rejected) == (1, 1)
    hazard = Hazard.objects.get(enterprise=world.city.west)
    assert (hazard.matter, hazard.ordered_by) == (world.city.fire, world.posts["fire"])


@pytest.mark.parametrize("who", ["enterprise", "principal", "rival", "gridofficer", "chengdong", "auditor"])
def test_others_import_no_ledger(world, now, who):
    with pytest.raises(NotAllowed):
        brought(world, [HEAD, row(1)], by=who, now=now)
    assert not Hazard.objects.exists()


def test_what_contradicts_itself_is_rejected_with_the_reason(world, now):
    rows = [
        HEAD,
        row(1, state="已整改"),
        row(2, closed="2026.11.20"),
        row(3, found="2026.12.2"),
        row(4, due="2026.10.1"),
        row(5, found="6/7/2026"),
        row(6, state="基本完成"),
        row(7, title=""),
        row(8, found=""),
    ]
    assert reasons(brought(world, rows, now=now)) == {
        2: "It is closed, but no column says on which day.",
        3: "It was closed on 2026-11-20, but its state says that it is open.",
        4: "Found on: 2026-12-02 is still to come.",
        5: "Deadline: 2026-10-01 lies before the day on which it was found, 2026-11-02.",
        6: "Found on: “6/7/2026” is no day; write 2026-12-01.",
        7: "State: “基本完成” is not known.",
        8: "What is wrong is missing.",
        9: "Found on is missing.",
    }


def test_a_spelling_means_what_somebody_said(world, now):
    words = {"state": {"基本完成": "rectifying"}, "grade": {"ii级": "general"}}
    job = brought(world, [HEAD, row(1, state="基本完成", grade="II级")], words=words, now=now)
    assert (job.created, Hazard.objects.get().state) == (1, State.RECTIFYING)


def test_a_name_written_once_serves_the_rows_below_until_a_line_of_totals(world, now):
    rows = [HEAD, row(1), row(2, name=""), row(3, name="", found=""), ["小计"] + [""] * 8, row(4, name="")]
    job = brought(world, rows, now=now)
    assert (job.created, reasons(job)) == (
        3,
        {5: "A line of totals.", 6: "Neither the name nor the USCC of an enterprise."},
    )
    assert set(Hazard.objects.values_list("enterprise__name", flat=True)) == {HOTEL}


def test_the_ledger_has_one_entry_for_the_import_and_the_sums_agree(world, now):
    counts.rebuild()
    job = brought(world, [HEAD, row(1), row(2, state="已整改", closed="2026.11.20")], now=now)
    entry = Entry.objects.get(action="imported")
    assert job.sha256 in entry.body
    assert not Entry.objects.filter(action="hazard.report").exists()
    assert verify() == []
    assert counts.differences() == []


def test_the_statements_do_not_grow_with_the_rows(world, now):
    def cost(first: int, count: int) -> int:
        rows = [HEAD, *(row(n) for n in range(first, first + count))]
        with CaptureQueriesContext(
            connection,
        ) as caught:
            brought(world, rows, now=now)
        return len(caught)

    cost(1, 2)
    assert cost(100, 3) == cost(200, 300)


def test_the_list_is_narrowed_to_exactly_these_rows(world, now, client):
    first = brought(world, [HEAD, row(1), row(2, name=SHOP)], now=now)
    brought(world, [HEAD, row(3), row(1)], now=now)
    client.force_login(world.bureau)
    sheet = client.get(f"/hazards/?tab=all&import={first.pk}&format=csv").getvalue().decode()
    assert [("XN-2026-" + n) in sheet for n in ("000001", "000002", "000003")] == [True, True, False]
    client.force_login(world.inspector)  # who sees no import of others
    hidden = client.get(f"/hazards/?tab=all&import={first.pk}&format=csv")
    assert b"XN-2026" not in hidden.getvalue()


def test_the_command_imports_and_writes_rejects(world, now, tmp_path):
    path = tmp_path / "台账.csv"
    path.write_bytes(csv_bytes([HEAD, row(1), row(2, name="没有")], "gb18030"))
    out = io.StringIO()
    call_command("import_hazards", str(path), "--dry-run", stdout=out)
    assert not Hazard.objects.exists()
    assert "New: 1, Changed: 0, Unchanged: 0, Rejected: 1" in out.getvalue()
    call_command("import_hazards", str(path), rejects=tmp_path / "r.csv", stdout=out)
    assert Hazard.objects.get().ordered_by == world.posts["inspector"]
    assert (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()[1].startswith("2,没有,")


def test_where_no_officer_acts_an_open_row_is_not_taken_over(world, now):
    closed = row(2, name=SCHOOL, state="是", closed="2026.11.3")
    job = brought(world, [HEAD, row(1, name=SCHOOL), closed], now=now)
    assert job.created == 1
    assert reasons(job) == {
        2: "It is open, and no officer acts in its place who could accept it. Appoint one, or import as one."
    }


def test_a_sheet_with_merged_headings_titles_and_signatures_is_read_as_it_is_kept(world, now):
    rows = [
        ["城东区2026年安全生产隐患排查治理台账"],
        ["填报单位：城东区应急管理局", *[""] * 6, "填报日期：2026年11月20日"],
        ["序号", "企业信息", "", "隐患情况", "", "", "整改情况"],
        [
            "",
            "企业名称",
            "统一社会信用代码",
            "检查日期",
            "隐患内容",
            "隐患等级",
            "整改期限",
            "是否整改",
            "复查日期",
        ],
        [1, HOTEL, "", "2026.11.2", "通道堵塞", "一般", "2026.12.1", "否"],
        [2, "", "", "2026年11月2日", "灭火器过期", "般", "26/11/10", "√", "2026.11.9"],
        ["合计", "", 2],
        ["制表人：甲", "", "", "审核人：乙"],
    ]
    merges = [
        (0, 0, 0, 8, rows[0][0]),
        (2, 0, 3, 0, "序号"),
        (2, 1, 2, 2, "企业信息"),
        (2, 3, 2, 5, "隐患情况"),
        (2, 6, 2, 8, "整改情况"),
        (4, 1, 5, 1, HOTEL),
    ]
    job = brought(world, [], now=now, data=xlsx_bytes(rows, merges), name="台账.xlsx")
    assert (job.created, job.skipped, job.rejected) == (2, 2, 0)
    found = Hazard.objects.order_by("number").values_list("enterprise__name", "title", "state", "days_late")
    assert list(found) == [
        (HOTEL, "通道堵塞", State.RECTIFYING, None),
        (HOTEL, "灭火器过期", State.CLOSED, -1),
    ]
