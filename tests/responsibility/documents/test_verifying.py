"""The public page of a document: number, body, day and hash; a file compared; nothing personal."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hazards.papers.choices import PaperKind
from hazards.papers.services import issue_paper
from responsibility.documents import services as documents
from responsibility.documents.models import Document
from tests.hazards.conftest import Play


@pytest.fixture
def paper(cast, policies, now, settings, tmp_path):
    """An order of the inspector's body, and whoever wants to correct it."""
    settings.MEDIA_ROOT = tmp_path
    play = Play(cast, now)
    hazard = play.ordered()

    def issue(corrects=None):
        return issue_paper(
            token=uuid.uuid4(),
            kind=PaperKind.ORDER,
            hazards=[hazard],
            texts={hazard.pk: "清理通道"},
            corrects=corrects,
            actor=cast.inspector,
            acting_post=cast.posts["inspector"],
            now=now,
        )

    return issue


def test_anybody_reads_number_body_day_and_hashes_and_nobodys_name(paper, client, cast):
    document = paper().document
    page = client.get(f"/verify/{document.code}/")
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex"
    for words in (document.number, "2026-11-23", document.sha256, document.pdf_sha256, "holds"):
        assert words in page.text
    enterprise = cast.city.enterprise
    people = [cast.inspector.name, cast.inspector.name_en, cast.enterprise.name, "inspector"]
    for secret in [*people, enterprise.name, enterprise.uscc, "疏散通道", "清理通道"]:
        assert secret not in page.text, secret


def test_a_file_is_compared_and_not_kept(paper, client):
    document = paper().document
    url = f"/verify/{document.code}/"
    for pdf in (False, True):
        own = SimpleUploadedFile("a.bin", documents.content_of(document, pdf=pdf))
        assert "Yes: it is" in client.post(url, {"file": own}).text
    other = SimpleUploadedFile("a.bin", b"another")
    assert "No: it is another file" in client.post(url, {"file": other}).text
    assert client.post(url, {}).status_code == 422
    assert Document.objects.count() == 1


def test_what_was_replaced_says_by_which(paper, client):
    first = paper()
    second = paper(first)
    old, new = (client.get(f"/verify/{each.document.code}/").text for each in (first, second))
    assert "has been replaced" in old
    assert second.document.number in old
    assert "holds" in new
    assert first.document.number in new


def test_the_code_is_typed_as_people_type(paper, client):
    code = paper().document.code
    typed = f" {code[:8].lower()}-{code[8:]} "
    assert client.get("/verify/", {"code": typed}).url == f"/verify/{code}/"
    assert client.get(f"/verify/{code.lower()}/").status_code == 200
    wrong = client.get("/verify/", {"code": "AAAA"})
    assert wrong.status_code == 404
    assert "No document was issued under this code" in wrong.text
    assert client.get("/verify/AAAA/").status_code == 404
    assert client.get("/verify/").status_code == 200
