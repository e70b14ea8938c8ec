"""Who speaks in a text, and how hard it is to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doorframe.engines import reading
from doorframe.engines.content.audit import Defect
from doorframe.engines.coverage import settings
from doorframe.engines.coverage.blocks import closed
from doorframe.engines.coverage.found import Place, Topics, finding
from doorframe.engines.coverage.report import Finding
from doorframe.engines.coverage.sight import Seen, Sight

_QUOTED = re.compile(r'"[^"]*"')


def mixed_voice(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """The first sentence in the rarer voice, where one author speaks in two. “We” with the client is no voice.

    “The therapist” beside “we” is one of several; beside “I” it is the same person.
    """
    spoken = list(_spoken(sight, defect))
    one, several, other = (_saying(spoken, settings.text(defect, voice)) for voice in ("one", "several", "other"))
    fewest = max(1, settings.number(defect, "fewest"))
    pairs = [sorted((one, second), key=len) for second in (several, other)]
    rarer = [first for first, second in pairs if len(first) >= fewest and len(second) >= fewest]
    return [finding(defect, sight.quote(rarer[0][0]))] if rarer else []


def _spoken(sight: Sight, defect: Defect) -> Iterator[tuple[Seen, str]]:
    """The sentences in which the author speaks, without what is quoted: no heading, no question, no words to sign."""
    signing = re.compile(settings.text(defect, "signing") or "(?!)")
    together = re.compile(settings.text(defect, "together") or "(?!)")
    signed = False
    for one in sight.sentences:
        signed = signed or bool(signing.search(one.words))
        words = _QUOTED.sub(" ", one.words)
        if signed:
            words = re.sub(r"\b(?:i|my)\b", " ", words)
        if not (sight.blocks[one.block].heading or words.endswith("?") or together.search(words)):
            yield one, words


def _saying(spoken: list[tuple[Seen, str]], voice: str) -> list[Seen]:
    says = re.compile(voice or "(?!)")
    return [one for one, words in spoken if says.search(words)]


def hard_to_read(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """One finding for the whole text, at its hardest sentence."""
    sentences = [one for one in sight.sentences if len(one.words.split()) > 4]
    text = closed(one.words for one in sentences)
    if not sentences or reading.flesch_kincaid(text) < settings.number(defect, "grade"):
        return []
    hardest = max(sentences, key=lambda one: reading.flesch_kincaid(one.words))
    return [finding(defect, sight.quote(hardest))]
