"""For whom a text was written: clients, staff, readers of a website, or nobody (it is no social media policy)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from doorframe.engines.content.audit import AuditRules
from doorframe.engines.coverage.report import Audience, TopicSeen
from doorframe.engines.coverage.settings import shows
from doorframe.engines.coverage.sight import Sight
from doorframe.engines.patterns import Index, pattern

PLENTY = 5
"""A text that speaks about so many topics of a social media policy is one."""

HARDLY = 0.1
"""A text of which a smaller share is about those topics is hardly a policy."""

SURE = 3
"""The weight by which a short text still shows whom it addresses, or that it is something else."""

OPENING = 3
"""So many sentences at the beginning may call a text a policy; so may any heading."""

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
    index = _index(sight.rules)
    shown = Counter(means for one in sight.sentences for means in {means for means, _ in index.search(one.words)})
    found: Counter[str] = Counter()
    for (id, _, weight), times in shown.items():
        found[id] += weight * min(times, OFTEN)
    return found


@lru_cache(maxsize=4)
def _index(rules: AuditRules) -> Index[tuple[str, str, int]]:
    return Index(
        (pattern(cue, rules.classes), (rule.id, cue, weight)) for rule in rules.audiences for cue, weight in rule.cues
    )


def _is_none(sight: Sight, topics: Mapping[str, TopicSeen], weights: Counter[str]) -> bool:
    telling = {topic for rule in sight.rules.audiences for topic in rule.topics} or set(topics)
    seen = sum(1 for id, topic in topics.items() if topic.status != "missing" and id in telling)
    if seen >= PLENTY or (seen and _calls_itself_one(sight)):
        return False
    most = max(weights[one] for one in KNOWN)
    if not seen or weights["none"] > most:
        return True
    hardly = _share(sight, telling) < HARDLY and weights["none"] >= SURE
    return hardly or (seen == 1 and most < SURE)


def _calls_itself_one(sight: Sight) -> bool:
    """Whether a heading, or the beginning, names the text a policy on these matters."""
    names = tuple(cue for rule in sight.rules.audiences for cue in rule.names)
    headings = [sentence.plain for block in sight.blocks if block.heading for sentence in block.sentences]
    opening = [one.words for one in sight.sentences[:OPENING]]
    return any(shows(sight, names, words) for words in (*headings, *opening))


def _share(sight: Sight, telling: set[str]) -> float:
    """How much of a text is about these topics, by its own words or by its headings."""
    about = [bool((one.about | one.headed) & telling) for one in sight.sentences]
    return sum(about) / max(1, len(about))
