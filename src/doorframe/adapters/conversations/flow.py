"""The windows of many conversations at once, in the order in which their messages come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from doorframe.adapters.conversations.found import OPEN, Conversation, Latest
from doorframe.engines.detection.conversation import Window
from doorframe.engines.detection.windows import Stream


def windows(conversations: Iterable[Conversation], most: int = OPEN) -> Iterator[tuple[str, Window]]:
    """Every window with its conversation. Of more than `most` conversations that are open, the one that has been silent
    longest is ended, so memory holds `most` times the messages of a window."""
    streams: Latest[str, Stream] = Latest(most)
    for one in conversations:
        stream = streams.get(one.id) or Stream(one.id)
        forgotten = streams.keep(one.id, stream)
        if forgotten:
            yield from ((forgotten[0], window) for window in forgotten[1].end())
        for message in one.messages:
            yield from ((one.id, window) for window in stream.add(message))
    for name, stream in streams.items():
        yield from ((name, window) for window in stream.end())
