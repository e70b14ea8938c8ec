"""What every format gives: conversations, and an account of what was taken and what was left out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Generic, TypeVar

from doorframe.engines.detection.conversation import Message

LONGEST_TEXT = 20_000
"""Code points of one message that are read; a model sees less of it."""

LONGEST_NAME = 200

REMEMBERED = 1_000_000
"""Ids that are remembered, so that one that comes again is noticed. Of more the oldest are forgotten."""

OPEN = 10_000
"""Conversations that are followed at once."""

EMPTY = "without words"
NOTICE = "notices of the program"
MEDIA = "pictures and sounds that the export does not hold"
BROKEN = "broken"
TWICE = "twice under one id"

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Unreadable(ValueError):
    """An export cannot be read at all. Its words are for a person and hold nothing of the export."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A stretch of one conversation: messages that stand together in the export, to be taken before the next stretch.

    Where an export mixes conversations, an id comes again with what follows.
    """

    id: str
    messages: Iterable[Message]


@dataclass
class Told:
    """What is counted while an export is read.

    name   how a conversation is called where the export does not say
    left   how many were left out, by reason
    back   messages whose time lies before that of the message before; they stay where they stand
    cut    messages of which only the beginning was read
    notes  further sentences, for example how dates were read
    """

    name: str = "export"
    messages: int = 0
    left: Counter[str] = field(default_factory=Counter)
    back: int = 0
    cut: int = 0
    notes: list[str] = field(default_factory=list)

    def said(self, how: str) -> list[str]:
        """In sentences, for a person."""
        reasons = ", ".join(f"{number} {reason}" for reason, number in self.left.most_common())
        left = f"; left out were {self.left.total()}: {reasons}" if reasons else "; nothing was left out"
        lines = [f"Read as {how}: {_many(self.messages, 'message')}{left}.", *self.notes]
        if self.back:
            lines.append(f"{_many(self.back, 'message')} with a time before the one above; they stay where they stand.")
        if self.cut:
            lines.append(f"{_many(self.cut, 'message')} longer than {LONGEST_TEXT:,} letters; the beginning was read.")
        return lines


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


class Latest(dict[Key, Value], Generic[Key, Value]):
    """A dictionary that forgets what was put in first when it holds more than `most`."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: Key, value: Value) -> tuple[Key, Value] | None:
        """Put in; give what was forgotten for it. What is put in again counts as new."""
        self.pop(key, None)
        self[key] = value
        if len(self) <= self._most:
            return None
        oldest = next(iter(self))
        return oldest, self.pop(oldest)


def stretches(pairs: Iterable[tuple[str, Message]], told: Told) -> Iterator[Conversation]:
    """(conversation, message) in the order of the export as conversations: tidy, counted, nothing twice."""
    for name, rows in groupby(_counted(pairs, told), key=itemgetter(0)):
        yield Conversation(name, (message for _, message in rows))


def _counted(pairs: Iterable[tuple[str, Message]], told: Told) -> Iterator[tuple[str, Message]]:
    seen: Latest[int, None] = Latest(REMEMBERED)
    last: Latest[str, float] = Latest(OPEN)
    for name, raw in pairs:
        message = tidy(raw, told)
        if not message.text.strip():
            told.left[EMPTY] += 1
            continue
        key = hash((name, message.id))
        if key in seen:
            told.left[TWICE] += 1
            continue
        seen.keep(key, None)
        if message.at is not None:
            told.back += message.at < last.get(name, message.at)
            last.keep(name, message.at)
        told.messages += 1
        yield name, message


def tidy(message: Message, told: Told) -> Message:
    """A message without halves of letters and signs that steer a screen, and not longer than is read."""
    text = whole(message.text[: LONGEST_TEXT + 1].replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > LONGEST_TEXT:
        told.cut += 1
        text = text[:LONGEST_TEXT]
    return replace(message, text=text, author=name(message.author))


def whole(text: str) -> str:
    """Text that can be written as UTF-8, without control characters except line ends and tabs."""
    return _CONTROL.sub("", text.encode("utf-8", "replace").decode())


def name(author: str) -> str:
    """An author's name on one line, without marks that cannot be seen."""
    plain = whole(author[: 2 * LONGEST_NAME])
    if plain.isascii():
        return " ".join(plain.split())[:LONGEST_NAME]
    seen = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf" or sign == "\u200d")
    return " ".join(seen.split())[:LONGEST_NAME]
