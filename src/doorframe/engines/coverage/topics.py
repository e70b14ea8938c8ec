"""How a text deals with each topic: which parts are there, which stance it takes, and the words that show it."""

from __future__ import annotations

from collections.abc import Mapping

from doorframe.engines.content.audit import Part, Stance, TopicRule
from doorframe.engines.coverage.report import PartSeen, Quote, Status, TopicSeen
from doorframe.engines.coverage.sight import Seen, Sight

QUOTES = 5
"""So many sentences are quoted for a topic; the rest say the same again."""


def topics(sight: Sight) -> dict[str, TopicSeen]:
    """Every topic with its status, in the order of the content."""
    return {topic: _topic(sight, rule) for topic, rule in sight.rules.topics.items()}


def _topic(sight: Sight, rule: TopicRule) -> TopicSeen:
    sentences = sight.on(rule.topic)
    parts = {part.id: _part_seen(sight, part, rule.topic) for part in rule.parts}
    if not sentences:
        return TopicSeen(rule.topic, "missing", parts=_parts(sight, rule, parts))
    stance, shown = _stance(rule, sentences)
    status: Status = "adequate" if all(any(parts[part.id] for part in group) for group in rule.groups) else "mentioned"
    evidence = _evidence(sight, rule.topic, sentences, [one for one in [*parts.values(), shown] if one])
    return TopicSeen(
        rule.topic, status, stance.id if stance else "", stance.name if stance else "", evidence,
        _parts(sight, rule, parts), dict(stance.answers) if stance else {},
    )  # fmt: skip


def _part_seen(sight: Sight, part: Part, topic: str) -> Seen | None:
    sentences = sight.on(topic)
    if part.far and sentences:
        sentences = (*sentences, *sight.sentences)
    return next((one for one in sentences if ("part", topic, part.id) in one.keys), None)


def _parts(sight: Sight, rule: TopicRule, seen: Mapping[str, Seen | None]) -> tuple[PartSeen, ...]:
    found = []
    for part in rule.parts:
        one = seen[part.id]
        others = [other for other in rule.parts if other.group == part.group and other.id != part.id]
        needed = bool(part.group) and not any(seen[other.id] for other in others)
        found.append(PartSeen(part.id, part.name, one is not None, needed, part.missing,
                              sight.quote(one) if one else None))  # fmt: skip
    return tuple(found)


def _stance(rule: TopicRule, sentences: tuple[Seen, ...]) -> tuple[Stance | None, Seen | None]:
    """The first stance of the file that shows, in sentences that name the topic before those that are only near."""
    own = [one for one in sentences if rule.topic in one.about]
    for tried in (own, sentences):
        for stance in rule.stances:
            for one in tried:
                if ("stance", rule.topic, stance.id) in one.keys:
                    return stance, one
    return None, None


def _evidence(sight: Sight, topic: str, sentences: tuple[Seen, ...], shown: list[Seen]) -> tuple[Quote, ...]:
    """Sentences that show a part or a stance, then those about the topic in their own words, then any."""
    own = [one for one in sentences if topic in one.about]
    ranked = list(dict.fromkeys([*shown, *own, *([] if shown or own else sentences)]))[:QUOTES]
    return tuple(sight.quote(one) for one in sorted(ranked, key=lambda one: one.place))
