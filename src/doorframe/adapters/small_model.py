"""A small model in a folder, run on this machine: model.onnx, tokenizer.json and card.json.

It needs onnxruntime, tokenizers and numpy. Where they are not installed there is no model, and whoever asks says so.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from functools import cached_property
from pathlib import Path
from typing import Any

NEEDED = ("onnxruntime", "tokenizers", "numpy")


class Damaged(ValueError):
    """The model's file is not the one that its card names. Its words are for a person."""


def can_run(folder: Path) -> bool:
    """Whether there is a model in the folder and everything that it needs."""
    return (folder / "card.json").is_file() and all(importlib.util.find_spec(name) for name in NEEDED)


def silence_onnxruntime() -> None:
    """To be called before onnxruntime is imported.

    Its published builds tell Microsoft how they are used, unless they are told not to before they are loaded. They also
    leave an identifier of this machine in the folder for caches, and a file in the one for temporary files.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


class SmallModel:
    """A model on onnxruntime, one thread. Its file is read when it is first asked; safe to share between threads.

    what is how a person calls it: "The second reader".
    """

    def __init__(self, folder: Path, what: str) -> None:
        self.folder = folder
        self.what = what
        self.card: dict[str, Any] = json.loads((folder / "card.json").read_text(encoding="utf-8"))

    @property
    def name(self) -> str:
        """Its id and the beginning of its hash."""
        return f"{self.card['id']} {self.card['sha256'][:12]}"

    def run(self, **inputs: Any) -> list[Any]:
        """Every output of the model. Raises Damaged when the file is not that of the card."""
        return list(self._session.run(None, inputs))

    @cached_property
    def _session(self) -> Any:
        silence_onnxruntime()
        import onnxruntime

        data = (self.folder / "model.onnx").read_bytes()
        if hashlib.sha256(data).hexdigest() != self.card["sha256"]:
            raise Damaged(f"{self.what}’s file is damaged, so it was not used. Install Doorframe again.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])

    @cached_property
    def tokenizer(self) -> Any:
        """Words into pieces, neither cut nor filled up."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer
