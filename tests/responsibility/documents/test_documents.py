"""Documents: numbers without gap or double, papers that never change, templates that are tried first."""

import io
import threading
import zipfile

import docx
import pytest
from django.core.files.base import ContentFile
from django.db import InternalError, connection, transaction
from django.urls import reverse

from responsibility.documents import services as documents
from responsibility.documents.layouts import COMMON, layouts
from responsibility.documents.models import Document, DocumentCounter, DocumentKind
from responsibility.documents.rendering import check, render
from responsibility.letters.layouts import SAMPLE
from safegrid.audit.models import Entry
from safegrid.kernel.refusals import Invalid, Refused, Stale

N = 6


@pytest.fixture
def issue(cast, policies, now, settings, tmp_path):
    """Issue a reminder of the office about a site; any row would do."""
    settings.MEDIA_ROOT = tmp_path

    def one(**changes):
        fields = {
            "kind": "reminder",
            "unit": cast.city.office,
            "about": cast.city.hotel,
            "values": SAMPLE,
            "actor": cast.bureau,
            "acting_post": cast.posts["bureau"],
            "now": now,
        }
        return documents.issue(**fields | changes)

    return one


def template(*lines: str) -> ContentFile:
    """A Word file with these lines."""
    made, file = docx.Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.save(file)
    return ContentFile(file.getvalue(), name="own.docx")


def test_each_unit_kind_and_year_counts_by_itself(issue, cast, now):
    numbers = [
        issue().number,
        issue().number,
        issue(kind="urging").number,
        issue(unit=cast.city.emergency).number,
        issue(now=now.replace(year=2027)).number,
    ]
    assert numbers == [
        "西宁市安委办提示函〔2026〕1号",
        "西宁市安委办提示函〔2026〕2号",
        "西宁市安委办督办函〔2026〕1号",
        "城东区应急管理局提示函〔2026〕1号",
        "西宁市安委办提示函〔2027〕1号",
    ]


def test_the_number_begins_with_the_units_own_prefix(issue, cast):
    cast.city.office.prefix = "（城东）应急"
    DocumentKind.objects.filter(code="reminder").update(word="责改")
    assert issue().number == "（城东）应急责改〔2026〕1号"


def test_the_year_is_the_local_one(issue, now):
    assert issue(now=now.replace(month=12, day=31, hour=17)).year == 2027  # one in the morning in Xining


def test_what_fails_gives_its_number_back(issue):
    with transaction.atomic():
        issue()
        transaction.set_rollback(True)
    assert issue().serial == 1


@pytest.mark.django_db(transaction=True)
def test_issued_at_once_they_are_numbered_one_after_the_other(issue):
    gate, failed = threading.Barrier(N), []

    def run(place):
        try:
            gate.wait()
            with transaction.atomic():
                issue()
                if place == 0:
                    raise ZeroDivisionError  # one of them fails, and leaves no gap
        except ZeroDivisionError:
            failed.append(place)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(N)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [0]
    rows = Document.objects.order_by("serial")
    assert [row.serial for row in rows] == list(range(1, N))
    assert len({row.number for row in rows}) == N - 1
    assert DocumentCounter.objects.get().last == N - 1
    assert all(documents.content_of(row) for row in rows)


def test_what_was_issued_is_neither_changed_nor_deleted(issue):
    row = issue()
    for change in (
        lambda: Document.objects.filter(pk=row.pk).update(number="x"),
        lambda: Document.objects.filter(pk=row.pk).delete(),
        row.save,
    ):
        with pytest.raises(InternalError, match="neither changed nor deleted"), transaction.atomic():
            change()
    assert Document.objects.get().number == row.number


def test_a_file_that_was_touched_is_not_handed_out(issue):
    row = issue()
    assert documents.content_of(row)
    with open(row.file.path, "ab") as file:
        file.write(b"x")
    with pytest.raises(Refused):
        documents.content_of(row)
    row.file.storage.delete(row.file.name)
    with pytest.raises(Refused):
        documents.content_of(Document.objects.get())


def test_the_ledger_holds_number_and_hash(issue):
    row = issue()
    entry = Entry.objects.get(subject=f"responsibility.document:{row.pk}")
    assert entry.action == "document.issue"
    assert row.sha256 in entry.body


def test_a_document_is_corrected_once(issue):
    first = issue()
    second = issue(corrects=first)
    with pytest.raises(Stale):
        issue(corrects=first)
    assert issue(corrects=second).corrects == second
    assert Document.objects.count() == 3
    assert DocumentCounter.objects.get().last == 3


def test_values_are_exactly_those_of_the_layout(issue):
    for values in ({}, {**SAMPLE, "secret": "x"}):
        with pytest.raises(ValueError, match="not as in its layout"):
            issue(values=values)
    assert not Document.objects.exists()


def test_what_a_text_holds_stands_on_the_paper_as_it_is(issue):
    odd = "a < b & {{ number }} \x00\x0b {% if %} 'x'"
    paper = docx.Document(io.BytesIO(documents.content_of(issue(values={**SAMPLE, "paragraphs": [odd]}))))
    assert odd.replace("\x00\x0b", "") in [p.text for p in paper.paragraphs]


@pytest.mark.parametrize("code", [code for code, _layout in layouts.items()])
def test_every_shipped_template_passes_its_own_test(code):
    layout = layouts[code]
    with layout.template.open("rb") as file:
        check(file, layout)
        made = render(file, {**COMMON, **layout.sample})
    assert docx.Document(io.BytesIO(made)).paragraphs


def test_a_bureaus_own_template_is_used(issue, db):
    kind = DocumentKind.objects.get(code="reminder")
    kind.template.save("own.docx", template("自定义 {{ number }} {{ addressee }}"))
    paper = docx.Document(io.BytesIO(documents.content_of(issue())))
    assert [p.text for p in paper.paragraphs] == [
        f"自定义 西宁市安委办提示函〔2026〕1号 {SAMPLE['addressee']}"
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("{{ salary }}",),
        ("{{ number.__class__.__mro__ }}",),
        ("{% for x in items %}",),
        ("{{ number / 0 }}",),
        ("{% include 'x' %}",),
    ],
)
def test_a_template_that_cannot_be_filled_in_is_not_taken(lines):
    with pytest.raises(Invalid) as refusal:
        check(template(*lines), layouts["reminder"])
    assert set(refusal.value.message_dict) == {"template"}


def test_what_is_no_word_file_is_not_taken():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("x", "y")
    for content in (b"", b"PK\x03\x04 no zip", archive.getvalue(), b"x" * (3 << 20)):
        with pytest.raises(Invalid):
            check(ContentFile(content), layouts["reminder"])


def test_the_admin_tries_a_template_and_records_it(issue, client, cast):
    client.force_login(cast.admin)
    kind = DocumentKind.objects.get(code="reminder")
    url = reverse("admin:responsibility_documentkind_change", args=[kind.pk])
    fields = {"name": kind.name, "name_en": kind.name_en, "word": kind.word, "source": kind.source}
    refused = client.post(url, {**fields, "template": template("{{ salary }}")})
    assert refused.status_code == 200
    assert "salary" in refused.text
    kind.refresh_from_db()
    assert not kind.template
    assert client.post(url, {**fields, "template": template("{{ number }}")}).status_code == 302
    kind.refresh_from_db()
    assert kind.template
    assert Entry.objects.filter(
        subject=f"responsibility.documentkind:{kind.pk}", action="policy.change"
    ).exists()


def test_a_document_about_what_is_no_subject_is_handed_to_nobody(issue, client, cast):
    row = issue()  # about a site, which no paper is shown with
    for user in (cast.bureau, cast.enterprise, cast.nobody):
        client.force_login(user)
        assert client.get(reverse("responsibility:document", args=[row.pk])).status_code == 404
    client.logout()
    assert client.get(reverse("responsibility:document", args=[row.pk])).status_code == 302


def test_numbers_need_a_kind_that_is_laid_down(issue, cast, now):
    DocumentKind.objects.filter(code="urging").delete()
    with pytest.raises(Refused):
        issue(kind="urging")
