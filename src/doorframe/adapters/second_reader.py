"""The second reader of screening: a small model that was taught on our own texts, run on this machine.

It needs onnxruntime, tokenizers and numpy. Where they are not installed there is no second reader: the verdict says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from doorframe.adapters import small_model
from doorframe.adapters.small_model import Damaged
from doorframe.engines.screening.combine import SIGNS, Combination, Weights
from doorframe.engines.screening.verdict import FAMILIES, Draft, Reading

SHIPPED = Path(__file__).resolve().parents[1] / "models" / "screening"
"""The reader that comes with Doorframe: model.onnx, tokenizer.json, card.json."""

WINDOW, _STEP = 256, 192
"""Tokens read at once, and how far the next window begins."""

_MOST_WINDOWS = 12
"""A draft of more than about 2,000 words is read at its beginning only; nothing that is posted is so long."""

_MARK = 0.5
"""Probability from which a word counts as one that moved the reader."""

_LONGEST_GAP = 3
"""Code points between two marked words that are one stretch."""


__all__ = ["SHIPPED", "Damaged", "OnnxReader", "SecondReader", "load"]

Mark = tuple[int, int, str, float]
"""Start, end, family and probability of one word."""


class SecondReader(Protocol):
    """Something that reads a draft and says what it thinks."""

    name: str
    combination: Combination

    def read(self, draft: Draft) -> Reading: ...


def load(folder: Path | None = None) -> SecondReader | None:
    """The reader that ships with Doorframe, or the one in `folder`; None where its programs are not installed.

    Raises Damaged when the file is not the one that its card names: a wrong reader is worse than none.
    """
    place = folder or SHIPPED
    return OnnxReader(place) if small_model.can_run(place) else None


def spoken(kind: str, text: str) -> str:
    """A text as the reader sees it, when it is taught and when it is asked: what it is, and its words."""
    return f"{kind.replace('-', ' ')}: {text}"


class OnnxReader:
    """A model on onnxruntime, one thread. Loaded when the first draft is read; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._model = small_model.SmallModel(folder, "The second reader")
        self.name = self._model.name
        self.combination = _combination(self._model.card.get("combination"))
        self._calibration = self._model.card["calibration"]

    def read(self, draft: Draft) -> Reading:
        """What the reader thinks. Of several windows of a long draft the one it minds most counts."""
        import numpy

        said = spoken(draft.kind, draft.text)
        shift = len(said) - len(draft.text)
        encoding = self._model.tokenizer.encode(said)
        best: Any = None
        marks: list[Mark] = []
        for begin in range(0, max(1, min(len(encoding.ids) - 8, _STEP * _MOST_WINDOWS)), _STEP):
            ids = encoding.ids[begin : begin + WINDOW]
            feed = numpy.array([ids], dtype=numpy.int64)
            whole, words = self._model.run(ids=feed, mask=numpy.ones_like(feed))
            if best is None or whole[0][0] > best[0]:
                best = whole[0]
            marks += self._marked(words[0], encoding.offsets[begin : begin + WINDOW], shift)
        assert best is not None
        unsafe, grave = (self._calibrated(float(best[place]), name) for place, name in enumerate(("unsafe", "grave")))
        families = {name: _sigmoid(float(value)) for name, value in zip(FAMILIES, best[2:], strict=True)}
        return Reading(unsafe, grave, families, tuple(_stretches(marks, draft.text)))

    def _marked(self, words: Any, offsets: list[tuple[int, int]], shift: int) -> list[Mark]:
        found = []
        for logits, (start, end) in zip(words, offsets, strict=True):
            if end <= shift or start == end:
                continue
            place = int(logits.argmax())
            chance = _sigmoid(float(logits[place]))
            if chance >= _MARK:
                found.append((max(0, start - shift), end - shift, FAMILIES[place], chance))
        return found

    def _calibrated(self, logit: float, name: str) -> float:
        return _sigmoid(self._calibration[name]["slope"] * logit + self._calibration[name]["shift"])


def _combination(raw: dict[str, Any] | None) -> Combination:
    """The weights and thresholds of a card; those without a model's own where it has none yet."""
    if not raw:
        return Combination()
    return Combination(_weights(raw["unsafe"]), _weights(raw["grave"]), raw["ask"], raw["stop"])


def _weights(raw: dict[str, float]) -> Weights:
    return Weights(raw["bias"], {name: raw[name] for name in SIGNS})


def _stretches(marks: list[Mark], text: str) -> list[tuple[int, int, str]]:
    """Marked words that stand together as one stretch, the surest first, whole words only."""
    found: list[list[Any]] = []
    for start, end, family, chance in sorted(marks):
        if found and start - found[-1][1] <= _LONGEST_GAP and "\n" not in text[found[-1][1] : start]:
            found[-1][1] = max(found[-1][1], end)
            found[-1][3] = max(found[-1][3], chance)
        else:
            found.append([start, end, family, chance])
    order = sorted(found, key=lambda one: -one[3])
    return [(*_whole(text, one[0], one[1]), one[2]) for one in order if one[1] - one[0] > 2]


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _sigmoid(value: float) -> float:
    from math import exp

    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))
