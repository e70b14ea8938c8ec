"""What a moderator of ordinary groups would see: a few days of talk, not pairs; nothing learned from it.

`ordinary/week.jsonl` holds the messages, `week.marks.json` which of them press on somebody: marked by a reader
who saw no verdict. Windows with an unsure message count for neither side.

python -m tests.evaluation.detection.talk            figures, and what was flagged
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from doorframe.adapters import detector
from doorframe.engines.detection.conversation import Message, Verdict, Window
from doorframe.engines.detection.measure import Share
from doorframe.engines.detection.windows import windows
from tests.evaluation.detection.evaluate import share

TALK = Path(__file__).parent / "ordinary"
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One window with its verdict. pressing: whether a message in it is marked so; None where that is unsure."""

    window: Window
    verdict: Verdict
    pressing: bool | None


def talks() -> dict[str, list[Message]]:
    """The messages of each conversation."""
    found: dict[str, list[Message]] = {}
    for line in (TALK / "week.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        message = Message(row["id"], row["author"], row["text"], float(row["at"]))
        found.setdefault(row["conversation"], []).append(message)
    return found


def seen() -> list[Seen]:
    """Every window of every conversation, judged."""
    marks = json.loads((TALK / "week.marks.json").read_text(encoding="utf-8"))
    ask = detector.Detector(detector.load())
    return list(_seen(ask, *({tuple(one) for one in marks[name]} for name in ("pressing", "unsure"))))


def _seen(ask: detector.Detector, pressing: set[tuple[str, ...]], unsure: set[tuple[str, ...]]) -> Iterator[Seen]:
    for name, messages in talks().items():
        for window in windows(name, messages):
            ids = {(name, one.id) for one in window.messages}
            so = True if ids & pressing else None if ids & unsure else False
            yield Seen(window, ask.judge(window), so)


def figures(rows: Sequence[Seen]) -> dict[str, Share]:
    """Of windows in which nobody presses how many are flagged; of the others how many are."""
    flagged = lambda row: row.verdict.alert  # noqa: E731
    return {
        "windows in which nobody presses: flagged": share(rows, lambda row: row.pressing is False, flagged),
        "windows with pressing: found": share(rows, lambda row: row.pressing is True, flagged),
    }


def days() -> float:
    """Days of talk, of all conversations together."""
    return sum((said[-1].at or 0.0) - (said[0].at or 0.0) for said in talks().values()) / DAY


def main() -> None:
    rows = seen()
    for name, one in figures(rows).items():
        print(f"{name:45} {one}")
    for row in rows:
        if row.verdict.alert or row.pressing:
            print(f"\n{row.window.id} {row.verdict.score:.2f} {'alert' if row.verdict.alert else ''} {row.pressing}")
            for signal in row.verdict.signals if row.verdict.alert else ():
                print(f"   {signal.author} > {signal.towards} ({signal.direction}): {signal.text}")


if __name__ == "__main__":
    main()
