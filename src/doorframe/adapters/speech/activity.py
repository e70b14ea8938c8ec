"""Where somebody speaks: by the energy of the sound alone, so that silence costs nothing.

It rather keeps a noise than loses a word. A recording without any silence is kept as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from doorframe.adapters.speech.recording import RATE
from doorframe.engines.detection.prosody import SILENCE

if TYPE_CHECKING:
    from doorframe.adapters.speech.recording import Samples

FRAME = RATE // 50
"""Samples of one frame: 20 milliseconds."""

PER_SECOND = RATE // FRAME

_QUIETEST = -65.0
"""Decibels below full scale under which nothing is taken for a voice."""

_ABOVE = 9.0
"""Decibels above what is always there from which a frame may be a voice, and how far it may fall until it ends."""
_FALL = 4.0

_SURE = -30.0
"""Decibels from which a frame is always a voice, however loud the rest of the recording is."""

_STEADY = -40.0
"""Decibels from which a sound that hardly changes for a minute is kept: it may be somebody who makes no pause."""

_SPAN = 60.0
"""Seconds over which what is always there is looked for, so that a fan that starts later is found too."""

_SHORTEST = 0.12
_JOINED = 0.8
_MARGIN = 0.25
"""Seconds: sounds below are clicks, silences below belong to the sentence, and so much is kept on either side."""

_BLEED = 12.0
"""Decibels by which another channel must be louder for a sound to be that other voice, heard from afar."""

Stretch = tuple[int, int]
"""From a sample to another."""


def levels(samples: Samples) -> Any:
    """The level of each frame in decibels below full scale, as float32; the last frame may be shorter."""
    import numpy

    count = -(-len(samples) // FRAME)
    made = numpy.full(count, SILENCE, numpy.float32)
    step = 3000 * FRAME
    for start in range(0, len(samples), step):
        block = samples[start : start + step].astype(numpy.float32) / 32768
        short = -len(block) % FRAME
        frames = numpy.pad(block, (0, short)).reshape(-1, FRAME)
        # A constant voltage is no sound.
        power = (frames - frames.mean(axis=1, keepdims=True)).__pow__(2).mean(axis=1)
        at = start // FRAME
        made[at : at + len(frames)] = numpy.maximum(10 * numpy.log10(numpy.maximum(power, 1e-12)), SILENCE)
    return made


def stretches(track: Any, others: Sequence[Any] = (), *, length: int) -> list[Stretch]:
    """Where a track speaks, as samples within `length`, in order and apart.

    track   its levels
    others  the levels of the tracks beside it: what is much louder there is not said here
    """
    if not len(track):
        return []
    begins = _begins(track)
    loud, going_on = track >= begins, track >= begins - _FALL
    for other in others:
        # A beat of speech is compared, not a single frame.
        here = _smooth(other)[: len(track)] - _smooth(track)[: len(other)] < _BLEED
        loud[: len(here)] &= here
        going_on[: len(here)] &= here
    runs = _runs(going_on, loud)
    return _as_samples(_joined(runs), length)


def _begins(track: Any) -> Any:
    """The level from which each frame may be a voice: above what is always there in the minute around it."""
    import numpy

    span = int(_SPAN * PER_SECOND)
    made = numpy.empty(len(track), numpy.float32)
    for start in range(0, len(track), span // 2):
        around = track[max(0, start - span // 4) : start + span * 3 // 4]
        floor, top = numpy.percentile(around, [10, 98])
        made[start : start + span // 2] = floor + _ABOVE if top - floor >= _ABOVE else _STEADY
    return numpy.clip(made, _QUIETEST, _SURE)


def _smooth(track: Any) -> Any:
    import numpy

    width = PER_SECOND // 5 | 1
    return numpy.convolve(numpy.pad(track, width // 2, mode="edge"), numpy.ones(width) / width, mode="valid")


def _runs(going_on: Any, loud: Any) -> list[Stretch]:
    """Frames that go on without a break and are long enough and loud somewhere."""
    import numpy

    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[False], going_on, [False]]).astype(numpy.int8)))
    counted = numpy.concatenate([[0], numpy.cumsum(loud)])
    shortest = int(_SHORTEST * PER_SECOND)
    return [
        (int(start), int(end))
        for start, end in edges.reshape(-1, 2)
        if end - start >= shortest and counted[end] - counted[start] >= shortest // 2
    ]


def _joined(runs: Sequence[Stretch]) -> list[Stretch]:
    made: list[Stretch] = []
    for start, end in runs:
        if made and start - made[-1][1] <= _JOINED * PER_SECOND:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return made


def _as_samples(runs: Sequence[Stretch], length: int) -> list[Stretch]:
    margin = int(_MARGIN * RATE)
    return [(max(0, start * FRAME - margin), min(length, end * FRAME + margin)) for start, end in runs]
