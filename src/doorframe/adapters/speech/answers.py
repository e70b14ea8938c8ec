"""What a program that hears may answer: JSON, lines with times, plain lines. Nothing in it is trusted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from math import isfinite
from typing import Any

from doorframe.adapters.speech import UNKNOWN, NotHeard, Segment, tidy

MOST = 50_000
"""Segments that are taken; a day of talk has fewer."""

MOST_SPEAKERS = 20
_LONGEST_NAME = 60

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2}(?:[.,]\d{1,6})?)"
_JSON = re.compile(r"\{|\[\s*[{\]\[]")
_ARROW = re.compile(rf"\[?{_TIME}\s*-->\s*{_TIME}\]?\s*(.*)")
_TABBED = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)[\t ]+(\d{1,6}(?:\.\d{1,6})?)[\t ]+(\D.*)")

_Raw = tuple[float, float, str, str, float | None]


def read(data: bytes, seconds: float) -> tuple[list[Segment], bool]:
    """The segments of an answer, within the seconds of the file, and whether their times are estimated.

    Understood are JSON (a list, or an object with "segments" or "transcription"; "start", "end", "text", and if there
    "speaker" and "sure"), one JSON object a line, lines such as “[00:00:01.000 --> 00:00:03.500] words” or
    “1.0 3.5 words”, and lines of words alone, which are spread over the seconds by their length.
    Raises NotHeard for what is none of these.
    """
    text = data.decode("utf-8", "replace").lstrip("\ufeff").strip()
    if not text:
        return [], False
    rows = _from_json(text) if _JSON.match(text) else list(islice(_timed(text), MOST))
    if rows or _JSON.match(text):
        return sorted(_clean(rows, seconds), key=lambda one: (one.start, one.end)), False
    return list(_spread(text, seconds)), True


def _from_json(text: str) -> list[_Raw]:
    try:
        found = json.loads(text)
    except RecursionError:
        raise _not_understood() from None
    except ValueError:
        found = _lines(text)
    if isinstance(found, dict):
        found = next((found[name] for name in ("segments", "transcription") if name in found), [found])
    if not isinstance(found, list):
        raise _not_understood()
    rows = [_row(one) for one in found[:MOST]]
    return [one for one in rows if one is not None]


def _lines(text: str) -> list[Any]:
    try:
        return [json.loads(line) for line in text.splitlines()[:MOST] if line.strip()]
    except (ValueError, RecursionError):
        raise _not_understood() from None


def _not_understood() -> NotHeard:
    return NotHeard("The program that --command names answers in no form that is understood; nothing was heard.")


def _row(one: Any) -> _Raw | None:
    """One segment of JSON; None for what has no words."""
    if not isinstance(one, dict) or not isinstance(one.get("text"), str):
        return None
    start, end = one.get("start"), one.get("end")
    offsets = one.get("offsets")
    if isinstance(offsets, dict):
        start, end = (_number(offsets.get(name)) / 1000 for name in ("from", "to"))
    sure = one.get("sure", one.get("confidence"))
    speaker = one.get("speaker")
    return (
        _number(start), _number(end), str(speaker) if isinstance(speaker, str | int) else "", one["text"],
        None if sure is None else min(1.0, max(0.0, _number(sure))),
    )  # fmt: skip


def _number(value: Any) -> float:
    """A number that is one; 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    try:
        made = float(value)
    except OverflowError:
        return 0.0
    return made if isfinite(made) else 0.0


def _timed(text: str) -> Iterator[_Raw]:
    """Lines with times. The words of a subtitle stand on the lines below its times."""
    open_: tuple[float, float] | None = None
    for line in text.splitlines():
        arrow, tabbed = _ARROW.match(line.strip()), _TABBED.match(line.strip())
        if arrow:
            open_ = _seconds(*arrow.group(1, 2, 3)), _seconds(*arrow.group(4, 5, 6))
            if arrow[7]:
                yield (*open_, "", arrow[7], None)
        elif tabbed and open_ is None:
            yield float(tabbed[1]), float(tabbed[2]), "", tabbed[3], None
        elif open_ and line.strip() and not line.strip().isdigit():
            yield (*open_, "", line, None)


def _seconds(hours: str | None, minutes: str, rest: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(rest.replace(",", "."))


def _clean(rows: Iterable[_Raw], seconds: float) -> Iterator[Segment]:
    """Segments with words, within the file, the right way round, and with a limited number of speakers."""
    speakers: dict[str, str] = {}
    for start, end, speaker, text, sure in rows:
        words = tidy(text)
        if not words:
            continue
        begin = min(max(0.0, start), seconds)
        name = tidy(speaker)[:_LONGEST_NAME]
        if name not in speakers:
            speakers[name] = name if name and len(speakers) < MOST_SPEAKERS else UNKNOWN
        yield Segment(begin, min(max(begin, end), seconds), speakers[name], words, sure)


def _spread(text: str, seconds: float) -> Iterator[Segment]:
    """Lines without times: each gets its share of the seconds by its letters."""
    lines = [words for line in text.splitlines()[:MOST] if (words := tidy(line))]
    total, at = sum(map(len, lines)), 0
    for words in lines:
        begin, at = at, at + len(words)
        yield Segment(seconds * begin / total, seconds * at / total, UNKNOWN, words)
