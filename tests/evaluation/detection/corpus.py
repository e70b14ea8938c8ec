"""The labelled conversations, read and checked. AUTHORING.md says how they are written.

python -m tests.evaluation.detection.corpus            every file: errors, or how much there is
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doorframe.engines.detection.conversation import DIRECTIONS, GROUP, TACTICS, Message, Window

HERE = Path(__file__).parent
PARTS = ("development", "sealed")
HARD = ("quoting", "reporting", "clinical", "firm-but-fair", "disagreement", "banter")
KINDS = (
    "manipulative", *HARD, "asking", "repair", "tough-love", "crisis", "warning", "venting", "self-blame", "role-play",
    "persuasion", "ordinary",
)  # fmt: skip
CHANNELS = ("chat", "forum", "voice", "direct")
COUNTRIES = ("US", "CA", "UK", "IE", "AU", "NZ", "ZA", "IN")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One window with what its writer says of it."""

    id: str
    card: str
    pair: str
    group: str
    channel: str
    country: str
    kind: str
    label: str
    subtle: bool
    messages: tuple[Message, ...]
    signals: tuple[Mapping[str, Any], ...]

    @property
    def writer(self) -> str:
        return self.id.split("-")[0]

    @property
    def manipulative(self) -> bool:
        return self.label == "manipulative"

    @property
    def window(self) -> Window:
        return Window(self.id, self.messages)

    @property
    def done(self) -> tuple[Mapping[str, Any], ...]:
        """The signals of what is done here."""
        return tuple(one for one in self.signals if one["direction"] == "towards")


def part(name: str) -> list[Labelled]:
    """Every window of a part, in the order of its files. Raises ValueError with all that is wrong."""
    paths = sorted((HERE / name).glob("*.jsonl"))
    wrong = [error for path in paths for error in errors(path)]
    if wrong:
        raise ValueError("\n".join(wrong))
    return [_labelled(row) for path in paths for _, row in _rows(path)]


def read(path: Path) -> list[Labelled]:
    """The windows of one file, unchecked."""
    return [_labelled(row) for _, row in _rows(path)]


def second() -> list[dict[str, Any]]:
    """What the second reader said of a fifth of the windows."""
    lines = (HERE / "second.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def errors(path: Path) -> Iterator[str]:
    """Everything in a file that does not follow the rules."""
    seen: set[str] = set()
    pairs: dict[str, list[str]] = {}
    for number, row in _rows(path):
        where = f"{path.name}:{number}"
        if row.get("id") in seen:
            yield f"{where}: {row['id']} stands twice"
        seen.add(row.get("id", ""))
        if not str(row.get("id", "")).startswith(path.stem):
            yield f"{where}: the id is not this writer's"
        for error in _errors(row):
            yield f"{where}: {error}"
        if row.get("pair"):
            pairs.setdefault(row["pair"], []).append(row["label"])
    for name, labels in pairs.items():
        if sorted(labels) != ["benign", "manipulative"]:
            yield f"{path.name}: the pair {name} holds {labels}"


def _errors(row: dict[str, Any]) -> Iterator[str]:
    known = {"kind": KINDS, "channel": CHANNELS, "country": COUNTRIES, "label": ("manipulative", "benign")}
    for name, values in known.items():
        if row.get(name) not in values:
            yield f"{name} is {row.get(name)!r}"
    messages = {one["id"]: one for one in row.get("messages", ())}
    if not 2 <= len(messages) <= 10 or len(messages) != len(row["messages"]):
        yield f"{len(messages)} messages"
    if not 2 <= len({one["author"] for one in messages.values()}) <= 5:
        yield "speakers"
    done = [one for one in row.get("signals", ()) if one["direction"] == "towards"]
    if bool(done) != (row.get("label") == "manipulative"):
        yield "a manipulative window needs a signal towards somebody, a benign one has none"
    if (row.get("kind") == "manipulative") != (row.get("label") == "manipulative") or (row["subtle"] and not done):
        yield "kind, label and subtle disagree"
    for one in row.get("signals", ()):
        message = messages.get(one["message"])
        if message is None or message["author"] != one["author"]:
            yield f"signal of message {one['message']} by {one['author']}"
        elif not one["words"] or one["words"] not in message["text"]:
            yield f"“{one['words']}” does not stand in message {one['message']}"
        if one["direction"] not in DIRECTIONS or not one["tactics"] or not set(one["tactics"]) <= set(TACTICS):
            yield f"direction or tactics of message {one['message']}"
        if one["towards"] != GROUP and not isinstance(one["towards"], str):
            yield f"towards of message {one['message']}"


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            yield number, json.loads(line)


def _labelled(row: dict[str, Any]) -> Labelled:
    messages = tuple(Message(one["id"], one["author"], one["text"], 60.0 * one["at"]) for one in row["messages"])
    return Labelled(
        row["id"], row["card"], row["pair"], row["group"], row["channel"], row["country"], row["kind"], row["label"],
        row["subtle"], messages, tuple(row["signals"]),
    )  # fmt: skip


# What must not tell the labels apart

STOCK = re.compile(
    r"too sensitive|never happened|didn'?t happen|imagining|crazy|overreact\w*|after (?:all|everything) i|"
    r"no offen[cs]e|only joking|just a joke|everyone (?:thinks|agrees|says)|gaslight\w*|look what you|made me|"
    r"calm down",
    re.IGNORECASE,
)
SWEARING = re.compile(r"\b(?:fuck\w*|shit\w*|bloody|damn|arse\w*|ass|hell|crap|bollocks|bastard\w*|piss\w*)\b", re.I)
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")


def balance(windows: Iterable[Labelled]) -> dict[str, tuple[float, float]]:
    """Of the manipulative and of the benign windows: what could give the label away by counting."""
    everyone = list(windows)
    sides = [one for one in everyone if one.manipulative], [one for one in everyone if not one.manipulative]
    measured = {
        "words a window": lambda one: sum(len(message.text.split()) for message in one.messages),
        "messages a window": lambda one: len(one.messages),
        "speakers a window": lambda one: len({message.author for message in one.messages}),
        "share with stock phrases": lambda one: float(any(STOCK.search(message.text) for message in one.messages)),
        "share with swearing": lambda one: float(any(SWEARING.search(message.text) for message in one.messages)),
        "share with emoji": lambda one: float(any(EMOJI.search(message.text) for message in one.messages)),
        "“you” a hundred words": lambda one: 100 * _rate(one, r"\byou\w*\b"),
        "“I” a hundred words": lambda one: 100 * _rate(one, r"\bi\b"),
        "question marks a window": lambda one: sum(message.text.count("?") for message in one.messages),
    }
    return {name: (_mean(sides[0], how), _mean(sides[1], how)) for name, how in measured.items()}


def _rate(one: Labelled, pattern: str) -> float:
    text = " ".join(message.text for message in one.messages)
    return len(re.findall(pattern, text, re.IGNORECASE)) / max(1, len(text.split()))


def _mean(windows: Sequence[Labelled], how: Any) -> float:
    return sum(how(one) for one in windows) / len(windows) if windows else 0.0


def main(names: list[str]) -> int:
    """Print what is wrong, or how much there is and how it is balanced."""
    wrong = [error for name in PARTS for path in sorted((HERE / name).glob("*.jsonl")) for error in errors(path)]
    print("\n".join(wrong))
    if wrong:
        return 1
    for name in PARTS:
        windows = part(name)
        writers, pairs = {one.writer for one in windows}, {one.pair for one in windows if one.pair}
        print(name, len(windows), "windows", len(writers), "writers", len(pairs), "pairs",
              sum(one.subtle for one in windows), "subtle")  # fmt: skip
        print("  ", Counter(one.kind for one in windows))
        print("  ", Counter(tactic for one in windows for signal in one.done for tactic in signal["tactics"][:1]))
        for what, (high, low) in balance(windows).items():
            print(f"   {what:28} manipulative {high:7.2f}   benign {low:7.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
