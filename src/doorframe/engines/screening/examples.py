"""Every example in the content of screening, tried: what a file says is seen is what is seen."""

from __future__ import annotations

from collections.abc import Iterator

from doorframe.engines.content.schema import Problem
from doorframe.engines.content.screening import Example, Rule, ScreeningRules
from doorframe.engines.screening import identifiers
from doorframe.engines.screening.screen import Marked, Read, screen, seen_rules
from doorframe.engines.screening.sight import Sieve
from doorframe.engines.screening.verdict import Draft


def check(rules: ScreeningRules) -> list[Problem]:
    """Every example that does not hold, with its file and line."""
    sieve = Sieve(rules)
    found = [problem for rule in rules.rules.values() for problem in _of_rule(rule, sieve)]
    return found + list(_of_clearings(rules, sieve))


def _of_rule(rule: Rule, sieve: Sieve) -> Iterator[Problem]:
    for expected, examples in ((True, rule.matches), (False, rule.passes)):
        for example in examples:
            if _seen(rule, example, sieve) is not expected:
                wanted = "must" if expected else "must not"
                yield Problem(rule.file, example.line, f"“{example.text}” {wanted} be seen by this rule")


def _seen(rule: Rule, example: Example, sieve: Sieve) -> bool:
    draft = Draft(example.text, example.kind, country=example.country, region=example.region)
    marked = tuple(Marked(one.kind, one.start, one.end) for one in identifiers.find(example.text))
    return rule.id in seen_rules(draft, sieve, Read(marked=marked))


def _of_clearings(rules: ScreeningRules, sieve: Sieve) -> Iterator[Problem]:
    for clearing in rules.clearings:
        for text in clearing.passes:
            if any(one.family == "case-story" for one in screen(Draft(text), sieve).findings):
                yield Problem("screening/story.toml", 0, f"“{text}” must be cleared ({clearing.id})")
