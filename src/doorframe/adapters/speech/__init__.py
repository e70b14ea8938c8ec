"""Recordings as words with their seconds, on this machine: what an engine is, and which there are.

Nothing here fetches anything, and nothing is kept: what is written while somebody listens stands in a folder that goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from doorframe.engines.detection.turns import UNKNOWN, Segment

__all__ = ["UNKNOWN", "Missing", "NotHeard", "Segment", "Speech", "Transcript", "tidy"]


class NotHeard(Exception):
    """A recording was not heard. str() is for the person: what happened and what to do, and no word of what was said.

    The name of a file is left to whoever knows what the person called it.
    """


class Missing(NotHeard):
    """What would hear it is not there or not the right one; the recording itself may be fine."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in a recording.

    segments   in the order in which they begin
    engine     what heard it, as a person would name it: "whisper base 1a2b3c4d5e6f"
    seconds    how long the recording is
    estimated  True where the engine gave words without times, so that the seconds are an estimate
    """

    segments: tuple[Segment, ...]
    engine: str
    seconds: float
    estimated: bool = False


class Speech(Protocol):
    """Something that hears.

    engine  its name, as a person would say it
    """

    engine: str

    def transcribe(self, path: Path) -> Transcript:
        """The words of a wav file: one channel, 16 bits, recording.RATE. Raises NotHeard."""
        ...


LONGEST_TEXT = 5_000
"""Letters of one segment: minutes of talk."""


def tidy(text: str) -> str:
    """Words on one line, without what no person says, up to LONGEST_TEXT."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * LONGEST_TEXT])
    return " ".join(plain.split())[:LONGEST_TEXT]
