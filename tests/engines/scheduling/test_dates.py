"""Talks that are due, and the end of keeping: leap days, children, and years that are too few."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.scheduling.prompts import Due, discussions, next_yearly
from doorframe.engines.scheduling.retention import LEAST, RetentionError, check_years, keep_until

days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.promise("C9")
def test_the_third_session_two_weeks_after_the_first() -> None:
    assert discussions(first_session_on=date(2026, 11, 2), signed_on=date(2026, 11, 1)) == [
        Due("third-session", date(2026, 11, 16)),
        Due("yearly", date(2027, 11, 1)),
    ]


@pytest.mark.promise("C9")
@pytest.mark.parametrize(
    ("first", "third", "signed", "expected"),
    [
        (date(2026, 1, 1), date(2026, 3, 5), date(2026, 1, 1), [("third-session", "2026-03-05")]),
        (None, date(2026, 3, 5), date(2026, 1, 1), [("third-session", "2026-03-05")]),
        (None, None, date(2026, 1, 1), []),
        (date(2026, 1, 1), None, date(2026, 1, 15), [("third-session", "2026-01-15")]),
        (date(2026, 1, 1), None, date(2026, 1, 16), []),  # signed after it
        (date(2020, 1, 1), date(2020, 2, 1), date(2026, 1, 1), []),  # signed anew, years later
    ],
)
def test_which_third_session(
    first: date | None, third: date | None, signed: date, expected: list[tuple[str, str]]
) -> None:
    found = discussions(first_session_on=first, signed_on=signed, third_session_on=third, years=0)
    assert [(due.kind, due.due_on.isoformat()) for due in found] == expected


@pytest.mark.promise("C9")
def test_a_leap_day_comes_back_on_the_28th() -> None:
    found = discussions(first_session_on=None, signed_on=date(2024, 2, 29), years=5)
    assert [due.due_on.isoformat() for due in found] == [
        "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28",
    ]  # fmt: skip


@given(days, days)
def test_the_next_yearly_talk_is_the_first_one_later(signed_on: date, after: date) -> None:
    every = [due.due_on for due in discussions(first_session_on=None, signed_on=signed_on, years=102)]
    assert next_yearly(signed_on=signed_on, after=after).due_on == next(day for day in every if day > after)


@pytest.mark.promise("D3")
@pytest.mark.parametrize(
    ("closed", "years", "born", "expected"),
    [
        (date(2026, 11, 21), 6, None, date(2032, 11, 21)),
        (date(2024, 2, 29), 6, None, date(2030, 3, 1)),  # never a day short
        (date(2026, 11, 21), 6, 2015, date(2039, 12, 31)),  # a child: from the end of 2033
        (date(2026, 11, 21), 6, 1980, date(2032, 11, 21)),  # grown up: no difference
        (date(2026, 11, 21), 10, 2008, date(2036, 12, 31)),  # eighteen this year
    ],
)
def test_until_when_evidence_is_kept(closed: date, years: int, born: int | None, expected: date) -> None:
    assert keep_until(closed, years, birth_year=born) == expected


@given(days, st.integers(LEAST, 60), st.none() | st.integers(1900, 2090))
def test_never_shorter_than_the_years(closed_on: date, years: int, born: int | None) -> None:
    until = keep_until(closed_on, years, birth_year=born)
    assert until >= keep_until(closed_on, LEAST)
    assert (until.year - closed_on.year, until.month, until.day) >= (years, closed_on.month, closed_on.day)


@pytest.mark.promise("D3")
@pytest.mark.parametrize("years", [5, 0, -1])
def test_too_few_years_are_refused_with_a_sentence(years: int) -> None:
    with pytest.raises(RetentionError, match=r"at least 6 years.*Nothing was changed"):
        check_years(years)
    with pytest.raises(RetentionError):
        keep_until(date(2026, 1, 1), years)


def test_a_practice_may_be_held_to_more() -> None:
    check_years(6)
    with pytest.raises(RetentionError, match="at least 10"):
        check_years(9, least=10)
