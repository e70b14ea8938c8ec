"""How something was said, in numbers and in words: each voice against itself, nothing said where nothing stands out."""

from __future__ import annotations

import pytest

from doorframe.engines.detection.prosody import Manner, Stretch, in_words, loudness, manners, pace
from doorframe.engines.detection.turns import UNKNOWN


def usual(speaker: str = "Anna", *, turns: int = 6, at: float = 0.0, level: float = -30.0) -> list[Stretch]:
    """Turns of four seconds with ten words (150 words a minute), a second apart."""
    return [Stretch(speaker, at + 5 * number, at + 5 * number + 4, 10, level) for number in range(turns)]


def test_pace_is_words_a_minute_and_a_short_answer_has_none() -> None:
    assert pace(10, 4) == 150
    assert pace(1, 0.3) is None and pace(3, 4) is None and pace(10, 0.5) is None and pace(10, 0) is None


def test_loudness_adds_powers_and_not_decibels() -> None:
    assert loudness([-20, -20]) == pytest.approx(-20)
    assert loudness([-20, -120]) == pytest.approx(-23.01, abs=0.01)
    assert loudness([]) is None
    assert loudness([-5000.0]) == -120


def test_what_is_as_usual_is_not_said() -> None:
    assert [in_words(one) for one in manners(usual())] == [[]] * 6


@pytest.mark.parametrize(
    ("words", "level", "said"),
    [
        (14, -30, "spoken faster than usual for this voice (210 words a minute)"),
        (7, -30, "spoken more slowly than usual for this voice (105 words a minute)"),
        (10, -24, "louder than usual for this voice"),
        (10, -36, "quieter than usual for this voice"),
    ],
)
def test_what_stands_out_is_said_in_words(words: int, level: float, said: str) -> None:
    assert in_words(manners([*usual(), Stretch("Anna", 30, 34, words, level)])[-1]) == [said]


def test_a_little_more_or_less_is_not_said() -> None:
    for words, level in ((12, -30), (9, -30), (10, -27), (10, -33)):
        assert in_words(manners([*usual(), Stretch("Anna", 30, 34, words, level)])[-1]) == []


def test_a_voice_is_compared_with_itself_alone() -> None:
    slow = [Stretch("Ben", 100 + 5 * number, 104 + 5 * number, 5, -45) for number in range(6)]
    found = manners([*usual(), *slow])
    assert [in_words(one)[:1] for one in found[:6]] == [[]] * 6
    assert [in_words(one) for one in found[7:]] == [[]] * 5
    assert found[8].faster == 1.0 and found[8].louder == 0.0


def test_few_turns_tell_nothing_of_what_is_usual() -> None:
    found = manners([*usual(turns=3), Stretch("Anna", 30, 34, 30, -5)])[-1]
    assert found.pace == 450 and found.faster is None and found.louder is None


def test_a_voice_that_nobody_knows_is_compared_with_nothing() -> None:
    found = manners([*usual(UNKNOWN), Stretch(UNKNOWN, 30, 34, 30, -5)])[-1]
    assert found.faster is None and found.louder is None and in_words(found) == []


def test_loudness_that_was_not_measured_is_not_compared() -> None:
    found = manners([*usual(), Stretch("Anna", 30, 34, 10, None)])[-1]
    assert found.louder is None


def test_cutting_somebody_short() -> None:
    first, second = manners([Stretch("Anna", 0, 6, 15), Stretch("Ben", 5, 9, 10)])
    assert (second.interrupted, first.cut_by) == ("Anna", "Ben")
    assert in_words(second) == ["began while Anna was speaking, who then stopped"]
    assert in_words(first) == ["stopped soon after Ben began to speak"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0, 9), (4, 5)),  # Ben says a word while Anna goes on
        ((0, 9), (4, 12)),  # Anna speaks on for five seconds
        ((4, 4.6), (4.2, 8)),  # both begin at once
    ],
)
def test_speaking_at_once_is_no_interruption(first: tuple[float, float], second: tuple[float, float]) -> None:
    found = manners([Stretch("Anna", *first, 15), Stretch("Ben", *second, 10)])
    assert [(one.interrupted, one.cut_by) for one in found] == [("", "")] * 2
    together = min(first[1], second[1]) - second[0]
    assert [one.together for one in found] == [pytest.approx(together)] * 2


def test_speaking_at_once_in_words() -> None:
    assert in_words(Manner(together=3.2, with_whom=("Anna", "Ben"))) == [
        "at the same time as Anna and Ben for 3 seconds"
    ]
    assert in_words(Manner(together=0.6, with_whom=("Anna",))) == ["at the same time as Anna for a second"]
    assert in_words(Manner(together=0.3, with_whom=("Anna",))) == []


def test_a_silence_before_a_turn() -> None:
    first, second, third = manners([Stretch("Anna", 9, 12, 5), Stretch("Ben", 17, 20, 5), Stretch("Anna", 21, 22, 5)])
    assert (first.pause, second.pause, third.pause) == (0, 5, 1)
    assert in_words(second) == ["after 5 seconds of silence"]
    assert in_words(first) == in_words(third) == []


def test_a_silence_is_counted_from_whoever_spoke_last() -> None:
    found = manners([Stretch("Anna", 0, 20, 50), Stretch("Ben", 2, 3, 1), Stretch("Ben", 22, 25, 5)])
    assert found[-1].pause == 2


def test_a_voice_does_not_meet_itself() -> None:
    found = manners([Stretch("Anna", 0, 6, 15), Stretch("Anna", 5, 9, 10)])
    assert [(one.together, one.interrupted) for one in found] == [(0, "")] * 2


def test_nothing_gives_nothing() -> None:
    assert manners([]) == []


def test_the_usual_is_the_middle_one_or_lies_between_the_two_in_the_middle() -> None:
    levels = [-40, -30, -30, -10, -28, -32]
    found = manners([Stretch("Anna", 5 * at, 5 * at + 4, 10, level) for at, level in enumerate(levels)])
    assert [one.louder for one in found] == [-10, 0, 0, 20, 2, -2]
    odd = manners([Stretch("Anna", 5 * at, 5 * at + 4, 10, level) for at, level in enumerate(levels[:5])])
    assert odd[0].louder == -10 and odd[4].louder == 2
