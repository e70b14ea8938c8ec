"""The audit from end to end: a text in, a Report out. Nothing is kept, nothing is asked of anyone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from doorframe.engines import reading
from doorframe.engines.coverage.audience import audience
from doorframe.engines.coverage.blocks import closed
from doorframe.engines.coverage.findings import Place, findings
from doorframe.engines.coverage.report import Finding, Report, TopicSeen
from doorframe.engines.coverage.sight import Sieve, Sight, look
from doorframe.engines.coverage.topics import topics


def audit(
    text: str, sieve: Sieve, *, country: str = "", profession: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Report:  # fmt: skip
    """What a policy covers and what is wrong with it.

    country, profession  as the interview names them ("US", "counsellor"); "" where not known
    progress             called with sentences done and all of them
    """
    sight = look(text, sieve, progress)
    seen = topics(sight)
    for_whom = audience(sight, seen)
    if for_whom == "none":
        return Report("none", {}, (), _grade(sight), _words(sight))
    found = findings(sight, seen, Place(for_whom, country, profession))
    return Report(for_whom, _contradicted(seen, found), found, _grade(sight), _words(sight))


CONTRADICTING = frozenset({"disagree", "lost-negation"})
"""Findings after which nobody can tell what a policy says about their topic."""


def _contradicted(seen: Mapping[str, TopicSeen], found: Iterable[Finding]) -> dict[str, TopicSeen]:
    """The topics, contradictory where two passages disagree; the interview then starts with no answer for them."""
    torn = {one.topic for one in found if one.kind in CONTRADICTING}
    return {
        id: replace(topic, status="contradictory", answers={}) if id in torn and topic.status != "missing" else topic
        for id, topic in seen.items()
    }


def _grade(sight: Sight) -> float:
    """The reading grade; an item of a list counts as a sentence."""
    return round(reading.flesch_kincaid(closed(one.sentence.plain for one in sight.sentences)), 1)


def _words(sight: Sight) -> int:
    return sum(len(one.sentence.plain.split()) for one in sight.sentences)
