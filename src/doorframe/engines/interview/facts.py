"""Answers, with the usual answer where none was given, and the facts that follow from them."""

from __future__ import annotations

from collections.abc import Mapping

from doorframe.engines.content.checks import NAMED_ACCOUNTS
from doorframe.engines.content.conditions import holds
from doorframe.engines.content.schema import Field, Pack

Answers = Mapping[str, object]

_ROUNDS = 6
"""Conditions may rest on facts of later questions; content is shallow, so a few rounds settle everything."""


def resolve(pack: Pack, answers: Answers) -> dict[str, object]:
    """Every fact in force: what was answered, the usual answer otherwise, and what is derived from both.

    A question that does not apply gives no fact, even where an old answer is still kept.
    """
    facts: dict[str, object] = {}
    for _ in range(_ROUNDS):
        found = _once(pack, answers, facts)
        if found == facts:
            return found
        facts = found
    return facts


def _once(pack: Pack, answers: Answers, before: Mapping[str, object]) -> dict[str, object]:
    facts = dict(before)
    for screen in pack.screens:
        visible = holds(screen.when, facts)
        for field in screen.fields:
            facts.pop(field.id, None)
            if visible and holds(field.when, facts):
                value = answers.get(field.id)
                kept = _stands(field, value, facts)
                facts[field.id] = _offered(field, value, facts) if kept else usual(pack, field, facts)
    facts[NAMED_ACCOUNTS] = _named(facts.get("accounts"))
    for name, condition in pack.derived.items():
        facts[name] = holds(condition, facts)
    return facts


def _named(rows: object) -> list[object]:
    """The accounts that the policy names: the professional ones. Naming another would undo it."""
    return [row for row in rows if row.get("kind") == "professional"] if isinstance(rows, list) else []


def _offered(field: Field, value: object, facts: Mapping[str, object]) -> object:
    """Of several choices those that are still offered: a body of another country, for example, is not."""
    if field.kind != "choices" or not isinstance(value, list):
        return value
    options = {option.id: option for option in field.options}
    return [item for item in value if item not in options or holds(options[item].when, facts)]


def _stands(field: Field, value: object, facts: Mapping[str, object]) -> bool:
    """Whether an answer was given and still fits. An empty list is an answer ("none of these")."""
    return value is not None and value != "" and fits(field, value, facts)


def fits(field: Field, value: object, facts: Mapping[str, object]) -> bool:
    """Whether a choice is still offered: a state of another country, for example, is not."""
    if field.kind != "choice":
        return True
    option = field.option(str(value))
    return option is None or holds(option.when, facts)


def usual(pack: Pack, field: Field, facts: Mapping[str, object]) -> object:
    """The usual answer to a field for this practice: its first default that applies, else empty."""
    if field.default_from == "emergency":
        return next((line.number for line in pack.crisis if line.emergency and holds(line.when, facts)), "")
    if field.default_from == "crisis":
        return [
            {"name": line.name, "number": line.number, "how": line.how}
            for line in pack.crisis
            if not line.emergency and holds(line.when, facts)
        ]
    for default in field.defaults:
        if holds(default.when, facts):
            return default.value
    return [] if field.kind in {"choices", "rows"} else ""


def applies(pack: Pack, field: Field, facts: Mapping[str, object]) -> bool:
    """Whether a field is asked of this practice."""
    return holds(pack.screen_of[field.id].when, facts) and holds(field.when, facts)
