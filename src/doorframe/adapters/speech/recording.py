"""Recordings as numbers: wav by the standard library; mp3, ogg and m4a by PyAV where it is installed."""

from __future__ import annotations

import importlib.util
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from doorframe.adapters.speech import Missing, NotHeard

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Samples = NDArray[numpy.int16]

RATE = 16_000
"""Samples a second of everything that is handed on."""

LARGEST_FILE = 4_000_000_000
"""Bytes; a wav cannot be larger."""

MOST_HOURS = 6.0
"""Hours of one recording, all its channels together, that find room in memory."""

MOST_CHANNELS = 8

_BLOCK = 262_144
"""Frames that are read at once."""

_ENDINGS = {
    "wav": ("wav", "wave"),
    "mp3": ("mp3",),
    "ogg": ("ogg", "oga", "opus"),
    "m4a": ("m4a", "m4b", "mp4"),
}
_KNOWN = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings}
_READERS = {"wav": "wav", "mp3": "mp3", "ogg": "ogg", "m4a": "mp4"}
"""The one reader that each kind is given to, so that a file never chooses for itself how it is read."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The channels of a recording, each as 16-bit samples at RATE, all of one length."""

    channels: tuple[Samples, ...]

    @property
    def seconds(self) -> float:
        return len(self.channels[0]) / RATE


def read(path: Path, *, hours: float = MOST_HOURS) -> Recording:
    """A recording's channels, at most so many hours together; two that hold the same are one.

    Raises NotHeard with one sentence.
    """
    import numpy

    held: list[bytearray] = []
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            kind = _kind(file.read(16), path.suffix.lower().lstrip("."), size)
            file.seek(0)
            for part in _within(_wav(file, size) if kind == "wav" else _by_pyav(file, kind), hours):
                held = held or [bytearray() for _ in part]
                if len(held) != len(part):
                    raise NotHeard("The recording changes its number of channels in the middle, so it was not heard.")
                for channel, row in zip(held, part, strict=True):
                    channel += row.tobytes()
    except OSError as error:
        raise NotHeard(f"The recording cannot be read: {error.strerror or 'the file is not readable'}.") from None
    if not held or not held[0]:
        raise NotHeard("The recording holds no sound.")
    return Recording(tuple(_different([numpy.frombuffer(channel, numpy.int16) for channel in held])))


def can_read_all() -> bool:
    """Whether mp3, ogg and m4a can be read too."""
    return importlib.util.find_spec("av") is not None


def _kind(head: bytes, ending: str, size: int) -> str:
    """What a file is by its first bytes. Refuses what its name says it is not."""
    if not size:
        raise NotHeard("The recording is an empty file.")
    if size > LARGEST_FILE:
        raise NotHeard("The recording is larger than 4 GB. Cut it into parts and hear each of them.")
    found = _by_head(head)
    if not found:
        raise NotHeard("This is no recording that Doorframe reads. It reads wav, mp3, ogg and m4a.")
    said = _KNOWN.get(ending, "" if not ending else "other")
    if said and said != found:
        raise NotHeard(f"The file holds {found} and its name says something else. Name it .{found} if that is right.")
    return found


def _by_head(head: bytes) -> str:
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"OggS":
        return "ogg"
    if head[4:8] == b"ftyp":
        return "m4a"
    if head[:3] == b"ID3" or (len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "mp3"
    return ""


def _within(parts: Iterator[Samples], hours: float) -> Iterator[Samples]:
    """The parts, as long as together they are not too long."""
    left = hours * 3600 * RATE
    for part in parts:
        if part.shape[0] > MOST_CHANNELS:
            raise NotHeard(f"The recording has more than {MOST_CHANNELS} channels, so it was not heard.")
        left -= part.size
        if left < 0:
            raise NotHeard(
                f"The recording is longer than {MOST_HOURS:g} hours, all its tracks together. Cut it into parts."
            )
        yield part


def _wav(file: BinaryIO, size: int) -> Iterator[Samples]:
    try:
        with wave.open(file, "rb") as sound:
            channels, width, rate, frames = sound.getparams()[:4]
            if channels < 1 or not 4000 <= rate <= 384_000:
                raise NotHeard("The recording’s own description makes no sense, so it was not heard.")
            if frames * channels * width > size:
                raise NotHeard("The recording is cut off: its file is shorter than it says. Take the whole file.")
            change = Resampler(rate, channels)
            while data := sound.readframes(_BLOCK):
                yield change(_numbers(data, width, channels))
            yield change.end()
    except wave.Error as error:
        if "unknown format" not in str(error):
            raise NotHeard("The wav file is damaged, so it was not heard.") from None
    except EOFError:
        raise NotHeard("The wav file is cut off, so it was not heard.") from None
    else:
        return
    # Samples that are not whole numbers, and other things a wav may hold.
    file.seek(0)
    yield from _by_pyav(file, "wav")


def _numbers(data: bytes, width: int, channels: int) -> Any:
    """Bytes as float32 of full scale 1, one row a channel."""
    import numpy

    data = data[: len(data) - len(data) % (width * channels)]
    if width == 1:
        flat = (numpy.frombuffer(data, numpy.uint8).astype(numpy.float32) - 128) / 128
    elif width == 2:
        flat = numpy.frombuffer(data, "<i2").astype(numpy.float32) / 2**15
    elif width == 3:
        parts = numpy.frombuffer(data, numpy.uint8).reshape(-1, 3).astype(numpy.int32)
        high = (parts[:, 2] ^ 0x80) - 0x80
        flat = ((high << 16) | (parts[:, 1] << 8) | parts[:, 0]).astype(numpy.float32) / 2**23
    elif width == 4:
        flat = numpy.frombuffer(data, "<i4").astype(numpy.float32) / 2**31
    else:
        raise NotHeard("The recording’s own description makes no sense, so it was not heard.")
    return flat.reshape(-1, channels).T


class Resampler:
    """Blocks of sound at one rate into blocks at RATE; the seam between two blocks is not heard.

    What lies above half of RATE is filtered away before, so that it does not come back as noise.
    """

    def __init__(self, rate: int, channels: int) -> None:
        import numpy

        self._step = rate / RATE
        self._half = 0 if rate <= RATE else int(16 * self._step)
        places = numpy.arange(-self._half, self._half + 1)
        taps = numpy.sinc(places * 0.92 / self._step) * numpy.hanning(2 * self._half + 3)[1:-1]
        self._taps = (taps / taps.sum()).astype(numpy.float32) if self._half else None
        self._held = numpy.zeros((channels, self._half), numpy.float32)
        self._from = 0
        self._next = 0

    def __call__(self, block: Any) -> Samples:
        """As much at RATE as is complete."""
        import numpy

        held = numpy.concatenate([self._held, block], axis=1)
        whole = held.shape[1] - 2 * self._half
        if whole < 2:
            self._held = held
            return numpy.zeros((block.shape[0], 0), numpy.int16)
        # Places of the source whose neighbours on both sides are here.
        last = self._from + whole - 1
        made = int(last / self._step) + 1 - self._next
        at = (self._next + numpy.arange(max(0, made))) * self._step - self._from
        clean = self._clean(held)
        out = numpy.stack([numpy.interp(at, numpy.arange(whole), row) for row in clean])
        self._next += max(0, made)
        # One source sample before the next place stays, for the straight line between two.
        spent = max(0, min(whole - 1, int(self._next * self._step) - self._from))
        self._held = held[:, spent:]
        self._from += spent
        return _whole_numbers(out)

    def end(self) -> Samples:
        """What is left."""
        import numpy

        return self(numpy.zeros((self._held.shape[0], self._half), numpy.float32))

    def _clean(self, held: Any) -> Any:
        import numpy

        if self._taps is None:
            return held
        return numpy.stack([numpy.convolve(row, self._taps, mode="valid") for row in held])


def _whole_numbers(sound: Any) -> Samples:
    import numpy

    made: Samples = (numpy.clip(sound, -1, 1) * 32767).round().astype(numpy.int16)
    return made


def _by_pyav(file: BinaryIO, kind: str) -> Iterator[Samples]:
    """By FFmpeg inside PyAV. It gets an open file, never a name: a name could lead it to another place."""
    if not can_read_all():
        raise Missing(
            f"To hear this {kind} file, PyAV is needed, which is not installed. "
            'Install it with: pip install "doorframe[speech]", or save the recording as a plain wav (PCM).'
        )
    import av
    import numpy

    try:
        with av.open(file, mode="r", format=_READERS[kind]) as box:
            if not box.streams.audio:
                raise NotHeard("The file holds no sound.")
            change = av.AudioResampler(format="s16p", rate=RATE)
            for frame in chain(box.decode(audio=0), (None,)):
                for made in change.resample(frame):
                    yield numpy.atleast_2d(made.to_ndarray()).astype(numpy.int16, copy=False)
    except (av.FFmpegError, ValueError, IndexError):
        raise NotHeard(f"The {kind} file is damaged, so it was not heard.") from None


def _different(channels: list[Samples]) -> list[Samples]:
    """Without channels that repeat an earlier one: what is written twice is not two voices."""
    kept: list[Samples] = []
    for one in channels:
        if not any(_same(one, other) for other in kept):
            kept.append(one)
    return kept


def _same(one: Samples, other: Samples) -> bool:
    """Whether two channels go up and down together nearly all the time; looked at in up to two million samples."""
    import numpy

    step = max(1, len(one) // 2_000_000)
    first, second = one[::step].astype(numpy.float64), other[::step].astype(numpy.float64)
    scale = float(numpy.sqrt((first @ first) * (second @ second)))
    return bool(scale == 0 and not first.any() and not second.any()) or bool(
        scale and abs(first @ second) / scale > 0.9
    )
