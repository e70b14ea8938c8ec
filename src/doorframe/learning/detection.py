"""Fine-tune the reader of conversations on the development windows.

One encoder (all-MiniLM-L6-v2, Apache-2.0) sees a whole window: each speaker as a letter, never as a name. Heads look at
the window (does it deserve a look?), at each message (is harm done in it, which direction, which tactics) and at each
word (is it one of those that carry it).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
from tokenizers import Tokenizer
from torch import nn

from doorframe.engines.detection.conversation import DIRECTIONS, TACTICS, Message
from doorframe.engines.detection.spoken import spoken
from doorframe.engines.detection.views import LONGEST, fitting
from doorframe.learning import common

SCORES = 1 + len(DIRECTIONS) + len(TACTICS)


class Labelled(Protocol):
    """A window of tests/evaluation/detection."""

    messages: tuple[Message, ...]
    label: str
    pair: str
    signals: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides a training run, all of it: the same settings and windows give the same model within rounding."""

    seed: int = 7
    epochs: int = 4
    first_epochs: int = 5
    batch: int = 8
    rate: float = 1e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    warm: float = 0.1
    drop: float = 0.1
    message_weight: float = 1.0
    word_weight: float = 0.3
    kind_weight: float = 0.3
    contrast: float = 0.5
    agree: float = 1.0
    hidden: float = 0.05
    bfloat: bool = True


class Reader(nn.Module):
    """Encoder and heads.

    forward(ids, mask, parts): parts (batch, messages, tokens) is 1 where a token belongs to a message. Gives whole
    (batch), scores (batch, messages, SCORES: harm, directions, tactics) and words (batch, tokens), all logits.
    """

    def __init__(self, encoder: nn.Module, drop: float) -> None:
        super().__init__()
        self.encoder = encoder
        size = encoder.config.hidden_size
        self.drop = nn.Dropout(drop)
        self.words = nn.Linear(size, 1)
        self.message = nn.Linear(size * 3, SCORES)
        self.window = nn.Linear(size * 3, 1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, parts: torch.Tensor) -> tuple[torch.Tensor, ...]:
        hidden = self.drop(self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state)
        words = self.words(hidden).squeeze(-1)
        whole = self.window(common.pooled(hidden, mask)).squeeze(-1)
        inside = parts.to(hidden.dtype)
        each = inside @ hidden / inside.sum(2, keepdim=True).clamp(min=1)
        looked = torch.softmax(words.unsqueeze(1) + (inside - 1) * 1e4, dim=2) @ hidden
        all_of_it = hidden[:, :1].expand(-1, each.shape[1], -1)
        return whole, self.message(torch.cat([each, looked, all_of_it], dim=2)), words


@dataclass(slots=True)
class Row:
    ids: list[int]
    parts: list[tuple[int, int]]
    whole: float
    scores: list[list[float]]
    told: list[bool]
    words: list[float]
    pair: str


def row(tokenizer: Tokenizer, window: Labelled) -> Row:
    """One window as numbers. told says of which messages the direction and tactic are known."""
    said = spoken(window.messages)
    encodings = [tokenizer.encode(one.text, add_special_tokens=False) for one in said]
    room = fitting([len(one.ids) for one in encodings], LONGEST - 2 - len(encodings))
    ids, parts, words = [_sign(tokenizer, "[CLS]")], [], [0.0]
    scores, told = [], []
    for message, one, encoding in zip(window.messages, said, encodings, strict=True):
        start = len(ids)
        ids += [*encoding.ids[:room], _sign(tokenizer, "[SEP]")]
        parts.append((start, len(ids)))
        signals = [signal for signal in window.signals if signal["message"] == message.id]
        marks = [0.0] * (len(ids) - start)
        for signal in signals:
            begin = message.text.find(signal["words"])
            first, last = one.place(begin), one.place(begin + len(signal["words"]))
            for place, (low, high) in enumerate(encoding.offsets[:room]):
                if low < last and high > first:
                    marks[place] = 1.0
        words += marks
        scores.append(_scores(signals))
        told.append(bool(signals))
    return Row(ids, parts, float(window.label == "manipulative"), scores, told, words, window.pair)


def _sign(tokenizer: Tokenizer, name: str) -> int:
    number = tokenizer.token_to_id(name)
    if number is None:
        raise ValueError(f"the tokenizer has no {name}")
    return number


def _scores(signals: Sequence[Mapping[str, Any]]) -> list[float]:
    """Harm, each direction, each tactic: a tactic that was named second counts half."""
    found = [0.0] * SCORES
    for signal in signals:
        found[0] = max(found[0], float(signal["direction"] == "towards"))
        found[1 + DIRECTIONS.index(signal["direction"])] = 1.0
        for place, tactic in enumerate(signal["tactics"][:2]):
            column = 1 + len(DIRECTIONS) + TACTICS.index(tactic)
            found[column] = max(found[column], 1.0 - 0.5 * place)
    return found


def tensors(rows: Sequence[Row]) -> tuple[torch.Tensor, ...]:
    """ids, mask, parts, whole, scores, told, words, padded."""
    longest, most = max(len(one.ids) for one in rows), max(len(one.parts) for one in rows)
    ids, mask = torch.zeros(len(rows), longest, dtype=torch.long), torch.zeros(len(rows), longest, dtype=torch.long)
    parts, words = torch.zeros(len(rows), most, longest), torch.zeros(len(rows), longest)
    scores, told = torch.zeros(len(rows), most, SCORES), torch.zeros(len(rows), most)
    for place, one in enumerate(rows):
        ids[place, : len(one.ids)] = torch.tensor(one.ids)
        mask[place, : len(one.ids)] = 1
        words[place, : len(one.words)] = torch.tensor(one.words)
        for number, (start, end) in enumerate(one.parts):
            parts[place, number, start:end] = 1
            scores[place, number] = torch.tensor(one.scores[number])
            told[place, number] = one.told[number]
    return ids, mask, parts, torch.tensor([one.whole for one in rows]), scores, told, words


def train(windows: Sequence[Labelled], folder: str, settings: Settings, say: Any = print) -> Reader:
    """A reader of these windows, from the encoder in `folder`: the mean of two that began alike.

    The first learns in first_epochs rounds and reads each window once, the second in epochs rounds and reads it twice.
    """
    first = _train(windows, folder, replace(settings, epochs=settings.first_epochs, agree=0.0), say)
    second = _train(windows, folder, settings, say)
    return common.mean(first, second)


def _train(windows: Sequence[Labelled], folder: str, settings: Settings, say: Any) -> Reader:
    torch.manual_seed(settings.seed)
    chance = random.Random(settings.seed)
    tokenizer = common.tokenizer(folder)
    model = Reader(common.encoder(folder), settings.drop)
    mask = _sign(tokenizer, "[MASK]")
    rows = [row(tokenizer, one) for one in windows]
    per_epoch = len(list(common.together(rows, random.Random(0), settings.batch, lambda one: len(one.ids))))
    common.learn(
        model, [model.words, model.message, model.window], settings, per_epoch,
        lambda: common.together(rows, chance, settings.batch, lambda one: len(one.ids)),
        lambda batch: _loss(model, batch, settings, chance, mask), say,
    )  # fmt: skip
    return model


def _loss(model: Reader, batch: list[Row], settings: Settings, chance: random.Random, mask_id: int) -> torch.Tensor:
    """Where they are to agree, each window is read twice, with other parts of the network switched off (R-Drop)."""
    times = 2 if settings.agree else 1
    ids, mask, parts, whole, scores, told, words = (torch.cat([one] * times) for one in tensors(batch))
    ids = _hidden(ids, mask_id, settings.hidden, chance)
    # Numbers of 16 bits halve the time where the processor has them; weights and sums stay exact.
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=settings.bfloat):
        said, each, marked = (one.float() for one in model(ids, mask, parts))
    entropy = nn.functional.binary_cross_entropy_with_logits
    here = (parts.sum(2) > 0).float()
    loss = entropy(said, whole)
    harm = entropy(each[..., 0], scores[..., 0], reduction="none", pos_weight=torch.tensor(2.0))
    loss = loss + settings.message_weight * (harm * here).sum() / here.sum()
    kinds = entropy(each[..., 1:], scores[..., 1:], reduction="none").sum(2)
    loss = loss + settings.kind_weight * (kinds * told).sum() / told.sum().clamp(min=1)
    each_word = entropy(marked, words, reduction="none", pos_weight=torch.tensor(3.0))
    loss = loss + settings.word_weight * (each_word * mask).sum() / mask.sum()
    loss = loss + settings.contrast * sum(_contrast(one, batch) for one in said.chunk(times)) / times
    return loss + settings.agree * _disagreement(said, each[..., 0], here) if settings.agree else loss


def _disagreement(said: torch.Tensor, harm: torch.Tensor, here: torch.Tensor) -> torch.Tensor:
    """How far two readings are apart, of windows and of their messages. The second half is the first, read again."""
    apart = common.apart(*harm.chunk(2)) * here.chunk(2)[0]
    return common.apart(*said.chunk(2)).mean() + apart.sum() / here.chunk(2)[0].sum()


def _hidden(ids: torch.Tensor, mask: int, share: float, chance: random.Random) -> torch.Tensor:
    """The same with a few words hidden, so that no single one is leaned upon."""
    lots = torch.rand(ids.shape, generator=torch.Generator().manual_seed(chance.getrandbits(60)))
    return torch.where((lots < share) & (ids > 999), torch.full_like(ids, mask), ids)


def _contrast(said: torch.Tensor, batch: Sequence[Row]) -> torch.Tensor:
    """Of a pair the manipulative window must score higher, by a margin."""
    found = said.new_zeros(())
    seen: dict[str, int] = {}
    for place, one in enumerate(batch):
        if not one.pair:
            continue
        other = seen.setdefault(one.pair, place)
        if other != place and one.whole != batch[other].whole:
            gap = (said[place] - said[other]) * (1 if one.whole > batch[other].whole else -1)
            found = found + torch.relu(2.0 - gap)
    return found / len(batch)


def export(model: Reader, path: str) -> None:
    """Write the reader as ONNX with weights of eight bits."""
    ids = torch.ones(1, 24, dtype=torch.long)
    parts = torch.zeros(1, 3, 24)
    for number in range(3):
        parts[0, number, 8 * number : 8 * number + 8] = 1
    common.write(
        model, path, {"ids": ids, "mask": torch.ones_like(ids), "parts": parts},
        {"whole": {0: "batch"}, "scores": {0: "batch", 1: "messages"}, "words": {0: "batch", 1: "tokens"}},
        {"ids": {0: "batch", 1: "tokens"}, "mask": {0: "batch", 1: "tokens"},
         "parts": {0: "batch", 1: "messages", 2: "tokens"}},
    )  # fmt: skip
