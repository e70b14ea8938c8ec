"""When a therapist is asked to talk about the policy again: at the third session, and every year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from doorframe.engines.scheduling.days import years_after

Kind = Literal["third-session", "yearly"]

THIRD_SESSION_AFTER = timedelta(days=14)
"""The third session of somebody who comes every week."""


@dataclass(frozen=True, slots=True)
class Due:
    """A talk that is due on a day."""

    kind: Kind
    due_on: date


def discussions(
    *, first_session_on: date | None, signed_on: date, third_session_on: date | None = None, years: int = 1
) -> list[Due]:
    """The talks that are due, the earliest first.

    first_session_on  None where nobody has noted it: then only the yearly talks are due
    signed_on         the day of the answer: signed, declined, on paper or said aloud
    third_session_on  where it is known; else two weeks after the first
    years             for how many years ahead the yearly talks are given
    Where the third session was over before the answer came, the talk at the answer stands for it.
    """
    found = [Due("yearly", years_after(signed_on, number)) for number in range(1, years + 1)]
    third = third_session_on or (first_session_on + THIRD_SESSION_AFTER if first_session_on else None)
    if third and third >= signed_on:
        found.append(Due("third-session", third))
    return sorted(found, key=lambda due: due.due_on)


def next_yearly(*, signed_on: date, after: date) -> Due:
    """The first yearly talk that is due later than a day."""
    number = max(1, after.year - signed_on.year)
    due_on = years_after(signed_on, number)
    return Due("yearly", due_on if due_on > after else years_after(signed_on, number + 1))
