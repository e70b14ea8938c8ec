"""What the audit found: the shapes that every door shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Status = Literal["adequate", "mentioned", "missing", "contradictory"]
Audience = Literal["client", "staff", "website", "none"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the text that was read. start and end count its characters, end not included."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PartSeen:
    """Whether a part of a topic is there, and the words that show it.

    needed   False for a part that may be missing: it is not needed, or another of its group is there
    missing  what to add, as advice
    """

    id: str
    name: str
    found: bool
    needed: bool
    missing: str
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class TopicSeen:
    """How a policy deals with one topic. stance is "" where none could be told."""

    topic: str
    status: Status
    stance: str = ""
    stance_name: str = ""
    evidence: tuple[Quote, ...] = ()
    parts: tuple[PartSeen, ...] = ()
    answers: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend. A finding about something that is not there has an empty quote at 0.

    kind      id of the defect
    severity  high, medium or low
    other     the passage it does not agree with, where there is one
    """

    kind: str
    severity: str
    title: str
    quote: Quote
    why: str
    mend: str
    cites: tuple[str, ...] = ()
    topic: str = ""
    other: Quote | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The whole audit. grade is the Flesch-Kincaid grade of the text; words counts what was read."""

    audience: Audience
    topics: Mapping[str, TopicSeen]
    findings: tuple[Finding, ...]
    grade: float
    words: int

    @property
    def answers(self) -> dict[str, object]:
        """What the interview can start with."""
        found: dict[str, object] = {}
        for seen in self.topics.values():
            found.update(seen.answers)
        return found


def as_data(report: Report) -> dict[str, object]:
    """The report as the command line prints it."""
    return {
        "audience": report.audience,
        "topics": {id: _topic(seen) for id, seen in report.topics.items()},
        "findings": [_finding(one) for one in report.findings],
        "reading_grade": report.grade,
    }


def _topic(seen: TopicSeen) -> dict[str, object]:
    return {
        "status": seen.status,
        "stance": seen.stance or None,
        "evidence": [_quote(quote) for quote in seen.evidence],
        "parts": {part.id: part.found for part in seen.parts},
    }


def _finding(one: Finding) -> dict[str, object]:
    return {
        "kind": one.kind, "severity": one.severity, **_quote(one.quote), "why": one.why, "cites": list(one.cites),
        "topic": one.topic or None, "mend": one.mend,
    }  # fmt: skip


def _quote(quote: Quote) -> dict[str, object]:
    return {"text": quote.text, "start": quote.start, "end": quote.end}
