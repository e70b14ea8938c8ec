"""Messages as JSON: a list, an object that holds a list of messages, or one object a line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from doorframe.adapters.conversations import encoding, fields, found, json_stream
from doorframe.adapters.conversations.dates import Dates
from doorframe.adapters.conversations.found import Conversation, Told
from doorframe.engines.detection.conversation import Message

SAMPLE = 2_000


def read(stream: BinaryIO, told: Told) -> Iterator[Conversation]:
    """The conversations of a list of messages. Memory holds one message."""
    return found.stretches(_messages(stream, told), told)


def _messages(stream: BinaryIO, told: Told) -> Iterator[tuple[str, Message]]:
    text = encoding.opened(stream)
    dates = _dates(json_stream.items(text, lambda: None))
    text.seek(0)

    def broken() -> None:
        told.left[found.BROKEN] += 1

    for place, (head, item) in enumerate(json_stream.items(text, broken), 1):
        if not isinstance(item, dict):
            broken()
            continue
        if _notice(item):
            told.left[found.NOTICE] += 1
            continue
        names = fields.known(item)
        message = fields.message(item, names, dates, place)
        if message is None:
            broken()
            continue
        yield fields.conversation(item, names, _whole(head, told.name)), message


def _whole(head: dict[str, Any], otherwise: str) -> str:
    """How the conversation around a list of messages is called."""
    name = fields.conversation(head, fields.known(head), "")
    return name or str(head.get("id") or head.get("name") or otherwise)


def _notice(item: dict[str, Any]) -> bool:
    return item.get("type") in {"service", "system"}


def _dates(items: Iterator[tuple[dict[str, Any], Any]]) -> Dates:
    rows = (item for _, item in islice(items, SAMPLE) if isinstance(item, dict))
    times = (row.get(fields.known(row).get("at", "")) for row in rows)
    return Dates(one for one in times if isinstance(one, str))
