"""The card of the detector: how its voices count together, how sure it is, and from which score on it is an alert."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from doorframe.engines.detection import judge, linear
from doorframe.engines.detection.conversation import Message
from doorframe.engines.detection.spoken import spoken
from doorframe.learning import fitting

FOLDER = "detection/development"
HELD = "m05,m09,m18"
LEFT = ""
HARD = ("quoting", "reporting", "clinical", "firm-but-fair", "disagreement", "banter")
BENIGN, HARD_KIND = 0.9925, 0.975
"""Share of benign windows, and of each hard kind of them, that passes without an alert on the held writers: more
careful than what is promised, because windows of other writers were flagged up to twice as often as theirs."""
VOICES = ("whole", "first", "words")
"""These have an equal say: the windows of three writers are too few to tell which of them to trust more."""
SKIPPED = 0.01
"""Share of alerts that the quick look may lose."""


def read(path: Path) -> list[Any]:
    """The labelled windows of one file."""
    found = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            row = json.loads(line)
            row["messages"] = tuple(
                Message(one["id"], one["author"], one["text"], 60.0 * one["at"]) for one in row["messages"]
            )
            found.append(SimpleNamespace(**row))
    return found


def manipulative(window: Any) -> bool:
    """Whether its writer says that a moderator should look."""
    return bool(window.label == "manipulative")


def finish(out: Path, learned: Sequence[Any], kept: Sequence[Any], about: dict[str, Any]) -> str:
    """Learn the weights of words, fit the scale on windows that nothing was learned from, write the card."""
    weights, bias = words(learned)
    (out / "linear.bin").write_bytes(weights.tobytes())
    digest = hashlib.sha256((out / "model.onnx").read_bytes()).hexdigest()
    fitting.write(out, {"id": "detection-4", **about, "sha256": digest, "linear_bias": bias, "scale": None})
    return weigh(out, kept)


def words(learned: Sequence[Any], *, steps: int = 300, rate: float = 30.0, ridge: float = 1e-4) -> tuple[Any, float]:
    """A weight for each place of words, by logistic regression; and the bias."""
    import numpy

    rows = [linear.features(spoken(one.messages)) for one in learned]
    at = numpy.concatenate([numpy.fromiter(row, dtype=numpy.int64) for row in rows])
    value = numpy.concatenate([numpy.fromiter(row.values(), dtype=numpy.float64) for row in rows])
    which = numpy.repeat(numpy.arange(len(rows)), [len(row) for row in rows])
    so = numpy.array([manipulative(one) for one in learned], dtype=float)
    slopes, bias = numpy.zeros(linear.SIZE), 0.0
    for _ in range(steps):
        total = bias + numpy.bincount(which, slopes[at] * value, len(rows))
        gap = (1 / (1 + numpy.exp(-total)) - so) / len(rows)
        slopes -= rate * (numpy.bincount(at, gap[which] * value, linear.SIZE) + ridge * slopes)
        bias -= float(gap.sum())
    return array("f", slopes.astype(numpy.float32).tolist()), round(bias, 4)


def weigh(out: Path, kept: Sequence[Any]) -> str:
    """Fit how the voices count together on windows that nothing was learned from. Returns the card."""
    from doorframe.adapters.detector import OnnxReader

    reader = OnnxReader(out)
    said = [spoken(one.messages) for one in kept]
    readings = [reader.read(one) for one in said]
    signs = [judge.signs(one, reader.words(text)) for one, text in zip(readings, said, strict=True)]
    curve = fitting.platt([sum(one[name] for name in VOICES) for one in signs], [manipulative(one) for one in kept])
    bias, weights = curve["shift"], {name: curve["slope"] * (name in VOICES) for name in judge.SIGNS}
    scale = judge.Scale(bias, weights)
    scores = [judge.score(one, scale) for one in signs]
    alert = threshold(kept, scores)
    alerts = sorted(one["words"] for one, score in zip(signs, scores, strict=True) if score >= alert)
    card = json.loads((out / "card.json").read_text(encoding="utf-8"))
    message = fitting.platt(*_messages(kept, readings))
    card["scale"] = {
        "bias": bias, "weights": weights, "message": [message["slope"], message["shift"]], "alert": round(alert, 4),
        "skip": round(alerts[int(SKIPPED * len(alerts))] - 0.05, 4) if alerts else None,
    }  # fmt: skip
    fitting.write(out, card)
    return json.dumps(card, indent=2)


def threshold(kept: Sequence[Any], scores: Sequence[float]) -> float:
    """The least score at which few benign windows are alerts, and few of each hard kind."""
    benign = [score for one, score in zip(kept, scores, strict=True) if not manipulative(one)]
    hard = [score for one, score in zip(kept, scores, strict=True) if one.kind in HARD]
    return max(fitting.strictest(benign, BENIGN), fitting.strictest(hard, HARD_KIND))


def _messages(kept: Sequence[Any], readings: Sequence[Any]) -> tuple[list[float], list[bool]]:
    values, labels = [], []
    for one, reading in zip(kept, readings, strict=True):
        harmful = {signal["message"] for signal in one.signals if signal["direction"] == "towards"}
        for message, opinion in zip(one.messages, reading.messages, strict=True):
            values.append(fitting.logit(opinion.harm))
            labels.append(message.id in harmful)
    return values, labels
