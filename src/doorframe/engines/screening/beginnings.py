"""Which words can begin the elements of patterns: a quick first look, which lets through too much and never too little.

Each element that a row of a pattern needs has a slot, one bit of a whole number. One pass over the words of a sentence
tells for every row at once whether its elements may begin here one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

GAPS = {"..": 4, "...": 10, "....": 25}
"""How many words may stand between, at most."""

CLASS = re.compile(r"<([a-z][a-z0-9-]*)>")
PLUS = re.compile(r"(?<!\\)\+")


@dataclass(frozen=True, slots=True)
class Begins:
    """Slots that one word may begin. alone: whatever follows; led: if the next word follows; follows: as that word.

    strange  no element speaks of it: then it is like every other such word
    """

    alone: int
    led: int
    follows: int
    strange: bool


class Beginnings:
    """Slots by the words that can begin them."""

    def __init__(self, classes: Mapping[str, Sequence[str]]) -> None:
        self._classes = classes
        self._slots_of: dict[str, int] = {}
        self._size = 0
        self._first = 0
        self._tables: tuple[dict[str, int], ...] = ({}, {}, {}, {}, {})
        self._longest = 0

    def row(self, tokens: Iterable[str], others: Iterable[str]) -> int:
        """Give a slot to each token that a row needs, none to others; the place of the last, which `held` speaks of."""
        self._first |= 1 << self._size
        for token in others:
            for one in (token, *named(token)):
                self._slots_of.setdefault(one, 0)
        for token in tokens:
            bit = 1 << self._size
            for one in (token, *named(token)):
                self._slots_of[one] = self._slots_of.get(one, 0) | bit
            self._size += 1
        return self._size - 1

    def slot(self, token: str) -> int:
        """A slot that says whether a word may begin this token, whatever stands before it."""
        bits = self._slots_of.get(token, 0)
        if not bits:
            bits = 1 << self._size
            self._first |= bits
            for one in (token, *named(token)):
                self._slots_of[one] = self._slots_of.get(one, 0) | bits
            self._size += 1
        return (bits & -bits).bit_length() - 1

    def ready(self) -> None:
        """Note which words begin what. Called once, when every row has its slots."""
        slots = self._slots_of
        for name in self._outermost_first():
            bits = slots.get(f"<{name}>", 0)
            for item in self._classes[name]:
                for token in leading(item):
                    for one in (token, *named(token)):
                        slots[one] = slots.get(one, 0) | bits
        for token, bits in slots.items():
            for table, text in _heads(token):
                known = self._tables[table]
                known[text] = known.get(text, 0) | bits
        self._longest = max(map(len, (*self._tables[3], *self._tables[4])), default=0)

    def of(self, text: str) -> Begins:
        """What one word can begin."""
        alone, led, follows, alone_open, follows_open = self._tables
        whole = {text, text.removesuffix("'s")}
        begun = [text[:size] for size in range(1, min(len(text), self._longest) + 1)]
        strange = not any(
            one in table
            for table, texts in ((alone, whole), (led, whole), (follows, whole), (alone_open, begun),
                                 (follows_open, begun)) for one in texts
        )  # fmt: skip
        first = alone_open.get("", 0)
        second = follows_open.get("", 0)
        if strange:
            return Begins(first, 0, second, True)
        return Begins(
            first | _either(alone, whole) | _either(alone_open, begun),
            _either(led, whole),
            second | _either(follows, whole) | _either(follows_open, begun),
            False,
        )

    def held(self, words: Sequence[Begins]) -> int:
        """A bit for each slot that may be reached."""
        held, first = 0, self._first
        for place, word in enumerate(words, 1):
            begun = word.alone
            if word.led and place < len(words):
                begun |= word.led & words[place].follows
            held |= (held << 1 | first) & begun
        return held

    def flags(self, held: int) -> bytes:
        """The same bits, quick to look up: slot 0 in the lowest bit of the first byte."""
        return held.to_bytes(self._size // 8 + 1, "little")

    def _outermost_first(self) -> list[str]:
        """Word classes, each before those that its items can begin with."""
        order: dict[str, None] = {}

        def visit(name: str) -> None:
            if name in order:
                return
            for item in self._classes[name]:
                for token in leading(item):
                    for inner in named(token):
                        visit(inner[1:-1])
            order[name] = None

        for name in self._classes:
            visit(name)
        return list(reversed(order))


def _either(table: Mapping[str, int], texts: Iterable[str]) -> int:
    found = 0
    for text in texts:
        found |= table.get(text, 0)
    return found


def leading(item: str) -> Iterator[str]:
    """The tokens with which a row can begin; "*", any word, where it can begin with a gap."""
    for token in item.removeprefix("^").split():
        if token in GAPS:
            yield "*"
            return
        if not optional(token):
            yield token
            return
        yield token.removesuffix("?")


def optional(token: str) -> bool:
    """Whether a token may be left out."""
    return token.endswith("?") and len(token) > 1


def named(token: str) -> list[str]:
    """The word classes among the alternatives of a token, as they are written."""
    return [branch for branch in token.split("|") if CLASS.fullmatch(branch)] if "<" in token else []


_ALONE, _LED, _FOLLOWS, _ALONE_OPEN, _FOLLOWS_OPEN = range(5)


def _heads(token: str) -> Iterator[tuple[int, str]]:
    """The first words of each alternative, and the second words of runs, each with the table it belongs to."""
    for branch in token.split("|"):
        if "+" not in branch and "-" not in branch and "*" not in branch:
            yield _ALONE, branch
        elif not CLASS.fullmatch(branch):
            yield from _run_heads(PLUS.split(branch))


def _run_heads(run: Sequence[str]) -> Iterator[tuple[int, str]]:
    first = run[0].replace("\\+", "+")
    if first.endswith("*"):
        yield _ALONE_OPEN, first[:-1].split("-")[0]
        return
    pieces = first.split("-")
    for count in range(1, len(pieces)):
        yield _LED, "".join(pieces[:count])
        yield _FOLLOWS_OPEN, pieces[count]
    whole = "".join(pieces)
    if len(run) == 1:
        yield _ALONE, whole
        return
    yield _LED, whole
    second = run[1].replace("\\+", "+")
    if second.endswith("*") or "-" in second:
        yield _FOLLOWS_OPEN, second.removesuffix("*").split("-")[0]
    else:
        yield _FOLLOWS, second
