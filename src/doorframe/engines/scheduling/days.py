"""Dates that are whole years apart."""

from __future__ import annotations

from datetime import date


def years_after(day: date, years: int, *, leap_to: str = "28 February") -> date:
    """The same day of another year. leap_to says what stands for 29 February where a year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1) if leap_to == "1 March" else date(day.year + years, 2, 28)
