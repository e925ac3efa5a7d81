"""Photos on their way in: what is kept, what is refused, whose it is."""

import threading

import pytest
from django.db import connection

from safegrid.files.choices import FileState, Origin, Role
from safegrid.files.models import Evidence, StoredFile
from safegrid.files.preparing import prepare
from safegrid.files.services import arrange, attach, store
from safegrid.files.tasks import prepare_waiting
from safegrid.kernel.refusals import Invalid
from tests import factories as make
from tests.files.photos import encoded, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):
    return make.UserFactory()


def kept(person, now, **options) -> StoredFile:
    return store(upload=upload(**options), actor=person, now=now)


def why(person, now, given) -> str:
    with pytest.raises(Invalid) as refusal:
        store(upload=given, actor=person, now=now)
    assert not StoredFile.objects.exists()
    return " ".join(refusal.value.message_dict["photos"])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "MPO"])
def test_a_photo_is_kept_with_its_hash_and_size(person, now, kind):
    content = encoded(kind=kind)
    row = store(upload=upload(content=content), actor=person, now=now, origin=Origin.CAMERA)
    assert row.original.open().read() == content
    assert (row.width, row.height, row.size, row.origin) == (640, 480, len(content), "camera")
    assert row.state == FileState.WAITING


def test_the_same_photo_sent_again_is_the_same_row(person, now):
    first, again = kept(person, now), kept(person, now, name="other.jpg")
    assert first == again
    assert StoredFile.objects.count() == 1
    assert kept(make.UserFactory(), now) != first


def test_what_is_no_photo_is_refused(person, now):
    assert why(person, now, upload("a.jpg", b"<html>not a photo</html>")) == (
        "a.jpg is not a photo (JPEG, PNG, WebP)."
    )
    assert "not a photo" in why(person, now, upload("a.gif", kind="GIF"))


def test_an_empty_upload_is_refused(person, now):
    assert why(person, now, upload("a.jpg", b"")) == "a.jpg is empty: it was cut off on its way."


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_that_was_cut_off_is_refused(person, now, kind):
    whole = encoded("noise", kind=kind)
    said = why(person, now, upload("a.jpg", whole[: len(whole) * 2 // 3]))
    assert "cut off" in said or "not a photo" in said


def test_a_cut_off_jpeg_is_named_as_such(person, now):
    whole = encoded("noise")
    assert why(person, now, upload("a.jpg", whole[: len(whole) // 2])) == (
        "a.jpg is incomplete: it was cut off on its way. Choose it again."
    )


def test_a_photo_too_large_is_refused_with_both_sizes(person, now, settings):
    settings.UPLOAD_MAX_BYTES = 20 << 20
    huge = upload("a.jpg", b"\xff\xd8" + bytes(50 << 20))
    assert why(person, now, huge) == "a.jpg has 51 MB; up to 20 MB are accepted."


def test_an_image_that_unpacks_to_too_much_is_refused(person, now):
    assert "not a photo" in why(person, now, upload("bomb.png", size=(20_000, 9_000), kind="PNG"))


def test_what_people_see_is_upright_small_and_without_hidden_data(person, now):
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    exif[0x010E] = "a secret"
    row = kept(person, now, size=(4000, 3000), exif=exif)
    assert prepare(row.pk)
    row.refresh_from_db()
    with Image.open(row.derivative.open()) as seen:
        assert seen.size == (1200, 1600)
        assert not seen.getexif()
    with Image.open(row.thumbnail.open()) as small:
        assert max(small.size) == 320
    assert prepare(row.pk)  # safe to repeat


def test_a_polyglot_does_not_reach_the_derivative(person, now):
    row = store(upload=upload(content=encoded() + b"<script>alert(1)</script>"), actor=person, now=now)
    prepare(row.pk)
    row.refresh_from_db()
    assert b"<script>" in row.original.open().read()
    assert b"<script>" not in row.derivative.open().read()


def test_an_original_that_cannot_be_read_is_marked(person, now):
    row = kept(person, now)
    row.original.storage.delete(row.original.name)
    assert not prepare(row.pk)
    row.refresh_from_db()
    assert row.state == FileState.UNREADABLE


def test_what_still_waits_is_prepared_by_the_periodic_task(person, now):
    row = kept(person, now)
    assert prepare_waiting() == 1
    row.refresh_from_db()
    assert row.state == FileState.READY
    assert prepare_waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_one_photo_sent_twice_at_once_is_one_row(now):
    person = make.UserFactory()
    start, found = threading.Barrier(2), []

    def send():
        start.wait()
        try:
            found.append(kept(person, now).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == 1
    assert StoredFile.objects.get().original.size > 0


# -- whose they are ----------------------------------------------------------------------------------


def test_a_file_is_seen_by_whoever_sees_what_it_shows(cast, now):
    hazard = make.HazardFactory(site=cast.city.hotel)
    row = kept(cast.enterprise, now)
    seen = {
        name: StoredFile.objects.visible_to(getattr(cast, name)).exists()
        for name in ("enterprise", "inspector")
    }
    assert seen == {"enterprise": True, "inspector": False}
    attach(files=[row], subject=hazard, role=Role.AFTER, actor=cast.enterprise, now=now)
    names = ("enterprise", "principal", "inspector", "gridofficer", "rival", "chengxi", "nobody", "admin")
    seen = [name for name in names if StoredFile.objects.visible_to(getattr(cast, name)).exists()]
    assert seen == ["enterprise", "principal", "inspector", "gridofficer"]


def test_a_file_of_somebody_else_cannot_be_attached(cast, now):
    hazard = make.HazardFactory(site=cast.city.shop)
    row = kept(cast.enterprise, now)
    with pytest.raises(Invalid):
        attach(files=[row], subject=hazard, role=Role.AFTER, actor=cast.rival, now=now)
    assert not Evidence.objects.exists()


def test_a_colleague_s_photo_that_one_sees_can_be_passed_on(cast, now):
    first, second = (make.HazardFactory(site=cast.city.hotel) for _ in range(2))
    row = kept(cast.enterprise, now)
    attach(files=[row], subject=first, role=Role.BEFORE, actor=cast.enterprise, now=now)
    attach(files=[row], subject=second, role=Role.BEFORE, actor=cast.principal, now=now)
    attach(files=[row], subject=second, role=Role.BEFORE, actor=cast.principal, now=now)
    assert Evidence.objects.count() == 2


def test_arranging_adds_and_takes_away_and_leaves_others_alone(cast, now):
    hazard, other = (make.HazardFactory(site=cast.city.hotel) for _ in range(2))
    red, blue, green = (kept(cast.enterprise, now, colour=c) for c in ("red", "blue", "green"))
    attach(files=[green], subject=other, role=Role.BEFORE, actor=cast.enterprise, now=now)

    def put(before, after=()):
        shown = {(hazard.pk, Role.BEFORE): before, (hazard.pk, Role.AFTER): after}
        arrange(model=type(hazard), shown=shown, actor=cast.enterprise, now=now)
        return set(Evidence.objects.filter(subject_id=hazard.pk).values_list("file", "role"))

    assert put([red, blue], [red]) == {(red.pk, "before"), (blue.pk, "before"), (red.pk, "after")}
    assert put([blue]) == {(blue.pk, "before")}
    assert put([]) == set()
    assert Evidence.objects.filter(subject_id=other.pk).count() == 1
    with pytest.raises(Invalid):
        arrange(model=type(hazard), shown={(hazard.pk, "before"): [red]}, actor=cast.rival, now=now)
