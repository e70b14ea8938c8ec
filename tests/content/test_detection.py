"""The words beside a signal: read with ease, calm, about words and never about a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
import textstat

from doorframe.engines.content import loader
from doorframe.engines.content.detection import DIRECTIONS, LEVELS, TACTICS, DetectionContent, Tactic

HIGHEST = 9.0
QUOTED = re.compile(r"“[^”]*”")
"""What somebody might say, given as an example: it is not our word."""

VERDICTS = re.compile(
    r"\b(?:manipulat|abus(?:er|ers|ive)|gasligh|narciss|sociopath|psychopath|toxic|perpetrator|offender|culprit|bully|"
    r"bullies|predator|liar|lying|lies|victim|guilty|evil|sick|disorder|malicious|deliberate|intend|on purpose)\w*",
    re.IGNORECASE,
)
THREATS = re.compile(
    r"\b(?:or else|punish\w*|banned|ban|expel\w*|consequences?|last warning|final warning|warned|"
    r"report (?:you|them|him|her)|urgent|alarm\w*|danger(?!ous| to life)|violation|breach|immediately)\b|!",
    re.IGNORECASE,
)


@cache
def content() -> DetectionContent:
    return loader.load_detection()


def tactic(id: str) -> Tactic:
    return content().tactics[id]


def asked() -> Iterator[str]:
    ask = content().ask
    yield from (ask.heading, ask.unclear, ask.not_covered, ask.no_model)
    yield from (ask.directions or {}).values()
    yield from (ask.pairs or {}).values()


def told(one: Tactic) -> list[str]:
    """Everything of ours that a person reads about a tactic."""
    return [one.title, one.meaning, *one.look_for, *one.is_not, one.why, one.guidance]


def faults(text: str) -> list[str]:
    ours = QUOTED.sub("", text)
    return [match.group() for pattern in (VERDICTS, THREATS) for match in pattern.finditer(ours)]


@pytest.mark.parametrize("id", TACTICS)
def test_a_tactic_is_read_with_ease(id: str) -> None:
    one = tactic(id)
    for text in (one.meaning, one.guidance, " ".join(one.look_for), " ".join(one.is_not), " ".join(told(one)[1:])):
        assert textstat.flesch_kincaid_grade(text) <= HIGHEST, text


@pytest.mark.parametrize("id", TACTICS)
def test_a_sentence_beside_a_signal_is_short_and_read_with_ease(id: str) -> None:
    assert len(tactic(id).why.split()) <= 20
    assert textstat.flesch_kincaid_grade(tactic(id).why) <= HIGHEST + 1, "one sentence: a long word weighs more"


def test_the_words_for_a_moderator_are_read_with_ease() -> None:
    assert textstat.flesch_kincaid_grade(" ".join(asked())) <= HIGHEST
    for text in asked():
        assert len(text.split()) <= 30, text


@pytest.mark.parametrize("id", TACTICS)
def test_nothing_threatens_and_nobody_is_judged(id: str) -> None:
    assert {text: faults(text) for text in told(tactic(id)) if faults(text)} == {}


def test_no_word_for_a_moderator_threatens_or_judges() -> None:
    assert {text: faults(text) for text in asked() if faults(text)} == {}


@pytest.mark.parametrize(
    "text", ["This member is a manipulator.", "He lies.", "They will be banned.", "Look now!", "A toxic person."]
)
def test_the_check_can_fail(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize("id", TACTICS)
def test_the_reason_is_about_the_words_and_leaves_room(id: str) -> None:
    assert tactic(id).why.startswith("These words may ")
    assert not re.search(r"\b(?:he|she|writer|author|member)\b", tactic(id).why)


@pytest.mark.parametrize("id", TACTICS)
def test_guidance_speaks_of_both_people_and_of_what_to_leave(id: str) -> None:
    guidance = tactic(id).guidance
    assert "private" in guidance or "alone" in guidance
    assert re.search(r"\bDo not\b", guidance.split(". ")[-1]), "what not to do stands last"
    person = re.search(r"\b(?:person|one who|begin with)\b", guidance)
    writer = guidance.find("the writer")
    assert person and 0 <= person.start() < writer, "first the person it may be done to"


@pytest.mark.parametrize("id", TACTICS)
def test_telling_of_it_is_none_of_it(id: str) -> None:
    """Each tactic says what looks like it, and shows that its cues stand in what is only told."""
    one = tactic(id)
    assert not set(one.passes) & {*one.matches, *one.also}
    assert any(
        re.search(r"\b(?:he|she|mum|ex|mother|dad|told|says|said|hear|called)\b", text, re.I) for text in one.also
    )


def test_a_signal_where_harm_is_told_asks_for_support() -> None:
    directions = content().ask.directions or {}
    assert tuple(directions) == DIRECTIONS
    assert directions["received"] == (
        "This member tells of something done to them. They may need support; nothing they wrote is at fault."
    )
    for direction in ("reported", "quoted", "self"):
        assert "at fault" in directions[direction]


def test_a_single_message_says_little() -> None:
    pairs = content().ask.pairs or {}
    assert tuple(pairs) == LEVELS
    assert "little" in pairs["low"]
    assert content().ask.heading == "Possible pattern, have a look"


def test_what_is_not_looked_at_is_said_without_a_verdict() -> None:
    for text in (content().ask.not_covered, content().ask.no_model):
        assert "nothing was looked for" in text
