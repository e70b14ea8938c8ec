"""Fitting what stands in a card: how log odds become a probability, and how several signs count together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import ceil, log
from pathlib import Path
from typing import Any

RIDGE = 0.002


def logit(chance: float) -> float:
    """ln(p / (1 - p)), within bounds."""
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return log(chance / (1 - chance))


def platt(
    values: Sequence[float], labels: Sequence[bool], *, steps: int = 4000, rate: float = 0.05
) -> dict[str, float]:
    """Platt's slope and shift: the logistic curve that fits log odds to what was so."""
    import numpy

    seen, so = numpy.array(values), numpy.array(labels, dtype=float)
    slope, shift = 1.0, 0.0
    for _ in range(steps):
        gap = 1 / (1 + numpy.exp(-numpy.clip(slope * seen + shift, -30, 30))) - so
        slope -= rate * float((gap * seen).mean())
        shift -= rate * float(gap.mean())
    return {"slope": round(slope, 4), "shift": round(shift, 4)}


def weights(
    names: Sequence[str], signs: Sequence[Mapping[str, float]], labels: Sequence[bool], *, steps: int = 1500,
    rate: float = 0.5,
) -> tuple[float, dict[str, float]]:  # fmt: skip
    """Logistic bias and weights with a little ridge; no weight is below nothing."""
    import numpy

    seen = numpy.array([[one[name] for name in names] for one in signs])
    so = numpy.array(labels, dtype=float)
    scale = numpy.maximum(seen.std(0), 0.05)
    bias, slopes = 0.0, numpy.zeros(len(names))
    for _ in range(steps):
        gap = 1 / (1 + numpy.exp(-(bias + (seen / scale) @ slopes))) - so
        bias -= rate * float(gap.mean())
        slopes = numpy.maximum(0.0, slopes - rate * ((seen / scale).T @ gap / len(so) + RIDGE * slopes))
    return round(bias, 4), {name: round(float(one), 4) for name, one in zip(names, slopes / scale, strict=True)}


def passing(values: Sequence[float], share: float) -> float:
    """The least threshold below which so many of the values stay."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] + 1e-6 if ordered else 0.5


def strictest(values: Sequence[float], share: float) -> float:
    """The highest threshold that so many of the values stay below and the next one reaches: as careful as it may be."""
    ordered = sorted(values)
    if not ordered:
        return 0.5
    return ordered[min(max(1, ceil(share * len(ordered))), len(ordered) - 1)]


def write(out: Path, card: dict[str, Any]) -> None:
    """Write the card of a model."""
    (out / "card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
