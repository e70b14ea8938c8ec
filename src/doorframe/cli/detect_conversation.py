"""`doorframe detect --conversation`: what other programs export, cut into windows; a line a message to look at."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from doorframe.adapters import detector
from doorframe.adapters.conversations import exports, flow
from doorframe.adapters.conversations.found import BROKEN, Told, Unreadable
from doorframe.cli import common, detecting
from doorframe.cli.detecting import shown
from doorframe.engines.detection import history
from doorframe.engines.detection.account import clock
from doorframe.engines.detection.conversation import Message, Signal, Verdict, Window
from doorframe.engines.detection.windows import strongest


@dataclass
class _Judged:
    """What is kept of a whole export: counts, and the windows to look at."""

    windows: int = 0
    uncovered: int = 0
    last: float = 0.0
    alerts: dict[str, list[tuple[Window, Verdict]]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Look:
    """One message to look at, with lines for those before and after it."""

    conversation: str
    message: Message
    signal: Signal
    beside: tuple[str, str]


def run(name: str, format: str, judge: detector.Detector, *, as_json: bool, with_history: bool) -> int:
    """Judge an export; 0 where there is nothing to look at, 1 where there is, 2 where something could not be read."""
    place = Path(name)
    if name == "-":
        common.fail("--conversation takes a file or a folder; standard input cannot be read twice.")
    if exports.read_once(place):
        common.fail(f"{name} is no file that can be read twice, so nothing was read. Save it first and name the file.")
    told = Told(name=place.stem or "export")
    try:
        kind = format or exports.guess(place)
        windows = flow.windows(exports.read(place, kind, told))
        judged = _judge(windows, judge, as_json=as_json)
    except Unreadable as error:
        common.fail(f"{name}: {error}")
    for line in told.said(exports.SAID[kind]):
        print(f"doorframe: {line}", file=sys.stderr)
    found = list(_strongest(judged))
    if not as_json:
        print("\n".join(_said(judged, found)))
    if with_history:
        _history(judged, found, as_json=as_json)
    if told.left[BROKEN]:
        return 2
    return 1 if judged.alerts else 0


def _judge(windows: Iterable[tuple[str, Window]], judge: detector.Detector, *, as_json: bool) -> _Judged:
    judged = _Judged()
    for conversation, window in windows:
        verdict = judge.judge(window)
        judged.windows += 1
        judged.uncovered += not verdict.covered
        judged.last = max(judged.last, *(message.at or 0.0 for message in window.messages))
        if verdict.alert:
            judged.alerts.setdefault(conversation, []).append((window, verdict))
        if as_json:
            print(json.dumps(detector.as_data(verdict), ensure_ascii=False))
    return judged


def _strongest(judged: _Judged) -> Iterator[_Look]:
    """Each message to look at once, from the window in which it stands out most."""
    for conversation, pairs in judged.alerts.items():
        messages = list({message.id: message for window, _ in pairs for message in window.messages}.values())
        places = {message.id: place for place, message in enumerate(messages)}
        signals = [signal for _, signal in strongest(verdict for _, verdict in pairs)]
        signals.sort(key=lambda one: places[one.message_id])
        told = {one.message_id for one in signals}
        for one in signals:
            place = places[one.message_id]
            yield _Look(conversation, messages[place], one, detecting.beside(messages, place, skip=told))


def _said(judged: _Judged, found: list[_Look]) -> Iterator[str]:
    for look in found:
        one, (before, after) = look.signal, look.beside
        if before:
            yield f"    {before}"
        yield f"{_time(look.message)}{detecting.who(one)}: {detecting.quote(one, look.message)}"
        yield f"    {shown(look.conversation)}, message {shown(one.message_id)}. {one.why}".rstrip()
        if after:
            yield f"    {after}"
        yield ""
    windows = sum(len(pairs) for pairs in judged.alerts.values())
    yield (
        f"{judged.windows:,} windows, {windows:,} with a possible pattern; messages to look at: {len(found):,}. "
        "A person decides."
    )
    if judged.uncovered:
        yield f"{judged.uncovered:,} are not in English; they are not covered and were not scored."


def _time(message: Message) -> str:
    at = clock(message.at)
    return "" if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}  "


def _history(judged: _Judged, found: list[_Look], *, as_json: bool) -> None:
    """What there is of each pair at the time of the last message. What has no time cannot be added up over time."""
    hits = [
        history.Hit(one.message.at, one.signal.author, one.signal.towards, one.signal.score)
        for one in found if one.message.at is not None
    ]  # fmt: skip
    for pair in history.pairs(hits, judged.last):
        if as_json:
            print(json.dumps(detecting.pair_data(pair), ensure_ascii=False))
        else:
            print(detecting.pair_line(pair))
    for line in detecting.undated(len(found) - len(hits)):
        print(f"doorframe: {line}", file=sys.stderr)
