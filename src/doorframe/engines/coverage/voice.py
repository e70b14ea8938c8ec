"""Who speaks in a text, and how hard it is to read."""

from __future__ import annotations

import re

from doorframe.engines import reading
from doorframe.engines.content.audit import Defect
from doorframe.engines.coverage import settings
from doorframe.engines.coverage.found import Place, Topics, finding
from doorframe.engines.coverage.report import Finding
from doorframe.engines.coverage.sight import Seen, Sight

_ONE, _SEVERAL, _OTHER = (
    r"\bi\b",
    r"\bwe\b",
    r"\b(?:the|your) (?:therapist|counsell?or|psychologist|clinician|practitioner)\b",
)


def mixed_voice(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """The first sentence in the rarer voice, where one author speaks in two. “We” with the client is no voice."""
    voices = {name: _speaking(sight, defect, who) for name, who in
              (("i", _ONE), ("we", _SEVERAL), ("other", _OTHER))}  # fmt: skip
    fewest = max(1, settings.number(defect, "fewest"))
    used = sorted((found for found in voices.values() if len(found) >= fewest), key=len)
    if len(used) < 2:
        return []
    return [finding(defect, sight.quote(used[-2][0]))]


def _speaking(sight: Sight, defect: Defect, who: str) -> list[Seen]:
    """The sentences in which this voice says what it does itself."""
    does = re.compile(
        rf"{who}(?: (?:also|usually|always|generally|only|never|therefore|still|do))? {settings.text(defect, 'does')}\b"
    )
    together = re.compile(rf"\bwe\b.*\b{settings.text(defect, 'together')}\b")
    found = []
    for one in sight.sentences:
        if does.search(one.words) and not (who == _SEVERAL and together.search(one.words)):
            found.append(one)
    return found


def hard_to_read(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """One finding for the whole text, at its hardest sentence."""
    sentences = [one for one in sight.sentences if len(one.words.split()) > 4]
    text = " ".join(one.words if one.words.endswith((".", "!", "?")) else f"{one.words}." for one in sentences)
    if not sentences or reading.flesch_kincaid(text) < settings.number(defect, "grade"):
        return []
    hardest = max(sentences, key=lambda one: reading.flesch_kincaid(one.words))
    return [finding(defect, sight.quote(hardest))]
