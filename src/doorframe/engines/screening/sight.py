"""All patterns of screening in one index, and what they see in a draft: one pass over its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from doorframe.engines.content.screening import Clearing, Detail, Rule, ScreeningRules, Sign
from doorframe.engines.screening.lines import Line, lines
from doorframe.engines.screening.matching import Matcher, Sentence, Sought, Span
from doorframe.engines.screening.verdict import Draft

Read = Sequence[tuple[int, Line, Sentence]]
"""The sentences of a draft, each with its number, and as the matcher reads it."""

_OPEN = frozenset({"region", "profession"})
"""Facts of a draft that count as the strictest one while they are not known."""

_MOST_PLACES = 256
"""Different countries, regions, professions and kinds together for which a sieve remembers what holds."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What a pattern speaks for. part is "cue", "near" or "unless" of a sign."""

    of: tuple[Rule, Sign] | Detail | Clearing
    part: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One cue in one sentence: the sentence's place in the draft's sentences, and code points of the draft."""

    cue: Cue
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class _Watch:
    """A sign, a detail or a clearing, as the matcher looks for it."""

    cue: Cue
    bars: tuple[Sought, ...]
    near: tuple[Sought, ...]
    unless: tuple[Sought, ...]


@dataclass(frozen=True, slots=True)
class _Here:
    """What is looked for in one kind of draft: the numbers of the watches, and the places of their cues as bits."""

    watches: frozenset[int]
    places: int


class Sieve:
    """The rules made ready. Safe to share between threads once it is made.

    alone  signs that are a number of somebody's, whatever stands around it
    firm   the ids of their rules: no second reader overrules a number that was counted through
    """

    def __init__(self, rules: ScreeningRules) -> None:
        self.rules = rules
        self._matcher = Matcher(rules.classes)
        self._watches: list[_Watch] = []
        self._places: list[int] = []
        self._cues: dict[int, list[tuple[int, int, Sought]]] = {}
        self._signs = [(sign, self._watch((rule, sign), sign)) for rule in rules.rules.values() for sign in rule.signs]
        self._numbers = {id(sign): number for sign, number in self._signs}
        self.alone = [(rule, sign) for rule in rules.rules.values() for sign in rule.signs if sign.marked]
        self.firm = frozenset(rule.id for rule, _ in self.alone)
        self._details = self._here([self._watch(one, one) for one in rules.details])
        self._clearings = self._here([self._watch(one, one) for one in rules.clearings])
        self._matcher.ready()
        self._known: dict[tuple[str | None, ...], _Here] = {}
        named = {value for sign, _ in self._signs for values in sign.where.values() for value in values}
        self._spoken = frozenset(named | set(map(_last, named)))
        self._vocabulary = frozenset(_plain_words(rules.classes))

    def look(self, draft: Draft) -> tuple[list[Line], list[Seen]]:
        """The sentences of a draft, and every cue that stands in one without a bar beside it.

        Signs that cannot hold for this draft are not looked for. What must be near, and what clears, is looked for
        only where a cue was seen that asks for it, and details only where a story is told.
        """
        found = lines(draft.text, self._vocabulary.__contains__)
        read = [(place, line, self._matcher.read(line.words)) for place, line in enumerate(found)]
        seen: list[Seen] = []
        watches = self._look(self._for(draft), read, seen)
        for watch in watches:
            _beside(watch, read, seen)
        rules = [watch.cue.of[0] for watch in watches if isinstance(watch.cue.of, tuple)]
        if any(rule.story for rule in rules):
            self._look(self._details, read, seen)
        if any(rule.story or rule.cleared for rule in rules):
            self._look(self._clearings, read, seen)
        return found, seen

    def bars(self, sign: Sign, line: Line) -> bool:
        """Whether one of a sign's bars stands in a sentence."""
        sentence = self._matcher.read(line.words)
        return any(sentence.find(bar) is not None for bar in self._watches[self._numbers[id(sign)]].bars)

    def _look(self, here: _Here, read: Read, seen: list[Seen]) -> list[_Watch]:
        """Add every cue that stands, sentence by sentence in the order of the content; the watches that see one."""
        watches: dict[int, None] = {}
        for place, line, sentence in read:
            cues = [cue for at in sentence.likely(here.places) for cue in self._cues[at] if cue[0] in here.watches]
            cues.sort(key=lambda cue: cue[:2])
            barred: dict[int, bool] = {}
            for number, _, cue in cues:
                span = sentence.find(cue)
                if span is None:
                    continue
                watch = self._watches[number]
                if number not in barred:
                    barred[number] = any(sentence.find(bar) for bar in watch.bars)
                if not barred[number]:
                    watches[number] = None
                    seen.append(_seen(watch.cue, place, line, span))
        return [self._watches[number] for number in watches]

    def _for(self, draft: Draft) -> _Here:
        """The signs for a draft, worked out once for each country, region, profession and kind that signs speak of."""
        facts = tuple(value if not value or value in self._spoken else None for value in _facts(draft).values())
        if facts not in self._known:
            if len(self._known) >= _MOST_PLACES:
                self._known.clear()
            self._known[facts] = self._here([number for sign, number in self._signs if holds(draft, sign)])
        return self._known[facts]

    def _here(self, numbers: Iterable[int]) -> _Here:
        watches = frozenset(numbers)
        places = 0
        for number in watches:
            places |= self._places[number]
        return _Here(watches, places)

    def _watch(self, of: tuple[Rule, Sign] | Detail | Clearing, told: Sign | Detail | Clearing) -> int:
        """Add the patterns of one sign, detail or clearing; its number."""
        add = self._matcher.add
        near, unless = (told.near, told.unless) if isinstance(told, Sign) else ((), ())
        number = len(self._watches)
        self._watches.append(_Watch(Cue(of, "cue"), *(tuple(map(add, one)) for one in (told.bars, near, unless))))
        places = 0
        for order, cue in enumerate(map(add, told.cues)):
            place = cue.finds[0].place
            places |= 1 << place
            self._cues.setdefault(place, []).append((number, order, cue))
        self._places.append(places)
        return number


def holds(draft: Draft, sign: Sign) -> bool:
    """Whether a sign is for such a draft: its kind, country, region and profession. "CA-ON" and "ON" are one region.

    A sign for one region, or for some professions, holds too where nobody said which it is.
    """
    facts = _facts(draft)
    for name, values in sign.where.items():
        if name == "not_kind":
            if draft.kind in values:
                return False
        elif not facts[name] and name in _OPEN:
            continue
        elif facts[name] not in (map(_last, values) if name == "region" else values):
            return False
    return True


def _facts(draft: Draft) -> dict[str, str]:
    return {"country": draft.country, "region": _last(draft.region), "profession": draft.profession, "kind": draft.kind}


def _last(region: str) -> str:
    return region.rsplit("-", 1)[-1]


def _beside(watch: _Watch, read: Read, seen: list[Seen]) -> None:
    """Add what must be near a sign's cues, and what clears them, wherever it stands in the draft."""
    for part, patterns in (("near", watch.near), ("unless", watch.unless)):
        for place, line, sentence in read if patterns else ():
            for one in patterns:
                if span := sentence.find(one):
                    seen.append(_seen(Cue(watch.cue.of, part), place, line, span))


def _seen(cue: Cue, place: int, line: Line, span: Span) -> Seen:
    return Seen(cue, place, line.starts[span[0]], line.ends[span[1] - 1])


def _plain_words(classes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The words that the classes name letter for letter: those that may hide in a hashtag or behind figures."""
    for items in classes.values():
        for item in items:
            for word in item.replace("|", " ").replace("+", " ").split():
                bare = word.rstrip("*?")
                if bare.isalpha() and len(bare) > 2:
                    yield bare
