"""The patterns of `engines.patterns`, found without regular expressions: quick for very many patterns at once.

What is found is what the regular expressions find: the leftmost place, alternatives in the order they are written,
the shortest gap first. A sentence is a tuple of words in small letters; a span is (first word, word after the last).

Three steps, each cheaper than the next:
1. `Sentence.held`: one pass of bits over the words says which parts of patterns may stand here, their words in order.
2. An element ("friend|contact", "<client>") knows for each word what can begin there; that is kept between sentences.
3. A part goes from element to element. The places it can have reached stay in the order a regular expression tries
   them, each once: so the first is the same, and no repetition makes it slow.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from doorframe.engines.screening.beginnings import CLASS, GAPS, PLUS, Beginnings, Begins, optional

MOST_WORDS = 16384
"""Different words of which a matcher remembers what can begin there."""

_PLAIN = re.compile(r"[^<>*+\\]+")

_WITHIN, _WHOLE, _OPEN = range(3)
"""How a word of a pattern stands: as it is; as it is or with 's; with any ending."""

Test = tuple[str, int]
Rest = tuple[Test, ...]
Span = tuple[int, int]
ALONE: Rest = ()
"""Nothing follows: the word is the whole of it."""


def _fits(word: str, test: Test) -> bool:
    text, how = test
    if how == _OPEN:
        return word.startswith(text)
    return word == text or (how == _WHOLE and word == text + "'s")


@dataclass(slots=True, eq=False)
class Word:
    """What a matcher remembers of one word: the slots it may begin, and for each element what begins there.

    may  the slots as bytes: an element whose bit is not set there need not be asked
    """

    begins: Begins
    may: bytes
    steps: dict[Element, tuple[Step, ...]] = field(default_factory=dict)


class Element:
    """One token: words, runs of words and word classes, any of which may stand. What it says is read when asked."""

    __slots__ = ("_exact", "_inner", "_matcher", "_open", "_read", "bit", "byte", "source")

    def __init__(self, source: str, slot: int, matcher: Matcher) -> None:
        self.source = source
        self.byte, self.bit = slot // 8, 1 << slot % 8
        self._matcher = matcher
        self._read = False

    def steps(self, text: str, word: Word) -> tuple[Step, ...]:
        """What can begin at a word, in the order it is tried: the words that must follow, or a row of elements."""
        if not word.may[self.byte] & self.bit:
            return ()
        known = word.steps.get(self)
        if known is None:
            known = word.steps[self] = tuple(dict.fromkeys(self._begun(text, word)))
        return known

    def ends(self, sentence: Sentence, at: int) -> Sequence[int]:
        """The words after the last, for all that stands at a word, each once and in the order it is tried."""
        if at >= len(sentence.words) or not sentence.known[at].may[self.byte] & self.bit:
            return ()
        steps = self.steps(sentence.words[at], sentence.known[at])
        if not steps:
            return ()
        if len(steps) == 1 and steps[0] == ALONE:
            return (at + 1,)
        found = sentence.ends.get((self, at))
        if found is None:
            found = sentence.ends[self, at] = _ends(steps, sentence, at)
        return found

    def _begun(self, text: str, word: Word) -> Iterator[Step]:
        if not self._read:
            self._prepare()
        found: list[tuple[int, Step]] = [(rank, rest) for rank, _, rest in self._exact.get(text, ())]
        if text.endswith("'s"):
            found += [(rank, rest) for rank, how, rest in self._exact.get(text[:-2], ()) if how == _WHOLE]
        found += [(rank, rest) for rank, begun, rest in self._open if text.startswith(begun)]
        for rank, inner in self._inner:
            found += [(rank, step) for step in inner.begun(text, word)]
        # Stable: what stems from one alternative keeps its own order.
        found.sort(key=lambda pair: pair[0])
        return (step for _, step in found)

    def _prepare(self) -> None:
        exact: dict[str, list[tuple[int, int, Rest]]] = {}
        opened: list[tuple[int, str, Rest]] = []
        inner: list[tuple[int, Row]] = []
        for rank, one in enumerate(alternatives(self.source)):
            if isinstance(one, str):
                inner += [(rank, row) for row in self._matcher.rows_of(one)]
            elif one[0][1] == _OPEN:
                opened.append((rank, one[0][0], one[1:]))
            else:
                exact.setdefault(one[0][0], []).append((rank, one[0][1], one[1:]))
        self._exact, self._open, self._inner = exact, opened, inner
        self._read = True


def _ends(steps: Iterable[Step], sentence: Sentence, at: int) -> tuple[int, ...]:
    words, flags = sentence.words, sentence.flags
    found: dict[int, None] = {}
    for step in steps:
        if isinstance(step, Row):
            if flags[step.byte] & step.bit:
                for end in step.ends(sentence, at):
                    found[end] = None
            continue
        end = at + 1 + len(step)
        if end <= len(words) and all(map(_fits, words[at + 1 : end], step)):
            found[end] = None
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Move:
    """One element of a row. gap: words that may stand before it, at most; optional: it may be left out."""

    gap: int
    element: Element
    optional: bool


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Elements one after the other. first: only at the beginning of a sentence.

    place      the bit of a sentence's held that says that it may stand there
    byte, bit  the same in the sentence's flags
    """

    moves: tuple[Move, ...]
    first: bool
    place: int
    byte: int
    bit: int

    def begun(self, text: str, word: Word) -> Iterable[Step]:
        """What can begin at a word. A row of one element is that element, so that nothing is in the way."""
        if len(self.moves) == 1 and not self.first:
            return self.moves[0].element.steps(text, word)
        for move in self.moves:
            if move.gap or move.element.steps(text, word):
                return (self,)
            if not move.optional:
                return ()
        return ()

    def ends(self, sentence: Sentence, at: int) -> Sequence[int]:
        """The words after the last, in the order they are tried."""
        if (self.first and at) or not sentence.flags[self.byte] & self.bit:
            return ()
        reached: Collection[int] = (at,)
        for move in self.moves:
            if move.gap or move.optional or len(reached) > 1:
                reached = _moved(move, sentence, reached)
            else:
                reached = move.element.ends(sentence, *reached)
            if not reached:
                return ()
        return tuple(reached)

    def find(self, sentence: Sentence) -> Span | None:
        """The leftmost place where it stands."""
        if not sentence.flags[self.byte] & self.bit:
            return None
        begins, known = self.moves[0], sentence.known
        byte, bit, skips = begins.element.byte, begins.element.bit, begins.optional or begins.gap
        for at in range(1 if self.first else len(known)):
            if (skips or known[at].may[byte] & bit) and (found := self.ends(sentence, at)):
                return at, found[0]
        return None


Step = Rest | Row


def _moved(move: Move, sentence: Sentence, reached: Iterable[int]) -> dict[int, None]:
    """Where one move can end, from each place reached; the shortest gap first, and leaving out last."""
    element, known = move.element, sentence.known
    size, byte, bit = len(known), element.byte, element.bit
    found: dict[int, None] = {}
    for at in reached:
        for begin in range(at, min(at + move.gap, size) + 1):
            # Asked here and not in `ends`: that saves a call for nearly every word.
            if begin < size and known[begin].may[byte] & bit:
                for end in element.ends(sentence, begin):
                    found[end] = None
            if move.optional:
                found[begin] = None
    return found


def alternatives(token: str) -> Iterator[tuple[Test, ...] | str]:
    """What one token allows, in the order it is tried: rows of words, or the name of a word class.

    Plain words come first, then those with any ending, then runs and classes: as the regular expressions have it.
    """
    branches = token.split("|")
    plain = [one for one in branches if _PLAIN.fullmatch(one)]
    opened = [one for one in branches if one.endswith("*") and _PLAIN.fullmatch(one[:-1])]
    for branch in (*plain, *opened):
        yield from _spelt(branch)
    for branch in branches:
        if _PLAIN.fullmatch(branch.removesuffix("*")):
            continue
        named = CLASS.fullmatch(branch)
        if named:
            yield named.group(1)
            continue
        for run in product(*(tuple(_spelt(word)) for word in PLUS.split(branch))):
            yield tuple(test for spelt in run for test in spelt)


def _spelt(word: str) -> Iterator[tuple[Test, ...]]:
    """One word as it may be spelt: "e-mail" is "e mail" or "email"."""
    how = _OPEN if word.endswith("*") else _WHOLE
    pieces = word.removesuffix("*").replace("\\+", "+").split("-")
    for signs in product(" ", *((" ", "") for _ in pieces[1:])):
        parts = "".join(sign + piece for sign, piece in zip(signs, pieces, strict=True))[1:].split(" ")
        yield (*((part, _WITHIN) for part in parts[:-1]), (parts[-1], how))


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """One pattern: every one of finds must stand, none of bars; the first of finds gives the words."""

    finds: tuple[Row, ...]
    bars: tuple[Row, ...]


class Matcher:
    """Many patterns over the same word classes. Safe to share between threads once `ready` has been called."""

    def __init__(self, classes: Mapping[str, Sequence[str]]) -> None:
        self._beginnings = Beginnings(classes)
        self._elements: dict[str, Element] = {}
        self._rows: dict[str, Row] = {}
        self._sought: dict[str, Sought] = {}
        self._words: dict[str, Word] = {}
        self._stranger: Word | None = None
        self._classes = {name: tuple(map(self._row, items)) for name, items in classes.items()}

    def add(self, source: str) -> Sought:
        """Read one pattern, which `engines.patterns.pattern` must be able to read."""
        if source in self._sought:
            return self._sought[source]
        finds, bars = [], []
        for part in map(str.strip, source.split("&&")):
            if part.startswith("!"):
                bars.append(self._row(part[1:].strip()))
            else:
                finds.append(self._row(part))
        found = self._sought[source] = Sought(tuple(finds), tuple(bars))
        return found

    def ready(self) -> None:
        """Note which words can begin what. Called once, when every pattern has been added."""
        self._beginnings.ready()

    def read(self, words: tuple[str, ...]) -> Sentence:
        """A sentence, made ready to be asked."""
        known = []
        for text in words:
            word = self._words.get(text)
            known.append(word if word is not None else self._remember(text))
        held = self._beginnings.held([word.begins for word in known])
        return Sentence(words, known, held, self._beginnings.flags(held))

    def rows_of(self, name: str) -> tuple[Row, ...]:
        """The items of a word class."""
        return self._classes[name]

    def _remember(self, text: str) -> Word:
        if len(self._words) >= MOST_WORDS:
            self._words.clear()
        begins = self._beginnings.of(text)
        if begins.strange:
            self._stranger = self._stranger or self._word(begins)
        found = self._words[text] = self._stranger if begins.strange and self._stranger else self._word(begins)
        return found

    def _word(self, begins: Begins) -> Word:
        return Word(begins, self._beginnings.flags(begins.alone | begins.led))

    def _row(self, source: str) -> Row:
        if source in self._rows:
            return self._rows[source]
        moves, gap = [], 0
        for token in source.removeprefix("^").split():
            if token in GAPS:
                gap += GAPS[token]
                continue
            moves.append(
                Move(gap, self._element(token.removesuffix("?") if optional(token) else token), optional(token))
            )
            gap = 0
        needed = [move.element.source for move in moves if not move.optional]
        place = self._beginnings.row(needed, [move.element.source for move in moves if move.optional])
        found = self._rows[source] = Row(tuple(moves), source.startswith("^"), place, place // 8, 1 << place % 8)
        return found

    def _element(self, token: str) -> Element:
        if token not in self._elements:
            self._elements[token] = Element(token, self._beginnings.slot(token), self)
        return self._elements[token]


class Sentence:
    """One sentence and what is already known of it: nothing in it is looked for twice.

    held, flags  the bits of the rows that may stand in it
    """

    __slots__ = ("_found", "ends", "flags", "held", "known", "words")

    def __init__(self, words: tuple[str, ...], known: list[Word], held: int, flags: bytes) -> None:
        self.words, self.known, self.held, self.flags = words, known, held, flags
        self.ends: dict[tuple[Element, int], tuple[int, ...]] = {}
        self._found: dict[Row, Span | None] = {}

    def likely(self, among: int) -> Iterator[int]:
        """Of the places of rows in these bits, those that may stand here."""
        left = self.held & among
        while left:
            lowest = left & -left
            left ^= lowest
            yield lowest.bit_length() - 1

    def find(self, sought: Sought) -> Span | None:
        """Where a pattern stands: the words of its first part; None where it does not."""
        flags = self.flags
        for row in sought.finds:
            if not flags[row.byte] & row.bit:
                return None
        for row in sought.finds:
            if self._stands(row) is None:
                return None
        if any(map(self._stands, sought.bars)):
            return None
        return self._stands(sought.finds[0])

    def _stands(self, row: Row) -> Span | None:
        if row not in self._found:
            self._found[row] = row.find(self)
        return self._found[row]
