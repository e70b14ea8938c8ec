"""Whisper on this machine, by the package faster-whisper: a model in a folder, checked by its hash, and no network."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import wave
from collections.abc import Iterable, Iterator
from math import exp
from pathlib import Path
from typing import Any

from doorframe.adapters.small_model import silence_onnxruntime
from doorframe.adapters.speech import UNKNOWN, Missing, NotHeard, Segment, Transcript, tidy
from doorframe.adapters.speech.recording import RATE

MANIFEST = "model.sha256"
"""A file in the model's folder: a hash and a name a line, as the program sha256sum writes them."""

WEIGHTS = "model.bin"
NEEDED = (WEIGHTS, "config.json", "tokenizer.json")
"""Without its tokenizer the package would fetch one, so it must be there."""

BREAK = 0.7
"""Seconds of silence between two words at which a segment is cut in two."""

_LINE = re.compile(r"([0-9a-fA-F]{64})\s+\*?(.+)")


class Whisper:
    """A model in a folder. The folder is checked at once; the model is read when it is first needed.

    sha256  the hash of model.bin as its maker tells it; "" where the folder has a manifest
    """

    def __init__(self, folder: Path | None, sha256: str = "") -> None:
        if importlib.util.find_spec("faster_whisper") is None:
            raise Missing(
                'Whisper needs the package faster-whisper. Install it with: pip install "doorframe[speech]"; '
                "nothing was heard."
            )
        if folder is None:
            raise Missing("Name the folder of the Whisper model with --model; Doorframe fetches none by itself.")
        found = check(folder, sha256)
        self.engine = f"whisper {folder.resolve().name} {found[:12]}"
        self._folder = folder
        self._model: Any = None

    def transcribe(self, path: Path) -> Transcript:
        """The words of a wav file as recording.hear writes it."""
        import numpy

        with wave.open(str(path), "rb") as sound:
            data = sound.readframes(sound.getnframes())
        samples = numpy.frombuffer(data, "<i2").astype(numpy.float32) / 32768
        try:
            segments = tuple(_cut(self._segments(samples)))
        except (RuntimeError, ValueError, OSError):
            raise NotHeard("Whisper stopped with an error, so the recording was not heard. Nothing was kept.") from None
        return Transcript(segments, self.engine, len(samples) / RATE)

    def _segments(self, samples: Any) -> Iterable[Any]:
        self._model = self._model or _load(self._folder)
        # Each piece by itself: what was misheard once is not carried on. Silence is cut away before.
        found, _about = self._model.transcribe(
            samples, beam_size=5, condition_on_previous_text=False, word_timestamps=True, vad_filter=False
        )
        return found  # type: ignore[no-any-return]


def check(folder: Path, sha256: str = "") -> str:
    """The hash of the model's weights, when every file is the one that was named. Raises Missing where not.

    Both are held to where both are there: the hash that was given, and the manifest in the folder.
    """
    if not folder.is_dir():
        raise Missing("There is no such folder for the Whisper model; nothing was heard.")
    for name in NEEDED:
        if not (folder / name).is_file():
            raise Missing(f"The folder of the Whisper model has no {name}, so it is not whole; nothing was heard.")
    named = _manifest(folder / MANIFEST)
    unnamed = [name for name in NEEDED if named and name not in named]
    if unnamed:
        raise Missing(f"{MANIFEST} does not name {unnamed[0]}, so that could be anything; nothing was heard.")
    if sha256:
        named[WEIGHTS] = {*named.get(WEIGHTS, ()), sha256.strip().lower()}
    if WEIGHTS not in named:
        raise Missing(
            f"Nothing says which model this is. Put {MANIFEST} into its folder (sha256sum * > {MANIFEST}) or give the "
            f"hash of {WEIGHTS} with --sha256; nothing was heard."
        )
    for name, hashes in named.items():
        if {_hash(folder / name)} != hashes:
            raise Missing(
                f"{name} in the folder of the Whisper model is not the file whose hash was given, so it was not used. "
                "Fetch the model again from where you trust it."
            )
    return _hash_of(named[WEIGHTS])


def _hash_of(hashes: set[str]) -> str:
    (one,) = hashes
    return one


def _manifest(path: Path) -> dict[str, set[str]]:
    """Names with their hashes; the manifest itself, whose own line sha256sum may have written, is left out."""
    if not path.is_file():
        return {}
    made: dict[str, set[str]] = {}
    with path.open("r", encoding="utf-8", errors="replace") as file:
        for line in file.read(100_000).splitlines():
            found = _LINE.fullmatch(line.strip())
            if line.strip() and (not found or Path(found[2]).name != found[2]):
                raise Missing(f"{MANIFEST} has a line that is not a hash and the name of a file; nothing was heard.")
            if found and found[2] != MANIFEST:
                made[found[2]] = {found[1].lower()}
    return made


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _load(folder: Path) -> Any:
    # Read by the packages when they are first imported, and again by what they call.
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[name] = "1"
    silence_onnxruntime()
    from faster_whisper import WhisperModel

    return WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)


def _cut(found: Iterable[Any]) -> Iterator[Segment]:
    """Whisper's segments, cut where nobody spoke between two words."""
    for one in found:
        sure = round(min(1.0, exp(min(0.0, one.avg_logprob))), 3)
        words = list(one.words or ())
        if not words:
            yield from _segment(one.start, one.end, one.text, sure)
        group: list[Any] = []
        for word in words:
            if group and word.start - group[-1].end >= BREAK:
                yield from _spoken(group, sure)
                group = []
            group.append(word)
        yield from _spoken(group, sure)


def _spoken(words: list[Any], sure: float) -> Iterator[Segment]:
    if words:
        yield from _segment(words[0].start, words[-1].end, "".join(one.word for one in words), sure)


def _segment(start: float, end: float, text: str, sure: float) -> Iterator[Segment]:
    if tidy(text):
        yield Segment(float(start), float(end), UNKNOWN, tidy(text), sure)
