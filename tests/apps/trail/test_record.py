"""Writing the trail: in the change's transaction, in order, by practice."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from doorframe.apps.members.actions import create_practice
from doorframe.apps.members.models import Membership
from doorframe.apps.trail.actions import record
from doorframe.apps.trail.models import Event
from doorframe.apps.trail.queries import events_of, verify
from doorframe.engines.sealing import GENESIS, CanonicalError


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded(owner: Membership, now: datetime) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record("members.member.seen", practice=owner.practice, actor=owner, subject=owner, at=now)


@pytest.mark.parametrize("name", ["seen", "members.seen", "Members.member.seen", "members.member.seen.twice", ""])
def test_a_name_is_app_noun_verb(owner: Membership, now: datetime, name: str) -> None:
    with pytest.raises(ValueError, match=r"app\.noun\.verb"):
        record(name, practice=owner.practice, actor=owner, subject=owner, at=now)


def test_a_time_without_zone_is_refused(owner: Membership, now: datetime) -> None:
    with pytest.raises(ValueError, match="time zone"):
        record("a.b.c", practice=owner.practice, actor=owner, subject=owner, at=now.replace(tzinfo=None))


def test_data_that_cannot_be_hashed_is_refused(owner: Membership, now: datetime) -> None:
    with pytest.raises(CanonicalError):
        record("a.b.c", practice=owner.practice, actor=owner, subject=owner, at=now, data={"x": 0.5})  # type: ignore[dict-item]


def test_events_are_numbered_and_linked_within_their_practice(
    owner: Membership, stranger: Membership, now: datetime
) -> None:
    for who in (owner, stranger, owner):
        record("a.b.c", practice=who.practice, actor=who, subject=who, at=now, data={"of": who.pk})
    mine = list(Event.objects.for_practice(owner.practice).order_by("seq"))
    assert [event.seq for event in mine] == [1, 2, 3, 4]
    assert [event.previous_hash for event in mine] == [GENESIS, *[event.hash for event in mine[:-1]]]
    assert verify(owner.practice).is_whole and verify(stranger.practice).is_whole
    assert [event.actor_label for event in mine] == ["Dr Imani Cole"] * 4


def test_events_of_one_thing(owner: Membership, stranger: Membership, now: datetime) -> None:
    record("a.b.c", practice=owner.practice, actor=None, subject=owner, at=now)
    names = [event.name for event in events_of(owner, practice=owner.practice)]
    assert names == ["members.member.added", "a.b.c"]
    assert not events_of(owner, practice=stranger.practice)


def test_a_failed_change_leaves_no_record(owner: Membership, now: datetime) -> None:
    before = Event.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("a.b.c", practice=owner.practice, actor=owner, subject=owner, at=now)
        raise ZeroDivisionError
    assert Event.objects.count() == before
    assert verify(owner.practice).is_whole


@pytest.mark.promise("D3")
@pytest.mark.parametrize(
    "statement", ["UPDATE trail_event SET actor_label = 'someone else'", "DELETE FROM trail_event"]
)
def test_the_database_refuses_any_change(owner: Membership, statement: str) -> None:
    with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify(owner.practice).is_whole


def test_postgresql_refuses_to_truncate(owner: Membership) -> None:
    if connection.vendor != "postgresql":
        # SQLite has no TRUNCATE: an unqualified DELETE is its only way, and that is refused row by row.
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM trail_event")
        return
    with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or it refuses for another reason: checks still due
        cursor.execute("TRUNCATE trail_event")


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_chain(now: datetime) -> None:
    owner = create_practice(name="Busy", owner_email="b@b.example", owner_name="Bea", password=None, at=now)
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _turn in range(10):
                with transaction.atomic():
                    record("a.b.c", practice=owner.practice, actor=owner, subject=owner, at=now)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    report = verify(owner.practice)
    assert report.is_whole
    assert report.events == 42


@pytest.mark.django_db(transaction=True)
def test_the_first_two_writers_of_a_practice_agree_on_one_head(now: datetime) -> None:
    owner = create_practice(name="New", owner_email="n@n.example", owner_name="Nia", password=None, at=now)
    from doorframe.apps.members.models import Practice

    fresh = Practice.objects.create(name="Fresh", slug="fresh", created_at=now)
    barrier = threading.Barrier(3)
    failures: list[BaseException] = []

    def write() -> None:
        try:
            barrier.wait()
            with transaction.atomic():
                record("a.b.c", practice=fresh, actor=owner, subject=fresh, at=now)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (verify(fresh).events, verify(fresh).is_whole) == (3, True)
