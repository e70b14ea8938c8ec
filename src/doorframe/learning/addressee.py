"""Fit what tells whom a message goes to, on the messages of labelled windows that work on somebody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from doorframe.engines.detection import addressee
from doorframe.engines.detection.conversation import GROUP, Window
from doorframe.learning import detection_card

PARTS = 4
"""Writers are held out in so many turns."""


def report(files: Sequence[Path]) -> str:
    """The weights fitted on all writers, and how often the choice is right on writers that were held out in turn."""
    asked = [(number, *one) for number, path in enumerate(files) for one in _asked(path)]
    right = 0
    for turn in range(PARTS):
        weights = _fit([one for one in asked if one[0] % PARTS != turn])
        right += sum(_likeliest(rows, weights) == so for number, rows, so in asked if number % PARTS == turn)
    weights = _fit(asked)
    return json.dumps({"messages": len(asked), "right": round(right / len(asked), 3), "weights": weights}, indent=2)


def _asked(path: Path) -> Iterator[tuple[list[dict[str, float]], int]]:
    """For each message that works on somebody: the features of all who may be meant, and which of them it is."""
    for one in detection_card.read(path):
        window = Window(one.id, one.messages)
        places = {message.id: place for place, message in enumerate(one.messages)}
        for signal in one.signals:
            others = list(dict.fromkeys(each.author for each in one.messages if each.author != signal["author"]))
            candidates = [*others, GROUP]
            if signal["direction"] == "towards" and signal["towards"] in candidates:
                place = places[signal["message"]]
                rows = [addressee.features(window, place, name) for name in candidates]
                yield rows, candidates.index(signal["towards"])


def _fit(asked: Sequence[Any], *, steps: int = 400, rate: float = 2.4, ridge: float = 1e-3) -> dict[str, float]:
    """A choice model by gradient: the log odds of each feature."""
    import numpy

    names = sorted({name for _, rows, _ in asked for row in rows for name in row})
    most = max(len(rows) for _, rows, _ in asked)
    seen, here = numpy.zeros((len(asked), most, len(names))), numpy.full((len(asked), most), -1e9)
    for number, (_, rows, _) in enumerate(asked):
        for place, row in enumerate(rows):
            seen[number, place] = [row.get(name, 0.0) for name in names]
            here[number, place] = 0.0
    meant = seen[numpy.arange(len(asked)), [so for *_, so in asked]]
    weights = numpy.zeros(len(names))
    for _ in range(steps):
        totals = seen @ weights + here
        shares = numpy.exp(totals - totals.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        gap = (meant - (shares[..., None] * seen).sum(1)).mean(0)
        weights += rate * (gap - ridge * weights)
    return {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True)}


def _likeliest(rows: Sequence[dict[str, float]], weights: dict[str, float]) -> int:
    totals = [sum(weights[name] * value for name, value in row.items()) for row in rows]
    return totals.index(max(totals))
