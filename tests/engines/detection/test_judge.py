"""From what a model thinks to signals: who, towards whom, which way, which words; and when it is an alert."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.detection.conversation import DIRECTIONS, TACTICS, Message, Opinion, Reading, Window
from doorframe.engines.detection.judge import SIGNS, Scale, judge, score, signs

SCALE = Scale(0.0, {"whole": 1.0, "first": 0.5, "second": 0.1, "words": 0.2}, (1.0, 0.0), 0.7, None)
WINDOW = Window("w", (
    Message("1", "Ana", "I kept the list, Ben."),
    Message("2", "Ben", "😀 Ana, that never happened. You dream."),
    Message("3", "Cal", "My ex used to say that to me."),
))  # fmt: skip


def opinion(harm: float, direction: str = "towards", tactic: str = "denial-of-events", **more: object) -> Opinion:
    directions = {name: 0.9 if name == direction else 0.05 for name in DIRECTIONS}
    tactics = {name: 0.8 if name == tactic else 0.01 for name in TACTICS}
    return Opinion(harm, directions, tactics, **more)  # type: ignore[arg-type]


READING = Reading(0.9, (opinion(0.02), opinion(0.95, words=((7, 26, 0.8),)), opinion(0.03, "received")))


@pytest.mark.promise("J2")
def test_an_alert_says_who_towards_whom_which_words_and_what_it_may_be() -> None:
    verdict = judge(WINDOW, READING, 0.0, SCALE, why=lambda tactics, way: f"{tactics[0]} {way}", model=("m", "1"))
    first = verdict.signals[0]
    assert verdict.alert and (first.author, first.towards, first.direction) == ("Ben", "Ana", "towards")
    assert first.text == "😀 Ana, that never happened." and first.why == "denial-of-events towards"
    assert first.tactic[0][0] == "denial-of-events" and "unclear" in dict(first.tactic)
    assert sum(share for _, share in first.tactic) <= 1.001


@pytest.mark.promise("J3")
def test_whoever_tells_of_it_is_shown_as_telling_and_raises_no_alert() -> None:
    quiet = Reading(0.05, (opinion(0.02, "none"), opinion(0.05, "none"), opinion(0.03, "received")))
    verdict = judge(WINDOW, quiet, 0.0, SCALE)
    assert not verdict.alert
    assert [(one.author, one.direction, one.towards) for one in verdict.signals] == [("Cal", "received", "Cal")]


@pytest.mark.promise("J3")
def test_a_tactic_beside_a_bystanders_words_needs_a_score_or_a_cue() -> None:
    bystander = Reading(0.02, (opinion(0.003, "quoted", "minimising"), opinion(0.0, "none"), opinion(0.0, "none")))
    assert judge(WINDOW, bystander, 0.0, SCALE).signals[0].tactic == (("unclear", 1.0),)
    for id, first in (("minimising", "minimising"), ("guilt", "unclear")):
        found = judge(WINDOW, bystander, 0.0, SCALE, cues=lambda _text, id=id: [("cue", id, 0, 1)])  # type: ignore[misc]
        assert found.signals[0].tactic[0][0] == first
    surer = Reading(0.02, (opinion(0.05, "quoted", "minimising"), opinion(0.0, "none"), opinion(0.0, "none")))
    assert judge(WINDOW, surer, 0.0, SCALE).signals[0].tactic[0][0] == "minimising"
    alert = judge(WINDOW, bystander, 0.0, SCALE, threshold=0.0)
    assert alert.alert and "minimising" in dict(alert.signals[0].tactic)


def test_an_alert_always_shows_at_least_one_message() -> None:
    verdict = judge(WINDOW, Reading(0.99, (opinion(0.2), opinion(0.3), opinion(0.1))), 0.0, SCALE)
    assert verdict.alert and [one.message_id for one in verdict.signals] == ["2"]
    assert verdict.signals[0].text.strip()


def test_a_threshold_of_ones_own_counts_instead() -> None:
    assert not judge(WINDOW, READING, 0.0, SCALE, threshold=1.0).alert
    assert judge(WINDOW, Reading(0.01, (opinion(0.01),) * 3), -5.0, SCALE, threshold=0.0).alert


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Hello all. You always do this. Bye", "always do", "You always do this."),
        ("fine. ok", ". ok", "ok"),
        ("no stops here at all", "stops", "no stops here at all"),
        ("One\ntwo words\nthree", "words", "two words"),
        ("Is it? You said so… never", "said", "You said so…"),
    ],
)
def test_whole_sentences_are_marked(text: str, words: str, marked: str) -> None:
    start = text.index(words)
    window = Window("w", (WINDOW.messages[0], Message("2", "Ben", text)))
    said = opinion(0.95, words=((start, start + len(words), 0.9),))
    assert judge(window, Reading(0.9, (opinion(0.01), said)), 0.0, SCALE).signals[0].text == marked


def test_of_a_very_long_sentence_a_few_words_around_are_marked() -> None:
    text = "and then " * 60 + "you never said that " + "and so on " * 60
    start = text.index("you never")
    window = Window("w", (WINDOW.messages[0], Message("2", "Ben", text)))
    said = opinion(0.95, words=((start, start + 19, 0.9),))
    found = judge(window, Reading(0.9, (opinion(0.01), said)), 0.0, SCALE).signals[0].text
    assert "you never said that" in found and len(found) < 140


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_what_is_marked_always_lies_in_the_message(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    window = Window("w", (WINDOW.messages[0], Message("2", "Ben", text)))
    said = opinion(0.95, words=((start, end, 0.9),)) if end > start else opinion(0.95)
    signal = judge(window, Reading(0.9, (opinion(0.01), said)), 0.0, SCALE).signals[0]
    assert 0 <= signal.start <= signal.end <= len(text) and text[signal.start : signal.end] == signal.text


@given(st.floats(0, 1), st.lists(st.floats(0, 1), min_size=2, max_size=4), st.floats(-4, 4))
def test_a_score_is_a_probability_and_grows_with_each_voice(whole: float, harms: list[float], words: float) -> None:
    reading = Reading(whole, tuple(opinion(one) for one in harms))
    found = signs(reading, words)
    assert set(found) == set(SIGNS) and 0 <= score(found, SCALE) <= 1
    assert score(found, SCALE) <= score(signs(reading, words + 1), SCALE)
    assert score(found, SCALE) <= score(signs(Reading(min(1.0, whole + 0.1), reading.messages), words), SCALE) + 1e-9
