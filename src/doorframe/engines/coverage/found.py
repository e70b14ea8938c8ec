"""What the finders of defects share: where a policy is used, and how a finding is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from doorframe.engines.content.audit import Defect, DefectCue
from doorframe.engines.coverage.report import Audience, Finding, Quote, TopicSeen
from doorframe.engines.coverage.sight import Sight

NOWHERE = Quote("", 0, 0)
"""The quote of a finding about something that is not there."""


@dataclass(frozen=True, slots=True)
class Place:
    """For whom the text is, and where and by whom it is used; "" where that is not known."""

    audience: Audience
    country: str = ""
    profession: str = ""


Topics = Mapping[str, TopicSeen]
Finder = Callable[[Sight, Topics, Defect, Place], list[Finding]]
"""Finds a defect that no single sentence shows."""


def finding(
    defect: Defect, quote: Quote, *, sign: DefectCue | None = None, topic: str = "", other: Quote | None = None,
    why: str = "",
) -> Finding:  # fmt: skip
    """A finding in the words of its defect, or of the sign that showed it."""
    reason = why or (sign.why if sign else "") or defect.why
    cites = (sign.cites if sign else ()) or defect.cites
    return Finding(defect.id, defect.severity, defect.title, quote, reason, defect.mend, cites, topic, other)
