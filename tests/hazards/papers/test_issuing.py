"""Issuing papers about hazards: by whom, when, once, numbered, unchangeable, corrected by another."""

import io
import threading
import uuid

import docx
import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from pypdf import PdfReader

from hazards.choices import Grade
from hazards.models import Hazard, SiteMeasure
from hazards.papers.choices import PaperKind
from hazards.papers.models import HazardPaper, PaperHazard
from hazards.papers.values import proposed
from responsibility.documents import services as documents
from responsibility.documents.models import Document, DocumentCounter, DocumentKind
from safegrid.audit.models import Entry
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from tests import factories as make

N = 6


def text_of(document):
    """The text of a PDF, as it is read out, without line ends."""
    pages = PdfReader(io.BytesIO(documents.content_of(document, pdf=True))).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def test_an_order_says_what_is_to_be_done_by_when_in_both_forms(play, issue):
    hazard = play.ordered(days=10)
    paper = issue(hazard, text="请抓紧办理。")
    document = paper.document
    due = f"{play.day(10).year}年{play.day(10).month}月{play.day(10).day}日前"
    wanted = [
        "责令限期整改指令书",
        "城东区应急管理局责改〔2026〕1号",
        f"{hazard.enterprise.name}：",
        "疏散通道被堵塞",
        "清理通道",
        due,
        "请抓紧办理。",
        "行政复议",
        "2026年11月23日",
    ]
    word = docx.Document(io.BytesIO(documents.content_of(document)))
    in_word = "".join(p.text for p in word.paragraphs)
    in_word += "".join(cell.text for row in word.tables[0].rows for cell in row.cells)
    in_pdf = text_of(document)
    assert [words for words in wanted if words not in in_pdf] == []
    assert [words for words in wanted if words not in in_word] == []
    assert len(word.inline_shapes) == 1  # the code


def test_its_chinese_is_embedded(play, issue):
    reader = PdfReader(io.BytesIO(documents.content_of(issue(play.ordered()).document, pdf=True)))
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    embedded = [font for font in fonts if "/FontDescriptor" in font]
    assert embedded
    assert all("/FontFile2" in font["/FontDescriptor"] for font in embedded)


def test_prefix_and_word_are_the_bodys_and_the_offices_own(play, issue):
    unit = play.posts["inspector"].unit
    unit.prefix = "（东）应急"
    unit.save()
    DocumentKind.objects.filter(code=PaperKind.ORDER).update(word="责令")
    assert str(issue(play.ordered())) == "（东）应急责令〔2026〕1号"


@pytest.mark.parametrize("by", ["chengxi", "gridofficer", "fire", "gas", "bureau", "enterprise", "auditor"])
def test_only_the_body_that_ordered_issues_the_order(play, issue, by):
    hazard = play.ordered()
    with pytest.raises(NotAllowed):
        issue(hazard, by=by)
    assert not Document.objects.exists()
    assert issue(hazard, by="inspector2")  # a colleague of the same body


def test_each_kind_waits_for_what_it_is_about(play, issue):
    graded = play.act(play.found(), "grade", "inspector")
    with pytest.raises(NotAllowed):  # nobody has ordered it yet
        issue(graded)
    ordered = play.ordered()
    with pytest.raises(Refused, match="not re-inspected"):
        issue(ordered, kind=PaperKind.OPINION)
    with pytest.raises(Refused, match="only a major hazard"):
        issue(ordered, kind=PaperKind.LISTING, by="chengdong")
    own = play.drawn()
    with pytest.raises(Refused, match="found it itself"):
        issue(own, kind=PaperKind.MEASURES)
    assert issue(ordered, kind=PaperKind.MEASURES)
    with pytest.raises(Refused, match="first it is put on the list"):
        issue(play.ordered(grade=Grade.MAJOR), kind=PaperKind.LISTING, by="chengdong")
    assert issue(play.act(play.rectified(), "accept", "inspector"), kind=PaperKind.OPINION)


def test_a_decision_is_tied_to_the_measures_that_are_in_force(play, issue, client):
    hazard = play.ordered()
    play.act(hazard, "take_measure", "inspector", measure="stop", extent="二楼西侧")
    assert proposed(PaperKind.MEASURES, [hazard]) == {hazard.pk: "立即停止作业：二楼西侧"}
    paper = issue(hazard, kind=PaperKind.MEASURES)
    measure = SiteMeasure.objects.get()
    assert measure.paper == paper
    client.force_login(play.cast.enterprise)
    assert f'<a href="#papers">{paper.document.number}</a>' in client.get(f"/hazards/{hazard.number}/").text
    assert issue(hazard, kind=PaperKind.MEASURES) != paper  # about nothing new
    measure.refresh_from_db()
    assert measure.paper == paper
    corrected = issue(hazard, kind=PaperKind.MEASURES, corrects=paper)
    measure.refresh_from_db()
    assert measure.paper == corrected


def test_a_round_has_one_order_and_one_opinion(play, issue):
    hazard = play.rectified()
    issue(hazard)
    with pytest.raises(Refused, match="issued already"):
        issue(hazard)
    hazard = play.act(hazard, "send_back", "inspector")
    first = issue(hazard, kind=PaperKind.OPINION)
    assert issue(hazard).items.get().round == 2  # a new date, a new order
    with pytest.raises(Refused, match="issued already"):
        issue(hazard, kind=PaperKind.OPINION)
    hazard = play.play(hazard, [("submit", "enterprise"), ("accept", "inspector")])
    second = issue(hazard, kind=PaperKind.OPINION)
    assert [paper.items.get().round for paper in (first, second)] == [1, 2]


def test_the_database_keeps_it_at_one(play, issue):
    hazard = play.ordered()
    paper = issue(hazard)
    other = HazardPaper.objects.create(
        token=uuid.uuid4(),
        kind=paper.kind,
        enterprise=paper.enterprise,
        unit=paper.unit,
        issued_at=play.now,
        issued_by=paper.issued_by,
        issued_as=paper.issued_as,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperHazard.objects.create(paper=other, hazard=hazard, kind=paper.kind, round=1)


def test_sent_twice_it_is_one_paper(play, issue):
    hazard, token = play.ordered(), uuid.uuid4()
    assert issue(hazard, token=token) == issue(hazard, token=token)
    assert Document.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_at_once_they_are_numbered_without_gap_or_double(play, issue):
    hazards = [play.ordered() for _ in range(N)]
    again, token = hazards[0], uuid.uuid4()
    gate, failed = threading.Barrier(N + 2), []

    def run(hazard, changes):
        try:
            gate.wait()
            issue(hazard, **changes)
        except (Invalid, Refused):
            failed.append(hazard)
        finally:
            connection.close()

    work = [(hazard, {}) for hazard in hazards[1:]]
    work += [(again, {"token": token}), (again, {"token": token}), (hazards[-1], {"texts": {}})]
    threads = [threading.Thread(target=run, args=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [hazards[-1]]
    assert sorted(Document.objects.values_list("serial", flat=True)) == list(range(1, N + 1))
    assert DocumentCounter.objects.get().last == N


def test_what_was_issued_never_changes(play, issue):
    document = issue(play.ordered()).document
    for field in ("pdf_sha256", "sha256", "code", "number"):
        with pytest.raises(InternalError, match="neither changed"), transaction.atomic():
            Document.objects.filter(pk=document.pk).update(**{field: "x"})
    with open(document.pdf.path, "ab") as file:
        file.write(b"x")
    with pytest.raises(Refused, match="not what was issued"):
        documents.content_of(document, pdf=True)


def test_a_correction_names_the_one_it_replaces_and_is_made_once(play, issue):
    hazard = play.ordered()
    first = issue(hazard)
    second = issue(hazard, corrects=first, texts={hazard.pk: "拆除"})
    assert second.document.corrects == first.document
    assert f"本件更正{first.document.number}" in text_of(second.document)
    assert [item.is_replaced for item in hazard.papers.all()] == [True, False]
    with pytest.raises(Stale):
        issue(hazard, corrects=first)
    with pytest.raises(NotAllowed):
        issue(hazard, corrects=second, by="enterprise")
    with pytest.raises(Refused, match="same hazards"):
        issue(play.ordered(), corrects=second)


def test_what_a_body_issued_is_corrected_by_the_one_that_took_its_place(play, issue, client):
    first = issue(hazard := play.ordered())
    old = play.posts["inspector"].unit
    play.renames(old)
    client.force_login(play.cast.inspector)
    address = f"/hazards/papers/{first.pk}/correct/"
    assert address in client.get(f"/hazards/{hazard.number}/").content.decode()
    assert client.get(address).status_code == 200
    new = play.renames(play.posts["inspector"].unit)  # and once more
    second = issue(hazard, corrects=first)
    assert (second.unit, second.corrects, first.unit) == (new, first, old)
    with pytest.raises(NotAllowed):
        issue(hazard, corrects=second, by="fire")


def test_hazards_of_one_visit_stand_in_one_order(play, issue):
    hazards = [play.ordered() for _ in range(3)]
    paper = issue(*hazards)
    assert [item.hazard for item in paper.items.all()] == hazards
    assert Document.objects.count() == 1
    elsewhere = make.HazardFactory(site=play.cast.city.shop, number="elsewhere")
    with pytest.raises(Refused, match="one enterprise"):
        issue(play.ordered(), elsewhere)


def test_nothing_is_issued_without_a_word_about_each(play, issue):
    one, other = play.ordered(), play.ordered()
    with pytest.raises(Invalid) as refusal:
        issue(one, other, texts={one.pk: "清理"})
    assert set(refusal.value.message_dict) == {f"text_{other.pk}"}
    assert not DocumentCounter.objects.exists()


def test_texts_that_are_too_long_for_the_table_are_said_at_their_field(play, issue):
    hazard = play.ordered()
    with pytest.raises(Invalid) as refusal:
        issue(hazard, texts={hazard.pk: "长" * 501})
    assert refusal.value.message_dict == {f"text_{hazard.pk}": ["500 characters at most."]}
    assert issue(hazard, texts={hazard.pk: "长" * 500}, text="说" * 2000)


def test_at_several_sites_each_line_names_its_own(play, issue):
    city = play.cast.city
    hazards = [play.ordered(), play.ordered()]
    hazards[1].site = city.warehouse
    hazards[1].save(update_fields=["site"])
    words = text_of(issue(*hazards).document)
    assert "恒盛宾馆：疏散通道被堵塞" in words
    assert "恒盛仓库：疏散通道被堵塞" in words


def test_the_ledger_of_each_hazard_holds_number_and_hash(play, issue):
    hazards = [play.ordered(), play.ordered()]
    document = issue(*hazards).document
    for hazard in hazards:
        entry = Entry.objects.filter(subject=f"hazards.hazard:{hazard.pk}", action="hazard.paper").get()
        assert document.number in entry.body
        assert document.sha256 in entry.body


def test_what_the_font_has_not_is_set_as_a_mark(play, issue):
    hazard = play.ordered()
    document = issue(hazard, texts={hazard.pk: "清理𬍛通道 <b>&\x07"}).document
    assert "清理〓通道 <b>&" in text_of(document)
    assert Hazard.objects.get(pk=hazard.pk).state == "rectifying"
