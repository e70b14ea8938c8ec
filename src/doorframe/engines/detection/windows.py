"""A long conversation as windows, message by message: the same windows whether it comes whole or drop by drop."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from doorframe.engines.detection.conversation import Message, Signal, Verdict, Window

SIZE = 8
"""Messages of a window at most."""

STEP = 4
"""After so many new messages the next window is made, so each message stands in two, once with what came before it."""

PAUSE = 6 * 3600.0
"""Seconds of silence after which a conversation begins anew."""


class Stream:
    """The windows of one conversation, as its messages come. Memory holds SIZE messages.

    Messages come in the order in which they were written; one whose clock is behind the one before stays where it came.
    """

    def __init__(self, conversation: str) -> None:
        self.conversation = conversation
        self._last: deque[Message] = deque(maxlen=SIZE)
        self._new = 0

    def add(self, message: Message) -> list[Window]:
        """Take one message; give the windows that are ready."""
        ready = self.end() if self._paused(message) else []
        self._last.append(message)
        self._new += 1
        if self._new >= STEP and len(self._last) == SIZE:
            ready.append(self._window())
        return ready

    def end(self) -> list[Window]:
        """What is left when nothing more comes, or after a pause: messages that stood in no window yet."""
        ready = [self._window()] if self._new and self._last else []
        self._last.clear()
        return ready

    def _window(self) -> Window:
        self._new = 0
        return Window(f"{self.conversation}/{self._last[-1].id}", tuple(self._last))

    def _paused(self, message: Message) -> bool:
        last = self._last[-1].at if self._last else None
        return last is not None and message.at is not None and message.at - last > PAUSE


def windows(conversation: str, messages: Iterable[Message]) -> Iterator[Window]:
    """Every window of a conversation that is there as a whole."""
    stream = Stream(conversation)
    for message in messages:
        yield from stream.add(message)
    yield from stream.end()


def strongest(verdicts: Iterable[Verdict]) -> list[tuple[Verdict, Signal]]:
    """Of signals about the same message in several windows the one with the highest score, in the order they came.

    Only what is done here and stood in an alert; each with the verdict of its window.
    """
    found: dict[str, tuple[Verdict, Signal]] = {}
    for verdict in verdicts:
        for one in verdict.signals:
            if not verdict.alert or one.direction != "towards":
                continue
            before = found.get(one.message_id)
            if before is None or one.score > before[1].score:
                found[one.message_id] = (verdict, one)
    return list(found.values())
