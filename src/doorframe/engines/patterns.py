"""Word patterns: how a content file says which sentences it means, without writing regular expressions.

    accept|approve .. friend|contact request*      alternatives, a gap of up to four words, any ending
    <not> ... <search> <client>                    word classes, from audit/words.toml
    friend request* && <not>                       both, in any order
    friend request* && !my friend                  the first, and not the second
    ^please note                                   at the beginning of the sentence
    go+to|visit hospital                           words that belong together inside an alternative
    the? nearest                                   may be left out
    google\\+                                       a plus sign itself

A hyphen in a pattern may be a hyphen, a space or nothing in the text: `e-mail` finds "email", "e-mail" and "e mail".
Capitals never count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Generic, TypeVar

_GAPS = {"..": 4, "...": 10, "....": 25}
_CLASS = re.compile(r"<([a-z][a-z0-9-]*)>")
_KEY = 6
"""Letters of a word by which patterns are found quickly."""

_MOST_WORDS = 50_000
"""Different words whose patterns an index remembers."""

_TOKENS = re.compile(r"\w+(?:['&]\w+)*[+%]*")
_WORDS = re.compile(r"[a-z0-9]+")
_PLAIN = re.compile(r"[^<>*+\\]+")
_PLUS = re.compile(r"(?<!\\)\+")


class PatternError(ValueError):
    """A pattern that cannot be read; the message says why."""


@dataclass(frozen=True)
class Pattern:
    """One pattern. Its expressions are made when it is first tried: most are never needed for one text.

    source   as it is written in content
    finds    every one of these must be found; the first gives the words that are quoted
    bars     none of these may be found
    needs    beginnings of words; of each set every match holds at least one
    """

    source: str
    finds: tuple[str, ...]
    bars: tuple[str, ...]
    needs: tuple[frozenset[str], ...]

    def search(self, sentence: str) -> str | None:
        """The words of a sentence in small letters that the first part finds, or None."""
        held = _held(sentence)
        if any(need.isdisjoint(held) for need in self.needs):
            return None
        found = self.find(_flat(sentence))
        return found.group().strip() if found else None

    def find(self, flat: str) -> re.Match[str] | None:
        """Where the first part stands in words with a space before and after each, or None."""
        finds, bars = self._ready
        first = finds[0].search(flat)
        if first is None:
            return None
        if any(other.search(flat) is None for other in finds[1:]):
            return None
        return None if any(bar.search(flat) for bar in bars) else first

    @cached_property
    def _ready(self) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
        return [_compiled(one) for one in self.finds], [_compiled(one) for one in self.bars]


Meaning = TypeVar("Meaning")
Classes = Mapping[str, Sequence[str]]


class Vocabulary(dict[str, Sequence[str]]):
    """Word classes that remember what was made from them, so that nothing is made twice."""

    def __init__(self, classes: Classes) -> None:
        super().__init__(classes)
        self.patterns: dict[str, Pattern] = {}
        self.expressions: dict[str, str] = {}
        self.beginnings: dict[str, list[frozenset[str]]] = {}


def pattern(source: str, classes: Classes) -> Pattern:
    """Read one pattern. Raises PatternError with a reason."""
    if not isinstance(classes, Vocabulary):
        return _pattern(source, Vocabulary(classes))
    if source not in classes.patterns:
        classes.patterns[source] = _pattern(source, classes)
    return classes.patterns[source]


def _pattern(source: str, classes: Vocabulary) -> Pattern:
    finds, bars = [], []
    needs: list[frozenset[str]] = []
    for part in source.split("&&"):
        part = part.strip()
        if not part:
            raise PatternError(f"“{source}” has an empty part")
        if part.startswith("!"):
            bars.append(_sequence(part[1:].strip(), classes, ()))
            continue
        finds.append(_sequence(part, classes, ()))
        needs += _needs(part, classes, ())
    if not finds:
        raise PatternError(f"“{source}” says only what it does not mean")
    # The rarest first: a set whose shortest word is longest, then the smaller one.
    needs.sort(key=lambda words: (-min(map(len, words)), len(words)))
    return Pattern(source, tuple(finds), tuple(bars), tuple(needs))


@lru_cache(maxsize=1024)
def _flat(sentence: str) -> str:
    """The words alone, a space before and after each: quick to search, and signs never stand in the way."""
    return f" {' '.join(_TOKENS.findall(sentence))} "


@lru_cache(maxsize=1024)
def _held(sentence: str) -> frozenset[str]:
    """The beginnings of all words of a sentence."""
    return frozenset(begun for word in _WORDS.findall(sentence) for begun in beginnings(word))


@lru_cache(maxsize=16384)
def beginnings(word: str) -> tuple[str, ...]:
    """How a word may begin, as patterns look for it."""
    return tuple(word[:size] for size in range(1, _KEY + 1))


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _sequence(part: str, classes: Vocabulary, within: tuple[str, ...]) -> str:
    """A regular expression for words in a row, each with the space before it."""
    start = part.startswith("^")
    tokens = part.removeprefix("^").split()
    if not tokens or tokens[0] in _GAPS or tokens[-1] in _GAPS or all(map(_optional, tokens)):
        raise PatternError(f"“{part}” must begin and end with a word, and need one")
    out = ["^" if start else ""]
    for token in tokens:
        if token in _GAPS:
            out.append(rf"(?: [^ ]+){{0,{_GAPS[token]}}}?")
            continue
        word = _word(token.removesuffix("?") if _optional(token) else token, classes, within)
        out.append(f"{word}?" if _optional(token) else word)
    return "".join(out)


def _optional(token: str) -> bool:
    return token.endswith("?") and len(token) > 1


def _word(token: str, classes: Vocabulary, within: tuple[str, ...]) -> str:
    """The alternatives of one token. Plain words share what stands around them: that halves what must be read."""
    branches = token.split("|")
    if "" in branches:
        raise PatternError("an alternative is empty")
    plain = [_stem(branch) for branch in branches if _PLAIN.fullmatch(branch)]
    open_ended = [_stem(branch[:-1]) for branch in branches if branch.endswith("*") and _PLAIN.fullmatch(branch[:-1])]
    found = [f" (?:{'|'.join(plain)})(?:'s)?(?= )"] if plain else []
    found += [f" (?:{'|'.join(open_ended)})[^ ]*"] if open_ended else []
    found += [_branch(branch, classes, within) for branch in branches if not _PLAIN.fullmatch(branch.removesuffix("*"))]
    return f"(?:{'|'.join(found)})"


def _branch(branch: str, classes: Vocabulary, within: tuple[str, ...]) -> str:
    named = _CLASS.fullmatch(branch)
    if not named:
        return "".join(_literal(word) for word in _PLUS.split(branch))
    name = named.group(1)
    if name in within:
        raise PatternError(f"the word class <{name}> holds itself")
    if name not in classes:
        raise PatternError(f"there is no word class <{name}>")
    if name not in classes.expressions:
        sequences = [_sequence(item, classes, (*within, name)) for item in classes[name]]
        classes.expressions[name] = "|".join(sequences)
    return classes.expressions[name]


def _literal(word: str) -> str:
    """One word with the space before it: a star for any ending, a hyphen that may be a space or nothing."""
    stem = _stem(word.removesuffix("*"))
    return f" {stem}[^ ]*" if word.endswith("*") else f" {stem}(?:'s)?(?= )"


def _stem(word: str) -> str:
    if not word:  # a star alone is any word; it is still a word
        return "[^ ]"
    return " ?".join(re.escape(piece) for piece in word.replace("\\+", "+").split("-"))


def _needs(part: str, classes: Vocabulary, within: tuple[str, ...]) -> list[frozenset[str]]:
    """For each word that a sequence cannot do without: how it may begin. Words that tell nothing are left out."""
    tokens = [token for token in part.removeprefix("^").split() if token not in _GAPS and not _optional(token)]
    return [found for token in tokens if (found := _beginnings(token, classes, within))]


def _beginnings(token: str, classes: Vocabulary, within: tuple[str, ...]) -> frozenset[str]:
    """How the words of one token may begin; empty where one of its alternatives tells nothing."""
    found: set[str] = set()
    for branch in token.split("|"):
        named = _CLASS.fullmatch(branch)
        inner = _class_beginnings(named.group(1), classes, within) if named else [frozenset({_word_key(branch)} - {""})]
        if not all(inner):
            return frozenset()
        found.update(*inner)
    return frozenset(found)


def _class_beginnings(name: str, classes: Vocabulary, within: tuple[str, ...]) -> list[frozenset[str]]:
    """How each item of a word class may begin."""
    if name not in classes.beginnings:
        items = classes.get(name, ())
        classes.beginnings[name] = [_best(_needs(item, classes, (*within, name))) for item in items]
    return classes.beginnings[name]


def _best(needs: list[frozenset[str]]) -> frozenset[str]:
    return max(needs, key=lambda words: min(map(len, words)), default=frozenset())


def _word_key(branch: str) -> str:
    """The first letters of the longest plain piece of an alternative, "" where there is none to rely on."""
    pieces = [piece for word in _PLUS.split(branch) for piece in _pieces(word)]
    return max(pieces, key=len, default="")[:_KEY]


def _pieces(word: str) -> list[str]:
    # "e-mail" may stand as "email": only its first piece is sure to begin a word, and it may be longer there.
    stem = word.removesuffix("*").split("-")[0]
    run = re.match(r"[a-z0-9]+", stem)
    return [run.group()] if run else []


class Index(Generic[Meaning]):
    """Many patterns, of which only those that a sentence can hold are tried."""

    def __init__(self, patterns: Iterable[tuple[Pattern, Meaning]]) -> None:
        self._all = list(patterns)
        self._any = [place for place, (one, _) in enumerate(self._all) if not one.needs]
        self._by_need: dict[str, list[int]] = {}
        for place, (one, _) in enumerate(self._all):
            for beginning in one.needs[0] if one.needs else ():
                self._by_need.setdefault(beginning, []).append(place)
        self._of_word: dict[str, tuple[int, ...]] = {}

    def search(self, sentence: str) -> list[tuple[Meaning, str]]:
        """What each pattern that stands in a sentence means, with the words it finds, in the order given."""
        held = _held(sentence)
        places = {place for beginning in held for place in self._by_need.get(beginning, ())}.union(self._any)
        found = []
        for place in sorted(places):
            one, means = self._all[place]
            words = one.search(sentence)
            if words is not None:
                found.append((means, words))
        return found

    def find(self, words: Iterable[str], flat: str) -> list[tuple[Meaning, re.Match[str]]]:
        """Like `search`, for a sentence that is words already; gives where in `flat` each pattern stands.

        Patterns come in the order given. `flat` holds the words with a space before and after each.
        """
        places: set[int] = set(self._any)
        held: set[str] = set()
        for word in words:
            if word not in self._of_word:
                self._remember(word)
            places.update(self._of_word[word])
        if not places:
            return []
        for word in words:
            held.update(_parts_of(word))
        found = []
        for place in sorted(places):
            one, means = self._all[place]
            if any(need.isdisjoint(held) for need in one.needs[1:]):
                continue
            match = one.find(flat)
            if match is not None:
                found.append((means, match))
        return found

    def _remember(self, word: str) -> None:
        if len(self._of_word) >= _MOST_WORDS:
            self._of_word.clear()
        begun = {place for one in _parts_of(word) for place in self._by_need.get(one, ())}
        self._of_word[word] = tuple(begun)


@lru_cache(maxsize=16384)
def _parts_of(word: str) -> frozenset[str]:
    """The beginnings of the letters in one token: "o'clock" begins as "o" and as "clock" do."""
    return frozenset(begun for piece in _WORDS.findall(word) for begun in beginnings(piece))
