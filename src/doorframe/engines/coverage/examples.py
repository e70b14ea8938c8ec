"""Every example in the audit's content, tried: what a file says the audit sees is what it sees."""

from __future__ import annotations

from collections.abc import Iterator

from doorframe.engines.content.audit import AuditRules, Example, TopicRule
from doorframe.engines.content.schema import Problem
from doorframe.engines.coverage.audience import audience
from doorframe.engines.coverage.findings import Place, findings
from doorframe.engines.coverage.report import Audience
from doorframe.engines.coverage.sight import Sieve, look
from doorframe.engines.coverage.topics import topics


def check(rules: AuditRules) -> list[Problem]:
    """Every example that does not hold, with its file."""
    sieve = Sieve(rules)
    found = [problem for rule in rules.topics.values() for problem in _of_topic(rule, sieve)]
    return found + list(_of_defects(sieve)) + list(_of_audiences(sieve))


def _of_topic(rule: TopicRule, sieve: Sieve) -> Iterator[Problem]:
    for example in rule.examples:
        yield from (Problem(rule.file, example.line, fault) for fault in _faults(rule, example, sieve))
    for text in rule.passes:
        seen = topics(look(text, sieve))[rule.topic]
        if seen.status != "missing":
            yield Problem(rule.file, 0, f"“{text}” must not be seen as about this topic")


def _faults(rule: TopicRule, example: Example, sieve: Sieve) -> Iterator[str]:
    seen = topics(look(example.text, sieve))[rule.topic]
    if seen.status == "missing":
        yield f"“{example.text}” is not seen as about this topic"
        return
    if example.status and seen.status != example.status:
        yield f"“{example.text}” is seen as {seen.status}, not {example.status}"
    parts = {part.id for part in seen.parts if part.found}
    if set(example.parts) - parts:
        yield f"“{example.text}” does not show {', '.join(sorted(set(example.parts) - parts))}"
    if example.stance and seen.stance != example.stance:
        yield f"“{example.text}” is taken for the stance “{seen.stance}”, not “{example.stance}”"


def _of_defects(sieve: Sieve) -> Iterator[Problem]:
    for kind, defect in sieve.rules.defects.items():
        for expected, texts in ((True, defect.matches), (False, defect.passes)):
            for text in texts:
                sight = look(text, sieve)
                whom: Audience = "client" if "client" in defect.audiences else "staff"
                kinds = {one.kind for one in findings(sight, topics(sight), Place(whom, "US", "counsellor"))}
                if (kind in kinds) is not expected:
                    yield Problem(defect.file, 0, f"“{text}” must {'' if expected else 'not '}show this defect")


def _of_audiences(sieve: Sieve) -> Iterator[Problem]:
    for rule in sieve.rules.audiences:
        for text in rule.matches:
            sight = look(text, sieve)
            taken = audience(sight, topics(sight))
            if taken != rule.id:
                yield Problem("audit/audience.toml", 0, f"“{text}” is taken for “{taken}”, not “{rule.id}”")
