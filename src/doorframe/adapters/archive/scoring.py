"""What scores hang on beside the model's own file, so that no account mixes two ways to score."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from doorframe.adapters import detector

_FILES = ("linear.bin", "tokenizer.json")


def scoring(reader: detector.Reader, folder: str) -> dict[str, Any]:
    """The scale, what no words at all weigh, and the hashes of the files beside the model, as JSON gives them back.

    folder  of the model, "" for the one that ships
    """
    place = Path(folder) if folder else detector.SHIPPED
    told = {
        "scale": asdict(reader.scale), "linear_bias": reader.words(()),
        "files": {name: hashed(place / name) for name in _FILES},
    }  # fmt: skip
    found: dict[str, Any] = json.loads(json.dumps(told))
    return found


def digest(scored: dict[str, Any]) -> str:
    """The hash of what `scoring` gives."""
    return sha256(json.dumps(scored, sort_keys=True).encode()).hexdigest()


def hashed(place: Path) -> str:
    """The hash of a file, "" where it cannot be read."""
    found = sha256()
    try:
        with place.open("rb") as file:
            while block := file.read(1 << 20):
                found.update(block)
    except OSError:
        return ""
    return found.hexdigest()
