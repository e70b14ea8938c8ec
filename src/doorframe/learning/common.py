"""What every model that is taught here shares: the encoder, how it learns, how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel


def encoder(folder: str) -> Any:
    """The encoder as published, set up to learn on a processor: plain attention that drops nothing is quickest."""
    return AutoModel.from_pretrained(folder, attn_implementation="eager", attention_probs_dropout_prob=0.0)


def tokenizer(folder: str) -> Tokenizer:
    """The encoder's words into pieces, neither cut nor filled up."""
    found = Tokenizer.from_file(f"{folder}/tokenizer.json")
    found.no_padding()
    found.no_truncation()
    return found


def learn(
    model: Any, heads: Sequence[nn.Module], settings: Any, per_epoch: int,
    batches: Callable[[], Iterable[list[Any]]], loss_of: Callable[[list[Any]], torch.Tensor], say: Any,
) -> None:  # fmt: skip
    """Teach a model, its heads quicker than its encoder, and leave it as it is asked later.

    settings has epochs, rate, head_rate, decay and warm; batches gives those of one epoch, about per_epoch of them.
    """
    optimiser, schedule = _optimiser(model, heads, settings, per_epoch * settings.epochs)
    model.train()
    for epoch in range(settings.epochs):
        total = 0.0
        for batch in batches():
            loss = loss_of(batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        say(f"epoch {epoch + 1} of {settings.epochs}: loss {total / per_epoch:.3f}", flush=True)
    model.eval()


def _optimiser(model: Any, heads: Sequence[nn.Module], settings: Any, steps: int) -> tuple[torch.optim.Optimizer, Any]:
    """Slow steps for the encoder, quick ones for the heads, growing and then shrinking.

    Word vectors stay as they are: rare words keep the sense they had, and a run takes half the time.
    """
    model.encoder.embeddings.requires_grad_(False)
    groups = [
        {"params": model.encoder.encoder.parameters(), "lr": settings.rate},
        {"params": [one for head in heads for one in head.parameters()], "lr": settings.head_rate},
    ]
    made = torch.optim.AdamW(groups, weight_decay=settings.decay)
    first = max(1, int(steps * settings.warm))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        made, lambda step: min((step + 1) / first, max(0.02, (steps - step) / max(1, steps - first)))
    )
    return made, schedule


def apart(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """How far two answers (logits) to the same questions are apart, each: Kullback and Leibler, both ways."""
    gap = torch.sigmoid(first) - torch.sigmoid(second)
    return gap * (first - second) / 2


def mean(first: Any, second: Any) -> Any:
    """Two models that began alike as one: the mean of their weights, put into the second."""
    weights = first.state_dict()
    with torch.no_grad():
        for name, value in second.state_dict().items():
            if value.is_floating_point():
                value.copy_((value + weights[name]) / 2)
    return second


def pooled(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """A whole text as one vector: its first token, the mean and the largest of all."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    mean = (hidden * weights).sum(1) / weights.sum(1).clamp(min=1)
    most = (hidden + (weights - 1) * 1e4).max(1).values
    return torch.cat([hidden[:, 0], mean, most], dim=1)


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

    from doorframe.adapters.small_model import silence_onnxruntime

    silence_onnxruntime()
    from onnxruntime.quantization import QuantType, quantize_dynamic

    full = f"{path}.full"
    torch.onnx.export(
        model, tuple(inputs.values()), full, input_names=list(inputs), output_names=list(outputs),
        dynamic_axes={**axes, **outputs}, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(full, path, weight_type=QuantType.QInt8, per_channel=True)
    Path(full).unlink()
