"""What is wrong with a text: defects that a sentence shows, and defects that only the whole shows."""

from __future__ import annotations

from doorframe.engines.content.audit import Defect, DefectCue
from doorframe.engines.coverage import (
    conflicts,
    exceptions,
    plain_marks,
    reasons,
    routes,
    settings,
    voice,
    wrong_citations,
)
from doorframe.engines.coverage.found import Finder, Place, Topics, finding
from doorframe.engines.coverage.report import Finding
from doorframe.engines.coverage.sight import Seen, Sight

__all__ = ["Place", "findings"]

ORDER = {"high": 0, "medium": 1, "low": 2}

WHOLE: dict[str, Finder] = {
    "placeholder": plain_marks.placeholders,
    "lost-negation": reasons.lost_negations,
    "disagree": conflicts.disagreements,
    "swallowing-exception": exceptions.taken_back,
    "mixed-voice": voice.mixed_voice,
    "hard-to-read": voice.hard_to_read,
    "crisis-route": routes.crisis_route,
    "unclear-time": routes.unclear_time,
    "wrong-citation": wrong_citations.wrong_citations,
}
"""The finders by the id of their defect."""


def findings(sight: Sight, topics: Topics, place: Place) -> tuple[Finding, ...]:
    """Everything found, the gravest first, then as it stands in the text."""
    found: list[Finding] = []
    for kind, defect in sight.rules.defects.items():
        if place.audience not in defect.audiences:
            continue
        found += by_signs(sight, defect, place)
        if kind in WHOLE:
            found += WHOLE[kind](sight, topics, defect, place)
    distinct = {(one.kind, one.quote.start, one.quote.end): one for one in reversed(_without_doubles(found, sight))}
    return tuple(sorted(distinct.values(), key=lambda one: (ORDER[one.severity], one.quote.start, one.kind)))


def _without_doubles(found: list[Finding], sight: Sight) -> list[Finding]:
    """Of two findings at one place the more telling: a defect names in its settings those it stands in for."""
    covered = {
        (other, one.quote.start, one.quote.end)
        for one in found
        for other in settings.texts(sight.rules.defects[one.kind], "instead_of")
    }
    return [one for one in found if (one.kind, one.quote.start, one.quote.end) not in covered]


def by_signs(sight: Sight, defect: Defect, place: Place) -> list[Finding]:
    """A finding for every sentence that shows a sign of the defect; with `once`, for the first that shows each sign."""
    signs = [
        (number, sign)
        for number, sign in enumerate(defect.signs)
        if _holds(sign, place) and ("sign-unless", defect.id, str(number)) not in sight.anywhere
    ]
    once = settings.flag(defect, "once")
    found, told = [], set[int]()
    for one in sight.sentences:
        shown = [number for number, sign in signs if _shows(one, defect, number, sign)]
        fresh = [number for number in shown if not (once and number in told)]
        told.update(shown)
        if fresh:
            found.append(finding(defect, sight.quote(one), sign=defect.signs[fresh[0]]))
    return found


def _shows(one: Seen, defect: Defect, number: int, sign: DefectCue) -> bool:
    if ("sign", defect.id, str(number)) not in one.keys or ("sign-bar", defect.id, str(number)) in one.keys:
        return False
    return not sign.topics or bool((one.about | one.headed).intersection(sign.topics))


def _holds(sign: DefectCue, place: Place) -> bool:
    known = {"country": place.country, "profession": place.profession}
    return all(known[name] in values for name, values in sign.when.items())
