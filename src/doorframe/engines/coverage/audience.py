"""For whom a text was written: clients, staff, readers of a website, or nobody (it is no social media policy)."""

from __future__ import annotations

from collections.abc import Mapping

from doorframe.engines.content.audit import AuditRules
from doorframe.engines.coverage.report import Audience, TopicSeen
from doorframe.engines.coverage.sight import Sight
from doorframe.engines.patterns import Index, pattern

FEWEST = 2
"""A text that speaks about fewer topics than this, and does not call itself a policy, is none."""


def audience(sight: Sight, topics: Mapping[str, TopicSeen]) -> Audience:
    """The audience with most weight, each sign counted once; clients where nothing tells."""
    weights = _weights(sight)
    if _is_none(topics, weights):
        return "none"
    known: tuple[Audience, ...] = ("client", "staff", "website")
    return max(known, key=lambda one: weights.get(one, 0))


def _weights(sight: Sight) -> dict[str, int]:
    rules: AuditRules = sight.rules
    index = Index((pattern(cue, rules.classes), (rule.id, cue, weight))
                  for rule in rules.audiences for cue, weight in rule.cues)  # fmt: skip
    shown = {means for one in sight.sentences for means, _ in index.search(one.words)}
    found: dict[str, int] = {}
    for id, _, weight in shown:
        found[id] = found.get(id, 0) + weight
    return found


def _is_none(topics: Mapping[str, TopicSeen], weights: Mapping[str, int]) -> bool:
    seen = sum(1 for topic in topics.values() if topic.status != "missing")
    return seen < FEWEST or weights.get("none", 0) > sum(weights.get(id, 0) for id in ("client", "staff", "website"))
