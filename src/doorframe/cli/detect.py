"""`doorframe detect`: which messages of a support group deserve a moderator's look; exit 1 when there is an alert."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

from doorframe.adapters import detector, windows_file
from doorframe.adapters.conversations.exports import FORMATS
from doorframe.adapters.small_model import Damaged
from doorframe.cli import common, detect_conversation, detecting
from doorframe.engines.detection import history
from doorframe.engines.detection.conversation import Verdict, Window
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
    judge = detector.Detector(
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
        print("\n".join(told.summary()))
    for pair in told.pairs():
        print(_pair(pair, as_json=options.json))
    for one in wrong:
        print(f"doorframe: {options.file}, line {one.line}: {one.error}; it was left out.", file=sys.stderr)
    if wrong:
        return 2
    return 1 if told.alerts else 0


class _Told:
    """What is counted while windows go by; no window is kept. Hits and times only where a history is asked for."""

    def __init__(self, with_history: bool) -> None:
        self.windows = self.alerts = self.uncovered = 0
        self.tried: Counter[tuple[bool, bool]] = Counter()
        self._history = with_history
        self._hits: list[history.Hit] = []
        self._last = 0.0

    def take(self, window: Window, verdict: Verdict) -> None:
        self.windows += 1
        self.alerts += verdict.alert
        self.uncovered += not verdict.covered
        if verdict.shadow:
            self.tried[verdict.alert, verdict.shadow[1]] += 1
        if self._history:
            self._remember(window, verdict)

    def _remember(self, window: Window, verdict: Verdict) -> None:
        times = {message.id: message.at or 0.0 for message in window.messages}
        self._last = max([self._last, *times.values()])
        if verdict.alert:
            self._hits += [
                history.Hit(times[one.message_id], one.author, one.towards, one.score)
                for one in verdict.signals if one.direction == "towards"
            ]  # fmt: skip

    def summary(self) -> Iterator[str]:
        yield f"{self.windows} windows, {self.alerts} to look at. A person decides."
        yield detecting.SCORE
        if self.tried:
            new, gone = self.tried[False, True], self.tried[True, False]
            many = self.tried[True, True] + new
            yield f"In the shadow, with the change: {many} to look at, {new} of them new, {gone} no longer."
        if self.uncovered:
            yield f"{self.uncovered} are not in English; they are not covered and were not scored."

    def pairs(self) -> Iterator[history.Pair]:
        """What there is of each pair at the time of the last message."""
        yield from history.pairs(self._hits, self._last)


def _conversation(options: argparse.Namespace, judge: detector.Detector) -> int:
    try:
        return detect_conversation.run(
            options.conversation, options.format, judge, as_json=options.json, with_history=options.history
        )
    except Damaged as error:
        common.fail(str(error))


def _shadow(file: Path | None, reader: detector.Reader) -> Scale | None:
    if file is None:
        return None
    change = detecting.change(file, reader.scale)
    if change.content:
        common.fail("Cues explain and never decide, so they need no shadow; use: doorframe detect backtest.")
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
