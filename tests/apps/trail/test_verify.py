"""Whoever gets past the guards is still found out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from doorframe.apps.members.models import Membership
from doorframe.apps.trail import guards
from doorframe.apps.trail.actions import record
from doorframe.apps.trail.queries import verify
from doorframe.apps.trail.testing import unguarded

Damage = Callable[[Membership], None]


def sql(statement: str, *values: object) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def trail(owner: Membership, now: datetime) -> Membership:
    """A practice with six events."""
    for number in range(4):
        record("a.b.c", practice=owner.practice, actor=owner, subject=owner, at=now, data={"number": number})
    assert verify(owner.practice).is_whole
    return owner


@pytest.mark.promise("D3")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_label", "'Someone Else'"),
        ("actor_id", "NULL"),
        ("name", "'a.b.d'"),
        ("subject_id", "'999'"),
        ("subject_type", "'members.user'"),
        ("data", "'{\"number\": 9}'"),
        ("at", "'2020-01-01 00:00:00+00:00'"),
        ("hash", f"'{'a' * 64}'"),
        ("previous_hash", f"'{'0' * 64}'"),
    ],
)
def test_an_altered_column_is_found(trail: Membership, column: str, value: str) -> None:
    sql(f"UPDATE trail_event SET {column} = {value} WHERE practice_id = %s AND seq = 4", trail.practice_id)
    found = verify(trail.practice).breaks
    assert 4 in {one.seq for one in found}


@pytest.mark.promise("D3")
@pytest.mark.parametrize(
    ("seq", "sentence"),
    [
        (1, "record 1 is missing"),
        (3, "record 3 is missing"),
        (6, "the chain ends at record 5, but its head names record 6"),
    ],
)
def test_a_deleted_row_is_found_and_named(trail: Membership, seq: int, sentence: str) -> None:
    sql("DELETE FROM trail_event WHERE practice_id = %s AND seq = %s", trail.practice_id, seq)
    assert sentence in [one.sentence for one in verify(trail.practice).breaks]


def test_two_rows_exchanged_are_found(trail: Membership) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        sql("UPDATE trail_event SET seq = %s WHERE practice_id = %s AND seq = %s", new, trail.practice_id, old)
    assert {2, 3} <= {one.seq for one in verify(trail.practice).breaks}


def test_a_head_taken_away_or_set_back_is_found(trail: Membership) -> None:
    sql("UPDATE trail_head SET seq = 5 WHERE practice_id = %s", trail.practice_id)
    assert verify(trail.practice).breaks
    sql("DELETE FROM trail_head WHERE practice_id = %s", trail.practice_id)
    assert [one.sentence for one in verify(trail.practice).breaks] == [
        "the head of the chain is missing, so its end cannot be proved"
    ]


def test_a_tail_and_head_cut_together_are_found_by_a_head_noted_elsewhere(trail: Membership) -> None:
    noted = (6, verify(trail.practice).head_hash)
    fifth = trail.practice_id
    sql("DELETE FROM trail_event WHERE practice_id = %s AND seq = 6", fifth)
    sql(
        "UPDATE trail_head SET seq = 5, hash = (SELECT hash FROM trail_event WHERE practice_id = %s AND seq = 5)"
        " WHERE practice_id = %s",
        fifth,
        fifth,
    )
    assert verify(trail.practice).breaks == ()
    assert [one.seq for one in verify(trail.practice, expected_head=noted).breaks] == [6]


def test_missing_guards_are_reported(trail: Membership) -> None:
    guards.remove(connection)
    report = verify(trail.practice)
    guards.install(connection)
    assert (report.guarded, report.is_whole, report.breaks) == (False, False, ())
    assert verify(trail.practice).is_whole


def test_damage_to_one_practice_leaves_the_other_whole(trail: Membership, stranger: Membership) -> None:
    sql("DELETE FROM trail_event WHERE practice_id = %s AND seq = 2", trail.practice_id)
    assert verify(stranger.practice).is_whole


def run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("trail", "verify", *arguments, stdout=out, stderr=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.promise("D3")
def test_the_command_says_whole_or_broken_and_ends_accordingly(trail: Membership) -> None:
    code, said = run()
    assert code == 0
    assert "Harbour Lane: 6 records, whole" in said
    sql("DELETE FROM trail_event WHERE practice_id = %s AND seq = 2", trail.practice_id)
    code, said = run("--practice", trail.practice.slug)
    assert code == 1
    assert "BROKEN" in said and "record 2 is missing" in said
    code, said = run("--json")
    assert code == 1
    assert json.loads(said)[0]["whole"] is False


def test_an_unknown_practice_is_wrong_use(trail: Membership) -> None:
    assert run("--practice", "nowhere")[0] == 2
