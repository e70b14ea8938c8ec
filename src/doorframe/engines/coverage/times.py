"""Two different times for the same answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from doorframe.engines.content.audit import Defect
from doorframe.engines.coverage import settings
from doorframe.engines.coverage.sight import Seen, Sight

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {name: number for number, name in enumerate(_WORDS, start=1)} | {
    "a": 1, "an": 1, "twenty-four": 24, "twenty four": 24, "forty-eight": 48, "forty eight": 48, "seventy-two": 72,
}  # fmt: skip
_HOURS = {"hour": 1, "day": 24, "week": 168}
_SPAN = re.compile(
    rf"\b({'|'.join(sorted(_NUMBERS, key=len, reverse=True))}|\d{{1,3}})"
    r"(?: (?:business|working|full|calendar|school))?[ -](hour|day|week)s?\b"
)
_APART = 2
"""Times that differ by less than this factor are taken for the same: a day and 36 hours."""


def of_answers(sight: Sight, defect: Defect) -> Iterator[tuple[str, tuple[Seen, Seen]]]:
    """Pairs of sentences that give different times for an answer to the same kind of message."""
    known = settings.table(defect, "times")
    cues, bars, channels = (settings.words_of(known.get(name)) for name in ("cues", "bars", "channels"))
    given = [
        (one, hours, _answered(sight, channels, one))
        for one in sight.sentences
        if settings.shows(sight, cues, one.words) and not settings.shows(sight, bars, one.words)
        if (hours := _hours(one.words))
    ]
    for (one, first, these), (other, second, those) in combinations(given, 2):
        if these == those and max(first, second) >= _APART * min(first, second):
            yield settings.text_of(known.get("topic")), (one, other)


def _answered(sight: Sight, channels: tuple[str, ...], one: Seen) -> frozenset[str]:
    return frozenset(channel for channel in channels if settings.shows(sight, (channel,), one.words))


def _hours(words: str) -> int:
    """The only span of time in a sentence, in hours; 0 where there is none or more than one."""
    spans = _SPAN.findall(words)
    if len(spans) != 1:
        return 0
    number, unit = spans[0]
    return (_NUMBERS.get(number) or int(number)) * _HOURS[unit]
