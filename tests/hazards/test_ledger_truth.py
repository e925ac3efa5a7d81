"""Random sheets as offices keep them, made from a known truth: what is read equals the truth."""

import csv
import datetime as dt
import io
from dataclasses import dataclass

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hazards.choices import Grade, Road, State
from hazards.listing import hazards as listing
from safegrid.grid.choices import Outcome
from safegrid.grid.imports.days import day
from safegrid.grid.imports.headings import guess
from safegrid.grid.imports.kinds import Terms, kinds
from safegrid.grid.imports.reading import read
from tests import factories as make
from tests.grid.sheets import csv_bytes, xlsx_bytes
from tests.hazards.ledgers import HOTEL, SHOP, brought

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TODAY = NOW.date()

HEADINGS = {
    "name": ["企业名称", "受检单位", "*单位名称（必填）"],
    "title": ["隐患内容", "存在问题", "检查发现的问题"],
    "grade": ["隐患等级", "隐患级别（一般/重大）"],
    "found_on": ["检查日期", "排查时间"],
    "due_on": ["整改期限", "整改时限"],
    "state": ["整改情况", "是否整改", "状态"],
    "closed_on": ["销号日期", "复查时间"],
    "source": ["隐患来源", "检查类型"],
    "legacy_number": ["隐患编号", "台账编号"],
}
STATES = {
    State.CLOSED: ["已整改", "整改完毕", "√", "已销号", "完成", "是", "已整改（已复查）", "Closed"],
    State.RECTIFYING: ["未整改", "整改中", "×", "否", "", "限期整改"],
    State.TO_ACCEPT: ["待复查", "已整改待复查"],
    State.CANCELLED: ["作废", "误报"],
}
GRADES = {Grade.GENERAL: ["一般", "般", "一般隐患", ""], Grade.MAJOR: ["重大", "大", "重大隐患"]}
SOURCES = {Road.ORDERED: ["执法检查", "专项检查", "市安委会督导组", ""], Road.SELF: ["企业自查", "自查自改"]}
FORMS = (
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year % 100:02}/{d.month}/{d.day}",
    lambda d: str((d - dt.date(1899, 12, 30)).days),
    lambda d: d.isoformat(),
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.year}-{d.month:02}-{d.day:02} 00:00:00",
)


@dataclass(frozen=True)
class Truth:
    """What a row of the ledger says."""

    name: str
    title: str
    grade: str
    found_on: dt.date
    due_on: dt.date | None
    state: str
    closed_on: dt.date | None
    source: str
    legacy_number: str


days = st.dates(dt.date(2024, 1, 1), TODAY)


@st.composite
def truths(draw):
    """Rows that agree with themselves."""
    found = draw(days)
    state = draw(st.sampled_from(list(STATES)))
    rest = (TODAY - found).days
    later = found + dt.timedelta(days=draw(st.integers(0, rest)))
    due = draw(st.one_of(st.none(), st.integers(0, 60).map(lambda n: found + dt.timedelta(days=n))))
    words = st.text("灭火器过期疏散通道堵塞配电箱无标识AB12 ", min_size=2, max_size=12)
    return Truth(
        name=draw(st.sampled_from([HOTEL, SHOP])),
        title="隐患" + " ".join(draw(words).split()),
        grade=draw(st.sampled_from(list(GRADES))),
        found_on=found,
        due_on=due,
        state=state,
        closed_on=later if state == State.CLOSED else None,
        source=draw(st.sampled_from(list(SOURCES))),
        legacy_number="",
    )


def same(truth):
    return truth.name, truth.title, truth.found_on


@st.composite
def ledgers(draw):
    """The rows that are meant, by their number in the sheet, and the file that holds them."""
    rows = draw(
        st.lists(truths(), min_size=1, max_size=12, unique_by=lambda t: (t.name, t.title, t.found_on))
    )
    rows = [Truth(**{**vars(t), "legacy_number": f"第{n}号"}) for n, t in enumerate(rows)]
    fields = draw(st.permutations(list(HEADINGS)))
    head = ["序号", *(draw(st.sampled_from(HEADINGS[field])) for field in fields)]
    sheet = [["城东区安全生产隐患台账"]] if draw(st.booleans()) else []
    sheet.append(head)
    meant, above = {}, ""
    for n, truth in enumerate(rows, start=1):
        cells = {
            "name": "" if truth.name == above and draw(st.booleans()) else truth.name,
            "title": truth.title,
            "grade": draw(st.sampled_from(GRADES[Grade(truth.grade)])),
            "state": draw(st.sampled_from(STATES[State(truth.state)])),
            "source": draw(st.sampled_from(SOURCES[Road(truth.source)])),
            "legacy_number": truth.legacy_number,
            **{f: written(draw, getattr(truth, f)) for f in ("found_on", "due_on", "closed_on")},
        }
        if not cells["name"]:  # what is empty there is taken from the row above, with the name
            cells["source"] = cells["source"] or "执法检查"
        sheet.append([str(n), *(cells[field] for field in fields)])
        meant[len(sheet)] = truth
        above = truth.name
        if draw(st.integers(0, 5)) == 0:
            sheet.append(["小计", *[""] * len(fields)])
            above = ""
    if draw(st.booleans()):
        sheet += [["合计", str(len(rows))], ["制表人：甲", "", "审核人：乙", "日期：2026.1.1"]]
    form = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "xlsx"]))
    return meant, xlsx_bytes(sheet) if form == "xlsx" else csv_bytes(sheet, form)


def written(draw, when):
    return "" if when is None else draw(st.sampled_from(FORMS))(when)


def truth_of(plan):
    """What was understood, in the shape of the truth."""
    draft = plan.work.draft
    return Truth(
        name=plan.work.site.enterprise.name,
        title=draft.title,
        grade=draft.grade,
        found_on=draft.found_on,
        due_on=draft.due_on,
        state=State.TO_ACCEPT.value if draft.state == State.TO_CONFIRM else draft.state,
        closed_on=draft.closed_on,
        source=draft.road,
        legacy_number=draft.cells["legacy_number"],
    )


@pytest.fixture
def world(cast, policies):
    """The cast with the policies; the hotel's enterprise has a main site of its name."""
    make.SiteFactory(enterprise=cast.city.enterprise, name=HOTEL, at=cast.city.cell)
    return cast


calm = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@calm
@given(ledger=ledgers())
def test_what_is_read_is_what_was_meant(world, ledger):
    meant, data = ledger
    kind = kinds["hazards"]
    table = read(data, kind.recognise)
    mapping = guess(table.columns, kind.recognise)
    assert set(mapping) == set(HEADINGS)
    plans = kind.importer(Terms(mapping, NOW, reach=None)).plan(kind.rows(table, mapping))
    told = {plan.row.number: (plan.outcome, plan.reason, plan.details) for plan in plans}
    assert {n for n, (outcome, *_why) in told.items() if outcome == Outcome.CREATED} == set(meant), told
    assert {plan.outcome for plan in plans} <= {Outcome.CREATED, Outcome.SKIPPED}, told
    assert {plan.row.number: truth_of(plan) for plan in plans if plan.row.number in meant} == meant


@settings(calm, max_examples=10)
@given(ledger=ledgers())
def test_what_is_imported_is_what_is_exported(world, client, now, ledger):
    meant, data = ledger
    client.force_login(world.bureau)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    with transaction.atomic(), translation.override("zh-hans"):
        label = {column.key: str(column.label) for column in listing.flat}
        job = brought(world, [], now=now, data=data)
        sheet = client.get(f"/hazards/?tab=all&import={job.pk}&format=csv").getvalue()
        again = brought(world, [], now=now, data=data)
        ours = {code: label[key] for code, key in OURS.items()}
        back = brought(world, [], now=now, data=sheet, mapping=ours)
        told = dict(back.rows.values_list("number", "reason"))
        transaction.set_rollback(True)
        expected = {as_exported(truth) for truth in meant.values()}
    assert (job.created, again.created, again.unchanged) == (len(meant), 0, len(meant))
    # Our own table, brought back: it has no column for the day on which a hazard was closed.
    closed = sum(t.state == State.CLOSED for t in meant.values())
    assert (back.created, back.unchanged) == (0, len(meant) - closed), told
    assert set(told.values()) <= {"registered", "no_day_closed"}, told
    rows = csv.DictReader(io.StringIO(sheet.decode("utf-8-sig")))
    keys = ("enterprise", "title", "found", "grade", "state", "due")
    assert {tuple(row[label[key]] for key in keys) for row in rows} == expected


#: Our own columns, as a ledger's.
OURS = {
    "legacy_number": "number",
    "found_on": "found",
    "title": "title",
    "name": "enterprise",
    "state": "state",
    "grade": "grade",
    "due_on": "due",
}
RULES = {Grade.GENERAL: dt.date(2026, 12, 14), Grade.MAJOR: dt.date(2026, 12, 23)}


def as_exported(truth):
    """The row of the list that a row of the ledger becomes, in Chinese."""
    due = truth.due_on or (RULES[Grade(truth.grade)] if is_awaited(truth) else "")
    grade, state = str(Grade(truth.grade).label), str(as_told(truth).label)
    return truth.name, truth.title, truth.found_on.isoformat(), grade, state, str(due)


def as_told(truth):
    if truth.state == State.TO_ACCEPT and truth.source == Road.SELF:
        return State.TO_CONFIRM
    return State(truth.state)


def is_awaited(truth):
    return truth.state in (State.RECTIFYING, State.TO_ACCEPT)


@given(when=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), form=st.sampled_from(FORMS))
def test_a_day_is_read_in_every_form(when, form):
    assert day(form(when)) == when


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2025.6.30前", dt.date(2025, 6, 30)),
        ("2025年6月30日前完成", dt.date(2025, 6, 30)),
        ("２０２５．６．３０", dt.date(2025, 6, 30)),
        ("2025年6月30日（星期一）", dt.date(2025, 6, 30)),
        ("2025/6/30 14:30", dt.date(2025, 6, 30)),
        ("45838.5", dt.date(2025, 6, 30)),
        ("2025.2.30", None),
        ("6/7/2025", None),
        ("6月30日", None),
        ("2025年6月", None),
        ("长期", None),
        ("123", None),
    ],
)
def test_days_with_words_around_them_and_what_is_none(text, found):
    assert day(text) == found
