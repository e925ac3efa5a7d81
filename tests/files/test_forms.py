"""The photo field: what arrived stays with the form, whatever else is wrong."""

import pytest
from django import forms
from django.utils.datastructures import MultiValueDict

from safegrid.files.forms import MAX_PHOTOS, Intake, PhotosField
from safegrid.files.models import StoredFile
from safegrid.files.services import store
from tests import factories as make
from tests.files.photos import upload

pytestmark = pytest.mark.django_db


class Sample(forms.Form):
    words = forms.CharField()
    photos = PhotosField(required=False)

    def __init__(self, *args, intake, **kwargs):
        super().__init__(*args, **kwargs)
        intake.serve(self)


@pytest.fixture
def person(db):
    return make.UserFactory()


def sent(person, now, ids=(), camera=(), album=(), words="x"):
    data = MultiValueDict({"photos": [str(i) for i in ids], "words": [words]})
    files = MultiValueDict({"photos-camera": list(camera), "photos-album": list(album)})
    return Sample(data, files, intake=Intake(person, now))


def test_photos_come_with_the_form_or_ahead_of_it(person, now):
    ahead = store(upload=upload(colour="red"), actor=person, now=now)
    form = sent(person, now, [ahead.pk], camera=[upload(colour="blue")], album=[upload(colour="green")])
    assert form.is_valid()
    found = form.cleaned_data["photos"]
    assert [row.origin for row in found] == ["album", "camera", "album"]
    assert found[0] == ahead


def test_a_photo_that_arrived_is_kept_when_something_else_is_wrong(person, now):
    form = sent(person, now, camera=[upload()], words="")
    assert not form.is_valid()
    kept = StoredFile.objects.get()
    assert f'value="{kept.pk}"' in str(form["photos"])


def test_a_bad_photo_is_named_and_the_good_one_stays(person, now):
    form = sent(person, now, album=[upload("good.jpg"), upload("bad.jpg", b"no")])
    assert form.errors["photos"] == ["bad.jpg is not a photo (JPEG, PNG, WebP)."]
    assert str(StoredFile.objects.get().pk) in str(form["photos"])


def test_a_photo_of_somebody_else_is_not_found(person, now):
    foreign = store(upload=upload(), actor=make.UserFactory(), now=now)
    form = sent(person, now, [foreign.pk, "nonsense"])
    assert form.errors["photos"] == ["A photo is no longer there. Add it again."]
    assert str(foreign.pk) not in str(form["photos"])


def test_there_is_a_limit(person, now):
    many = [upload(colour=(n * 30, 0, 0)) for n in range(MAX_PHOTOS + 1)]
    assert sent(person, now, album=many).errors["photos"] == ["Up to 6 photos. Take some away."]


def test_a_needed_photo_is_asked_for(person, now):
    form = sent(person, now)
    form.fields["photos"].required = True
    assert form.errors["photos"] == ["A photo is needed."]


def test_many_fields_cost_one_query(person, now, django_assert_num_queries):
    rows = [store(upload=upload(colour=(n * 30, 0, 0)), actor=person, now=now) for n in range(3)]
    intake = Intake(person, now)
    ids = [str(row.pk) for row in rows]
    intake.find(ids)
    with django_assert_num_queries(0):
        assert list(intake.find(ids).values()) == rows
