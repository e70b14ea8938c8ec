"""From what the rules found and what the second reader thinks to one outcome, by thresholds that are written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doorframe.engines.screening.verdict import ASK, DO_NOT_POST, NOTHING_FOUND, Finding, Reading


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the second reader's probabilities count. They belong to a model, are set on development texts alone, and
    stand in its card.

    alone    the reader stops a draft in which no rule found anything (it becomes "ask")
    upheld   below it a rule's "do not post" becomes "ask": rule and reader disagree, so a person decides
    cleared  below it what a rule that can be cleared found is let pass
    asked    the same for what a rule only asks about
    agreed   with a rule that asks, the reader's grave probability from which both together say "do not post"
    """

    alone: float = 0.5
    upheld: float = 0.2
    cleared: float = 0.02
    asked: float = 0.1
    agreed: float = 0.9


def outcome(findings: Sequence[Finding], firm: frozenset[str], reading: Reading | None, at: Thresholds) -> str:
    """The outcome of a draft. firm holds the ids of rules that no reader overrules.

    Without a second reader the gravest finding decides.
    """
    worst = gravest(findings)
    if reading is None:
        return worst
    if worst == DO_NOT_POST:
        return _upheld(findings, firm, reading, at)
    if worst == ASK:
        if reading.unsafe < at.asked and not any(one.rule in firm for one in findings):
            return NOTHING_FOUND
        return DO_NOT_POST if reading.grave >= at.agreed else ASK
    return ASK if reading.unsafe >= at.alone else NOTHING_FOUND


def _upheld(findings: Sequence[Finding], firm: frozenset[str], reading: Reading, at: Thresholds) -> str:
    if any(one.rule in firm and one.outcome == DO_NOT_POST for one in findings):
        return DO_NOT_POST
    if reading.unsafe < at.cleared:
        return ASK if any(one.rule in firm for one in findings) else NOTHING_FOUND
    return DO_NOT_POST if reading.unsafe >= at.upheld else ASK


def gravest(findings: Sequence[Finding]) -> str:
    """What the gravest of some findings asks for."""
    outcomes = {one.outcome for one in findings}
    return next((name for name in (DO_NOT_POST, ASK) if name in outcomes), NOTHING_FOUND)
