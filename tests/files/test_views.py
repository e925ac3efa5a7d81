"""Photos by address: acknowledged by their hash, shown to whoever sees their subject."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from safegrid.files.choices import Role
from safegrid.files.models import StoredFile
from safegrid.files.preparing import prepare
from safegrid.files.services import attach, store
from tests import factories as make
from tests.files.photos import encoded, upload

pytestmark = pytest.mark.django_db


def send(client, **fields):
    return client.post(reverse("files:upload"), fields)


def test_an_upload_is_acknowledged_by_its_hash(client, cast):
    client.force_login(cast.enterprise)
    content = encoded()
    answers = [send(client, photo=upload(content=content), origin="camera") for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    row = StoredFile.objects.get()
    expected = {"id": str(row.pk), "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    assert [a.json() for a in answers] == [expected, expected]
    assert row.origin == "camera"


def test_an_origin_that_does_not_exist_counts_as_album(client, cast):
    client.force_login(cast.enterprise)
    send(client, photo=upload(), origin="<satellite>")
    assert StoredFile.objects.get().origin == "album"


def test_a_refusal_is_a_sentence(client, cast):
    client.force_login(cast.enterprise)
    assert send(client).status_code == 400
    answer = send(client, photo=upload("a.jpg", b"no"))
    assert answer.status_code == 422
    assert answer.json() == {"error": "a.jpg is not a photo (JPEG, PNG, WebP)."}


def test_nothing_is_taken_from_strangers_or_without_the_form_s_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.enterprise)
    assert send(client, photo=upload()).status_code == 403
    signed_out = Client().post(reverse("files:upload"), {"photo": upload()})
    assert signed_out.status_code == 302
    assert not StoredFile.objects.exists()


@pytest.fixture
def evidence(cast, now):
    """A photo of the hotel's hazard."""
    row = store(upload=upload(), actor=cast.enterprise, now=now)
    hazard = make.HazardFactory(site=cast.city.hotel)
    attach(files=[row], subject=hazard, role=Role.BEFORE, actor=cast.enterprise, now=now)
    return row


@pytest.mark.parametrize("name", ["files:show", "files:thumbnail"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("enterprise", 200),
        ("principal", 200),
        ("inspector", 200),
        ("bureau", 200),
        ("auditor", 200),
        ("rival", 404),
        ("chengxi", 404),
        ("gas", 404),
        ("admin", 404),
        ("nobody", 404),
    ],
)
def test_a_photo_is_shown_to_whoever_sees_its_subject(client, cast, evidence, name, who, status):
    assert prepare(evidence.pk)
    client.force_login(getattr(cast, who))
    answer = client.get(reverse(name, args=[evidence.pk]))
    assert answer.status_code == status
    if status == 200:
        assert answer["Content-Type"] == "image/jpeg"
        assert b"".join(answer).startswith(b"\xff\xd8")
        assert "Cookie" in answer["Vary"]  # a shared phone shows it to nobody else
        assert "private" in answer["Cache-Control"]


def test_until_it_is_prepared_the_page_says_so(client, cast, evidence):
    client.force_login(cast.inspector)
    answer = client.get(reverse("files:show", args=[evidence.pk]))
    assert (answer.status_code, answer.content.decode()) == (202, "Being prepared")
    assert answer["Cache-Control"] == "no-store"


def test_nginx_hands_it_over_after_the_same_check(client, cast, evidence, settings):
    settings.MEDIA_ACCEL_PREFIX = "/evidence/"
    prepare(evidence.pk)
    evidence.refresh_from_db()
    client.force_login(cast.inspector)
    answer = client.get(reverse("files:show", args=[evidence.pk]))
    assert answer["X-Accel-Redirect"] == f"/evidence/{evidence.derivative.name}"
    client.force_login(cast.rival)
    assert client.get(reverse("files:show", args=[evidence.pk])).status_code == 404


def test_one_photo_may_be_evidence_of_several_things(client, cast, evidence, now):
    for _ in range(3):
        other = make.HazardFactory(site=cast.city.hotel, matter=cast.city.general)
        attach(files=[evidence], subject=other, role=Role.BEFORE, actor=cast.enterprise, now=now)
    assert StoredFile.objects.visible_to(cast.enterprise).get() == evidence
    assert StoredFile.objects.visible_to(cast.inspector).get() == evidence
