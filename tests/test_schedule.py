"""What runs by itself: every entry of the schedule names a task that is there, the nightly ones at night."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from celery.schedules import crontab
from django.conf import settings

from safegrid import celery_app

HERE = ZoneInfo("Asia/Shanghai")
#: Seconds between two runs. How often alerts are swept is a setting.
OFTEN = {
    "responsibility.tasks.sweep": settings.SWEEP_SECONDS,
    "responsibility.tasks.deliver": settings.SWEEP_SECONDS,
    "safegrid.grid.tasks.take_up_imports": 30,
    "safegrid.grid.tasks.fold_counts": 10,
    "safegrid.grid.tasks.keep_days": 15 * 60,
    "safegrid.files.tasks.prepare_waiting": 60,
    "safegrid.audit.tasks.seal": 60 * 60,
    "responsibility.tasks.audit_touched": 30,
}
NIGHTLY = {
    "responsibility.tasks.audit_coverage": dt.time(2, 10),
    "responsibility.tasks.score_statements": dt.time(3, 10),
    "responsibility.tasks.look_at_own_lines": dt.time(1, 20),
    "hazards.tasks.look_for_repeat_offenders": dt.time(1, 40),
    "responsibility.tasks.give_leaders_duties": dt.time(0, 5),
}
ENTRIES = settings.CELERY_BEAT_SCHEDULE.values()


def next_run(schedule: crontab, since: dt.datetime) -> dt.datetime:
    """When beat runs a task again that ran last at `since`."""
    schedule = crontab(
        hour=schedule._orig_hour,
        minute=schedule._orig_minute,
        day_of_week=schedule._orig_day_of_week,
        nowfun=lambda: since,
        app=celery_app,
    )
    return since + schedule.remaining_estimate(since)


def test_the_schedule_runs_each_task_once_and_leaves_none_out():
    tasks = [entry["task"] for entry in ENTRIES]
    assert sorted(tasks) == sorted([*OFTEN, *NIGHTLY])


@pytest.mark.parametrize("name", sorted(settings.CELERY_BEAT_SCHEDULE))
def test_every_entry_names_a_task_that_a_worker_knows(name):
    celery_app.loader.import_default_modules()
    entry = settings.CELERY_BEAT_SCHEDULE[name]
    assert entry["task"] in celery_app.tasks
    assert celery_app.tasks[entry["task"]].run.__code__.co_argcount == len(entry.get("args", ()))


def test_what_runs_often_expires_before_it_comes_again():
    often = {e["task"]: e["schedule"] for e in ENTRIES if not isinstance(e["schedule"], crontab)}
    assert often == OFTEN
    assert all(e["options"]["expires"] <= e["schedule"] for e in ENTRIES if e["task"] in often)


@pytest.mark.parametrize(
    "noon", [dt.datetime(2026, 7, 1, 4, tzinfo=dt.UTC), dt.datetime(2026, 12, 31, 4, tzinfo=dt.UTC)]
)
def test_the_nightly_ones_run_at_night_where_the_portal_is(noon):
    """Beat counts in the portal's time zone; in UTC they would come in the middle of the morning."""
    runs = {e["task"]: next_run(e["schedule"], noon) for e in ENTRIES if isinstance(e["schedule"], crontab)}
    assert {task: run.astimezone(HERE).time() for task, run in runs.items()} == NIGHTLY
    assert {run - noon < dt.timedelta(days=1) for run in runs.values()} == {True}


def test_the_scores_of_a_night_come_after_its_audit():
    """They count what the audit has found."""
    assert NIGHTLY["responsibility.tasks.audit_coverage"] < NIGHTLY["responsibility.tasks.score_statements"]
