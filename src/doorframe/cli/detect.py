"""`doorframe detect`: which messages of a support group deserve a moderator's look; exit 1 when there is an alert."""

from __future__ import annotations

import argparse
import json
import sys
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
    judged = list(_judged(_windows(options.file, wrong), judge, say=_json if options.json else _nothing))
    if not options.json:
        print("\n".join(_said(judged)))
    if options.history:
        _history(judged, as_json=options.json)
    for one in wrong:
        print(f"doorframe: {options.file}, line {one.line}: {one.error}; it was left out.", file=sys.stderr)
    if wrong:
        return 2
    return 1 if any(verdict.alert for _, verdict in judged) else 0


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


def _judged(windows: Iterable[Window], judge: detector.Detector, say: object) -> Iterator[tuple[Window, Verdict]]:
    try:
        for window in windows:
            verdict = judge.judge(window)
            say(verdict)  # type: ignore[operator]
            yield window, verdict
    except Damaged as error:
        common.fail(str(error))


def _json(verdict: Verdict) -> None:
    print(json.dumps(detector.as_data(verdict), ensure_ascii=False))


def _nothing(_verdict: Verdict) -> None:
    """Said at the end, all together."""


def _said(judged: list[tuple[Window, Verdict]]) -> Iterator[str]:
    alerts = [verdict for _, verdict in judged if verdict.alert]
    uncovered = [verdict for _, verdict in judged if not verdict.covered]
    for verdict in alerts:
        yield f"{verdict.id}: possible pattern, have a look ({verdict.score:.2f})"
        for one in verdict.signals:
            names = ", ".join(name.replace("-", " ") for name, _ in one.tactic[:2])
            to = f" towards {one.towards}" if one.direction == "towards" else f" ({one.direction})"
            yield f"  {one.author}{to}, message {one.message_id}: “{' '.join(one.text.split())}”"
            yield f"    may be: {names}. {one.why}".rstrip()
    yield f"{len(judged)} windows, {len(alerts)} to look at. A person decides."
    tried = [(verdict.alert, verdict.shadow[1]) for _, verdict in judged if verdict.shadow]
    if tried:
        new, gone = tried.count((False, True)), tried.count((True, False))
        many = sum(one for _, one in tried)
        yield f"In the shadow, with the change: {many} to look at, {new} of them new, {gone} no longer."
    if uncovered:
        yield f"{len(uncovered)} are not in English; they are not covered and were not scored."


def _history(judged: list[tuple[Window, Verdict]], *, as_json: bool) -> None:
    """What there is of each pair at the time of the last message."""
    times = {(window.id, message.id): message.at or 0.0 for window, _ in judged for message in window.messages}
    hits = [
        history.Hit(times[verdict.id, one.message_id], one.author, one.towards, one.score)
        for _, verdict in judged if verdict.alert for one in verdict.signals if one.direction == "towards"
    ]  # fmt: skip
    for pair in history.pairs(hits, max(times.values(), default=0.0)):
        if as_json:
            print(json.dumps({
                "pair": [pair.author, pair.towards], "evidence": round(pair.evidence, 3), "level": pair.level,
                "hits": pair.hits,
            }, ensure_ascii=False))  # fmt: skip
        else:
            print(f"{pair.author} towards {pair.towards}: {pair.level} ({pair.hits} signals)")
