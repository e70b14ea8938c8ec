"""The card of a second reader: how sure it is, how rules and reader count together, from which score what is said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from doorframe.learning import fitting

ALIKE, ORDINARY, STOPPED = 0.885, 0.975, 0.96
"""What the thresholds aim at on held texts: a little more than is promised, since they are set on these very texts."""
LEAST = 30
"""So few drafts at least are judged “do not post” on the held texts, whatever share of them is right."""


FOLDER = "screening/development"
HELD = "w13,w15,w20,w28,w46"
LEFT = "w51,w52,w53,w54,w55"
"""Writers from whom nothing is learned or set: they say what a new set may give."""


def read(path: Path) -> list[Any]:
    """The labelled texts of one file, with spans as (family, start, end)."""
    found = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line.strip():
            continue
        row = json.loads(line)
        row["spans"] = tuple(
            (name, row["text"].index(words), row["text"].index(words) + len(words)) for name, words in row["spans"]
        )
        row["families"] = tuple(row["families"])
        found.append(SimpleNamespace(**row))
    return found


def finish(out: Path, _learned: Sequence[Any], kept: Sequence[Any], about: dict[str, Any]) -> str:
    """Calibrate the written model on texts that it did not learn from, weigh it, and write its card. Returns it."""
    from doorframe.adapters.second_reader import OnnxReader
    from doorframe.engines.screening.verdict import Draft

    digest = hashlib.sha256((out / "model.onnx").read_bytes()).hexdigest()
    plain = {"slope": 1.0, "shift": 0.0}
    card = {"id": "screening-6", **about, "sha256": digest}
    card |= {"calibration": {"unsafe": plain, "grave": plain}, "combination": {}}
    fitting.write(out, card)
    reader = OnnxReader(out)
    said = [reader.read(Draft(text.text, text.kind)) for text in kept]
    card["calibration"] = {
        "unsafe": fitting.platt([fitting.logit(one.unsafe) for one in said], [unsafe(text) for text in kept]),
        "grave": fitting.platt([fitting.logit(one.grave) for one in said], [grave(text) for text in kept]),
    }
    fitting.write(out, card)
    return weigh(out, kept)


def weigh(out: Path, kept: Sequence[Any]) -> str:
    """Fit how rules and reader count together, on texts that the reader did not learn from. Returns the card.

    ask is the least probability at which ALIKE of the hard look-alikes and ORDINARY of the ordinary texts pass; stop
    the least from which STOPPED of the drafts that would be stopped are labelled so, or all that are surest.
    """
    from doorframe.adapters.screener import with_everything
    from doorframe.engines.content import loader
    from doorframe.engines.screening.combine import SIGNS, Weights
    from doorframe.engines.screening.screen import weighed
    from doorframe.engines.screening.verdict import Draft

    card = json.loads((out / "card.json").read_text(encoding="utf-8"))
    # Weights of other signs than today's cannot be read: a card is weighed anew from none.
    fitting.write(out, {**card, "combination": {}})
    screener = with_everything(loader.load_screening(), model=out)
    signs = []
    for text in kept:
        draft = Draft(text.text, text.kind, text.platform, text.country, text.region, text.profession)
        signs.append(weighed(draft, screener.sieve, screener.read(draft)))
    stop_it = Weights(*fitting.weights(SIGNS, signs, [unsafe(text) for text in kept]))
    forbid = Weights(*fitting.weights(SIGNS, signs, [grave(text) for text in kept]))
    chances = [(text, stop_it.probability(one)) for text, one in zip(kept, signs, strict=True)]
    ask = max(
        fitting.passing([chance for text, chance in chances if text.level == level], share)
        for level, share in (("look-alike", ALIKE), ("ordinary", ORDINARY))
    )
    found = [one for one in zip(kept, signs, strict=True) if one[1]["asks"] or one[1]["stops"]]
    sure = sorted(((forbid.probability(one), grave(text)) for text, one in found), reverse=True)
    card["combination"] = {
        "unsafe": {"bias": stop_it.bias, **stop_it.weights},
        "grave": {"bias": forbid.bias, **forbid.weights},
        "ask": round(ask, 4), "stop": round(stopping(sure, STOPPED), 4),
    }  # fmt: skip
    fitting.write(out, card)
    return json.dumps(card, indent=2)


def unsafe(text: Any) -> bool:
    """Whether a careful colleague would not let it pass, as its writer says."""
    return bool(text.outcome != "nothing-found")


def grave(text: Any) -> bool:
    """Whether it must not go out, as its writer says."""
    return bool(text.outcome == "do-not-post")


def stopping(sure: Sequence[tuple[float, bool]], share: float) -> float:
    """The least threshold from which that share is right, at least LEAST of them so that chance does not decide."""
    right, best = 0, 1.0
    for place, (value, so) in enumerate(sure, 1):
        right += so
        if place >= LEAST and right / place >= share:
            best = value
    return best if best < 1.0 else (sure[min(LEAST, len(sure)) - 1][0] if sure else 1.0)
