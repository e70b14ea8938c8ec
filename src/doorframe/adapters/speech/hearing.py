"""A recording from end to end: its tracks, where somebody speaks in each, the words, and the seconds they stand at."""

from __future__ import annotations

import tempfile
import wave
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doorframe.adapters.speech import UNKNOWN, NotHeard, Segment, Speech, Transcript, activity, recording
from doorframe.engines.detection import prosody
from doorframe.engines.detection.turns import Turn

if TYPE_CHECKING:
    from doorframe.adapters.speech.recording import Samples

BREAK = 1.0
"""Seconds of silence between two stretches of what an engine is given, so that it takes them for two."""

_SURELY_SHORTER = 0.05


@dataclass(frozen=True, slots=True)
class Track:
    """One voice, or several that nobody told apart.

    levels  decibels of each frame (activity.levels)
    """

    speaker: str
    levels: Any


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording that was heard: the words of all tracks in order, and the tracks for how they were said."""

    transcript: Transcript
    tracks: tuple[Track, ...]
    spoken: float
    """Seconds in which somebody speaks, all tracks together: what the engine was given."""

    def manners(self, turns: Sequence[Turn]) -> list[prosody.Manner]:
        """How each turn was said."""
        levels = {track.speaker: track.levels for track in self.tracks}
        only = self.tracks[0].levels if len(self.tracks) == 1 else None
        return prosody.manners([_stretch(turn, levels.get(turn.message.author, only)) for turn in turns])


def hear(files: Sequence[tuple[str, Path]], speech: Speech) -> Heard:
    """Every track of a recording heard.

    files  (speaker, file), all begun at the same moment; "" for a file whose channels are the speakers

    Raises NotHeard. Whatever is written meanwhile stands in a folder of its own that only this person may read; it is
    gone afterwards, also when something fails.
    """
    channels, seconds = _channels(files)
    with _folder() as folder:
        voices = _voices(channels, folder)
        # One channel without a name holds whoever was in the room.
        if len(voices) == 1 and not files[0][0]:
            voices = [replace(voices[0], speaker=UNKNOWN)]
        del channels
        parts = [speech.transcribe(voice.path) for voice in voices]
    segments = [one for voice, part in zip(voices, parts, strict=True) for one in _placed(voice, part)]
    segments.sort(key=lambda one: (one.start, one.end))
    transcript = Transcript(tuple(segments), speech.engine, seconds, any(part.estimated for part in parts))
    spoken = sum(end - start for voice in voices for start, end in voice.stretches) / recording.RATE
    return Heard(transcript, tuple(Track(voice.speaker, voice.levels) for voice in voices), spoken)


@contextmanager
def _folder() -> Iterator[Path]:
    try:
        with tempfile.TemporaryDirectory(prefix="doorframe-", ignore_cleanup_errors=True) as name:
            yield Path(name)
    except OSError as error:
        raise NotHeard(
            f"The recording was not heard: {error.strerror or 'a file could not be written'}. "
            "While it listens, Doorframe needs room for a copy in the folder for temporary files; nothing was kept."
        ) from None


@dataclass(frozen=True, slots=True)
class _Voice:
    """A track as an engine gets it: a wav file with the stretches of speech one after another."""

    speaker: str
    path: Path
    stretches: tuple[activity.Stretch, ...]
    levels: Any


def _channels(files: Sequence[tuple[str, Path]]) -> tuple[list[tuple[str, Samples]], float]:
    """Each track with its speaker, and the seconds of the longest. A file with a name is one voice."""
    made: list[tuple[str, Samples]] = []
    left, seconds = recording.MOST_HOURS, 0.0
    for speaker, path in files:
        found = recording.read(path, hours=left)
        left -= found.seconds * len(found.channels) / 3600
        seconds = max(seconds, found.seconds)
        if speaker:
            made.append((speaker, _mixed(found.channels)))
        else:
            made += [(f"speaker {number}", one) for number, one in enumerate(found.channels, 1)]
    return made, seconds


def _voices(channels: Sequence[tuple[str, Samples]], folder: Path) -> list[_Voice]:
    """The tracks in which somebody speaks, written for an engine."""
    levels = [activity.levels(samples) for _, samples in channels]
    made: list[_Voice] = []
    for place, (speaker, samples) in enumerate(channels):
        others = [*levels[:place], *levels[place + 1 :]]
        spoken = activity.stretches(levels[place], others, length=len(samples))
        if spoken:
            path = folder / f"{place + 1}.wav"
            _write(path, samples, spoken)
            made.append(_Voice(speaker, path, tuple(spoken), levels[place]))
    return made


def _mixed(channels: Sequence[Samples]) -> Samples:
    import numpy

    if len(channels) == 1:
        return channels[0]
    whole = numpy.zeros(len(channels[0]), numpy.float32)
    for one in channels:
        whole += one
    return (whole / len(channels)).astype(numpy.int16)


def _write(path: Path, samples: Samples, stretches: Sequence[activity.Stretch]) -> None:
    """The stretches with a short silence after each."""
    silence = bytes(2 * int(BREAK * recording.RATE))
    with path.open("wb") as file, wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(recording.RATE)
        for start, end in stretches:
            sound.writeframesraw(samples[start:end].astype("<i2").tobytes())
            sound.writeframesraw(silence)


def _placed(voice: _Voice, part: Transcript) -> Iterator[Segment]:
    """Segments at the seconds of the recording. One that crosses a cut goes where the greater part of it was said."""
    begins: list[float] = []
    at = 0.0
    for from_, to in voice.stretches:
        begins.append(at)
        at += (to - from_) / recording.RATE + BREAK
    for one in part.segments:
        place = _stretch_of(one, begins, voice.stretches)
        first, last = (number / recording.RATE for number in voice.stretches[place])
        shift = first - begins[place]
        begin = min(max(first, one.start + shift), last - _SURELY_SHORTER)
        end = max(begin + _SURELY_SHORTER, min(last, one.end + shift))
        speaker = one.speaker if voice.speaker == UNKNOWN else voice.speaker
        yield Segment(round(begin, 2), round(end, 2), speaker, one.text, one.sure)


def _stretch_of(one: Segment, begins: Sequence[float], stretches: Sequence[activity.Stretch]) -> int:
    first = max(0, bisect_right(begins, one.start) - 1)
    last = max(first, bisect_right(begins, one.end) - 1)

    def shared(place: int) -> float:
        start, end = stretches[place]
        return min(one.end, begins[place] + (end - start) / recording.RATE) - max(one.start, begins[place])

    return max(range(first, last + 1), key=shared)


def _stretch(turn: Turn, track: Any) -> prosody.Stretch:
    message = turn.message
    start, end = message.start or 0.0, message.end or 0.0
    loudness = None
    if track is not None:
        frames = track[int(start * activity.PER_SECOND) : int(end * activity.PER_SECOND) + 1]
        # Pauses inside a turn make nobody quieter.
        loudness = prosody.loudness(float(level) for level in frames if level >= frames.max() - 25)
    return prosody.Stretch(message.author, start, end, len(message.text.split()), loudness)
