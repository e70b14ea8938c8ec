"""`doorframe detect`: which messages of a support group deserve a moderator's look; exit 1 when there is an alert."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from doorframe.adapters import detector, windows_file
from doorframe.adapters.conversations.exports import FORMATS
from doorframe.adapters.small_model import Damaged
from doorframe.cli import common, detect_conversation, detecting
from doorframe.engines.detection import history
from doorframe.engines.detection.conversation import Message, Signal, Verdict, Window
from doorframe.engines.detection.judge import Scale


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="doorframe detect",
        description="Say which messages deserve a moderator's look: who, towards whom, which words, what it may be.",
        epilog="A person always decides. Nothing is kept and nothing is sent anywhere. There are also: doorframe "
        "detect report, a PDF with pictures for moderators; detect audio, for recordings; detect archive, for very "
        "many messages; detect evaluate and detect backtest, for labelled windows.",
    )
    parser.add_argument("file", metavar="IN.jsonl", nargs="?", help="one window a line, or - for standard input")
    parser.add_argument("--conversation", metavar="EXPORT", help="what another program exported, cut into windows")
    parser.add_argument("--format", choices=FORMATS, default="", help="of the export; guessed where it is left out")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument("--threshold", default="alert", help='"alert" (the model\'s own) or a number from 0 to 1')
    parser.add_argument("--history", action="store_true", help="add what there is of each pair over time")
    parser.add_argument("--quick", action="store_true", help="skip windows in which no word points anywhere")
    parser.add_argument("--model", metavar="DIR", type=Path, default=None, help="another model than the one that ships")
    parser.add_argument("--shadow", metavar="RULE.toml", type=Path, default=None,
                        help="try other weights or thresholds beside; they raise no alert")  # fmt: skip
    options = parser.parse_args(argv)
    if bool(options.file) == bool(options.conversation):
        parser.error("name one file of windows (or - for standard input), or an export with --conversation")
    if options.format and not options.conversation:
        parser.error("--format is for --conversation")
    reader = detecting.reader(options.model)
    judge = _Watched(
        reader, threshold=detecting.threshold(options.threshold), quick=options.quick, content=common.load_detection(),
        shadow=_shadow(options.shadow, reader),
    )  # fmt: skip
    if options.conversation:
        return _conversation(options, judge)
    wrong: list[windows_file.Wrong] = []
    told = _Told(options.history)
    for window, verdict in _judged(_windows(options.file, wrong), judge):
        told.take(window, verdict)
        for line in _json(verdict) if options.json else _said(window, verdict):
            print(line)
    if not options.json:
        print("\n".join(told.summary(judge.tried)))
    for pair in told.pairs():
        print(_pair(pair, as_json=options.json))
    for line in told.undated():
        print(f"doorframe: {line}", file=sys.stderr)
    for one in wrong:
        print(f"doorframe: {options.file}, line {one.line}: {one.error}; it was left out.", file=sys.stderr)
    if wrong:
        return 2
    return 1 if told.alerts else 0


class _Told:
    """What is counted while windows go by; no window is kept. Hits and times only where a history is asked for."""

    def __init__(self, with_history: bool) -> None:
        self.windows = self.alerts = self.uncovered = 0
        self._history = with_history
        self._hits: dict[int, history.Hit] = {}
        self._undated: set[int] = set()
        self._last: float | None = None

    def take(self, window: Window, verdict: Verdict) -> None:
        self.windows += 1
        self.alerts += verdict.alert
        self.uncovered += not verdict.covered
        if self._history:
            self._remember(window, verdict)

    def _remember(self, window: Window, verdict: Verdict) -> None:
        messages = {message.id: message for message in window.messages}
        times = [message.at for message in window.messages if message.at is not None]
        self._last = max(times if self._last is None else [self._last, *times], default=None)
        for one in verdict.signals if verdict.alert else ():
            if one.direction == "towards":
                self._hit(messages[one.message_id], one)

    def _hit(self, message: Message, signal: Signal) -> None:
        """A message that stands in several windows counts once, where it stands out most. Its id does not tell: where
        a file gives none, ids are places."""
        if message.at is None:
            self._undated.add(hash((message.id, message.author, message.text)))
            return
        same = hash((message.author, message.at, message.text))
        before = self._hits.get(same)
        if before is None or signal.score > before.score:
            self._hits[same] = history.Hit(message.at, signal.author, signal.towards, signal.score)

    def summary(self, tried: _Tried) -> Iterator[str]:
        yield f"{self.windows} windows, {self.alerts} to look at. A person decides."
        yield detecting.SCORE
        yield from tried.said()
        if self.uncovered:
            yield f"{self.uncovered} are not in English; they are not covered and were not scored."

    def pairs(self) -> Iterator[history.Pair]:
        """What there is of each pair at the time of the last message."""
        yield from history.pairs(self._hits.values(), self._last or 0.0)

    def undated(self) -> list[str]:
        """What is said of signals without a time."""
        return detecting.undated(len(self._undated))


class _Tried:
    """How many windows a change in the shadow would give to look at, beside the rules in force."""

    def __init__(self) -> None:
        self._many: Counter[tuple[bool, bool]] = Counter()

    def take(self, verdict: Verdict) -> None:
        if verdict.shadow:
            self._many[verdict.alert, verdict.shadow[1]] += 1

    def said(self) -> Iterator[str]:
        """One sentence; nothing where no change was tried on any window."""
        if self._many:
            new, gone = self._many[False, True], self._many[True, False]
            many = self._many[True, True] + new
            yield f"In the shadow, with the change: {many} to look at, {new} of them new, {gone} no longer."


class _Watched(detector.Detector):
    """A detector that counts what a change would alter in the windows of an export."""

    def __init__(self, reader: detector.Reader, **how: Any) -> None:
        super().__init__(reader, **how)
        self.tried = _Tried()

    def judge(self, window: Window) -> Verdict:
        verdict = super().judge(window)
        self.tried.take(verdict)
        return verdict


def _conversation(options: argparse.Namespace, judge: _Watched) -> int:
    try:
        code = detect_conversation.run(
            options.conversation, options.format, judge, as_json=options.json, with_history=options.history
        )
    except Damaged as error:
        common.fail(str(error))
    if not options.json:
        print("".join(f"{line}\n" for line in judge.tried.said()), end="")
    return code


def _shadow(file: Path | None, reader: detector.Reader) -> Scale | None:
    if file is None:
        return None
    change = detecting.change(file, reader.scale)
    if change.content:
        common.fail("Cues explain and never decide, so they need no shadow; use: doorframe detect backtest.")
    if change.scale.skip != reader.scale.skip:
        common.fail(f"{file}: a change of skip alters no score, so it needs no shadow; use: doorframe detect backtest.")
    return change.scale


def _windows(name: str, wrong: list[windows_file.Wrong]) -> Iterator[Window]:
    with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as stream:
        for one in windows_file.windows(stream):
            if isinstance(one, Window):
                yield one
            else:
                wrong.append(one)


def _judged(windows: Iterable[Window], judge: detector.Detector) -> Iterator[tuple[Window, Verdict]]:
    try:
        for window in windows:
            yield window, judge.judge(window)
    except Damaged as error:
        common.fail(str(error))


def _json(verdict: Verdict) -> Iterator[str]:
    yield json.dumps(detector.as_data(verdict), ensure_ascii=False)


def _said(window: Window, verdict: Verdict) -> Iterator[str]:
    """An alert in words, message by message as they were written; nothing where there is none."""
    if not verdict.alert:
        return
    yield f"{detecting.shown(verdict.id)}: possible pattern, have a look (score {verdict.score:.2f})"
    order = {message.id: place for place, message in enumerate(window.messages)}
    told = {one.message_id for one in verdict.signals}
    for one in sorted(verdict.signals, key=lambda one: order[one.message_id]):
        place = order[one.message_id]
        before, after = detecting.beside(window.messages, place, skip=told)
        if before:
            yield f"    {before}"
        words = detecting.quote(one, window.messages[place])
        yield f"  message {detecting.shown(one.message_id)}, {detecting.who(one)}: {words}"
        yield f"    {one.why}".rstrip()
        if after:
            yield f"    {after}"
            told.add(window.messages[place + 1].id)


def _pair(pair: history.Pair, *, as_json: bool) -> str:
    if not as_json:
        return detecting.pair_line(pair)
    return json.dumps(detecting.pair_data(pair), ensure_ascii=False)
