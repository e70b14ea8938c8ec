"""Reading recordings: what they hold, at one rate; and one sentence for what is broken, disguised or too much."""

from __future__ import annotations

import io
import struct
import sys
from pathlib import Path

import numpy
import pytest

from doorframe.adapters.speech import Missing, NotHeard, recording
from doorframe.adapters.speech.recording import RATE, read
from tests.adapters.speech import sounds as s

CODECS = {"mp3": ("mp3", "mp3"), "ogg": ("ogg", "libopus"), "m4a": ("mp4", "aac")}


def coded(kind: str, *channels: object, rate: int = 48_000) -> bytes:
    """The same sound as mp3, ogg or m4a."""
    import av

    format, codec = CODECS[kind]
    out = io.BytesIO()
    with av.open(out, "w", format=format) as box:
        stream = box.add_stream(codec, rate=rate, layout="stereo" if len(channels) == 2 else "mono")
        data = (numpy.stack(channels) * 32767).astype(numpy.int16)  # type: ignore[call-overload]
        frame = av.AudioFrame.from_ndarray(data, format="s16p", layout=stream.layout.name)
        frame.rate = rate
        for made in av.AudioResampler(format=stream.format, layout=stream.layout, rate=rate).resample(frame):
            box.mux(stream.encode(made))
        box.mux(stream.encode(None))
    return out.getvalue()


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_every_width_of_sample_is_the_same_sound(tmp_path: Path, width: int) -> None:
    found = read(s.written(tmp_path / "a.wav", s.wav(s.voice(1), width=width)))
    (channel,) = found.channels
    assert found.seconds == 1
    expected = s.voice(1) * 32767
    assert numpy.abs(channel - expected).max() < (300 if width == 1 else 3)


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_every_rate_becomes_one_rate_with_the_same_tone_at_the_same_time(tmp_path: Path, rate: int) -> None:
    tone = s.joined(s.silence(2, rate), 0.5 * numpy.sin(2 * numpy.pi * 440 * numpy.arange(4 * rate) / rate))
    found = read(s.written(tmp_path / "a.wav", s.wav(tone, rate=rate)))
    (channel,) = found.channels
    assert found.seconds == pytest.approx(6, abs=0.01)
    assert s.frequency(channel[2 * RATE :]) == pytest.approx(440, abs=1)
    assert numpy.abs(channel[: int(1.98 * RATE)]).max() < 200
    middle = channel[3 * RATE : 5 * RATE].astype(float)
    assert numpy.sqrt((middle**2).mean()) == pytest.approx(0.5 * 32767 / 2**0.5, rel=0.02)


def test_there_is_no_seam_between_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = s.written(tmp_path / "a.wav", s.wav(s.voice(3, rate=44_100), rate=44_100))
    whole = read(path).channels[0]
    for size in (997, 4096, 100_000):
        monkeypatch.setattr(recording, "_BLOCK", size)
        parts = read(path).channels[0]
        assert len(parts) == len(whole)
        assert numpy.abs(parts.astype(int) - whole).max() <= 1


def test_what_is_too_high_to_be_kept_does_not_come_back_as_noise(tmp_path: Path) -> None:
    shrill = 0.5 * numpy.sin(2 * numpy.pi * 15_000 * numpy.arange(48_000) / 48_000)
    (channel,) = read(s.written(tmp_path / "a.wav", s.wav(shrill, rate=48_000))).channels
    assert numpy.abs(channel[500:-500]).max() < 200


def test_channels_stay_apart_and_what_is_there_twice_is_there_once(tmp_path: Path) -> None:
    first, second = s.joined(s.voice(1), s.silence(1)), s.joined(s.silence(1), s.voice(1, pitch=300))
    assert len(read(s.written(tmp_path / "a.wav", s.wav(first, second))).channels) == 2
    assert len(read(s.written(tmp_path / "b.wav", s.wav(first, first))).channels) == 1
    assert len(read(s.written(tmp_path / "c.wav", s.wav(first, 0.1 * first))).channels) == 1
    assert len(read(s.written(tmp_path / "d.wav", s.wav(first, -first))).channels) == 1


@pytest.mark.parametrize("kind", CODECS)
def test_compressed_recordings_are_read_too(tmp_path: Path, kind: str) -> None:
    first = s.joined(s.silence(1, 48_000), s.voice(2, rate=48_000))
    second = s.joined(s.voice(1, 300, rate=48_000), s.silence(2, 48_000))
    found = read(s.written(tmp_path / f"a.{kind}", coded(kind, first, second)))
    assert len(found.channels) == 2
    assert found.seconds == pytest.approx(3, abs=0.1)
    quiet, loud = found.channels[0][: RATE // 2], found.channels[0][RATE * 3 // 2 : RATE * 5 // 2]
    assert numpy.abs(quiet).max() < 1000 < numpy.abs(loud).max()


def test_without_pyav_a_compressed_recording_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = coded("ogg", s.voice(1, rate=48_000))
    monkeypatch.setattr(recording, "can_read_all", lambda: False)
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(Missing, match="PyAV is needed"):
        read(s.written(tmp_path / "a.ogg", data))
    assert read(s.written(tmp_path / "a.wav", s.wav(s.voice(1)))).seconds == 1


def test_samples_that_are_no_whole_numbers_are_read_by_pyav(tmp_path: Path) -> None:
    samples = s.voice(1).astype("<f4").tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 3, 1, RATE, RATE * 4, 4,
                       32, b"data", len(samples))  # fmt: skip
    found = read(s.written(tmp_path / "a.wav", head + samples))
    assert found.seconds == pytest.approx(1, abs=0.01)
    assert s.frequency(found.channels[0]) == pytest.approx(180, abs=5)


WAV = s.wav(s.voice(1))
BROKEN = {
    "empty.wav": (b"", "an empty file"),
    "nothing.wav": (s.wav([]), "no sound"),
    "letter.wav": (b"Dear Anna, about Tuesday", "no recording"),
    "page.mp3": (b"%PDF-1.7 Anna", "no recording"),
    "film.mkv": (b"\x1a\x45\xdf\xa3" + bytes(100), "no recording"),
    "list.mp3": (b"#EXTM3U\nhttp://a.example/x.mp3", "no recording"),
    "cut.wav": (WAV[:-9000], "cut off"),
    "head.wav": (WAV[:30], "cut off"),
    "other.mp3": (WAV, "says something else"),
    "other.pdf": (WAV, "says something else"),
    "noise.wav": (b"RIFF\x00\x00\x00\x00WAVE" + bytes(range(256)) * 4, "damaged|cut off"),
    "noise.mp3": (b"ID3" + bytes(range(256)) * 40, "damaged"),
    "noise.ogg": (b"OggS" + bytes(range(256)) * 40, "damaged"),
    "noise.m4a": (b"\0\0\0\x20ftypM4A " + bytes(range(256)) * 40, "damaged"),
    "slow.wav": (s.wav(s.voice(1), rate=10), "makes no sense"),
    "choir.wav": (s.wav(*[s.voice(0.1, 100 + 20 * number) for number in range(9)]), "more than 8 channels"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_or_disguised_is_one_sentence(tmp_path: Path, name: str) -> None:
    data, sentence = BROKEN[name]
    with pytest.raises(NotHeard, match=sentence) as error:
        read(s.written(tmp_path / name, data))
    said = str(error.value)
    assert said.endswith(".") and "Anna" not in said and "\n" not in said and str(tmp_path) not in said


def test_compressed_recordings_that_are_cut_are_heard_or_refused_and_nothing_else(tmp_path: Path) -> None:
    for kind in CODECS:
        data = coded(kind, s.voice(2, rate=48_000))
        for part in range(1, 8):
            path = s.written(tmp_path / f"a.{kind}", data[: len(data) * part // 8])
            try:
                assert read(path).seconds <= 2.2
            except NotHeard as error:
                assert str(error).endswith(".")


def test_what_is_too_long_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = s.written(tmp_path / "a.wav", s.wav(s.voice(4), s.voice(4, 300)))
    assert read(path, hours=8.1 / 3600).seconds == 4
    with pytest.raises(NotHeard, match="longer than"):
        read(path, hours=7 / 3600)


def test_what_is_too_large_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "LARGEST_FILE", 1000)
    with pytest.raises(NotHeard, match="larger than"):
        read(s.written(tmp_path / "a.wav", WAV))


def test_a_file_that_is_not_there_or_is_a_folder_is_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "a.wav", tmp_path):
        with pytest.raises(NotHeard, match="cannot be read"):
            read(path)
