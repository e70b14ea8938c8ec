"""Recordings made by the tests themselves: tones that stand for voices, silence, noise."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy

from doorframe.adapters.speech.recording import RATE


def silence(seconds: float, rate: int = RATE) -> Any:
    return numpy.zeros(int(seconds * rate))


def noise(seconds: float, level: float, rate: int = RATE) -> Any:
    """The hiss of a room, `level` decibels below full scale."""
    return numpy.random.default_rng(7).normal(0, 10 ** (level / 20), int(seconds * rate))


def voice(seconds: float, pitch: float = 180.0, loud: float = 0.3, rate: int = RATE) -> Any:
    """A tone with overtones that rises and falls four times a second, as syllables do."""
    at = numpy.arange(int(seconds * rate)) / rate
    tone = sum(numpy.sin(2 * numpy.pi * pitch * part * at) / part for part in (1, 2, 3))
    return loud * tone * (0.55 + 0.45 * numpy.sin(2 * numpy.pi * 4 * at)) / 1.8


def joined(*parts: Any) -> Any:
    return numpy.concatenate(parts)


def wav(*channels: Sequence[float], rate: int = RATE, width: int = 2) -> bytes:
    """A wav file of PCM samples, one channel an argument, each from -1 to 1."""
    length = max(len(one) for one in channels)
    whole = numpy.stack([numpy.pad(one, (0, length - len(one))) for one in channels], axis=1)
    if width == 1:
        data = (whole * 127 + 128).round().astype("u1").tobytes()
    elif width == 3:
        data = (whole * (2**23 - 1)).round().astype("<i4").view("u1").reshape(-1, 4)[:, :3].tobytes()
    else:
        data = (whole * (2 ** (8 * width - 1) - 1)).round().astype(f"<i{width}").tobytes()
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(len(channels))
        sound.setsampwidth(width)
        sound.setframerate(rate)
        sound.writeframes(data)
    return out.getvalue()


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def frequency(samples: Any) -> float:
    """The strongest tone in Hertz."""
    spectrum = numpy.abs(numpy.fft.rfft(samples.astype(float)))
    return float(spectrum.argmax() * RATE / len(samples))
