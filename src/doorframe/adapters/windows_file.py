"""Windows from a file of lines, one JSON object each: {"id", "messages": [{"id", "author", "at", "text"}]}."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, BinaryIO

from doorframe.engines.detection.account import LAST
from doorframe.engines.detection.conversation import Message, Window

LARGEST = 4_000_000
"""Bytes of one line that are read."""

MOST = 200
"""Messages of one window that are read; a longer conversation is cut into windows before."""

MILLISECONDS = 1e11
"""A number of seconds beyond this is the year 5138; it counts milliseconds."""

_LARGEST_TIME = 1e15
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that cannot be read, and why in a few words."""

    line: int
    id: object
    error: str


def windows(stream: BinaryIO) -> Iterator[Window | Wrong]:
    """Each line as a window, or what is wrong with it. Memory holds one line."""
    number = 0
    while raw := stream.readline(LARGEST + 1):
        number += 1
        if len(raw) > LARGEST:
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(LARGEST)
            yield Wrong(number, None, "longer than 4 MB")
        elif raw.strip():
            yield window(raw, number)


def window(raw: bytes, number: int) -> Window | Wrong:
    """One line as a window, or what is wrong with it. A window without an id is called by the number of its line."""
    try:
        row = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Wrong(number, None, "not JSON in UTF-8")
    if not isinstance(row, dict):
        return Wrong(number, None, "not an object")
    rows = row.get("messages")
    if not isinstance(rows, list) or not rows or not all(isinstance(one, dict) for one in rows):
        return Wrong(number, row.get("id"), "has no messages")
    if len(rows) > MOST:
        return Wrong(number, row.get("id"), f"has more than {MOST} messages; use --conversation")
    if not all(isinstance(one.get("text"), str) for one in rows):
        return Wrong(number, row.get("id"), "has a message without text")
    made = [message(one, place) for place, one in enumerate(rows, 1)]
    given = [word(one.get("id"), "") for one in rows]
    named = [replace(one, id=id) if one.id != id else one for one, id in zip(made, _apart(given), strict=True)]
    return Window(word(row.get("id"), str(number)), tuple(named))


def _apart(given: Sequence[str]) -> Iterator[str]:
    """An id for each message, none twice: "" becomes its place, the second "7" becomes "7#2". What is made up here
    never meets an id that is given, so nobody's words are shown as somebody else's."""
    wanted, taken = set(given), set[str]()
    for place, id in enumerate(given, 1):
        found, again = id or str(place), 1
        while found in taken or (found in wanted and found != id):
            again += 1
            found = f"{id or place}#{again}"
        taken.add(found)
        yield found


def message(row: dict[str, Any], place: int) -> Message:
    """One message of a line; what is missing is named by its place."""
    text = row["text"].encode("utf-8", "replace").decode()
    return Message(word(row.get("id"), str(place)), word(row.get("author"), ""), text, moment(row.get("at")))


def word(value: object, otherwise: str) -> str:
    """A name or an id as text, without spaces around it; `otherwise` where it is None, empty, a list or an object."""
    if value is None or isinstance(value, list | dict):
        return otherwise
    return str(value).encode("utf-8", "replace").decode().strip() or otherwise


def moment(value: object) -> float | None:
    """Seconds since 1970 of a number, also one in text, or of an ISO 8601 time (UTC where no zone is given).

    A number above 1e11 counts milliseconds. None where there is no time, or one that no clock shows before 2100.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _seconds(value)
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        return _seconds((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return _seconds(float(value)) if _NUMBER.fullmatch(value.strip()) else None


def _seconds(number: float) -> float | None:
    """A message from the far future would make all that was before it look long ago, so it has no time."""
    if not abs(number) < _LARGEST_TIME:
        return None
    found = number / 1000 if abs(number) > MILLISECONDS else float(number)
    return found if found < LAST else None
