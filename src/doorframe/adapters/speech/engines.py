"""The engines by their names, and what is said where none is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from doorframe.adapters.speech import Missing, Segment, Speech, Transcript

NAMES = ("none", "whisper", "command")
"""The first is what is used where nobody chose: it hears nothing and says what to do."""


class Fake:
    """Gives what it was told to give, for tests."""

    engine = "fake"

    def __init__(self, segments: Sequence[Segment] | dict[str, Sequence[Segment]]) -> None:
        self._segments = segments
        self.paths: list[Path] = []

    def transcribe(self, path: Path) -> Transcript:
        self.paths.append(path)
        found = self._segments.get(path.stem, ()) if isinstance(self._segments, dict) else self._segments
        return Transcript(tuple(found), self.engine, 0.0)


def choose(name: str, *, model: Path | None = None, sha256: str = "", command: str = "") -> Speech:
    """The engine with this name, ready to hear. Raises Missing where it lacks something, and for "none"."""
    if name == "whisper":
        from doorframe.adapters.speech.whisper import Whisper

        return Whisper(model, sha256)
    if name == "command":
        from doorframe.adapters.speech.command import Command

        return Command(command)
    raise Missing(
        "No engine for speech is chosen, so nothing was heard. Choose --speech whisper with the folder of a model, "
        "or --speech command with a program of your own; the help page “Hear recordings” says how."
    )
