"""Passages that cannot both be followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from doorframe.engines.content.audit import Defect
from doorframe.engines.coverage import settings, times
from doorframe.engines.coverage.found import Place, Topics, finding
from doorframe.engines.coverage.report import Finding
from doorframe.engines.coverage.sight import Seen, Sight

Act = Mapping[str, object]
"""Something that a practice does or does not do, with patterns for both; see the file of the defect."""

Pair = tuple[Seen, Seen]


def disagreements(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """For each topic the first pair of sentences of which one does what the other rules out."""
    found: dict[str, Finding] = {}
    for topic, pair in [*_of_acts(sight, defect), *times.of_answers(sight, defect)]:
        first, second = sorted(pair, key=lambda one: one.place)
        found.setdefault(topic, finding(defect, sight.quote(second), topic=topic, other=sight.quote(first)))
    return list(found.values())


def _of_acts(sight: Sight, defect: Defect) -> Iterator[tuple[str, Pair]]:
    for act in settings.tables(defect, "acts"):
        topic = settings.text_of(act.get("topic"))
        for thing in settings.words_of(act.get("things")) or ("",):
            nos = _saying(sight, defect, act, thing, "no")
            yeses = _saying(sight, defect, act, thing, "yes") if nos else []
            yield from ((topic, pair) for pair in product(nos, yeses) if _collide(sight, defect, act, *pair))


def _saying(sight: Sight, defect: Defect, act: Act, thing: str, says: str) -> list[Seen]:
    """The sentences that rule the act out, or say it is done: in so many words, or under a heading that names it."""
    own, of_it, does = (_cues(act, thing, name) for name in (says, f"it_{says}", "does"))
    bars = (*_cues(act, thing, f"{says}_bars"), *settings.texts(defect, f"supposed_{says}"))
    turned = settings.text(defect, "turned")
    return [
        one
        for one in sight.sentences
        if (
            settings.shows(sight, own, one.words)
            or _done(sight, does, turned, says, one.words)
            or (settings.shows(sight, of_it, one.words) and _spoken_of(sight, act, thing, one))
        )
        and not sight.blocks[one.block].heading
        and not settings.shows(sight, bars, one.words)
    ]


def _done(sight: Sight, does: tuple[str, ...], turned: str, says: str, words: str) -> bool:
    """Whether words say that it is done, or with a “not” in them or before them that it is not."""
    for cue in does:
        inside = settings.found(sight, cue, words)
        if not inside:
            continue
        no = settings.shows(sight, (turned,), words)
        if says == "yes":
            return not no
        if no and (settings.shows(sight, (turned,), inside) or settings.shows(sight, (f"{turned} .. {cue}",), words)):
            return True
    return False


def _cues(act: Act, thing: str, name: str) -> tuple[str, ...]:
    return tuple(cue.replace("<thing>", thing) for cue in settings.words_of(act.get(name)))


def _spoken_of(sight: Sight, act: Act, thing: str, one: Seen) -> bool:
    """Whether the nearest heading, or a label before a colon, is about the act."""
    if not thing:
        return settings.text_of(act.get("topic")) in one.headed
    heading = sight.blocks[one.block].headings[-1:]
    label, colon, _ = one.words.partition(":")
    return any(settings.shows(sight, (thing,), words) for words in (*heading, label if colon else ""))


def _collide(sight: Sight, defect: Defect, act: Act, no: Seen, yes: Seen) -> bool:
    hedge = settings.words_of(act.get("hedges")) or settings.texts(defect, "hedge")
    if no.place == yes.place or any(settings.shows(sight, hedge, one.words) for one in (no, yes)):
        return False
    sides = _with_what_it_points_to(sight, defect, no), _with_what_it_points_to(sight, defect, yes)
    if any(_of_its_own(sight, cue, *sides) for cue in _special(defect, act)):
        return False
    scopes = [*settings.lists(defect, "scopes"), settings.texts(defect, "places")]
    return not any(_apart(sight, scope, *sides) for scope in scopes)


def _special(defect: Defect, act: Act) -> list[str]:
    free = settings.words_of(act.get("special_free"))
    return [cue for cue in settings.texts(defect, "special") if not cue.startswith(free)]


def _of_its_own(sight: Sight, cue: str, no: str, yes: str) -> bool:
    """Whether only one of them speaks of this case."""
    return settings.shows(sight, (cue,), no) != settings.shows(sight, (cue,), yes)


def _with_what_it_points_to(sight: Sight, defect: Defect, one: Seen) -> str:
    """The words of a sentence, with those of the one before where a pronoun points back to it."""
    before = sight.sentences[one.place - 1] if one.place else None
    if before is None or before.block != one.block:
        return one.words
    if not settings.shows(sight, settings.texts(defect, "pronoun"), one.words):
        return one.words
    return f"{before.words} {one.words}"


def _apart(sight: Sight, scope: tuple[str, ...], no: str, yes: str) -> bool:
    """Whether both are about sides of a scope, or name places, and none of them is the same."""
    sides = [{side for side in scope if settings.shows(sight, (side,), words)} for words in (no, yes)]
    return all(sides) and not sides[0] & sides[1]
