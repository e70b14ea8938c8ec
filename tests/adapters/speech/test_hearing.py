"""From a recording to words: tracks become speakers, seconds stay those of the recording, nothing is left behind."""

from __future__ import annotations

import tempfile
import wave
from pathlib import Path
from typing import Any

import pytest

from doorframe.adapters.speech import UNKNOWN, NotHeard, Segment, Transcript, hearing
from doorframe.adapters.speech.engines import Fake, choose
from doorframe.adapters.speech.hearing import hear
from doorframe.engines.detection.turns import turns
from tests.adapters.speech import sounds as s


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which temporary files are made."""
    place = tmp_path / "temp"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


class Listener:
    """Writes down what it is given, and says one word for each second of it."""

    engine = "listener"

    def __init__(self) -> None:
        self.given: list[tuple[float, int, str]] = []

    def transcribe(self, path: Path) -> Transcript:
        with wave.open(str(path)) as sound:
            seconds = sound.getnframes() / sound.getframerate()
            self.given.append((seconds, sound.getnchannels(), oct(path.parent.stat().st_mode & 0o777)))
        words = [Segment(at, at + 0.9, UNKNOWN, f"word{at}") for at in range(int(seconds))]
        return Transcript(tuple(words), self.engine, seconds)


def room(tmp_path: Path) -> Path:
    """Two minutes with two pieces of speech, at 40 and at 90 seconds."""
    sound = s.joined(s.silence(40), s.voice(4), s.silence(46), s.voice(3), s.silence(27))
    return s.written(tmp_path / "room.wav", s.wav(sound))


def test_an_engine_gets_speech_alone_and_its_seconds_are_those_of_the_recording(
    tmp_path: Path, temporary: Path
) -> None:
    listener = Listener()
    found = hear([("", room(tmp_path))], listener)
    ((seconds, channels, mode),) = listener.given
    assert seconds < 11 and channels == 1 and mode == "0o700"
    assert found.transcript.seconds == 120 and found.spoken == pytest.approx(8, abs=0.7)
    first, *_, last = found.transcript.segments
    assert first.start == pytest.approx(39.75, abs=0.1) and last.end <= 93.3
    assert all(39.7 <= one.start < one.end <= 44.3 or 89.7 <= one.start < one.end <= 93.3
               for one in found.transcript.segments)  # fmt: skip
    assert list(temporary.iterdir()) == []


def test_words_across_a_cut_stand_where_most_of_them_were_said(tmp_path: Path) -> None:
    found = hear([("", room(tmp_path))], Fake([Segment(3.5, 8, UNKNOWN, "late"), Segment(0, 5.0, UNKNOWN, "early")]))
    early, late = found.transcript.segments
    assert (early.text, late.text) == ("early", "late")
    assert 39.7 <= early.start < early.end <= 44.4 and 89.7 <= late.start < late.end <= 93.4


def test_times_that_an_engine_makes_up_stay_within_what_was_spoken(tmp_path: Path) -> None:
    wild = [Segment(5000, 9000, UNKNOWN, "late"), Segment(0, 0, UNKNOWN, "none"), Segment(4, 2, UNKNOWN, "back")]
    for one in hear([("", room(tmp_path))], Fake(wild)).transcript.segments:
        assert 39.7 <= one.start < one.end <= 93.4


@pytest.mark.promise("J5")
def test_channels_are_speakers(tmp_path: Path) -> None:
    anna, ben = s.joined(s.voice(3), s.silence(7)), s.joined(s.silence(5), s.voice(3, 300), s.silence(2))
    path = s.written(tmp_path / "two.wav", s.wav(anna, ben))
    found = hear([("", path)], Fake({"1": [Segment(0, 2, UNKNOWN, "one")], "2": [Segment(0, 2, "Zoe", "two")]}))
    assert [(one.speaker, one.text) for one in found.transcript.segments] == [
        ("speaker 1", "one"),
        ("speaker 2", "two"),
    ]
    assert [one.start for one in found.transcript.segments] == [0, pytest.approx(4.75, abs=0.1)]


def test_files_are_speakers_with_their_names_whatever_their_channels(tmp_path: Path) -> None:
    anna = s.written(
        tmp_path / "a.wav", s.wav(s.joined(s.voice(3), s.silence(7)), s.joined(s.voice(3, 200), s.silence(7)))
    )
    ben = s.written(tmp_path / "b.wav", s.wav(s.joined(s.silence(5, 8000), s.voice(3, 300, rate=8000)), rate=8000))
    found = hear([("Anna", anna), ("Ben", ben)], Fake([Segment(0, 2, "Zoe", "words")]))
    assert [(one.speaker, round(one.start)) for one in found.transcript.segments] == [("Anna", 0), ("Ben", 5)]
    assert found.transcript.seconds == pytest.approx(10, abs=0.01)


def test_a_named_track_keeps_its_name_when_nobody_else_speaks(tmp_path: Path) -> None:
    anna = s.written(tmp_path / "a.wav", s.wav(s.voice(3)))
    ben = s.written(tmp_path / "b.wav", s.wav(s.silence(3)))
    found = hear([("Anna", anna), ("Ben", ben)], Fake([Segment(0, 2, UNKNOWN, "words")]))
    assert [one.speaker for one in found.transcript.segments] == ["Anna"]


@pytest.mark.parametrize("other", [s.silence(5), s.voice(5), 0.1 * s.voice(5)])
def test_one_track_has_an_unknown_speaker_however_it_is_written(tmp_path: Path, other: Any) -> None:
    path = s.written(tmp_path / "a.wav", s.wav(s.voice(5), other))
    found = hear([("", path)], Fake([Segment(0, 2, UNKNOWN, "words")]))
    assert [one.speaker for one in found.transcript.segments] == [UNKNOWN]


def test_speakers_that_an_engine_tells_apart_on_one_track_are_taken(tmp_path: Path) -> None:
    found = hear([("", room(tmp_path))], Fake([Segment(0, 1, "A", "one"), Segment(2, 3, "B", "two")]))
    assert [one.speaker for one in found.transcript.segments] == ["A", "B"]
    assert all(one.louder is None for one in found.manners(turns(found.transcript.segments)))


def test_a_recording_without_speech_never_reaches_the_engine(tmp_path: Path) -> None:
    fake = Fake([Segment(0, 1, UNKNOWN, "made up")])
    found = hear([("", s.written(tmp_path / "a.wav", s.wav(s.silence(30))))], fake)
    assert (found.transcript.segments, found.transcript.seconds, found.spoken, fake.paths) == ((), 30, 0, [])
    assert found.transcript.engine == "fake" and found.manners([]) == []


def test_how_it_was_said_is_measured_where_it_was_said(tmp_path: Path) -> None:
    """Six turns of one voice, the last at twice the loudness (6 decibels) and with twice the words."""
    sound = s.joined(*[s.joined(s.voice(3, loud=0.3 if at == 5 else 0.15), s.silence(4)) for at in range(6)])
    path = s.written(tmp_path / "a.wav", s.wav(sound))
    said = [Segment(4.5 * at, 4.5 * at + 3.5, UNKNOWN, "word " * (16 if at == 5 else 8)) for at in range(6)]
    found = hear([("Anna", path)], Fake(said))
    *usual, last = found.manners(turns(found.transcript.segments))
    assert all(one.louder == pytest.approx(0, abs=0.5) for one in usual)
    assert last.louder == pytest.approx(6, abs=0.5) and last.faster == pytest.approx(2, abs=0.1)


class Failing:
    engine = "failing"

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def transcribe(self, path: Path) -> Transcript:
        (path.parent / "left.txt").write_text("Anna said")
        raise self.error


@pytest.mark.promise("J5")
@pytest.mark.parametrize("error", [NotHeard("x."), KeyboardInterrupt(), SystemExit(143), MemoryError()])
def test_nothing_is_left_behind_when_it_fails(tmp_path: Path, temporary: Path, error: BaseException) -> None:
    with pytest.raises(type(error)):
        hear([("", room(tmp_path))], Failing(error))
    assert list(temporary.iterdir()) == []


def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: object) -> None:
        path.write_bytes(b"Anna")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hearing, "_write", full)
    with pytest.raises(NotHeard, match=r"No space left on device.*nothing was kept"):
        hear([("", room(tmp_path))], Fake([]))
    assert list(temporary.iterdir()) == []


def test_no_engine_says_what_to_do() -> None:
    with pytest.raises(NotHeard, match=r"No engine .* --speech whisper .* --speech command"):
        choose("none")
