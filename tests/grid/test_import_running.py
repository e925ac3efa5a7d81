"""Running an import: claimed by one, batch by batch, taken up again after the last one."""

import datetime as dt

import pytest
from django.db import IntegrityError

from safegrid.grid import tasks
from safegrid.grid.choices import ImportState
from safegrid.grid.imports import running, services
from safegrid.grid.imports.enterprises import enterprises
from safegrid.grid.imports.enterprises.importer import EnterpriseImporter
from safegrid.grid.imports.problems import Unreadable
from safegrid.grid.models import Enterprise, ImportJob, Site
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale
from tests.grid.sheets import code, csv_bytes

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
HEAD = ["企业名称", "统一社会信用代码", "地址"]
ROWS = [[f"第{n}公司", code(n), f"西宁市城东区{n}号"] for n in range(1, 8)] + [["", "", "x"]]


class Killed(BaseException):
    """The worker is no more: no clean-up runs."""


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(running, "BATCH", 3)
    monkeypatch.setattr(running.batches, "__defaults__", (3,))


@pytest.fixture
def queue(monkeypatch, django_capture_on_commit_callbacks):
    """What workers are asked for."""
    asked = []
    monkeypatch.setattr(tasks.run_import, "delay", asked.append)
    return asked


@pytest.fixture
def office(cast):
    return {"actor": cast.bureau, "acting_post": cast.posts["bureau"]}


@pytest.fixture
def job(cast, office):
    data = csv_bytes([HEAD, *ROWS])
    return services.receive(data=data, name="企业.csv", kind=enterprises, now=NOW, **office)


def checked(job, post):
    services.match_columns(job=job, kind=enterprises, mapping=job.mapping, datum="wgs84", post=post)
    running.run(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    return job


def test_from_upload_to_result(job, office, queue, django_capture_on_commit_callbacks):
    post = office["acting_post"]
    assert (job.state, job.total) == (ImportState.UPLOADED, 8)
    assert job.mapping == {"name": HEAD[0], "uscc": HEAD[1], "address": HEAD[2]}
    before = Enterprise.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        services.match_columns(job=job, kind=enterprises, mapping=job.mapping, datum="wgs84", post=post)
    assert queue == [job.pk]
    assert running.run(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, job.created, job.rejected, job.done) == (ImportState.CHECKED, 7, 1, 8)
    assert Enterprise.objects.count() == before
    with django_capture_on_commit_callbacks(execute=True):
        services.start(job=job, post=post)
    assert queue == [job.pk, job.pk]
    assert running.run(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, job.created, job.rejected, job.done) == (ImportState.DONE, 7, 1, 8)
    assert Enterprise.objects.count() == before + 7
    assert not running.run(job.pk, clock=lambda: NOW)


def test_a_killed_worker_loses_one_batch_at_most_and_the_next_goes_on(
    job, office, monkeypatch, small_batches
):
    services.start(job=checked(job, office["acting_post"]), post=office["acting_post"])
    whole = EnterpriseImporter.apply
    calls = []

    def dies(self, plans):
        whole(self, plans)
        calls.append(len(plans))
        if len(calls) == 2:
            raise Killed

    monkeypatch.setattr(EnterpriseImporter, "apply", dies)
    before = Enterprise.objects.count()
    with pytest.raises(Killed):
        running.run(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, job.done, job.created) == (ImportState.RUNNING, 3, 3)
    assert Enterprise.objects.count() == before + 3  # what the dead worker had not finished is not there
    # Its lease still holds: nobody takes it, and the tick does not offer it.
    soon = NOW + running.LEASE / 2
    assert running.due(soon) == []
    assert not running.run(job.pk, clock=lambda: soon)
    later = NOW + running.LEASE + dt.timedelta(seconds=1)
    assert running.due(later) == [job.pk]
    assert running.run(job.pk, clock=lambda: later)
    job.refresh_from_db()
    assert (job.state, job.done, job.created, job.rejected) == (ImportState.DONE, 8, 7, 1)
    assert Enterprise.objects.count() == before + 7
    assert job.rows.count() == 8


def test_a_worker_that_lost_its_claim_writes_nothing_more(job, office, monkeypatch, small_batches):
    services.start(job=checked(job, office["acting_post"]), post=office["acting_post"])
    whole = EnterpriseImporter.apply

    def robbed(self, plans):
        whole(self, plans)
        ImportJob.objects.filter(pk=job.pk).update(claim="somebody else")

    monkeypatch.setattr(EnterpriseImporter, "apply", robbed)
    before = Enterprise.objects.count()
    assert not running.run(job.pk, clock=lambda: NOW)
    assert Enterprise.objects.count() == before
    job.refresh_from_db()
    assert (job.state, job.done) == (ImportState.RUNNING, 0)


def test_a_batch_that_collides_is_looked_at_again(job, office, monkeypatch):
    services.start(job=checked(job, office["acting_post"]), post=office["acting_post"])
    whole = EnterpriseImporter.apply
    collisions = []

    def collides(self, plans):
        if not collisions:
            collisions.append(1)
            raise IntegrityError
        whole(self, plans)

    monkeypatch.setattr(EnterpriseImporter, "apply", collides)
    assert running.run(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, job.created, job.rejected) == (ImportState.DONE, 7, 1)


def test_what_fails_unexpectedly_is_kept_and_can_be_gone_on_with(job, office, monkeypatch, small_batches):
    post = office["acting_post"]
    services.start(job=checked(job, post), post=post)
    whole = EnterpriseImporter.apply
    calls = []

    def breaks(self, plans):
        calls.append(1)
        if len(calls) == 2:
            raise ZeroDivisionError
        whole(self, plans)

    monkeypatch.setattr(EnterpriseImporter, "apply", breaks)
    with pytest.raises(ZeroDivisionError):
        running.run(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, job.error, job.done) == (ImportState.FAILED, "unexpected", 3)
    assert running.due(NOW + dt.timedelta(days=1)) == []
    services.go_on(job=job, post=post)
    assert running.run(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, job.created, job.rejected) == (ImportState.DONE, 7, 1)


def test_a_file_that_has_changed_in_store_is_refused(job, office):
    services.match_columns(
        job=job, kind=enterprises, mapping=job.mapping, datum="wgs84", post=office["acting_post"]
    )
    with job.file.storage.open(job.file.name, "wb") as stream:
        stream.write(csv_bytes([HEAD]))
    running.run(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, job.error) == (ImportState.FAILED, "changed")


def test_the_same_button_twice_is_stale(job, office):
    post = office["acting_post"]
    checked(job, post)
    services.start(job=job, post=post)
    with pytest.raises(Stale):
        services.start(job=job, post=post)
    with pytest.raises(Stale):
        services.drop(job=job, post=post)


def test_a_check_can_be_undone_and_a_file_dropped(job, office, django_capture_on_commit_callbacks):
    post = office["acting_post"]
    services.match_again(job=checked(job, post), post=post)
    job.refresh_from_db()
    assert (job.state, job.created, job.rows.count()) == (ImportState.UPLOADED, 0, 0)
    name, storage = job.file.name, job.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        services.drop(job=job, post=post)
    assert not ImportJob.objects.exists()
    assert not storage.exists(name)


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        ({"uscc": HEAD[1]}, "name"),
        ({"name": "没有"}, "name"),
        ({"nonsense": HEAD[0], "name": HEAD[0]}, "nonsense"),
    ],
)
def test_columns_must_be_the_files_own_and_the_required_ones_be_there(job, office, mapping, field):
    with pytest.raises(Invalid) as refused:
        services.match_columns(
            job=job, kind=enterprises, mapping=mapping, datum="wgs84", post=office["acting_post"]
        )
    assert list(refused.value.message_dict) == [field]


def test_a_file_that_is_too_big_is_refused(settings, office):
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(Unreadable) as refused:
        services.receive(data=b"x" * 101, name="x", kind=enterprises, now=NOW, **office)
    assert refused.value.code == "too_big"
    assert "100" in refused.value.message


@pytest.mark.parametrize("who", ["chengdong", "inspector", "gridofficer", "enterprise", "auditor", "fire"])
def test_only_the_office_and_administrators_import(cast, who):
    by = {"actor": getattr(cast, who), "acting_post": cast.posts[who], "now": NOW}
    with pytest.raises(NotAllowed):
        services.receive(data=csv_bytes([HEAD, *ROWS]), name="x", kind=enterprises, **by)


def test_an_office_of_a_district_imports_into_its_district_only(cast, office):
    from safegrid.accounts.models import PostScope

    PostScope.objects.filter(post=office["acting_post"]).delete()
    PostScope.objects.create(post=office["acting_post"], district=cast.city.chengdong, acting=True)
    rows = [
        ["甲公司", code(1), "西宁市城东区1号"],
        ["乙公司", code(2), "西宁市城西区1号"],
        ["丙公司", code(3), "人民路"],
        [cast.city.west.name, cast.city.west.uscc, "西宁市城东区9号"],  # pulls a site in from next door
    ]
    data = csv_bytes([HEAD, *rows])
    job = services.receive(data=data, name="x", kind=enterprises, now=NOW, **office)
    job = checked(job, office["acting_post"])
    assert (job.created, job.rejected) == (1, 3)
    assert set(job.rows.exclude(reason="").values_list("reason", flat=True)) == {"out_of_reach"}


def test_an_import_is_seen_by_who_brought_it_and_by_who_reads_the_city(cast, job):
    people = ("bureau", "auditor", "chengdong", "enterprise", "nobody")
    seen = [who for who in people if job in ImportJob.objects.visible_to(getattr(cast, who))]
    assert seen == ["bureau", "auditor"]


def test_what_no_worker_was_told_of_is_taken_up_by_the_tick(job, office, queue):
    services.match_columns(
        job=job, kind=enterprises, mapping=job.mapping, datum="wgs84", post=office["acting_post"]
    )
    assert queue == []  # the message was lost
    tasks.take_up_imports()
    assert queue == [job.pk]
    tasks.run_import(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.CHECKED
    tasks.take_up_imports()
    assert queue == [job.pk]


def test_without_a_broker_nothing_is_lost(job, office, monkeypatch, django_capture_on_commit_callbacks):
    from kombu.exceptions import OperationalError

    def no_broker(pk):
        raise OperationalError

    monkeypatch.setattr(tasks.run_import, "delay", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        services.match_columns(
            job=job, kind=enterprises, mapping=job.mapping, datum="wgs84", post=office["acting_post"]
        )
    assert running.due(NOW) == [job.pk]


def test_sites_of_an_import_are_those_it_wrote(job, office):
    services.start(job=checked(job, office["acting_post"]), post=office["acting_post"])
    running.run(job.pk, clock=lambda: NOW)
    written = set(job.rows.exclude(object_id=None).values_list("object_id", flat=True))
    imported = Site.objects.filter(enterprise__uscc__in=[code(n) for n in range(1, 8)])
    assert written == set(imported.values_list("pk", flat=True))
    assert len(written) == 7
