"""Clauses that do not exist, that say something else, or that belong to another profession's code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from doorframe.engines.content.audit import Defect
from doorframe.engines.coverage import settings
from doorframe.engines.coverage.found import Place, Topics, finding
from doorframe.engines.coverage.report import Finding
from doorframe.engines.coverage.sight import Seen, Sight

REACH = 90
"""Letters between the name of a code and its clause."""


def wrong_citations(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """Every sentence with a clause that cannot be right, or with another profession's code as one's own, once."""
    found = []
    own = settings.texts(defect, "own")
    for one in sight.sentences:
        for code in settings.table(defect, "codes").values():
            if not isinstance(code, Mapping):
                continue
            why = next(_faults(sight, one, code), "") or _stranger(sight, one, code, own, place)
            if why:
                found.append(finding(defect, sight.quote(one), why=why))
                break
    return found


def _faults(sight: Sight, one: Seen, code: Mapping[str, object]) -> Iterator[str]:
    """What is wrong with each clause of this code, named before its number or after it."""
    clause = code.get("clause")
    if not isinstance(clause, str):
        return
    between = rf"[^.;]{{0,{REACH}}}?"
    for order in (rf"(?:{code['names']}).{{0,{REACH}}}?(?:{clause})", rf"(?:{clause}){between}(?:{code['names']})"):
        for match in re.finditer(order, one.words, re.IGNORECASE):
            yield from _clause_faults(sight, one, code, match)


def _stranger(sight: Sight, one: Seen, code: Mapping[str, object], own: tuple[str, ...], place: Place) -> str:
    """A code that binds another profession, or another country, named as the one that binds the writer."""
    if not re.search(str(code["names"]), one.words, re.IGNORECASE) or not settings.shows(sight, own, one.words):
        return ""
    professions, countries = settings.words_of(code.get("professions")), settings.words_of(code.get("countries"))
    if place.profession and professions and place.profession not in professions:
        return "This code binds another profession."
    if place.country and countries and place.country not in countries:
        return "This code binds practices in another country."
    return ""


def _clause_faults(sight: Sight, one: Seen, code: Mapping[str, object], match: re.Match[str]) -> Iterator[str]:
    parts = match.groupdict()
    cited = _named(parts)
    wrong = code.get("wrong_word")
    if isinstance(wrong, str) and wrong in (parts.get("word") or "").lower():
        yield str(code.get("wrong_word_why", ""))
    if not _exists(code, parts):
        yield f"There is no clause {cited} in this code."
    about = code.get("about")
    cues = settings.words_of(about.get(_named(parts))) if isinstance(about, Mapping) else ()
    if cues and not settings.shows(sight, cues, one.words):
        yield f"Clause {cited} is about something else."


def _named(parts: Mapping[str, str | None]) -> str:
    """The clause as content writes it: "5.05", "H.6.c"."""
    section, number, letter = parts.get("section") or "", parts.get("number"), parts.get("letter")
    if number:
        return f"{section}.{number}"
    return f"{section.upper()}.{letter}" if letter else section.upper()


def _exists(code: Mapping[str, object], parts: Mapping[str, str | None]) -> bool:
    section, number, letter = (parts.get("section") or "").upper(), parts.get("number"), parts.get("letter")
    last, letters = code.get("last"), code.get("last_letters")
    if isinstance(last, Mapping) and number:
        return 1 <= int(number) <= int(last.get(section, 0))
    if isinstance(letters, Mapping):
        return section in letters and (not letter or letter <= str(letters[section]))
    return True
