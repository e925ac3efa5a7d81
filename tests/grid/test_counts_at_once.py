"""Sums and rows agree after many have written at once, some of them killed, while others folded."""

import random
import threading
import time

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from hazards.choices import Grade, State
from hazards.counts import hazards
from hazards.models import Hazard
from safegrid.grid.counts import ALWAYS, differences, fold, read
from safegrid.grid.models import CountDelta
from tests import factories as make

WRITERS, WRITES = 4, 25
STATES = (State.REPORTED, State.GRADED, State.TO_ACCEPT, State.CANCELLED)
KILL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%%'
LIMIT 1
"""


def write(pks: list[int], rng: random.Random, wounds: list[str]) -> None:
    """Change random rows, a few or many, in order of their ids; give up some of it on purpose."""
    for _ in range(WRITES):
        some = sorted(rng.sample(pks, rng.choice([1, 1, 2, len(pks) // 2])))
        try:
            with transaction.atomic():
                list(Hazard.objects.filter(pk__in=some).order_by("pk").select_for_update())
                Hazard.objects.filter(pk__in=some).update(
                    state=rng.choice(STATES), grade=rng.choice(Grade.values), version=F("version") + 1
                )
                time.sleep(rng.random() / 200)
                if rng.random() < 0.2:
                    transaction.set_rollback(True)
        except DatabaseError:  # killed: the server took the whole transaction back
            wounds.append("write")
            connection.close()
    connection.close()


def keep_folding(done: threading.Event, wounds: list[str]) -> None:
    """Fold again and again."""
    while not done.is_set():
        try:
            fold()
        except DatabaseError:
            wounds.append("fold")
            connection.close()
        time.sleep(0.01)
    connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_zero_differ_after_concurrent_writes_kills_and_folds(city, now, seed):
    pks = [row.pk for row in make.HazardFactory.create_batch(30, site=city.hotel, major_basis="x")]
    pks += [row.pk for row in make.HazardFactory.create_batch(10, site=city.school, major_basis="x")]
    rng, wounds, done = random.Random(seed), [], threading.Event()
    writers = [
        threading.Thread(target=write, args=(pks, random.Random(rng.random()), wounds))
        for _ in range(WRITERS)
    ]
    folders = [threading.Thread(target=keep_folding, args=(done, wounds)) for _ in range(2)]
    for thread in (*writers, *folders):
        thread.start()
    while any(thread.is_alive() for thread in writers):
        with connection.cursor() as cursor:
            cursor.execute(KILL)
        assert differences() == []  # at any moment, not only at the end
    done.set()
    for thread in (*writers, *folders):
        thread.join()
    assert wounds  # somebody was killed in the middle
    assert differences() == []
    fold()
    assert differences() == []
    assert not CountDelta.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_fold_in_between_is_never_seen(cast, now):
    make.HazardFactory.create_batch(40, site=cast.city.hotel, state=State.REPORTED, due_in=None)
    user, done, wounds = cast.bureau, threading.Event(), []
    assert user.reach.is_citywide
    folder = threading.Thread(target=keep_folding, args=(done, wounds))
    folder.start()
    seen = set()
    for number in range(60):
        state = STATES[number % 2]
        Hazard.objects.filter(pk=Hazard.objects.order_by("pk")[number % 40].pk).update(state=state)
        seen.add(read(user, hazards, {"open": ALWAYS}).of("open"))
    done.set()
    folder.join()
    assert (seen, wounds) == ({40}, [])
