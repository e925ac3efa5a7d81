"""The ledger: nothing in it can be changed in silence, and writers wait for each other."""

import datetime as dt
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from safegrid.audit.models import ChainHead, Entry, Seal, SealedEntry
from safegrid.audit.services import Deed, record, record_many, seal, subject_key, verify
from safegrid.grid.models import Site


def write(cast, subject, action, now, **more):
    return record(subject, action, actor=cast.inspector, acting_post=cast.posts["inspector"], now=now, **more)


def tamper(sql, *params):
    """Change the ledger as somebody would who owns the database, behind its triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger fires
        cursor.execute(sql, params)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_entries_of_one_subject_are_chained_and_those_of_another_are_not(cast, now):
    hotel, shop = cast.city.hotel, cast.city.shop
    first = write(cast, hotel, "looked", now)
    second = write(cast, hotel, "left", now)
    other = write(cast, shop, "looked", now)
    assert [first.sequence, second.sequence, other.sequence] == [1, 2, 1]
    head = ChainHead.objects.get(subject=subject_key(hotel))
    assert (head.sequence, head.hash) == (2, second.hash)
    assert verify() == []


def test_many_deeds_of_one_subject_follow_each_other(cast, now):
    deeds = [Deed(cast.city.hotel, f"step {i}") for i in range(5)]
    entries = record_many(deeds, actor=None, acting_post=None, now=now)
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5]
    assert verify() == []


def test_recording_costs_the_same_queries_for_one_deed_and_for_many(cast, now, django_assert_num_queries):
    sites = [cast.city.hotel, cast.city.shop, cast.city.school]
    for wanted in (sites[:1], sites):
        with transaction.atomic(), django_assert_num_queries(5):  # 3 and a savepoint around them
            record_many([Deed(s, "counted") for s in wanted], actor=None, acting_post=None, now=now)


def test_personal_values_enter_as_keyed_digests_only(cast, now):
    entry = write(cast, cast.city.hotel, "called", now, personal={"phone": "0971-5512345"})
    assert "0971-5512345" not in entry.body
    assert '"personal":{"phone":"' in entry.body


@pytest.mark.parametrize("sql", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_or_delete_an_entry(cast, now, sql):
    write(cast, cast.city.hotel, "looked", now)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_an_altered_a_missing_and_a_cut_off_entry_are_each_found(cast, now):
    for action in ("one", "two", "three"):
        write(cast, cast.city.hotel, action, now)
    assert verify() == []
    key = subject_key(cast.city.hotel)
    tamper("UPDATE audit_entry SET body = replace(body, 'two', '2') WHERE sequence = 2")
    assert verify() == [f"{key}: entry 2 was altered"]
    tamper("DELETE FROM audit_entry WHERE sequence = 3")
    assert verify() == [f"{key}: entry 2 was altered", f"{key}: the end of the chain is missing"]
    with pytest.raises(CommandError, match="2 disagreements"):
        call_command("verify_ledger")


def test_a_seal_covers_what_no_earlier_seal_covers_and_nothing_twice(cast, now):
    write(cast, cast.city.hotel, "one", now)
    first = seal(now=now)
    assert seal(now=now) is None
    late = write(cast, cast.city.shop, "two", now - dt.timedelta(days=3))  # committed late, dated before
    second = seal(now=now)
    assert (first.count, second.count, second.previous) == (1, 1, first.root)
    assert set(SealedEntry.objects.filter(seal=second).values_list("entry", flat=True)) == {late.pk}
    assert verify() == []
    tamper("DELETE FROM audit_sealedentry WHERE seal_id = %s", second.pk)
    assert verify() == [f"seal {second.pk} does not cover what it covered"]


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_wait_for_each_other_and_lose_nothing(cast, now):
    sites = list(Site.objects.order_by("pk"))
    failures: list[Exception] = []

    def work(order):
        try:
            for site in order:
                with transaction.atomic():
                    record_many([Deed(site, "a"), Deed(sites[0], "b")], actor=None, acting_post=None, now=now)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(sites[::step],)) for step in (1, -1, 1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Entry.objects.count() == 4 * len(sites) * 2
    assert verify() == []
    assert seal(now=now).count == Entry.objects.count()
    assert Seal.objects.count() == 1
