"""When kept data are made anew."""

import datetime as dt

import time_machine

from bench.data import fingerprint
from bench.data.fingerprint import Stamp


def test_data_are_kept_until_the_week_the_scale_or_what_they_are_made_from_changes(tmp_path, monkeypatch):
    path = tmp_path / "stamp"
    with time_machine.travel(dt.datetime(2026, 11, 23, tzinfo=dt.UTC)) as traveller:
        assert not Stamp(path, 1).is_fresh
        Stamp(path, 1).write()
        assert Stamp(path, 1).is_fresh
        assert not Stamp(path, 0.02).is_fresh
        traveller.shift(dt.timedelta(days=6))
        assert Stamp(path, 1).is_fresh
        traveller.shift(dt.timedelta(days=1))
        assert not Stamp(path, 1).is_fresh
        Stamp(path, 1).write()
        monkeypatch.setattr(fingerprint, "SOURCES", fingerprint.SOURCES[1:])
        assert not Stamp(path, 1).is_fresh
        Stamp(path, 1).remove()
        assert not path.exists()


def test_each_source_is_there():
    for pattern in fingerprint.SOURCES:
        assert list(fingerprint.ROOT.glob(pattern)), pattern
