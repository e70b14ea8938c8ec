"""Until when evidence is kept. Which law asks for how long stands in content/law/retention.toml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from doorframe.engines.content.conditions import Facts, holds, parse
from doorframe.engines.scheduling.days import years_after

LEAST = 6
"""Years. What a practice may set is never fewer; content/law/retention.toml names the sources."""


class RetentionError(ValueError):
    """Evidence may not be kept so briefly. str() is a sentence for the person who set it."""


def check_years(years: int, least: int = LEAST) -> None:
    """Raises RetentionError where evidence would be kept for fewer years than it must be."""
    if years < least:
        raise RetentionError(
            f"Evidence is kept for at least {least} years, so {years} is too few. "
            f"Nothing was changed. Give {least} or more."
        )


def least_years(table: object, facts: Facts) -> int:
    """How many years evidence is kept at least where the practice is: the most that any rule in force asks for.

    table  content/law/retention.toml as it stands in the pack: pack.law["retention"]
    """
    rows = table.get("regimes", []) if isinstance(table, Mapping) else []
    asked = [int(row["years"]) for row in rows if not row.get("fallback") and holds(parse(row.get("when", [])), facts)]
    return max([LEAST, *asked])


def keep_until(closed_on: date, years: int, *, birth_year: int | None = None, adult_at: int = 18) -> date:
    """The last day on which the evidence is kept.

    closed_on   the day on which the client left, or the version was last in force, whichever is later
    birth_year  for somebody who may have been a child: the years then count from the end of the year in which they
                come of age, if that is later
    Raises RetentionError for fewer years than the least.
    """
    check_years(years)
    of_age = date(birth_year + adult_at, 12, 31) if birth_year is not None else closed_on
    return years_after(max(closed_on, of_age), years, leap_to="1 March")
