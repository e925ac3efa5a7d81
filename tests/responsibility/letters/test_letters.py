"""The ladder towards a unit: rung by rung, each with a number, a paper and a reply that is owed."""

import io
import re
import uuid

import docx
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from responsibility.documents import services as documents
from responsibility.documents.models import Document
from responsibility.guidance.choices import NoticeState
from responsibility.guidance.models import Notice, Receipt
from responsibility.letters.choices import LADDER, Owed, Rung
from responsibility.letters.models import UnitLetter
from responsibility.letters.queries import next_rung
from responsibility.models import Obligation
from responsibility.replies.choices import ReplyState
from responsibility.replies.lifecycle import MACHINE
from safegrid.audit.models import Entry
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from tests import factories as make
from tests.responsibility.letters.conftest import DAY

ACTIONS = sorted({move.action for move in MACHINE})


def words_of(document: Document) -> str:
    """What stands on the paper, tables included."""
    paper = docx.Document(io.BytesIO(documents.content_of(document)))
    lines = [p.text for p in paper.paragraphs]
    lines += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)


def test_a_letter_takes_its_number_and_the_unit_owes_a_reply(office):
    letter = office.send()
    assert letter.number == "西宁市安委办提示函〔2026〕1号"
    owed = Obligation.objects.open().get(kind=Owed.REPLY)
    posts = office.cast.posts
    assert (owed.debtor_post, owed.creditor_post, owed.due_on) == (
        posts["gas"],
        posts["bureau"],
        office.day(7),
    )
    assert Entry.objects.filter(subject=f"responsibility.unitletter:{letter.pk}").count() == 1


@pytest.mark.parametrize("rung", LADDER)
def test_the_paper_says_who_what_and_by_when(office, rung):
    letter = office.send(rung, skip_reason="情况紧急")
    paper = documents.about(letter).get()
    words = words_of(paper)
    for wanted in (
        letter.number,
        "西宁市安委办",
        "城东区应急管理局：",
        "整改：逾期的隐患",
        "2026年11月19日",
        "请抓紧办理。",
        "并说明原因。",
        "2026年11月30日前",
        "2026年11月23日",
    ):
        assert wanted in words, wanted
    assert "未到期的隐患" not in words
    assert not re.search(r"\{[{%]", words)


def test_the_next_rung_follows_from_what_is_sent_and_not_answered(office):
    unit = office.cast.city.emergency
    assert next_rung(unit) == (Rung.REMINDER, None)
    first = office.send()
    assert next_rung(unit) == (Rung.URGING, first)
    second = office.send(Rung.URGING)
    assert next_rung(unit) == (Rung.TALK, second)
    office.act(second, "answer", "gas")
    assert next_rung(unit) == (Rung.URGING, first)
    office.act(second, "send_back", "bureau")  # is owed again
    assert next_rung(unit)[0] == Rung.TALK
    office.send(Rung.TALK)
    last = office.send(Rung.CIRCULAR)
    assert next_rung(unit) == (Rung.CIRCULAR, last)
    for letter in UnitLetter.objects.filter(state=ReplyState.OPEN):
        office.act(letter, "withdraw", "bureau")
    assert next_rung(unit) == (Rung.REMINDER, None)


def test_no_rung_is_skipped_in_silence(office):
    with pytest.raises(Invalid) as refusal:
        office.send(Rung.TALK)
    assert set(refusal.value.message_dict) == {"skip_reason"}
    assert not UnitLetter.objects.exists()
    assert not Document.objects.exists()
    letter = office.send(Rung.TALK, skip_reason="造成严重后果")
    assert letter.skip_reason == "造成严重后果"
    assert office.send(Rung.REMINDER, skip_reason="x").skip_reason == ""  # below the next needs none


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": " "}, "text"),
        ({"owed": []}, "owed"),
        ({"owed": "in time"}, "owed"),
        ({"owed": "another unit"}, "owed"),
        ({"due_on": None}, "due_on"),
        ({"due_on": "yesterday"}, "due_on"),
        ({"rung": "shout"}, "rung"),
        ({"rung": Rung.TALK, "skip_reason": "急", "talk_at": None}, "talk_at"),
        ({"rung": Rung.TALK, "skip_reason": "急", "talk_at": "yesterday"}, "talk_at"),
        ({"rung": Rung.TALK, "skip_reason": "急", "talk_place": " "}, "talk_place"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_takes_no_number(office, changes, field):
    if changes.get("owed") == "in time":
        changes = {"owed": [office.late, office.in_time]}
    elif changes.get("owed") == "another unit":
        hazard = make.HazardFactory(site=office.cast.city.hotel)
        changes = {
            "owed": [
                make.ObligationFactory(
                    site=office.cast.city.hotel,
                    subject=hazard,
                    debtor_post=office.cast.posts["chengdong"],
                    due_in=-3,
                )
            ]
        }
    elif changes.get("due_on") == "yesterday":
        changes = {"due_on": office.day(-1)}
    elif changes.get("talk_at") == "yesterday":
        changes = changes | {"talk_at": office.now - DAY}
    with pytest.raises(Invalid) as refusal:
        office.send(**changes)
    assert set(refusal.value.message_dict) == {field}
    assert office.send().number.endswith("〔2026〕1号")


def test_a_talk_says_when_and_where_it_is_and_is_moved_by_another_paper(office, client):
    letter = office.send(Rung.TALK, skip_reason="急")
    first = words_of(documents.about(letter).get())
    assert "请贵单位负责人于2026年11月25日10时到三楼会议室参加约谈，" in first
    client.force_login(office.cast.gas)
    page = client.get(reverse("responsibility:letter", args=[letter.pk])).text
    assert "2026-11-25 10:00" in page
    assert "三楼会议室" in page
    moved = {"talk_at": office.now + 3 * DAY, "talk_place": "五楼会议室"}
    office.correct(letter, text=letter.text, **moved)
    second = words_of(documents.about(letter).last())
    assert "于2026年11月26日10时到五楼会议室" in second
    with pytest.raises(Invalid):
        office.correct(letter, text=letter.text, **moved)
    with pytest.raises(Invalid) as refusal:
        office.correct(letter, text="再次更正。")
    assert set(refusal.value.message_dict) == {"talk_at", "talk_place"}


def test_the_pages_of_a_talk_ask_for_time_and_place_and_keep_what_was_typed(office, client):
    client.force_login(office.cast.bureau)
    url = reverse("responsibility:letter_new", args=[office.cast.city.emergency.pk])
    given = {
        **fields(client.get(url).text),
        "rung": "talk",
        "skip_reason": "造成后果",
        "owed": [office.late.pk],
        "text": "请说明情况",
        "talk_place": "三楼会议室",
        "due_on": office.day(5).isoformat(),
    }
    refused = client.post(url, given)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"talk_at"}
    assert 'value="三楼会议室"' in refused.text
    assert client.post(url, {**given, "talk_at": "2026-11-25T09:30"}).status_code == 302
    letter = UnitLetter.objects.get()
    assert "于2026年11月25日9时30分到三楼会议室" in words_of(documents.about(letter).get())
    url = reverse("responsibility:letter_correct", args=[letter.pk])
    page = client.get(url).text
    assert 'value="2026-11-25T09:30"' in page
    given = {**fields(page), "text": letter.text, "talk_at": "2026-11-26T15:00", "talk_place": "五楼会议室"}
    assert client.post(url, given).status_code == 302
    assert "于2026年11月26日15时到五楼会议室" in words_of(documents.about(letter).last())


def test_other_letters_have_neither_time_nor_place(office):
    letter = office.send(talk_at=office.now + DAY, talk_place="三楼会议室")
    letter.refresh_from_db()
    assert (letter.talk_at, letter.talk_place) == (None, "")


def test_a_circular_is_told_to_member_units_and_district_governments_as_a_notice(office, client):
    city = office.cast.city
    token = uuid.uuid4()
    for _twice in range(2):
        letter = office.send(Rung.CIRCULAR, skip_reason="急", token=token)
    notice = Notice.objects.get()
    assert (notice.number, notice.post) == (letter.number, office.cast.posts["bureau"])
    assert set(Receipt.objects.values_list("unit", flat=True)) == {
        unit.pk for unit in (city.brigade, city.government, city.west_government)
    }
    for wanted in ("城东区应急管理局", "整改：逾期的隐患（应于2026年11月19日办结，逾期4天）", "请抓紧办理。"):
        assert wanted in notice.text, wanted
    client.force_login(office.cast.chengdong)
    assert client.get(reverse("responsibility:guidance_notice", args=[notice.pk])).status_code == 200
    assert client.get(reverse("responsibility:letter", args=[letter.pk])).status_code == 404
    client.force_login(office.cast.bureau)
    page = client.get(reverse("responsibility:letter", args=[letter.pk])).text
    assert reverse("responsibility:guidance_notice", args=[notice.pk]) in page
    office.correct(letter)
    assert {row.number for row in Notice.objects.all()} == {paper.number for paper in documents.about(letter)}


def test_a_corrected_circular_closes_the_notice_of_before_and_each_unit_owes_one_receipt(office):
    letter = office.send(Rung.CIRCULAR, skip_reason="急")
    first = Notice.objects.get()
    office.correct(letter)
    second = Notice.objects.exclude(pk=first.pk).get()
    first.refresh_from_db()
    assert (first.state, first.reason, first.closed_by) == (
        NoticeState.CLOSED,
        f"由{second.number}更正",
        office.cast.bureau,
    )
    assert second.state == NoticeState.RUNNING
    owed = Obligation.objects.open().filter(kind="guidance_receipt")
    assert set(owed.values_list("subject_id", flat=True)) == set(second.receipts.values_list("pk", flat=True))
    assert owed.count() == 3
    with pytest.raises(Stale):
        office.correct(letter, text="再次更正。", version=1)
    office.correct(letter, text="再次更正。")
    assert Notice.objects.filter(state=NoticeState.RUNNING).count() == 1
    assert owed.count() == 3


def test_a_notice_that_all_have_confirmed_stays_complete_when_its_circular_is_corrected(office):
    letter = office.send(Rung.CIRCULAR, skip_reason="急")
    Notice.objects.update(state=NoticeState.COMPLETE, closed_at=office.now)
    first = Notice.objects.get()
    office.correct(letter)
    first.refresh_from_db()
    assert (first.state, first.reason) == (NoticeState.COMPLETE, "")


def test_its_addressee_gets_the_circular_itself_and_lower_letters_are_told_to_nobody(office):
    office.send()
    assert not Notice.objects.exists()
    government = office.cast.city.government
    late = make.ObligationFactory(
        site=office.cast.city.hotel,
        subject=make.HazardFactory(site=office.cast.city.hotel),
        debtor_post=office.cast.posts["chengdong"],
        due_in=-3,
    )
    office.send(Rung.CIRCULAR, unit=government, owed=[late], skip_reason="急")
    assert government.pk not in set(Receipt.objects.values_list("unit", flat=True))
    assert Receipt.objects.count() == 2


@pytest.mark.parametrize("by", ["chengdong", "fire", "inspector", "auditor", "admin", "enterprise", "rival"])
def test_only_the_office_writes_to_units(office, by):
    with pytest.raises(NotAllowed):
        office.send(by=by)


def test_sent_twice_it_is_sent_once(office):
    token = uuid.uuid4()
    assert office.send(token=token) == office.send(token=token)
    assert (UnitLetter.objects.count(), Document.objects.count()) == (1, 1)


#: How a letter comes to stand so → (its state, action → who may).
SITUATIONS = {
    "to be answered": (
        [],
        ReplyState.OPEN,
        {"answer": {"gas"}, "progress": {"gas"}, "withdraw": {"bureau"}},
    ),
    "answered": (
        [("answer", "gas")],
        ReplyState.ANSWERED,
        {"accept": {"bureau"}, "send_back": {"bureau"}, "withdraw": {"bureau"}},
    ),
    "accepted": ([("answer", "gas"), ("accept", "bureau")], ReplyState.ACCEPTED, {}),
    "withdrawn": ([("withdraw", "bureau")], ReplyState.WITHDRAWN, {}),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_exactly_those_act_whom_the_table_names(office, situation):
    steps, state, may = SITUATIONS[situation]
    letter = office.send()
    for action, by in steps:
        office.act(letter, action, by)
    assert UnitLetter.objects.get().state == state
    outcome = {}
    for action in ACTIONS:
        for by in office.cast.posts:
            try:
                with transaction.atomic():
                    office.act(letter, action, by)
                    transaction.set_rollback(True)
                outcome[action, by] = "done"
            except (NotAllowed, Refused) as refusal:
                outcome[action, by] = type(refusal).__name__
    wanted = {(action, by) for action, names in may.items() for by in names}
    assert {pair for pair, what in outcome.items() if what == "done"} == wanted


def test_an_answer_is_the_offices_to_accept(office):
    letter = office.send()
    office.act(letter, "answer", "gas")
    assert set(Obligation.objects.open().filter(kind__in=Owed.values).values_list("kind", "debtor_post")) == {
        (Owed.ACCEPT, office.cast.posts["bureau"].pk)
    }
    office.act(letter, "accept", "bureau")
    assert not Obligation.objects.open().filter(kind__in=Owed.values).exists()


def test_a_correction_is_another_paper_that_names_the_first(office):
    letter = office.send()
    first = documents.about(letter).get()
    before = documents.content_of(first)
    office.correct(letter)
    second = documents.about(letter).last()
    assert second.corrects == first
    assert second.number == "西宁市安委办提示函〔2026〕2号"
    assert first.number in words_of(second)
    assert "更正后的内容。" in words_of(second)
    assert documents.content_of(first) == before
    assert UnitLetter.objects.get().number == first.number


def test_only_who_sent_it_corrects_it_and_only_while_it_waits(office):
    letter = office.send()
    for by in ("gas", "chengdong", "auditor", "rival"):
        with pytest.raises(NotAllowed):
            office.correct(letter, by)
    with pytest.raises(Invalid):
        office.correct(letter, text=letter.text)
    office.correct(letter, version=1)
    with pytest.raises(Stale):
        office.correct(letter, text="再次更正。", version=1)
    office.act(letter, "answer", "gas")
    with pytest.raises(Stale):
        office.correct(letter, text="再次更正。")
    assert Document.objects.count() == 2


def test_letter_and_paper_are_the_offices_and_the_units(office, client):
    letter = office.send()
    paper = documents.about(letter).get()
    addresses = [
        reverse("responsibility:letter", args=[letter.pk]),
        reverse("responsibility:document", args=[paper.pk]),
    ]
    readers = {"bureau", "auditor", "inspector", "inspector2", "gas"}
    for name in [*office.cast.posts, "nobody"]:
        client.force_login(office.person(name))
        wanted = 200 if name in readers else 404
        assert [client.get(address).status_code for address in addresses] == [wanted, wanted], name


def test_a_note_stands_on_a_letter_for_whoever_reads_it_and_may_give_one(office, client):
    late = make.ObligationFactory(
        site=office.cast.city.hotel,
        subject=make.HazardFactory(site=office.cast.city.hotel),
        debtor_post=office.cast.posts["chengdong"],
        due_in=-3,
    )
    letter = office.send(unit=office.cast.city.government, owed=[late])
    url = reverse("responsibility:letter", args=[letter.pk])
    note = f"{reverse('responsibility:instruction_new')}?about=letter:{letter.pk}"
    for who in ("bureau", "chengdong"):
        client.force_login(office.person(who))
        assert note in client.get(url).text
        assert letter.number in client.get(note).text
    client.force_login(office.person("auditor"))
    assert note not in client.get(url).text
    client.force_login(office.person("chengxi"))
    assert client.get(note).status_code == 404


def test_the_units_page_shows_its_letters_and_offers_the_next_rung_to_the_office(office, client):
    letter = office.send()
    url = reverse("responsibility:unit", args=[office.cast.city.emergency.pk])
    client.force_login(office.cast.bureau)
    page = client.get(url).text
    assert letter.number in page
    assert "next: Urging letter" in page
    client.force_login(office.cast.chengdong)  # reads the unit's page, not its letters
    page = client.get(url).text
    assert letter.number not in page
    assert "Send a letter" not in page


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(token|version)" value="([^"]+)"', page))


def test_the_form_sends_what_was_chosen_and_keeps_what_was_typed(office, client):
    client.force_login(office.cast.bureau)
    url = reverse("responsibility:letter_new", args=[office.cast.city.emergency.pk])
    page = client.get(url).text
    assert "逾期的隐患" in page
    assert "未到期的隐患" not in page
    given = {
        **fields(page),
        "rung": "urging",
        "owed": [office.late.pk],
        "text": "请说明情况",
        "due_on": office.day(5).isoformat(),
    }
    refused = client.post(url, given)
    assert refused.status_code == 422
    assert "请说明情况" in refused.text
    assert escape("The next rung is: Reminder. Say why it is skipped.") in refused.text
    done = client.post(url, {**given, "skip_reason": "造成后果"})
    letter = UnitLetter.objects.get()
    assert done.url == reverse("responsibility:letter", args=[letter.pk])
    again = client.post(url, {**given, "skip_reason": "造成后果"})
    assert again.url == done.url
    assert UnitLetter.objects.count() == 1


def test_a_unit_that_is_late_with_nothing_gets_no_letter(office, client):
    client.force_login(office.cast.bureau)
    url = reverse("responsibility:letter_new", args=[office.cast.city.brigade.pk])
    assert "This unit is late with nothing." in client.get(url).text
    for name in ("chengdong", "auditor", "enterprise", "nobody"):
        client.force_login(office.person(name))
        assert client.get(url).status_code == 403, name


def test_an_answer_by_its_page_once(office, client):
    letter = office.send()
    client.force_login(office.cast.gas)
    url = reverse("responsibility:letter_act", args=[letter.pk, "answer"])
    given = {**fields(client.get(url).text), "note": "已办结"}
    assert client.post(url, given).status_code == 302
    assert client.post(url, given).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.answer, letter.version) == (ReplyState.ANSWERED, "已办结", 2)
    assert client.get(reverse("responsibility:letter_act", args=[letter.pk, "accept"])).status_code == 403
    assert client.get(reverse("responsibility:letter_act", args=[letter.pk, "burn"])).status_code == 404


def test_a_page_of_a_letter_costs_the_same_for_many_steps_and_things(office, client):
    letter = office.send()
    client.force_login(office.cast.bureau)
    url = reverse("responsibility:letter", args=[letter.pk])

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    cost()
    few = cost()
    for _ in range(5):
        office.act(letter, "progress", "gas")
        office.correct(letter, text=f"更正{_}")
    assert cost() == few
