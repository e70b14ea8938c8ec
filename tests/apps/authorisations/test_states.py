"""The tables: every state listed, every end an end, and what answers and days make of a permission."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.apps.authorisations.states import TRANSITIONS, Answer, Standing, State, settled, standing

FIRST, LAST = date(2026, 11, 21), date(2027, 11, 20)


def test_every_state_has_its_row_and_nothing_leaves_an_end() -> None:
    assert set(TRANSITIONS) == set(State)
    assert [state for state in State if not TRANSITIONS[state]] == [State.DECLINED, State.REVOKED]
    assert State.SIGNED not in TRANSITIONS[State.DRAFT], "nobody signs words that are not fixed"
    assert TRANSITIONS[State.SIGNED] == {State.REVOKED}, "signed words never change"


@pytest.mark.promise("F6")
@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([("", True)], State.PREPARED),
        ([("yes", True)], State.SIGNED),
        ([("yes", True), ("", True)], State.PREPARED),
        ([("yes", True), ("yes", True)], State.SIGNED),
        ([("yes", True), ("no", True)], State.DECLINED),
        ([("", True), ("no", True)], State.DECLINED),
        # A minor beside a guardian is not waited for, and their no counts.
        ([("yes", True), ("", False)], State.SIGNED),
        ([("yes", True), ("no", False)], State.DECLINED),
        ([("", True), ("yes", False)], State.PREPARED),
        ([("yes", False)], State.PREPARED),
        ([], State.PREPARED),
    ],
)
def test_what_the_answers_make_of_it(answers: list[tuple[str, bool]], expected: State) -> None:
    assert settled(answers) == expected


@given(st.lists(st.tuples(st.sampled_from(["", "yes", "no"]), st.booleans()), max_size=6))
def test_one_no_outweighs_every_yes_and_one_silence_keeps_it_open(answers: list[tuple[str, bool]]) -> None:
    found = settled(answers)
    assert (found == State.DECLINED) is any(said == Answer.NO for said, _required in answers)
    if found == State.SIGNED:
        assert all(said == Answer.YES for said, required in answers if required)


@pytest.mark.promise("F6")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 20), Standing.LATER),
        (FIRST, Standing.IN_FORCE),
        (LAST, Standing.IN_FORCE),
        (date(2027, 11, 21), Standing.EXPIRED),
    ],
)
def test_the_day_decides(day: date, expected: Standing) -> None:
    assert standing(State.SIGNED, FIRST, LAST, day) == expected


def test_a_signed_one_without_an_end_is_never_in_force() -> None:
    assert standing(State.SIGNED, FIRST, None, FIRST) == standing(State.SIGNED, None, LAST, FIRST) == Standing.EXPIRED
    for state in set(State) - {State.SIGNED}:
        assert standing(state, FIRST, LAST, FIRST) == state.value
