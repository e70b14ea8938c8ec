"""The usual texts are read with ease: grade nine or lower, by another counter than the one the product uses."""

from __future__ import annotations

import re
from functools import cache

import pytest
import textstat

from doorframe.adapters import reading
from doorframe.engines.assembly import document as d
from doorframe.engines.assembly.assemble import Edition, assemble
from tests.engines.practices import COUNTRIES, PROFESSIONS, basics, choices, pack, wide

EDITION = Edition("2026-11-21", version=1, draft=False)
HIGHEST = 9.0
SHORTEST = 30
"""Words. The formula says nothing about a text of one or two sentences: one long name decides it."""


@cache
def grade(text: str) -> float:
    return float(textstat.flesch_kincaid_grade(text))


def prose(section: d.Section) -> list[str]:
    """The texts of a section that have sentences; tables and signature lines have none."""
    return [block.text.replace("\n", " ") for block in section.blocks if isinstance(block, d.Paragraph | d.Note)]


def too_hard(document: d.Document) -> list[str]:
    found = []
    for _, section in document.walk():
        if section.id in {"sources", "sign"}:
            continue
        texts = prose(section)
        for text in [" ".join(texts), *texts]:
            if len(text.split()) >= SHORTEST and grade(text) > HIGHEST:
                found.append(f"{section.id}: {grade(text):.1f}: {text[:120]}")
    return found


@pytest.mark.promise("A8")
@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("practice", ["solo", "group"])
def test_the_usual_texts_are_read_with_ease(country: str, practice: str) -> None:
    for profession in PROFESSIONS:
        for answers in (basics(country, profession, practice), wide(practice, country, profession)):
            document = assemble(pack(), answers, "policy", EDITION)
            assert too_hard(document) == []
            whole = " ".join(text for _, section in document.walk() for text in prose(section))
            assert 3.0 < grade(whole) <= HIGHEST


@pytest.mark.promise("A8")
def test_every_other_stance_is_read_with_ease_too() -> None:
    for field, value in choices():
        if "." not in field and field not in {"country", "profession", "practice", "language", "region"}:
            document = assemble(pack(), {**wide(), field: value}, "policy", EDITION)
            assert too_hard(document) == [], f"{field} = {value}"


def test_the_check_can_fail() -> None:
    hard = (
        "Notwithstanding the aforementioned considerations, practitioners characteristically discontinue unsolicited "
        "electronic communications originating from individuals participating in psychotherapeutic interventions, "
        "irrespective of confidentiality, organisational accountability, technological infrastructure, "
        "interdisciplinary collaboration, administrative responsibilities, contemporaneous documentation, "
        "institutional considerations and the accumulated expectations of regulatory authorities everywhere."
    )
    assert len(hard.split()) >= SHORTEST
    section = d.Section("x", "x", (d.Paragraph("p", (d.Span(hard),)),))
    document = d.Document("policy", "T", "", "en-GB", "", "", "", False, "", "", (), (section,))
    assert len(too_hard(document)) == 2, "the section and its paragraph"


@pytest.mark.promise("A8")
def test_the_grade_that_is_shown_agrees_with_the_other_counter() -> None:
    for practice in ("solo", "group"):
        document = assemble(pack(), wide(practice), "policy", EDITION)
        shown = dict(reading.grades(document).sections)
        for _, section in document.walk():
            text = " ".join(prose(section))
            listed = any(isinstance(block, d.ListBlock | d.Table) for block in section.blocks)
            if len(text.split()) >= SHORTEST and not listed:
                assert abs(shown[section.title] - grade(text)) <= 1.5, section.title


@pytest.mark.promise("A8")
def test_a_grade_for_each_section_and_for_the_whole() -> None:
    document = assemble(pack(), wide(), "policy", EDITION)
    grades = reading.grades(document)
    titles = [title for title, _ in grades.sections]
    for _, section in document.walk():
        assert (section.title in titles) is bool(
            prose(section) or any(isinstance(b, d.ListBlock) for b in section.blocks)
        )
    assert 0 < grades.whole <= HIGHEST


@pytest.mark.parametrize(("text", "expected"), [("", 0.0), ("123 456", 0.0), ("— ?!", 0.0), ("Go.", 0.0)])
def test_a_text_without_words_has_no_grade(text: str, expected: float) -> None:
    assert reading.grade(text) == expected


def test_words_in_another_script_are_no_error() -> None:
    assert reading.grade("ליאה כהן, מטפלת.") >= 0
    assert re.fullmatch(r"\d+\.\d", str(reading.grade("The cat sat on the mat and looked at the rain.")))


def test_an_item_of_a_list_ends_as_a_sentence() -> None:
    """Without its full stop a list would be one endless sentence."""
    items = tuple((d.Span(f"Item {word} of the list"),) for word in ("one", "two", "three", "four", "five", "six"))
    section = d.Section("x", "List", (d.ListBlock("l", items),))
    document = d.Document("policy", "T", "", "en-GB", "", "", "", False, "", "", (), (section,))
    assert dict(reading.grades(document).sections)["List"] < 5
