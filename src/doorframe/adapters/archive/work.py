"""One task: a part's lines in, a file of results out. Done twice it gives the same bytes in the same place."""

from __future__ import annotations

import importlib
import json
import os
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from doorframe.adapters import detector, lasting, windows_file
from doorframe.adapters.archive.parts import Part
from doorframe.adapters.archive.scoring import digest, scoring
from doorframe.adapters.archive.sources import Line, NoParquet, lines, why
from doorframe.adapters.conversations import flow, found
from doorframe.adapters.conversations.found import Told
from doorframe.engines.content.detection import DetectionContent
from doorframe.engines.detection.conversation import Message, Verdict, Window

READER = "doorframe.adapters.detector:load"
"""What gives a reader of windows, for a folder or None."""

UNFINISHED = ".unfinished"
"""Ends the name of a result that is being written."""

SEEN = "windows under an id that stood before, scored all the same"

OPEN = 500
"""Conversations that are followed at once in a part, where they do not stand together."""


class Changed(Exception):
    """The part is no longer what was planned, or can no longer be read. Its words are for a person."""


class OtherModel(Exception):
    """This worker has another model than the one that asks. Its words are for a person."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How an archive is scored.

    threshold  None for the model's own
    model      the folder of a model, "" for the one that ships
    reader     the function that gives a reader of windows for a folder or None: "module:name"
    sha256     of the model that is asked for, so that no worker answers with another
    scoring    the hash of what scores hang on beside it, for the same reason
    content    the sentences and cues by which signals are explained; it goes along, so that all explain alike
    """

    threshold: float | None = None
    quick: bool = False
    model: str = ""
    reader: str = READER
    sha256: str = ""
    scoring: str = ""
    content: DetectionContent | None = None

    @property
    def content_sha256(self) -> str:
        """The hash of the content, "" where there is none."""
        return sha256(repr(self.content).encode()).hexdigest() if self.content else ""


@dataclass
class Entry:
    """What the manifest keeps of a part that is done."""

    part: Part
    result: str
    sha256: str = ""
    windows: int = 0
    messages: int = 0
    alerts: int = 0
    uncovered: int = 0
    back: int = 0
    left: dict[str, int] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def of(data: dict[str, Any]) -> Entry:
        """Raises TypeError or KeyError where it is no entry."""
        return Entry(**{**data, "part": Part(**data["part"])})


def reader(name: str, folder: str) -> detector.Reader | None:
    """What reads windows, as its folder holds it now."""
    module, _, function = name.partition(":")
    loaded: detector.Reader | None = getattr(importlib.import_module(module), function)(
        Path(folder) if folder else None
    )
    return loaded


def score(part: Part, source: str, target: str, settings: Settings) -> Entry:
    """Score a part and write its results. Raises Changed, OtherModel, OSError, small_model.Damaged."""
    judge = _detector(settings)
    entry = Entry(part, f"{part.name}.jsonl")
    place = Path(target) / entry.result
    unfinished = place.with_name(f".{part.name}-{uuid.uuid4().hex[:12]}{UNFINISHED}")
    try:
        entry.sha256 = _written(unfinished, _results(part, Path(source), judge, entry))
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)
    lasting.settle(place.parent)
    return entry


_DETECTORS: dict[tuple[object, ...], detector.Detector] = {}
"""Of this process, since reading a model and its cues takes as long as a hundred windows."""


def _detector(settings: Settings) -> detector.Detector:
    key = (settings.reader, settings.model, settings.sha256, settings.scoring, settings.threshold, settings.quick,
           settings.content_sha256)  # fmt: skip
    if key not in _DETECTORS:
        loaded = reader(settings.reader, settings.model)
        if loaded is None or not _asked(loaded, settings):
            raise OtherModel(
                "A worker has another model than this machine, or none; install the same Doorframe on all."
            )
        _DETECTORS[key] = detector.Detector(
            loaded, threshold=settings.threshold, quick=settings.quick, content=settings.content
        )
    return _DETECTORS[key]


def _asked(loaded: detector.Reader, settings: Settings) -> bool:
    """Whether a reader is the one that is asked for, down to its scale."""
    return loaded.model[1] == settings.sha256 and digest(scoring(loaded, settings.model)) == settings.scoring


def _written(place: Path, rows: Iterator[dict[str, object]]) -> str:
    digest = sha256()
    with place.open("wb") as file:
        for row in rows:
            data = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
            digest.update(data)
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _results(part: Part, source: Path, judge: detector.Detector, entry: Entry) -> Iterator[dict[str, object]]:
    """A line for each window and for each line that cannot be read. Raises Changed at the end."""
    digest = sha256()
    left: Counter[str] = Counter()

    def numbered() -> Iterator[tuple[int, Line]]:
        try:
            for number, line in enumerate(lines(source / part.file, part.start, part.end), part.line):
                digest.update(line.sha256)
                yield number, line
        except NoParquet:
            raise
        except (OSError, ValueError) as error:
            raise Changed(why(error)) from error

    rows = _windows(numbered(), judge, entry, left) if part.kind == "windows" else (
        _messages(numbered(), judge, entry, left)
    )  # fmt: skip
    yield from rows
    if digest.hexdigest() != part.sha256:
        raise Changed(f"{part.file} changed while it was read.")
    entry.left = dict(sorted(left.items()))


def _windows(numbered: Iterator[tuple[int, Line]], judge: detector.Detector, entry: Entry,
             left: Counter[str]) -> Iterator[dict[str, object]]:  # fmt: skip
    seen: set[int] = set()
    for number, line in numbered:
        one = _window(line, number)
        if one is None:
            continue
        if isinstance(one, windows_file.Wrong):
            left[one.error] += 1
            yield {"id": one.id, "line": number, "error": one.error}
            continue
        if hash(one.id) in seen:
            left[SEEN] += 1
        seen.add(hash(one.id))
        entry.messages += len(one.messages)
        yield _counted(judge.judge(one), entry)


def _window(line: Line, number: int) -> Window | windows_file.Wrong | None:
    if line.raw is None:
        return windows_file.Wrong(number, None, "longer than 4 MB")
    return windows_file.window(line.raw, number) if line.raw.strip() else None


def _counted(verdict: Verdict, entry: Entry) -> dict[str, object]:
    entry.windows += 1
    entry.alerts += verdict.alert
    entry.uncovered += not verdict.covered
    return detector.as_data(verdict)


def _messages(numbered: Iterator[tuple[int, Line]], judge: detector.Detector, entry: Entry,
              left: Counter[str]) -> Iterator[dict[str, object]]:  # fmt: skip
    told = Told()
    wrong: list[dict[str, object]] = []
    stretches = found.stretches(_read(numbered, wrong, left), told)
    for conversation, window in flow.windows(stretches, OPEN):
        yield from wrong
        wrong.clear()
        yield {"conversation": conversation, **_counted(judge.judge(window), entry)}
    yield from wrong
    entry.messages, entry.back = told.messages, told.back
    left.update(told.left)
    if told.cut:
        left["messages of which only the beginning was read"] += told.cut


def _read(numbered: Iterator[tuple[int, Line]], wrong: list[dict[str, object]],
          left: Counter[str]) -> Iterator[tuple[str, Message]]:  # fmt: skip
    for number, line in numbered:
        if line.raw is not None and not line.raw.strip():
            continue
        row, error = _row(line)
        if row is None:
            left[error] += 1
            wrong.append({"id": None, "line": number, "error": error})
            continue
        yield windows_file.word(row.get("conversation"), ""), windows_file.message(row, number)


def _row(line: Line) -> tuple[dict[str, Any] | None, str]:
    if line.raw is None:
        return None, "longer than 4 MB"
    try:
        row = json.loads(line.raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None, "not JSON in UTF-8"
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return None, "has no text"
    return row, ""
