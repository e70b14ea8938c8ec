"""Times of a record as people there write them, with the words of the content."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo

_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")


def fill(words: Mapping[str, str], key: str, **values: object) -> str:
    """One sentence of the content with its braces filled. What is filled in is never read as a template.

    Raises KeyError naming the key or the placeholder that is missing.
    """
    return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), words[key])


class Moments:
    """Writes times. zone is where the practice is, language a BCP 47 tag: "en-US" puts the month first."""

    def __init__(self, words: Mapping[str, str], zone: tzinfo, language: str) -> None:
        self.words = words
        self.zone = zone
        self.manner = "_us" if language.lower().endswith("-us") else ""
        self.months = [month.strip() for month in words["months"].split(",")]

    def local(self, at: str | None) -> str:
        """ "21 November 2026, 09:31 GMT": the clock at the practice."""
        moment = read(at)
        if moment is None:
            return self.words["no_time"]
        here = moment.astimezone(self.zone)
        return fill(
            self.words, f"moment{self.manner}", hour=f"{here:%H}", hour12=int(f"{here:%I}"), minute=f"{here:%M}",
            half=f"{here:%p}", zone=here.tzname() or "", **self._day(here),
        )  # fmt: skip

    def utc(self, at: str | None) -> str:
        """ "2026-11-21 17:31:04 UTC"."""
        moment = read(at)
        if moment is None:
            return self.words["no_time"]
        return fill(self.words, "utc", iso=f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}")

    def day(self, day: str) -> str:
        """An ISO date in words; what is none stays as it is."""
        try:
            found = date.fromisoformat(day)
        except ValueError:
            return day
        return fill(self.words, f"day{self.manner}", **self._day(found))

    def _day(self, found: date) -> dict[str, object]:
        return {"day": found.day, "month": self.months[found.month - 1], "year": found.year}


def read(at: str | None) -> datetime | None:
    """The moment that a record holds as ISO text with its zone; None for none."""
    if not at:
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
