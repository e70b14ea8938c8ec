"""Passages that cannot both be followed."""

from __future__ import annotations

from itertools import product

from doorframe.engines.content.audit import Defect, TopicRule
from doorframe.engines.coverage import settings
from doorframe.engines.coverage.found import Place, Topics, finding
from doorframe.engines.coverage.report import Finding
from doorframe.engines.coverage.sight import Seen, Sight


def disagreements(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """For each topic the first pair of sentences of which one allows what the other rules out."""
    found = []
    for rule in sight.rules.topics.values():
        pairs = product(_saying(sight, rule, "no"), _saying(sight, rule, "yes"))
        pair = next(((no, yes) for no, yes in pairs if _collide(sight, defect, no, yes)), None)
        if pair is not None:
            first, second = sorted(pair, key=lambda one: one.place)
            found.append(finding(defect, sight.quote(second), topic=rule.topic, other=sight.quote(first)))
    return found


def _saying(sight: Sight, rule: TopicRule, says: str) -> list[Seen]:
    """The sentences about a topic, by their own words, that take a stance with this sense and none with the other."""
    senses = {stance.id: stance.says for stance in rule.stances}
    found = []
    for one in sight.on(rule.topic):
        taken = {senses[id] for kind, topic, id in one.keys if kind == "stance" and topic == rule.topic} - {""}
        if taken == {says} and rule.topic in one.about:
            found.append(one)
    return found


def _collide(sight: Sight, defect: Defect, no: Seen, yes: Seen) -> bool:
    hedge = settings.texts(defect, "hedge")
    if no.place == yes.place or any(settings.shows(sight, hedge, one.words) for one in (no, yes)):
        return False
    for cue in settings.texts(defect, "special"):
        if settings.shows(sight, (cue,), no.words) != settings.shows(sight, (cue,), yes.words):
            return False
    return not any(_apart(sight, pair, no, yes) for pair in _scopes(defect))


def _scopes(defect: Defect) -> list[tuple[str, ...]]:
    value = defect.settings.get("scopes")
    return [settings.words_of(pair) for pair in value] if isinstance(value, (list, tuple)) else []


def _apart(sight: Sight, pair: tuple[str, ...], no: Seen, yes: Seen) -> bool:
    """Whether one sentence is about the one side of a pair of scopes and the other about the other side alone."""
    sides = [{side for side in pair if settings.shows(sight, (side,), one.words)} for one in (no, yes)]
    return all(sides) and not sides[0] & sides[1]
