"""Windows from a file of lines, one JSON object each: {"id", "messages": [{"id", "author", "at", "text"}]}."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from doorframe.engines.detection.conversation import Message, Window

LARGEST = 4_000_000
"""Bytes of one line that are read."""

MOST = 200
"""Messages of one window that are read; a longer conversation is cut into windows before."""


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
    return Window(str(row.get("id", number)), tuple(made))


def message(row: dict[str, Any], place: int) -> Message:
    """One message of a line; what is missing is named by its place."""
    text = row["text"].encode("utf-8", "replace").decode()
    return Message(str(row.get("id", place)), str(row.get("author", "")), text, moment(row.get("at")))


def moment(value: object) -> float | None:
    """Seconds since 1970 of a number or an ISO 8601 time (UTC where no zone is given); None where there is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e12 else None
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
