"""Clauses that do not exist, that say something else, or that belong to another profession's code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from doorframe.engines.content.audit import Defect
from doorframe.engines.coverage import settings
from doorframe.engines.coverage.found import Place, Topics, finding
from doorframe.engines.coverage.report import Finding
from doorframe.engines.coverage.sight import Seen, Sight

Code = Mapping[str, object]

REACH, NEAR = 90, 60
"""Letters between the name of a code and its clause; fewer where the clause could be another text's too."""

_OF = r"(?:\s*\([^)]{1,8}\))*[,\s(]*(?:(?:of|in|from|under|within)\b(?!\s+(?:this|our|my|these|your)\b)[^.;]{0,60}?)?"
"""What may stand between a clause and the code that it is of: "Article 17 of the UK GDPR", "Art. 17(1) GDPR"."""

_POINTER = r"\bsee (?:also )?(?:our |the )?(?:sections?|clauses?|articles?|parts?|paragraphs?|points?|pages?|§)"
"""Points to another place of the policy itself."""

_TITLE = r"(?: (?:ethical|ethics|framework|codes?|standards?|principles|professional|good|conduct|practice|of|and))*"
"""More of a code's name, between its short form and a number."""

_OWN_DOCUMENT = r"\s*(?:(?:of|in|to)\s+(?:this|our|my|these|your)\b|above\b|below\b)"

_ADDRESS = re.compile(r"https?://\S+|\([a-z0-9]{1,4}\)")
"""What looks like words and says nothing: the address of a source, the letter of a clause."""


def wrong_citations(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """Every clause that cannot be right, and every code of others named as one's own; each fault once."""
    codes = {name: code for name, code in settings.table(defect, "codes").items() if isinstance(code, Mapping)}
    found, told = [], set[tuple[str, str]]()
    for one in sight.sentences:
        for name, code in codes.items():
            if place.country and place.country in settings.words_of(code.get("not_in")):
                continue
            why = next(_faults(sight, one, defect, code), "") or _stranger(sight, one, defect, code, place)
            if why and (name, why) not in told:
                told.add((name, why))
                found.append(finding(defect, sight.quote(one), why=why))
                break
    return found


def _faults(sight: Sight, one: Seen, defect: Defect, code: Code) -> Iterator[str]:
    """What is wrong with each clause of this code, named before its number or after it."""
    if not re.search(str(code["names"]), one.words, re.IGNORECASE):
        return
    names, clause = str(code["names"]), code.get("clause")
    if isinstance(clause, str):
        for match in _citations(one, defect, code, _orders(names, clause)):
            yield from _clause_faults(sight, one, defect, code, match)
    for match in _citations(one, defect, code, _strange(names, defect, code)):
        yield f"There is no clause {match['cited'].strip(' .,').upper()} in this text."


def _orders(names: str, clause: str, reach: int = REACH) -> Iterator[str]:
    """A clause behind the name of its code, and before it."""
    yield rf"(?:{names})(?!.{{0,{reach}}}{_POINTER}).{{0,{reach}}}?(?:{clause})"
    yield rf"(?:{clause}){_OF}(?:{names})"


def _strange(names: str, defect: Defect, code: Code) -> Iterator[str]:
    """Clauses that this code cannot hold: by their form, and by a number that it does not reach."""
    strange, beyond = code.get("strange"), code.get("beyond")
    if isinstance(strange, str):
        yield from _orders(names, f"(?P<cited>{strange})", NEAR)
    if isinstance(beyond, str):
        yield from _orders(names, rf"\b(?:{settings.text(defect, 'marker')})\W{{0,3}}(?P<cited>{beyond})", NEAR)
        yield rf"(?:{names})(?:'s)?{_TITLE}\W{{1,3}}(?P<cited>{beyond})"


def _citations(one: Seen, defect: Defect, code: Code, orders: Iterable[str]) -> Iterator[re.Match[str]]:
    """Where a clause stands as one of this code, not of another one and not of the policy itself."""
    others = "|".join([*_other_names(defect, code), settings.text(defect, "other_codes") or "(?!)"])
    elsewhere = re.compile(
        rf"(?:\s*\([^)]{{1,8}}\))*,?\s*(?:(?:of|in|from)\s+)?(?:the\s+)?(?:{others})|{_OWN_DOCUMENT}"
    )
    for order in orders:
        for match in re.finditer(order, one.words, re.IGNORECASE):
            within = re.sub(str(code["names"]), "", match.group(), flags=re.IGNORECASE)
            if not re.search(others, within) and not elsewhere.match(one.words[match.end() :]):
                yield match


def _other_names(defect: Defect, code: Code) -> list[str]:
    codes = settings.table(defect, "codes").values()
    return [str(other["names"]) for other in codes if isinstance(other, Mapping) and other is not code]


def _stranger(sight: Sight, one: Seen, defect: Defect, code: Code, place: Place) -> str:
    """A code that binds another profession, or another country, named as the one that binds the writer."""
    names = re.compile(str(code["names"]), re.IGNORECASE)
    others = (*settings.words_of(code.get("of_others")), *settings.texts(defect, "of_others"))
    named = " ".join(part for part in one.words.split(";") if names.search(part))
    own = settings.texts(defect, "own")
    if not named or not settings.shows(sight, own, named) or settings.shows(sight, others, named):
        return ""
    professions, countries = settings.words_of(code.get("professions")), settings.words_of(code.get("countries"))
    if place.country and countries and place.country not in countries:
        return "This binds practices in another country."
    if place.profession and professions and place.profession not in professions and not _also_own(named, defect, place):
        return "This code binds another profession."
    return ""


def _also_own(words: str, defect: Defect, place: Place) -> bool:
    """Whether a code of the writer's own profession and country is named as well."""
    codes = [code for code in settings.table(defect, "codes").values() if isinstance(code, Mapping)]
    fitting = [
        code
        for code in codes
        if place.profession in settings.words_of(code.get("professions"))
        and (not place.country or place.country in settings.words_of(code.get("countries")))
    ]
    return any(re.search(str(code["names"]), words, re.IGNORECASE) for code in fitting)


def _clause_faults(sight: Sight, one: Seen, defect: Defect, code: Code, match: re.Match[str]) -> Iterator[str]:
    parts = match.groupdict()
    cited = _named(parts)
    wrong = code.get("wrong_word")
    if isinstance(wrong, str) and wrong in (parts.get("word") or "").lower():
        yield str(code.get("wrong_word_why", ""))
    if not _exists(code, parts):
        yield f"There is no clause {cited} in this text."
    cues = _about(code, cited)
    if not settings.shows(sight, settings.texts(defect, "claims"), _ADDRESS.sub(" ", one.words)):
        return
    if cues and not settings.shows(sight, cues, _around(sight, one)):
        yield f"Clause {cited} is about something else."


def _about(code: Code, cited: str) -> tuple[str, ...]:
    """What a clause is about: as content says it of the clause, of the one it belongs to, or of its section."""
    about = code.get("about")
    if not isinstance(about, Mapping):
        return ()
    whole = re.sub(r"[.(][a-z]\)?$", "", cited, flags=re.IGNORECASE)
    named = (cited, whole, cited.split(".")[0])
    return next((cues for name in named if (cues := settings.words_of(about.get(name)))), ())


def _around(sight: Sight, one: Seen) -> str:
    """A sentence with the one before it and its headings, where the matter may stand that a citation is for."""
    before = [near.words for near in sight.sentences[max(0, one.place - 1) : one.place] if near.block == one.block]
    return " ".join([*sight.blocks[one.block].headings[-1:], *before, one.words])


def _named(parts: Mapping[str, str | None]) -> str:
    """The clause as content writes it: "5.05", "1.06.e", "H.6.c"."""
    section, number, letter = parts.get("section") or "", parts.get("number"), parts.get("letter")
    return ".".join(part for part in (section.upper(), number, letter) if part)


def _exists(code: Code, parts: Mapping[str, str | None]) -> bool:
    section, number, letter = (parts.get("section") or "").upper(), parts.get("number"), parts.get("letter")
    last, letters, highest = code.get("last"), code.get("last_letters"), code.get("highest")
    if isinstance(highest, int) and section.isdigit() and not 1 <= int(section) <= highest:
        return False
    if isinstance(last, Mapping) and number and not 1 <= int(number) <= int(last.get(section, 0)):
        return False
    if isinstance(letters, Mapping):
        place = f"{section}.{number}" if number else section
        known = place in letters or isinstance(last, Mapping)
        return known and (not letter or letter <= str(letters.get(place, "z")))
    return True
