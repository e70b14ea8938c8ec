"""What the commands of the detector share: its model, a threshold, a change under trial; or a sentence instead."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Sequence
from pathlib import Path
from typing import NoReturn

from doorframe.adapters import detector, rule_change, small_model
from doorframe.cli import common
from doorframe.cli.errors import fail
from doorframe.engines.content import loader
from doorframe.engines.detection.conversation import GROUP, Message, Signal
from doorframe.engines.detection.history import Pair
from doorframe.engines.detection.judge import Scale

SCORE = (
    "A score says how sure it is that a look is worth it, and nothing of a person. Silence is no guarantee: some are "
    "missed."
)
"""Said once below what was found."""

WHOLE = 300
"""Signs of a message up to which it is shown as a whole: the words that bear a reason out may stand anywhere in it."""

BESIDE = 110
"""Signs of a message beside the one to look at."""


def reader(folder: Path | None = None, *, lost: str = "nothing was looked at") -> detector.Reader:
    """The detector's model, ours or the one in a folder. Where there is none, `lost` says what came of it."""
    try:
        found = detector.load(folder)
    except small_model.Damaged as error:
        fail(str(error))
    if found is None:
        missing(lost)
    return found


def missing(lost: str = "nothing was looked at") -> NoReturn:
    """End the command: there is no model that can run."""
    fail(f"The detector needs onnxruntime, tokenizers and numpy, and its model; {lost}.")


def threshold(value: str) -> float | None:
    """ "alert" is the model's own, None; else a number from 0 to 1, or the command ends."""
    if value == "alert":
        return None
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        fail('--threshold is "alert" or a number from 0 to 1.')
    return number


def quote(signal: Signal, message: Message) -> str:
    """The message where it is short, else the marked words of it with a sign where it goes on."""
    if len(message.text) <= WHOLE:
        return f"“{shown(message.text)}”"
    before = "…" if message.text[: signal.start].strip() else ""
    after = "…" if message.text[signal.end :].strip() else ""
    return f"“{before}{shown(signal.text)}{after}”"


def who(signal: Signal) -> str:
    """Who wrote it, and whom it may be done to; or which way it goes where it is only told."""
    author = _writer(signal.author)
    if signal.direction != "towards":
        return f"{author} ({signal.direction})"
    towards = " or ".join(_member(name) for name in (signal.towards, signal.or_towards) if name)
    return f"{author}, it may be towards {towards}" if towards else author


def _writer(name: str) -> str:
    """A name on one line, or what is said where the source gives none."""
    return shown(name) or "somebody"


def _member(name: str) -> str:
    return "the group" if name == GROUP else _writer(name)


def shown(text: str) -> str:
    """Somebody's words on one line, without signs that would steer a terminal or turn the words around."""
    plain = (" " if one.isspace() else one for one in text)
    return " ".join("".join(one for one in plain if unicodedata.category(one) not in {"Cc", "Cf", "Cs"}).split())


def beside(messages: Sequence[Message], place: int, *, skip: Container[str]) -> tuple[str, str]:
    """The messages before and after one, a line each; "" where there is none, or where it is shown itself."""

    def line(other: int, when: str) -> str:
        if not 0 <= other < len(messages) or messages[other].id in skip:
            return ""
        one = messages[other]
        return f"{when} {_writer(one.author)}: “{_short(shown(one.text))}”"

    return line(place - 1, "before,"), line(place + 1, "after,")


def _short(words: str) -> str:
    return words if len(words) <= BESIDE else f"{words[: BESIDE - 1].rstrip()}…"


def pair_line(pair: Pair) -> str:
    """What there is of a pair, in a line."""
    return f"{_writer(pair.author)} towards {_member(pair.towards)}: {pair.level} ({pair.hits} signals)"


def undated(many: int) -> list[str]:
    """What is said of signals without a time; nothing where there is none."""
    if not many:
        return []
    said = "1 signal has no date, so it is" if many == 1 else f"{many} signals have no date, so they are"
    return [f"{said} not added up over time."]


def pair_data(pair: Pair) -> dict[str, object]:
    """What there is of a pair, as the commands give it in JSON."""
    return {
        "pair": [pair.author, pair.towards], "evidence": round(pair.evidence, 3), "level": pair.level,
        "hits": pair.hits,
    }  # fmt: skip


def change(file: Path, scale: Scale) -> rule_change.Change:
    """A change that somebody wants to try beside a scale. Ends the command where the file holds none."""
    try:
        return rule_change.read(file, scale, common.content_folders())
    except rule_change.NoChange as error:
        fail(str(error))
    except loader.ContentError as error:
        fail(f"The change cannot be used: {error.problems[0]}")
