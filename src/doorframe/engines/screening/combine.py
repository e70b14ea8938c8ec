"""From what the rules found and what the second reader thinks to one outcome, by weights that are written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log

from doorframe.engines.screening.verdict import ASK, DO_NOT_POST, NOTHING_FOUND, Finding, Reading

SIGNS = ("reader", "grave", "marks", "asks", "stops", "several", "known", "few")
"""What is weighed.

reader   log odds of the second reader that a careful colleague would not let the draft pass
grave    its log odds that the draft must not go out
marks    stretches that moved it, three at most
asks     1 where a rule asks for a person, or for more
stops    1 where a rule says “do not post”
several  1 where more than one rule says so
known    1 where the person in a story would know themselves
few      1 where those near them would
"""

ANSWERED = 0.9
"""How sure the second reader must be that an answer is unsafe, so that what a rule stops in it must not go out.

An answer is read by the one it names as a client, so there is no matter of degree. On five writers from whom nothing
was learned 38 of 39 such answers were rightly stopped, and 10 of 13 of those below.
"""

_FURTHEST = 8.0
"""Log odds beyond which a reader is no surer."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic curve over the signs. No weight of a rule is negative: a finding never makes a draft look safer."""

    bias: float = 0.0
    weights: Mapping[str, float] = field(default_factory=dict)

    def probability(self, signs: Mapping[str, float]) -> float:
        total = self.bias + sum(self.weights.get(name, 0.0) * signs[name] for name in SIGNS)
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Combination:
    """How a second reader and the rules make one outcome. It belongs to a model, is fitted on development texts that
    the model did not learn from, and stands in its card.

    unsafe, grave  weights for “a careful colleague would not let it pass” and for “it must not go out”
    ask            probability of the first from which a person must decide
    stop           probability of the second from which a draft in which a rule found something must not go out
    """

    unsafe: Weights = field(default_factory=lambda: Weights(0.0, {"reader": 1.0, "asks": 2.0, "stops": 3.0}))
    grave: Weights = field(default_factory=lambda: Weights(-1.0, {"grave": 1.0, "stops": 3.0}))
    ask: float = 0.5
    stop: float = 0.8


def signs(findings: Sequence[Finding], reading: Reading, *, known: bool, few: bool) -> dict[str, float]:
    """What is weighed, of one draft."""
    stopping = {one.rule for one in findings if one.outcome == DO_NOT_POST}
    return {
        "reader": log_odds(reading.unsafe), "grave": log_odds(reading.grave),
        "marks": float(min(len(reading.moved), 3)),
        "asks": float(bool(findings)), "stops": float(bool(stopping)),
        "several": float(len(stopping) > 1), "known": float(known), "few": float(few),
    }  # fmt: skip


def outcome(
    findings: Sequence[Finding], firm: frozenset[str], reading: Reading | None, by: Combination,
    *, known: bool = False, few: bool = False, answers: bool = False,
) -> str:  # fmt: skip
    """The outcome of a draft. firm holds the ids of rules that no reader overrules; answers: it answers somebody.

    Without a second reader the gravest finding decides. What the reader alone finds is for a person.
    """
    if reading is None:
        return gravest(findings)
    least = gravest([one for one in findings if one.rule in firm])
    if least == DO_NOT_POST:
        return DO_NOT_POST
    weighed = signs(findings, reading, known=known, few=few)
    if findings and by.grave.probability(weighed) >= by.stop:
        return DO_NOT_POST
    unsafe = by.unsafe.probability(weighed)
    if answers and weighed["stops"] and reading.unsafe >= ANSWERED:
        return DO_NOT_POST
    return ASK if least == ASK or unsafe >= by.ask else NOTHING_FOUND


def gravest(findings: Sequence[Finding]) -> str:
    """What the gravest of some findings asks for."""
    outcomes = {one.outcome for one in findings}
    return next((name for name in (DO_NOT_POST, ASK) if name in outcomes), NOTHING_FOUND)


def log_odds(probability: float) -> float:
    """ln(p / (1 - p)), within bounds."""
    inside = min(max(probability, 1e-6), 1 - 1e-6)
    return max(-_FURTHEST, min(_FURTHEST, log(inside / (1 - inside))))
