"""The words of the form that allows a story: easy to read, and they press nobody."""

from __future__ import annotations

import re
from functools import cache

import pytest
import textstat

from doorframe.engines.assembly import authorisation as engine
from doorframe.engines.assembly.words import Words
from doorframe.engines.content import loader
from doorframe.engines.interview.facts import resolve
from tests.engines.practices import COUNTRIES, basics, pack

FORMS = loader.load_authorisation(pack())
HIGHEST, SHORTEST = 9.0, 12
PRESSES = re.compile(
    r"!|\b(mandatory|obliged|hereby|herein|pursuant|patients?|users?|failure|penalt\w+|warning)\b", re.I
)
REQUEST = engine.Request(
    "7KQM-3FTA", "A story.", ("a blog",), "to help", "2026-11-21", "2027-11-20", (engine.Signing("Client", "Ann"),)
)


def parts(country: str, region: str, practice: str) -> list[tuple[str, str]]:
    answers = {**basics(country, practice=practice), **({"region": region} if region else {})}
    words = Words(pack(), resolve(pack(), answers), "2026-11-21")
    document = engine.document(FORMS, words, REQUEST)
    found = [(section.id, " ".join(block.text for block in section.blocks)) for section in document.sections]
    found += [(note.id, " ".join(note.paragraphs)) for note in engine.notes(FORMS, words, current=True)]
    return found


@cache
def grade(text: str) -> float:
    return float(textstat.flesch_kincaid_grade(text))


@pytest.mark.promise("F6")
@pytest.mark.parametrize("practice", ["solo", "group"])
@pytest.mark.parametrize(("country", "region"), [*((one, "") for one in COUNTRIES), ("CA", "CA-ON")])
def test_it_is_read_with_ease_and_presses_nobody(country: str, region: str, practice: str) -> None:
    found = [(id, text) for id, text in parts(country, region, practice) if len(text.split()) >= SHORTEST]
    assert [(id, grade(text)) for id, text in found if grade(text) > HIGHEST] == []
    assert [(id, text) for id, text in found if PRESSES.search(text)] == []
    assert len(found) > 12, "the check looks at something"
