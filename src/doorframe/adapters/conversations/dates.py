"""Times as people's programs write them. Whether 3/4 is in March or in April is learnt from a file as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise

from doorframe.adapters.windows_file import MILLISECONDS, moment

DAY_FIRST, MONTH_FIRST = "day, month, year", "month, day, year"

HALVES = r"[AaPp]\.?\s?[Mm]\.?|오전|오후|上午|下午|ص|م|π\.?μ\.?|μ\.?μ\.?|ÖÖ|ÖS"
"""The two halves of a day in several languages."""

_NUMBERS = re.compile(r"(?<!\d)(\d{1,4})\s?[./\-年]\s?(\d{1,2})\s?[./\-月]\s?(\d{1,4})(?!\d)")
_NAMED = re.compile(
    r"(?<!\d)(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([A-Za-z]{3})[a-z]*\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})"
)
_TIME = re.compile(r"(?<![\d.:])(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?(?![\d.])")
_HALF = re.compile(rf"(?<![^\W\d_])(?:{HALVES})(?![^\W\d_])")
_LATER = re.compile(r"[Pp]|오후|下午|م|μ\.?μ|ÖS")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Dates:
    """Reads the times of one file.

    order    DAY_FIRST or MONTH_FIRST
    certain  False where every date of the sample could be read both ways
    """

    def __init__(self, sample: Iterable[str] = ()) -> None:
        texts = [one for one in (plain_digits(text) for text in sample) if _NUMBERS.search(one)]
        self.order, self.certain = _learnt(texts)

    def moment(self, text: str) -> float | None:
        """Seconds since 1970, taken as UTC where no zone is given; None where it cannot be read."""
        text = plain_digits(text).strip()
        number = _seconds(text)
        if number is not None:
            return number
        found = moment(text.removesuffix(" UTC"))
        return found if found is not None else _written(text, self.order)


def plain_digits(text: str) -> str:
    """The same letters with digits of every script as 0 to 9 and every space as a space, one for one."""
    if text.isascii():
        return text
    return "".join(str(int(one)) if one.isdecimal() else " " if one.isspace() and one != "\n" else one for one in text)


def _seconds(text: str) -> float | None:
    if not re.fullmatch(r"-?\d{5,17}(?:\.\d{1,9})?", text):
        return None
    value = float(text)
    return value / 1000 if abs(value) > MILLISECONDS else value


def _learnt(texts: list[str]) -> tuple[str, bool]:
    firsts = [match for match in map(_NUMBERS.search, texts) if match and len(match[1]) < 3]
    if not firsts:
        return DAY_FIRST, True
    days = sum(int(one[1]) > 12 for one in firsts)
    months = sum(int(one[2]) > 12 for one in firsts)
    if days or months:
        return (DAY_FIRST if days >= months else MONTH_FIRST), True
    walks = {order: _walk(texts, order) for order in (DAY_FIRST, MONTH_FIRST)}
    if walks[DAY_FIRST] != walks[MONTH_FIRST]:
        return min(walks, key=lambda order: walks[order]), False
    american = any(not one[1].startswith("0") and len(one[3]) == 2 and _HALF.search(one.string) for one in firsts)
    return (MONTH_FIRST if american else DAY_FIRST), False


def _walk(texts: list[str], order: str) -> tuple[int, float]:
    """How often times run back when read in this order, and how long the whole then takes. Less is likelier."""
    times = [time for time in (_written(text, order) for text in texts) if time is not None]
    if not times:
        return len(texts), 0.0
    return sum(b < a for a, b in pairwise(times)), max(times) - min(times)


def _written(text: str, order: str) -> float | None:
    day = _numbers(text, order) or _named(text)
    if day is None:
        return None
    (year, month, number), rest = day
    clock = _TIME.search(rest)
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    half = _HALF.search(rest)
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if _LATER.match(half[0]) else 0)
    try:
        return datetime(year, month, number, hour, minute, second, tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return None


def _numbers(text: str, order: str) -> tuple[tuple[int, int, int], str] | None:
    match = _NUMBERS.search(text)
    if match is None:
        return None
    first, second, third = (int(part) for part in match.groups())
    rest = text[: match.start()] + " " + text[match.end() :]
    if len(match[1]) == 4:
        return (first, second, third), rest
    year = third + 2000 if third < 100 else third
    return ((year, second, first) if order == DAY_FIRST else (year, first, second)), rest


def _named(text: str) -> tuple[tuple[int, int, int], str] | None:
    match = _NAMED.search(text)
    if match is None or match[2].lower() not in _MONTHS or not (match[1] or match[3]):
        return None
    rest = text[: match.start()] + " " + text[match.end() :]
    return (int(match[4]), _MONTHS.index(match[2].lower()) + 1, int(match[1] or match[3])), rest
