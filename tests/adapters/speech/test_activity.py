"""Where somebody speaks: silence goes, speech stays, and the places are those of the recording."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

from doorframe.adapters.speech.activity import FRAME, levels, stretches
from doorframe.adapters.speech.recording import RATE
from tests.adapters.speech import sounds as s


def samples(sound: Any) -> Any:
    return (numpy.clip(sound, -1, 1) * 32767).astype(numpy.int16)


def spoken(sound: Any, *others: Any) -> list[tuple[float, float]]:
    """Seconds in which somebody speaks."""
    found = stretches(levels(samples(sound)), [levels(samples(one)) for one in others], length=len(sound))
    return [(start / RATE, end / RATE) for start, end in found]


def about(*times: tuple[float, float]) -> list[Any]:
    return [pytest.approx(one, abs=0.35) for one in times]


def test_levels_are_decibels_of_each_frame() -> None:
    made = levels(samples(s.joined(s.silence(1), 0.5 * numpy.sin(numpy.arange(RATE)))))
    assert len(made) == 2 * RATE // FRAME
    assert made[10] == -120 and made[70] == pytest.approx(-9.03, abs=0.3)
    assert levels(samples(s.silence(1) + 0.5))[3] == -120, "a constant voltage is no sound"
    assert len(levels(samples(s.voice(0.001)))) == 1 and len(levels(samples(s.silence(0)))) == 0


@pytest.mark.parametrize("hiss", [-120, -70, -55, -45])
def test_silence_goes_and_speech_stays(hiss: float) -> None:
    sound = s.joined(s.silence(20), s.voice(3), s.silence(30), s.voice(2), s.silence(10))
    assert spoken(sound + s.noise(65, hiss)) == about((20, 23), (53, 55))


def test_a_quiet_voice_is_heard_too() -> None:
    sound = s.joined(s.silence(20), s.voice(3, loud=0.01), s.silence(30)) + s.noise(53, -70)
    assert spoken(sound) == about((20, 23))


def test_a_short_silence_belongs_to_the_sentence_and_a_click_is_nothing() -> None:
    sound = s.joined(s.silence(5), s.voice(2), s.silence(0.5), s.voice(2), s.silence(10), s.voice(0.03), s.silence(9))
    assert spoken(sound) == about((5, 9.5))


def test_nothing_but_silence_has_nothing() -> None:
    assert spoken(s.silence(30)) == []
    assert spoken(s.noise(30, -70)) == []
    assert spoken(s.silence(0)) == []


def test_somebody_who_makes_no_pause_is_kept_from_end_to_end() -> None:
    at = numpy.arange(90 * RATE) / RATE
    assert spoken(0.05 * numpy.sin(2 * numpy.pi * 200 * at)) == [(0, 90)]


def test_a_fan_that_starts_later_does_not_hide_what_is_said_before_and_after() -> None:
    hiss = s.joined(s.noise(120, -75), s.noise(180, -42))
    sound = s.silence(300)
    for start in (30, 200, 250):
        sound[start * RATE : (start + 4) * RATE] += s.voice(4)
    found = spoken(sound + hiss)
    for start in (30, 200, 250):
        assert any(begin <= start + 0.1 and end >= start + 3.9 for begin, end in found)
    assert sum(end - begin for begin, end in found) < 90, "the minute in which it starts, and no more"


def test_a_voice_heard_through_another_microphone_is_not_said_there() -> None:
    anna = s.joined(s.silence(5), s.voice(4), s.silence(20))
    ben = s.joined(s.silence(15), s.voice(4, 300), s.silence(10))
    assert spoken(anna + 0.08 * ben, ben + 0.08 * anna) == about((5, 9))
    assert spoken(ben + 0.08 * anna, anna + 0.08 * ben) == about((15, 19))


def test_two_who_speak_at_once_are_both_heard() -> None:
    anna = s.joined(s.silence(5), s.voice(4), s.silence(6))
    ben = s.joined(s.silence(7), s.voice(4, 300, loud=0.15), s.silence(4))
    assert spoken(anna, ben) == about((5, 9)) and spoken(ben, anna) == about((7, 11))
