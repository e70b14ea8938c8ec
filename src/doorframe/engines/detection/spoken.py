"""A window as a model reads it: each speaker a letter, names in the text the same letter. Who speaks stays, who it is
does not: the same words judge the same whoever says them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from doorframe.engines.detection.conversation import Message

LETTERS = "pqrstvwxyz"
"""One a speaker, in the order in which they first speak; whoever comes after the last shares it."""

_SHORTEST = 3
"""A part of a name must be so long before it is taken out of the text: “Al” and “Jo” are words too, whole names not."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message as a model reads it: "p: that never happened".

    text    the words
    places  for each code point of the original text, and one past its end, where it stands in `text`
    """

    text: str
    places: tuple[int, ...]

    def place(self, offset: int) -> int:
        """Where a code point of the original stands in `text`."""
        return self.places[max(0, min(offset, len(self.places) - 1))]

    def origin(self, offset: int) -> int:
        """The code point of the original that stands at an offset of `text`, or the nearest after it."""
        return min(bisect_left(self.places, offset), len(self.places) - 1)


def letters(messages: Sequence[Message]) -> dict[str, str]:
    """The letter of each author."""
    found: dict[str, str] = {}
    for one in messages:
        found.setdefault(one.author, LETTERS[min(len(found), len(LETTERS) - 1)])
    return found


def spoken(messages: Sequence[Message]) -> list[Said]:
    """Each message with its speaker's letter before it, and with letters for the names of those who speak."""
    whose = letters(messages)
    names = {name: letter for author, letter in whose.items() for name in called(author)}
    pattern = naming(names)
    return [_said(one.text, whose[one.author], pattern, names) for one in messages]


def called(author: str) -> list[str]:
    """The ways in which an author may be called: the whole name, and its longer parts."""
    whole = author.strip().lower()
    parts = [part for part in re.split(r"[\W_\d]+", whole) if len(part) >= _SHORTEST]
    return [one for one in dict.fromkeys([whole, *parts]) if one and one not in _WORDS]


_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the mod admin moderator host helper user member speaker nurse doctor sponsor mum mom dad and for you anon "
        "guest coach lead leader facilitator therapist friend unknown night team peer group support",
    )
)
"""Parts of names that are words of every conversation."""


def naming(names: Collection[str]) -> re.Pattern[str] | None:
    """What finds any of these names in a text, a handle's sign with it; None where there are none."""
    if not names:
        return None
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(r"(?<!\w)@?(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)


def _said(text: str, letter: str, pattern: re.Pattern[str] | None, names: dict[str, str]) -> Said:
    made, at, last = [f"{letter}: "], 3, 0
    places: list[int] = []
    for match in pattern.finditer(text) if pattern else ():
        at = _plain(text, last, match.start(), made, places, at)
        word = names.get(match[0].lstrip("@").lower(), "somebody")
        places += [at] * (match.end() - match.start())
        made.append(word)
        at += len(word)
        last = match.end()
    at = _plain(text, last, len(text), made, places, at)
    return Said("".join(made), (*places, at))


def _plain(text: str, start: int, end: int, made: list[str], places: list[int], at: int) -> int:
    """Words as they are, without signs that only steer a screen."""
    for sign in text[start:end]:
        places.append(at)
        if unicodedata.category(sign) not in {"Cf", "Cc"} or sign in "\n\t\u200d":
            made.append(sign)
            at += 1
    return at
