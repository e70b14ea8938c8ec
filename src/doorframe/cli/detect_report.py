"""`doorframe detect report`: what deserves a look, as a PDF with pictures for the moderators of a group."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from doorframe.adapters import detection_report, detector, lasting, windows_file
from doorframe.adapters.conversations import exports, flow
from doorframe.adapters.conversations.found import BROKEN, Told, Unreadable
from doorframe.adapters.render import RenderError, render, warnings
from doorframe.adapters.small_model import Damaged
from doorframe.cli import common, detecting
from doorframe.engines.content.detection import DetectionContent
from doorframe.engines.detection.account import Account
from doorframe.engines.detection.conversation import Window

_MOST_NAMED = 10
"""Lines that cannot be read and are named in the report; of more their number is told."""


def run(argv: list[str]) -> int:
    """Write the report; 0 where there is nothing to look at, 1 where there is, 2 where something could not be read."""
    options = _options(argv)
    dated, out = _date(options.date), Path(options.out)
    _check(out, options.file or options.conversation)
    threshold = detecting.threshold(options.threshold)
    reader = detecting.reader(options.model)
    content = common.load_detection()
    judge = detector.Detector(reader, threshold=threshold, quick=options.quick, content=content)
    source = _Export(options) if options.conversation else _Windows(options.file)
    account = Account(source.name)
    try:
        for conversation, window in source.windows():
            account.add(window, judge.judge(window), conversation)
    except Unreadable as error:
        common.fail(f"{options.conversation}: {error} No report was written.")
    except Damaged as error:
        common.fail(str(error))
    for line in source.told():
        print(f"doorframe: {line}", file=sys.stderr)
    if not account.windows:
        common.fail(f"{source.called} holds no message that could be read, so no report was written.")
    read = detection_report.Read(
        source.name, source.how, tuple(source.left()), reader.scale.alert if threshold is None else threshold,
        threshold is None, reader.model, options.quick, dated, options.paper,
    )  # fmt: skip
    _write(out, _report(account, read, content))
    found = sum(1 for _ in account.seen())
    print(f"{out}: {account.windows:,} windows, messages to look at: {found:,}. A person decides.")
    if source.broken:
        return 2
    return 1 if account.alerts else 0


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="doorframe detect report",
        description="Write a report for the moderators of a group: what deserves a look, per conversation and per "
        "pair, with pictures.",
        epilog="A person always decides. The report quotes what people wrote; nothing is sent anywhere.",
    )
    parser.add_argument("file", metavar="IN.jsonl", nargs="?", help="one window a line, or - for standard input")
    parser.add_argument("--conversation", metavar="EXPORT", help="what another program exported, cut into windows")
    parser.add_argument(
        "--format", choices=exports.FORMATS, default="", help="of the export; guessed where it is left out"
    )
    parser.add_argument("--out", metavar="REPORT.pdf", required=True, help="the report; one that is there is replaced")
    parser.add_argument("--threshold", default="alert", help='"alert" (the model\'s own) or a number from 0 to 1')
    parser.add_argument("--quick", action="store_true", help="skip windows in which no word points anywhere")
    parser.add_argument("--model", metavar="DIR", type=Path, default=None, help="another model than the one that ships")
    parser.add_argument("--date", default="", metavar="YYYY-MM-DD", help="printed on the report; today if left out")
    parser.add_argument("--paper", choices=("a4", "us-letter"), default="a4", help="the paper to print on")
    options = parser.parse_args(argv)
    if bool(options.file) == bool(options.conversation):
        parser.error("name one file of windows (or - for standard input), or an export with --conversation")
    if options.format and not options.conversation:
        parser.error("--format is for --conversation")
    return options


def _date(text: str) -> str:
    try:
        return (date.fromisoformat(text) if text else date.today()).isoformat()
    except ValueError:
        common.fail(f"“{text}” is not a date. Write it as 2026-11-21.")


def _check(out: Path, source: str) -> None:
    """What can be known before an hour of reading is known before it."""
    if out.is_dir() or not out.name:
        common.fail(f"{out} is a folder. Name a file after --out; nothing was written.")
    if out.exists() and not out.is_file():
        common.fail(f"{out} is no plain file, so it is not replaced; nothing was written.")
    if not out.parent.is_dir():
        common.fail(f"There is no folder {out.parent} for the report; nothing was written.")
    if out.exists() and source != "-" and Path(source).exists() and out.samefile(source):
        common.fail("--out names the file that is to be read; nothing was written.")
    if not os.access(out if out.exists() else out.parent, os.W_OK):
        common.fail(f"{out} may not be written here. Name another place after --out; nothing was written.")


class _Windows:
    """Windows from a file of lines."""

    how = "windows, one a line"

    def __init__(self, file: str) -> None:
        self.file = file
        self.called = "Standard input" if file == "-" else file
        self.name = "Standard input" if file == "-" else Path(file).name
        self.wrong: list[windows_file.Wrong] = []
        self.many = 0

    @property
    def broken(self) -> bool:
        return self.many > 0

    def windows(self) -> Iterator[tuple[None, Window]]:
        with nullcontext(sys.stdin.buffer) if self.file == "-" else Path(self.file).open("rb") as stream:
            for one in windows_file.windows(stream):
                if isinstance(one, Window):
                    yield None, one
                    continue
                self.many += 1
                if len(self.wrong) < _MOST_NAMED:
                    self.wrong.append(one)

    def left(self) -> Iterator[str]:
        if not self.many:
            return
        named = "; ".join(f"line {one.line}: {one.error}" for one in self.wrong)
        more = f"; and {self.many - len(self.wrong):,} more" if self.many > len(self.wrong) else ""
        yield f"{self.many:,} {'line' if self.many == 1 else 'lines'} that could not be read: {named}{more}."

    def told(self) -> Iterator[str]:
        yield from (f"{self.called}: {line}" for line in self.left())


class _Export:
    """Windows of what another program exported."""

    def __init__(self, options: argparse.Namespace) -> None:
        if options.conversation == "-":
            common.fail("--conversation takes a file or a folder; standard input cannot be read twice.")
        self.place, self.format = Path(options.conversation), options.format
        self.called, self.name = options.conversation, self.place.name or "export"
        self.account = Told(name=self.place.stem or "export")

    @property
    def how(self) -> str:
        return exports.SAID[self.format]

    @property
    def broken(self) -> bool:
        return self.account.left[BROKEN] > 0

    def windows(self) -> Iterator[tuple[str, Window]]:
        self.format = self.format or exports.guess(self.place)
        yield from flow.windows(exports.read(self.place, self.format, self.account))

    def left(self) -> Iterator[str]:
        if self.account.left or self.account.notes or self.account.back or self.account.cut:
            yield from self.told()

    def told(self) -> Iterator[str]:
        yield from self.account.said(self.how)


def _report(account: Account, read: detection_report.Read, content: DetectionContent) -> bytes:
    document = detection_report.document(account, read, content)
    try:
        data = render(document, "pdf")
    except RenderError as error:
        common.fail(f"The report could not be made: {error} Nothing was written.")
    for warning in warnings(document, "pdf"):
        print(f"doorframe: {warning}", file=sys.stderr)
    return data


def _write(path: Path, data: bytes) -> None:
    try:
        lasting.write(path, data)
    except OSError as error:
        common.fail(f"{path} could not be written: {error.strerror or error}. What was there before is as it was.")
