"""Words that mean something only beside others in the same sentence, and what turns a sentence around."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from doorframe.cli.reference.clauses import contradictions
from doorframe.engines.content import loader, parts
from doorframe.engines.content.conditions import ALWAYS
from doorframe.engines.content.language import Grammar, denied, sentences
from doorframe.engines.content.reader import Source
from doorframe.engines.content.schema import Beside, Contradiction, Pack, Problem
from doorframe.engines.interview.findings import example_problems, triggered

CRISIS = Beside(
    says=("text me", "e-mail me", "me on Instagram"),
    cues=("in a crisis", "is urgent", "can't wait", "cannot wait", "an emergency"),
    spares=("then", "once you are safe"),
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return loader.read()[0] or pytest.fail("our content cannot be read")


def rule(pack: Pack, beside: Beside = CRISIS) -> Contradiction:
    return replace(pack.contradictions[0], when=ALWAYS, says=(), beside=beside, fields=("crisis_own",), id="crisis")


def said(pack: Pack, words: str) -> str | None:
    return triggered(pack, rule(pack), {"crisis_own": words})


@pytest.mark.promise("A5")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("In a crisis, text me and I will answer.", "In a crisis, text me"),
        ("In a crisis you are always free, day or night, to e-mail me.", None),
        ("You can text me whenever it is urgent.", "text me whenever it is urgent"),
        ("TEXT  ME in a Crisis", "TEXT  ME in a Crisis"),
        ("When it cannot wait, e-mail me.", "cannot wait, e-mail me"),
        ("Message me on Instagram if it can’t wait.", "me on Instagram if it can’t wait"),
        ("Call the line above. In a crisis: text me.", "In a crisis: text me"),
        ("You may text me (e.g. in a crisis).", "text me (e.g. in a crisis"),
    ],
)
def test_words_beside_a_cue_are_found_in_either_order(pack: Pack, words: str, expected: str | None) -> None:
    found = said(pack, words)
    assert found
    assert found == (expected or found)
    assert found in words


@pytest.mark.promise("A5")
@pytest.mark.parametrize(
    "words",
    [
        "You can text me about appointments. In a crisis, call 988.",
        "You can text me about appointments\nIn a crisis, call 988.",
        "Please do not text me in a crisis.",
        "In a crisis, do not text me.",
        "If it is not an emergency, text me.",
        "You can text me unless it is urgent.",
        "You can text me, except in a crisis.",
        "For anything other than an emergency, e-mail me.",
        "In a crisis call 988 rather than text me.",
        "In a crisis call 988, then text me.",
        "Once you are safe, text me if it is urgent.",
        "In a crisis, text the line above.",
        "You can text me.",
        "Prefer to text means that it is urgent.",
    ],
)
def test_words_that_are_denied_spared_or_elsewhere_are_not(pack: Pack, words: str) -> None:
    assert said(pack, words) is None


@pytest.mark.parametrize("before", ["Unless you ", "Everyone except those who ", "Anything other than to "])
def test_an_exception_turns_a_sentence_around(pack: Pack, before: str) -> None:
    assert denied(pack.grammar, before)
    assert not denied(pack.grammar, f"{before} agree, I ")


def test_a_sentence_ends_at_its_mark_and_a_shortened_word_does_not_end_it(pack: Pack) -> None:
    text = "Call me, e.g. at noon. Or text… me? Now\nthen"
    found = [text[start:end].strip() for start, end in sentences(pack.grammar, text)]
    assert found == ["Call me, e.g. at noon", "Or text", "me", "Now", "then"]
    assert list(sentences(Grammar(), text)) == [(0, len(text))]


# The file it stands in

FILE = """
[[contradictions]]
id = "crisis"
message = "Mend this."
screens = ["crisis"]
fields = ["crisis_own"]
matches = [{ crisis_own = "In a crisis, text me." }]
passes = [{ crisis_own = "In a crisis, do not text me." }]
"""


def read(more: str) -> tuple[list[Contradiction], list[Problem]]:
    problems: list[Problem] = []
    return parts.contradiction(Source("a.toml", FILE + more, problems, tomllib.loads)), problems


def test_a_file_gives_words_cues_and_what_spares_them(pack: Pack) -> None:
    found, problems = read('[contradictions.beside]\nsays = ["text me"]\ncues = ["in a crisis"]\nspares = ["then"]\n')
    assert problems == []
    assert found[0].beside == Beside(("text me",), ("in a crisis",), ("then",))
    ours = replace(pack, contradictions=tuple(found))
    assert example_problems(ours) == []
    assert "Or for “text me”, in one sentence with “in a crisis”." in contradictions(ours)


@pytest.mark.parametrize(
    "more", ['cues = ["in a crisis"]', 'says = ["text me"]', 'says = ["a"]\ncues = ["b"]\nwith = ["c"]']
)
def test_a_file_that_leaves_half_of_it_out_says_so(more: str) -> None:
    _, problems = read(f"[contradictions.beside]\n{more}\n")
    assert len(problems) == 1 and "beside" in problems[0].message


def test_a_practice_can_bring_such_a_rule(tmp_path: Path) -> None:
    folder = tmp_path / "policy" / "contradictions"
    folder.mkdir(parents=True)
    beside = '[contradictions.beside]\nsays = ["text me"]\ncues = ["in a crisis"]\n'
    (folder / "own.toml").write_text(FILE.replace('fields = ["crisis_own"]\n', "") + beside, encoding="utf-8")
    _, problems = loader.read(tmp_path)
    assert [problem.message for problem in problems if problem.file.endswith("own.toml")] == [
        "the contradiction “crisis” looks for words and must name the fields they stand in"
    ]
