"""Whether a client can get help in a crisis, and an answer in a time that can be counted."""

from __future__ import annotations

from doorframe.engines.content.audit import Defect
from doorframe.engines.coverage import settings
from doorframe.engines.coverage.found import NOWHERE, Place, Topics, finding
from doorframe.engines.coverage.report import Finding
from doorframe.engines.coverage.sight import Seen, Sight

CRISIS, TIME = "crisis-or-emergency-contact", "response-time"


def crisis_route(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """Numbers of another country; help sought where nobody reads at once; or no route at all though messages come."""
    wrong = _wrong_number(sight, defect, place.country or country_of(sight, defect))
    if wrong is not None:
        return [finding(defect, sight.quote(wrong), topic=CRISIS,
                        why="This number does not work where the practice is.")]  # fmt: skip
    helped = _has_route(topics)
    trap = _trap(sight, defect, helped)
    if trap is not None:
        why = str(settings.table(defect, "traps").get("why", ""))
        return [finding(defect, sight.quote(trap), topic=CRISIS, why=why)]
    if helped or not _receives(topics, defect):
        return []
    return [finding(defect, NOWHERE, topic=CRISIS)]


def _receives(topics: Topics, defect: Defect) -> bool:
    """Whether messages come in: something is said about them, and it is not that they are refused."""
    known = [topics[id] for id in settings.texts(defect, "receives") if id in topics]
    return any(one.status != "missing" and one.stance not in settings.texts(defect, "refusing") for one in known)


def _trap(sight: Sight, defect: Defect, helped: bool) -> Seen | None:
    """A sentence that sends a person in danger to an inbox. helped  whether the text names a route somewhere."""
    traps = settings.table(defect, "traps")
    cues, bars = settings.words_of(traps.get("grave")), settings.words_of(traps.get("bars"))
    if not helped:
        cues += settings.words_of(traps.get("urgent"))
    for one in sight.sentences:
        if not settings.shows(sight, cues, one.words) or settings.shows(sight, bars, one.words):
            continue
        if not (helped and _beside_a_route(sight, one)):
            return one
    return None


def _beside_a_route(sight: Sight, one: Seen) -> bool:
    """Whether a sentence next to this one, in the same paragraph, names a route that answers."""
    near = sight.sentences[max(0, one.place - 1) : one.place + 2]
    return any(("part", CRISIS, "route") in other.keys and other.block == one.block for other in near)


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


def _wrong_number(sight: Sight, defect: Defect, country: str) -> Seen | None:
    """The first sentence about a crisis with a number that is dialled only in another country."""
    clear = settings.texts(defect, "address") + settings.texts(defect, "elsewhere")
    numbers = settings.table(defect, "numbers")
    foreign = tuple(number for number, where in numbers.items() if country not in settings.words_of(where))
    for one in sight.on(CRISIS) if country else ():
        if settings.shows(sight, foreign, one.words) and not settings.shows(sight, clear, one.words):
            return one
    return None


def _has_route(topics: Topics) -> bool:
    seen = topics.get(CRISIS)
    return seen is not None and any(part.found for part in seen.parts if part.id == "route")


def unclear_time(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """A vague time for an answer, where no definite one is given anywhere."""
    if TIME not in topics or topics[TIME].status == "adequate":
        return []
    vague = settings.table(defect, "vague")
    cues, bars = settings.words_of(vague.get("cues")), settings.words_of(vague.get("bars"))
    for one in sight.sentences:
        asks = one.words.endswith("?") or sight.blocks[one.block].heading
        if not asks and settings.shows(sight, cues, one.words) and not settings.shows(sight, bars, one.words):
            return [finding(defect, sight.quote(one), topic=TIME)]
    return []
