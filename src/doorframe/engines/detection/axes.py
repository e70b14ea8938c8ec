"""Where the figures of an axis stand: round numbers, hours, days, months and years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

_HOUR, _DAY = 3600.0, 86_400.0
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = (300.0, 900.0, 1800.0, _HOUR, 2 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, 4 * _DAY, 7 * _DAY, 14 * _DAY)
_IN_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240)

Tick = tuple[float, str]
"""A value, and what is written there."""


def numbers(first: float, last: float, most: int = 6) -> list[Tick]:
    """Whole round numbers from `first` to `last`, at most so many."""
    step = 1
    while (last - first) / step > most - 1:
        step = _next(step)
    start = -int(-first // step) * step
    return [(float(one), f"{one:,}") for one in range(start, int(last) + 1, step)]


def _next(step: int) -> int:
    """1, 2, 5, 10, 20, 50, …"""
    return step * 5 // 2 if str(step).startswith("2") else step * 2


def moments(first: float, last: float, most: int = 7) -> list[Tick]:
    """Round times from `first` to `last` (seconds since 1970, UTC), at most so many."""
    for step in _STEPS:
        if (last - first) / step <= most - 1:
            return _even(first, last, step)
    for months in _IN_MONTHS:
        found = list(_calendar(first, last, months))
        if len(found) <= most:
            return found
    return []


def _even(first: float, last: float, step: float) -> list[Tick]:
    at = -(-first // step) * step
    found = []
    while at <= last:
        found.append((at, hour(at) if step < _DAY and at % _DAY else day(at)))
        at += step
    return found


def _calendar(first: float, last: float, months: int) -> Iterator[Tick]:
    begin = datetime.fromtimestamp(first, UTC)
    number = (begin.year * 12 + begin.month - 1) // months * months
    while True:
        here = datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        if here.timestamp() > last:
            return
        if here.timestamp() >= first:
            yield here.timestamp(), str(here.year) if months >= 12 else f"{_MONTHS[here.month - 1]} {here.year}"
        number += months


def day(at: float, *, year: bool = False) -> str:
    """ "2 Mar", or "2 Mar 2024"."""
    here = datetime.fromtimestamp(at, UTC)
    return f"{here.day} {_MONTHS[here.month - 1]}{f' {here.year}' if year else ''}"


def hour(at: float) -> str:
    """ "21:14"."""
    return f"{datetime.fromtimestamp(at, UTC):%H:%M}"


def when(at: float) -> str:
    """ "2 Mar 2024, 21:14"."""
    return f"{day(at, year=True)}, {hour(at)}"


def periods(first: float, last: float, most: int = 40) -> tuple[str, list[float]]:
    """A day, a week or a month, whichever is the smallest of which there are at most so many; and where each begins.

    The last value is where the last one ends. Weeks begin on Monday. Of months too there may be more than `most`.
    """
    start = first // _DAY * _DAY
    if (last - start) / _DAY < most:
        return "day", _until(start, last, _DAY)
    monday = start - timedelta(days=datetime.fromtimestamp(start, UTC).weekday()).total_seconds()
    if (last - monday) / (7 * _DAY) < most:
        return "week", _until(monday, last, 7 * _DAY)
    begin = datetime.fromtimestamp(start, UTC)
    number = begin.year * 12 + begin.month - 1
    edges: list[float] = []
    while not edges or edges[-1] <= last:
        edges.append(datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC).timestamp())
        number += 1
    return "month", edges


def _until(start: float, last: float, step: float) -> list[float]:
    edges = [start]
    while edges[-1] <= last:
        edges.append(edges[-1] + step)
    return edges
