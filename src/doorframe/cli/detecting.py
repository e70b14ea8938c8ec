"""What the commands of the detector share: its model, a threshold, a change under trial; or a sentence instead."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from doorframe.adapters import detector, rule_change
from doorframe.cli import common
from doorframe.cli.errors import fail
from doorframe.engines.content import loader
from doorframe.engines.detection.conversation import UNCLEAR, Signal
from doorframe.engines.detection.history import Pair
from doorframe.engines.detection.judge import Scale


def reader(folder: Path | None = None, *, lost: str = "nothing was looked at") -> detector.Reader:
    """The detector's model, ours or the one in a folder. Where there is none, `lost` says what came of it."""
    found = detector.load(folder)
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


def reason(signal: Signal) -> str:
    """What it may be, and why to look. Where no tactic stands out the sentence that says so comes first."""
    likeliest = signal.tactic[0][0] if signal.tactic else UNCLEAR
    if likeliest == UNCLEAR:
        return signal.why
    names = ", or ".join(name.replace("-", " ") for name, _ in signal.tactic[:2] if name != UNCLEAR)
    return f"May be: {names}. {signal.why}".rstrip()


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
