"""`doorframe detect audio`: a recording heard on this machine, signals with their seconds; exit 1 on an alert."""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from doorframe.adapters import detector
from doorframe.adapters.small_model import Damaged
from doorframe.adapters.speech import NotHeard, engines, hearing
from doorframe.cli import common, detecting
from doorframe.cli.errors import fail
from doorframe.engines.detection import prosody
from doorframe.engines.detection.conversation import Signal, Verdict
from doorframe.engines.detection.turns import UNKNOWN, Turn, turns
from doorframe.engines.detection.windows import strongest, windows

_DESCRIBES = "How something was said describes a sound. It proves nothing about a person."
_ONE_TRACK = (
    "All voices are on one track, so nobody can tell who says what to whom. With a track a speaker, more can be said."
)
_UNSURE = 0.5
"""Below this the engine may have misheard, and that is said."""


@dataclass(frozen=True, slots=True)
class _Result:
    """A recording with its turns, how they were said, and the verdicts on their windows."""

    name: str
    heard: hearing.Heard
    turns: dict[str, Turn]
    manners: dict[str, prosody.Manner]
    verdicts: list[Verdict]


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="doorframe detect audio",
        description="Hear a recording on this machine and say which of its seconds deserve a moderator's look.",
        epilog="Reads wav; with PyAV also mp3, ogg and m4a. Nothing is kept, fetched or sent anywhere. "
        "A person always decides. Exit codes: 0 no alert, 1 an alert, 2 not heard.",
    )
    parser.add_argument("file", metavar="FILE", nargs="?", help="a recording; each of its channels is one speaker")
    parser.add_argument(
        "--track", metavar="NAME=FILE", action="append", default=[],
        help="one speaker's own recording, begun with the others; once for each speaker, instead of FILE",
    )  # fmt: skip
    parser.add_argument("--speech", choices=engines.NAMES, default="none", help="what hears")
    parser.add_argument("--model", metavar="DIR", type=Path, default=None, help="with whisper: the folder of its model")
    parser.add_argument("--sha256", metavar="HASH", default="", help="with whisper: the hash of its model.bin")
    parser.add_argument("--command", metavar="WORDS", default="", help='with command: such as "my-program {file}"')
    parser.add_argument("--threshold", default="alert", help='"alert" (the model\'s own) or a number from 0 to 1')
    parser.add_argument("--json", action="store_true", help="print one JSON object a window")
    options = parser.parse_args(argv)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    files = _files(options.file, options.track)
    threshold = detecting.threshold(options.threshold)
    reader = detecting.reader(lost="nothing was heard")
    judge = detector.Detector(reader, threshold=threshold, content=common.load_detection())
    name = "tracks" if options.track else files[0][1].name
    with _ended_politely():
        try:
            speech = engines.choose(options.speech, model=options.model, sha256=options.sha256, command=options.command)
            heard = hearing.hear(files, speech)
        except NotHeard as error:
            fail(f"{name}: {error}")
        result = _judged(name, heard, judge)
    for line in _json(result) if options.json else _said(result):
        print(line)
    return 1 if any(verdict.alert for verdict in result.verdicts) else 0


def _files(file: str | None, tracks: Sequence[str]) -> list[tuple[str, Path]]:
    """(speaker, file) for each track; ("", file) for a recording by itself."""
    if bool(file) == bool(tracks):
        fail("Name one recording, or one --track NAME=FILE for each speaker.")
    pairs = [track.partition("=") for track in tracks] if tracks else [("", "=", str(file))]
    made = []
    for name, _, path in pairs:
        speaker = name.strip()
        if (tracks and not speaker) or not path:
            fail("--track is a name, = and a file, for example --track Anna=anna.wav.")
        if not Path(path).is_file():
            fail(f"There is no file {path}.")
        made.append((speaker, Path(path)))
    names = [speaker.casefold() for speaker, _ in made]
    if len(set(names)) < len(names):
        fail("Two tracks have the same name. Give each speaker one.")
    return made


@contextmanager
def _ended_politely() -> Iterator[None]:
    """Whoever ends this command by a signal gets its temporary files taken away first."""

    def end(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        # Not in a thread, and not where there is no such signal.
        with suppress(ValueError, AttributeError):
            number = getattr(signal, name)
            before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _judged(name: str, heard: hearing.Heard, judge: detector.Detector) -> _Result:
    made = turns(heard.transcript.segments)
    manners = heard.manners(made)
    try:
        verdicts = list(judge.judge_all(windows(name, [turn.message for turn in made])))
    except Damaged as error:
        fail(str(error))
    ids = [turn.message.id for turn in made]
    return _Result(name, heard, dict(zip(ids, made, strict=True)), dict(zip(ids, manners, strict=True)), verdicts)


def _json(result: _Result) -> Iterator[str]:
    """Each window as `doorframe detect --json` gives it, with seconds and manner in its signals."""
    transcript = result.heard.transcript
    speech = {
        "engine": transcript.engine, "seconds": round(transcript.seconds, 2), "spoken": round(result.heard.spoken, 2),
        "speakers": sorted({one.speaker for one in transcript.segments}), "estimated": transcript.estimated,
    }  # fmt: skip
    for verdict in result.verdicts or [Verdict(result.name, 0.0, False, "", covered=False)]:
        data = detector.as_data(verdict)
        data["signals"] = [_signal_data(result, one) for one in verdict.signals]
        yield json.dumps({**data, "speech": speech}, ensure_ascii=False)


def _signal_data(result: _Result, one: Signal) -> dict[str, Any]:
    plain = detector.as_data(Verdict("", 0.0, False, signals=(one,)))["signals"]
    assert isinstance(plain, list)
    turn, manner = result.turns[one.message_id], result.manners[one.message_id]
    start, end = turn.seconds(one.start, one.end)
    return {
        **plain[0], "start_seconds": start, "end_seconds": end, "sure": turn.sure(one.start, one.end),
        "manner": prosody.in_words(manner),
        "pace": None if manner.pace is None else round(manner.pace),
        "louder": None if manner.louder is None else round(manner.louder, 1),
        "pause": round(manner.pause, 2), "together": round(manner.together, 2),
    }  # fmt: skip


def _said(result: _Result) -> Iterator[str]:
    transcript = result.heard.transcript
    if not result.verdicts:
        yield f"{result.name}: {_clock(transcript.seconds)}, and no word in it was heard."
        return
    speakers = {one.speaker for one in transcript.segments}
    voices = "voices not told apart" if speakers == {UNKNOWN} else f"{len(speakers)} speakers"
    yield f"{result.name}: {_clock(transcript.seconds)}, {voices}, heard by {transcript.engine}."
    found = sorted(strongest(result.verdicts), key=lambda pair: result.turns[pair[1].message_id].message.start or 0)
    for _, one in found:
        yield from _signal(result, one)
    alerts = sum(verdict.alert for verdict in result.verdicts)
    yield f"{len(result.verdicts)} windows, {alerts} to look at. Listen to the seconds yourself: a person decides."
    yield from _notes(result, described=any(_manner(result, one) for _, one in found))


def _signal(result: _Result, one: Signal) -> Iterator[str]:
    turn = result.turns[one.message_id]
    start, end = turn.seconds(one.start, one.end)
    who = detecting.who(one) if UNKNOWN not in (one.author, one.towards) else one.author
    yield f"{_clock(start)} to {_clock(end)}: possible pattern, have a look (score {one.score:.2f})"
    yield f"  {who}: {detecting.quote(one, turn.message)}"
    yield f"    {one.why}".rstrip()
    if said := _manner(result, one):
        yield f"    sound: {'; '.join(said)}."
    sure = turn.sure(one.start, one.end)
    if sure is not None and sure < _UNSURE:
        yield "    These words may be misheard."


def _manner(result: _Result, one: Signal) -> list[str]:
    return prosody.in_words(result.manners[one.message_id])


def _notes(result: _Result, *, described: bool) -> Iterator[str]:
    transcript = result.heard.transcript
    if described:
        yield _DESCRIBES
    if any(one.speaker == UNKNOWN for one in transcript.segments):
        yield _ONE_TRACK
    if transcript.estimated:
        yield "The engine gave words without times; the seconds are an estimate."
    uncovered = sum(not verdict.covered for verdict in result.verdicts)
    if uncovered:
        yield f"{uncovered} windows are not in English; they are not covered and were not scored."


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
