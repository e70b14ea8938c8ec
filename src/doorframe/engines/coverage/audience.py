"""For whom a text was written: clients, staff, readers of a website, or nobody (it is no social media policy)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from doorframe.engines.content.audit import AuditRules
from doorframe.engines.coverage.report import Audience, TopicSeen
from doorframe.engines.coverage.sight import Sight
from doorframe.engines.patterns import Index, pattern

PLENTY = 5
"""A text that speaks about so many topics of a social media policy is one."""

HARDLY = 0.1
"""A text of which a smaller share is about those topics is hardly a policy."""

SURE = 3
"""The weight by which a short text still shows whom it addresses, or that it is something else."""

OFTEN = 3
"""A sign counts in no more sentences than this."""

KNOWN: tuple[Audience, ...] = ("client", "staff", "website")


def audience(sight: Sight, topics: Mapping[str, TopicSeen]) -> Audience:
    """The audience with most weight; clients where nothing tells."""
    weights = _weights(sight)
    if _is_none(sight, topics, weights):
        return "none"
    return max(KNOWN, key=lambda one: weights[one])


def _weights(sight: Sight) -> Counter[str]:
    rules: AuditRules = sight.rules
    index = Index((pattern(cue, rules.classes), (rule.id, cue, weight))
                  for rule in rules.audiences for cue, weight in rule.cues)  # fmt: skip
    shown = Counter(means for one in sight.sentences for means in {means for means, _ in index.search(one.words)})
    found: Counter[str] = Counter()
    for (id, _, weight), times in shown.items():
        found[id] += weight * min(times, OFTEN)
    return found


def _is_none(sight: Sight, topics: Mapping[str, TopicSeen], weights: Counter[str]) -> bool:
    telling = {topic for rule in sight.rules.audiences for topic in rule.topics}
    seen = sum(1 for id, topic in topics.items() if topic.status != "missing" and id in telling)
    if seen >= PLENTY:
        return False
    most = max(weights[one] for one in KNOWN)
    if not seen or weights["none"] > most:
        return True
    hardly = _share(sight, telling) < HARDLY and weights["none"] >= SURE
    return hardly or (seen == 1 and most < SURE)


def _share(sight: Sight, telling: set[str]) -> float:
    """How much of a text is about these topics, by its own words or by its headings."""
    about = [bool((one.about | one.headed) & telling) for one in sight.sentences]
    return sum(about) / max(1, len(about))
