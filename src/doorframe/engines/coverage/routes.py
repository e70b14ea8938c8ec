"""Whether a client can get help in a crisis, and an answer in a time that can be counted."""

from __future__ import annotations

from collections.abc import Mapping

from doorframe.engines.content.audit import Defect
from doorframe.engines.coverage import settings
from doorframe.engines.coverage.found import NOWHERE, Place, Topics, finding
from doorframe.engines.coverage.report import Finding
from doorframe.engines.coverage.sight import Seen, Sight

CRISIS, TIME = "crisis-or-emergency-contact", "response-time"


def crisis_route(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """Numbers of another country; or no route at all though messages are received."""
    country = place.country or country_of(sight, defect)
    wrong = _wrong_numbers(sight, defect, country)
    if wrong:
        return [finding(defect, sight.quote(wrong[0]), topic=CRISIS,
                        why="This number does not work where the practice is.")]  # fmt: skip
    receives = any(topics[id].status != "missing" for id in settings.texts(defect, "receives") if id in topics)
    if not receives or _has_route(topics):
        return []
    return [finding(defect, NOWHERE, topic=CRISIS)]


def country_of(sight: Sight, defect: Defect) -> str:
    """The country that most words of the text point to, "" where none or several do."""
    points = {
        country: sum(
            settings.shows(sight, (cue,), one.words) for one in sight.sentences for cue in settings.words_of(cues)
        )
        for country, cues in settings.table(defect, "countries").items()
    }
    best = max(points.values(), default=0)
    leading = [country for country, count in points.items() if count == best]
    return leading[0] if best and len(leading) == 1 else ""


def _counted(sight: Sight, cues: tuple[str, ...]) -> int:
    return sum(settings.shows(sight, (cue,), one.words) for one in sight.sentences for cue in cues)


def _wrong_numbers(sight: Sight, defect: Defect, country: str) -> list[Seen]:
    """Sentences about a crisis in which every number that is known belongs to another country."""
    if not country:
        return []
    numbers = settings.table(defect, "numbers")
    found = []
    for one in sight.on(CRISIS):
        works = [country in settings.words_of(where) for number, where in numbers.items()
                 if settings.shows(sight, (number,), one.words)]  # fmt: skip
        if works and not any(works):
            found.append(one)
    return found


def _has_route(topics: Topics) -> bool:
    seen = topics.get(CRISIS)
    return seen is not None and any(part.found for part in seen.parts if part.id == "route")


def unclear_time(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """A vague time for an answer, where no definite one is given anywhere."""
    if TIME not in topics or topics[TIME].status == "adequate":
        return []
    vague: Mapping[str, object] = settings.table(defect, "vague")
    cues, bars = settings.words_of(vague.get("cues")), settings.words_of(vague.get("bars"))
    for one in sight.sentences:
        if settings.shows(sight, cues, one.words) and not settings.shows(sight, bars, one.words):
            return [finding(defect, sight.quote(one), topic=TIME)]
    return []
