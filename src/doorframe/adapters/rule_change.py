"""A change that somebody wants to try before it counts: a tactic's file, or other weights or thresholds."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from doorframe.engines.content import loader
from doorframe.engines.content.detection import TACTICS, DetectionContent
from doorframe.engines.detection.judge import SIGNS, Scale

_LARGEST = 1_000_000


class NoChange(ValueError):
    """The file is no change that can be tried. Its words are for a person."""


@dataclass(frozen=True, slots=True)
class Change:
    """What would be other: the tactic whose file it is, with all content after it; or the scale."""

    tactic: str
    content: DetectionContent | None
    scale: Scale


def read(file: Path, scale: Scale, folders: Sequence[Path] = ()) -> Change:
    """The change that a TOML file holds. Raises NoChange; ContentError where a tactic's file is wrong."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        table = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise NoChange(f"{file} cannot be read as TOML: {error}") from error
    if table.get("id") in TACTICS:
        return Change(str(table["id"]), _content(str(table["id"]), text, folders), scale)
    unknown = set(table) - {"alert", "skip", "bias", "weights"}
    if unknown or not table:
        raise NoChange(
            f"{file} is neither a tactic's file (with its id) nor a change of alert, skip, bias or weights; "
            f"unknown: {', '.join(sorted(unknown)) or 'it is empty'}."
        )
    return Change("", None, _scale(file, table, scale))


def _content(id: str, text: str, folders: Sequence[Path]) -> DetectionContent:
    with tempfile.TemporaryDirectory() as place:
        below = Path(place) / "detection" / "tactics"
        below.mkdir(parents=True)
        (below / f"{id}.toml").write_text(text, encoding="utf-8")
        return loader.load_detection(*folders, Path(place))


def _scale(file: Path, table: dict[str, Any], scale: Scale) -> Scale:
    weights = table.get("weights", {})
    numbers = [value for name, value in table.items() if name != "weights"]
    if not isinstance(weights, dict) or set(weights) - set(SIGNS):
        raise NoChange(f"{file}: weights are those of {', '.join(SIGNS)}.")
    alert = table.get("alert", scale.alert)
    if isinstance(alert, int | float) and not 0 <= alert <= 1:
        raise NoChange(f"{file}: alert is a score, so it lies between 0 and 1.")
    if not all(_number(one) for one in [*numbers, *weights.values()]):
        raise NoChange(f"{file}: alert, skip, bias and weights are numbers, none beyond a million.")
    plain = {name: float(table[name]) for name in ("alert", "skip", "bias") if name in table}
    merged = {**scale.weights, **{name: float(value) for name, value in weights.items()}}
    return replace(scale, weights=merged, **plain)  # type: ignore[arg-type]


def _number(value: object) -> bool:
    """Whether this can be reckoned with: not "nan", which is no number, nor one so large that every score is lost."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST
