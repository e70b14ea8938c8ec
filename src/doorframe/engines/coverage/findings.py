"""What is wrong with a text: defects that a sentence shows, and defects that only the whole shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from doorframe.engines.content.audit import Defect, DefectCue
from doorframe.engines.coverage.report import Audience, Finding, Quote, TopicSeen
from doorframe.engines.coverage.sight import Seen, Sight

NOWHERE = Quote("", 0, 0)
"""The quote of a finding about something that is not there."""

ORDER = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True)
class Place:
    """For whom the text is, and where and by whom it is used; "" where that is not known."""

    audience: Audience
    country: str = ""
    profession: str = ""


Finder = Callable[[Sight, Mapping[str, TopicSeen], Defect, Place], list[Finding]]
"""Finds a defect that no single sentence shows."""

WHOLE: dict[str, Finder] = {}
"""The finders by the id of their defect."""


def findings(sight: Sight, topics: Mapping[str, TopicSeen], place: Place) -> tuple[Finding, ...]:
    """Everything found, the gravest first, then as it stands in the text."""
    found: list[Finding] = []
    for kind, defect in sight.rules.defects.items():
        if place.audience not in defect.audiences:
            continue
        found += by_signs(sight, defect, place)
        if kind in WHOLE:
            found += WHOLE[kind](sight, topics, defect, place)
    distinct = {(one.kind, one.quote.start, one.quote.end): one for one in reversed(found)}
    return tuple(sorted(distinct.values(), key=lambda one: (ORDER[one.severity], one.quote.start, one.kind)))


def by_signs(sight: Sight, defect: Defect, place: Place) -> list[Finding]:
    """A finding for every sentence that shows one of the defect's signs."""
    found = []
    for one in sight.sentences:
        shown = next(
            (sign for number, sign in enumerate(defect.signs) if _shows(one, defect, number, sign, place)), None
        )
        if shown is not None:
            found.append(finding(defect, sight.quote(one), sign=shown))
    return found


def finding(
    defect: Defect, quote: Quote, *, sign: DefectCue | None = None, topic: str = "", other: Quote | None = None,
    why: str = "",
) -> Finding:  # fmt: skip
    """A finding in the words of its defect, or of the sign that showed it."""
    reason = why or (sign.why if sign else "") or defect.why
    cites = (sign.cites if sign else ()) or defect.cites
    return Finding(defect.id, defect.severity, defect.title, quote, reason, defect.mend, cites, topic, other)


def _shows(one: Seen, defect: Defect, number: int, sign: DefectCue, place: Place) -> bool:
    if ("sign", defect.id, str(number)) not in one.keys or ("sign-bar", defect.id, str(number)) in one.keys:
        return False
    if sign.topics and not (one.about | one.headed).intersection(sign.topics):
        return False
    known = {"country": place.country, "profession": place.profession}
    return all(known[name] in values for name, values in sign.when.items())
