"""What every model that is taught here shares: the encoder, how it learns, how it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import torch
from torch import nn
from transformers import AutoModel


def encoder(folder: str) -> Any:
    """The encoder as published, set up to learn on a processor: plain attention that drops nothing is quickest."""
    return AutoModel.from_pretrained(folder, attn_implementation="eager", attention_probs_dropout_prob=0.0)


def optimiser(
    model: Any, heads: Sequence[nn.Module], *, rate: float, head_rate: float, decay: float, steps: int, warm: float
) -> tuple[torch.optim.Optimizer, Any]:
    """Slow steps for the encoder, quick ones for the heads, growing and then shrinking.

    Word vectors stay as they are: rare words keep the sense they had, and a run takes half the time.
    """
    model.encoder.embeddings.requires_grad_(False)
    groups = [
        {"params": model.encoder.encoder.parameters(), "lr": rate},
        {"params": [one for head in heads for one in head.parameters()], "lr": head_rate},
    ]
    made = torch.optim.AdamW(groups, weight_decay=decay)
    first = max(1, int(steps * warm))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        made, lambda step: min((step + 1) / first, max(0.02, (steps - step) / max(1, steps - first)))
    )
    return made, schedule


def together(rows: Iterable[Any], chance: Any, size: int, length: Any) -> Iterator[list[Any]]:
    """All rows once in batches of about `size`: both of a pair in the same batch, each batch of like length."""
    pairs: dict[str, list[Any]] = {}
    for one in rows:
        pairs.setdefault(one.pair or f"alone-{id(one)}", []).append(one)
    groups = list(pairs.values())
    chance.shuffle(groups)
    found = []
    for begin in range(0, len(groups), 400):
        chunk = sorted(groups[begin : begin + 400], key=lambda group: max(length(one) for one in group))
        current: list[Any] = []
        for group in chunk:
            current += group
            if len(current) >= size:
                found.append(current)
                current = []
        if current:
            found.append(current)
    chance.shuffle(found)
    yield from found


def write(model: nn.Module, path: str, inputs: dict[str, torch.Tensor], outputs: dict[str, dict[int, str]],
          axes: dict[str, dict[int, str]]) -> None:  # fmt: skip
    """Write a model as ONNX with weights of eight bits. axes and outputs name what may be of any length."""
    from pathlib import Path

    from onnxruntime.quantization import QuantType, quantize_dynamic

    full = f"{path}.full"
    torch.onnx.export(
        model, tuple(inputs.values()), full, input_names=list(inputs), output_names=list(outputs),
        dynamic_axes={**axes, **outputs}, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(full, path, weight_type=QuantType.QInt8, per_channel=True)
    Path(full).unlink()
