"""Fine-tune the second reader of screening on the development texts, and write it as a small int8 model.

One encoder (all-MiniLM-L6-v2, Apache-2.0) with two heads. One looks at the whole text: would a careful colleague stop
it, must it not go out, and which families. The other looks at each word: is it one of those that give it away.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from tokenizers import Tokenizer
from torch import nn

from doorframe.adapters.second_reader import WINDOW, spoken
from doorframe.engines.screening.verdict import FAMILIES
from doorframe.learning import common

SHORT = 60
"""Tokens up to which a text may be joined to another: two posts in one, as people write them."""

_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]+")


class Labelled(Protocol):
    """A text of tests/evaluation/screening."""

    text: str
    kind: str
    outcome: str
    families: tuple[str, ...]
    spans: tuple[tuple[str, int, int], ...]
    pair: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides a training run, all of it: the same settings and texts give the same model within rounding."""

    seed: int = 11
    second_seed: int = 23
    epochs: int = 5
    batch: int = 12
    rate: float = 1e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    warm: float = 0.1
    drop: float = 0.1
    word_weight: float = 1.0
    contrast: float = 0.5
    agree: float = 1.0
    joined: float = 0.1
    hidden: float = 0.05
    bfloat: bool = True


class Reader(nn.Module):
    """Encoder and heads. forward gives (whole, words): logits (batch, 2 + families) and (batch, tokens, families)."""

    def __init__(self, encoder: nn.Module, drop: float) -> None:
        super().__init__()
        self.encoder = encoder
        size = encoder.config.hidden_size
        self.drop = nn.Dropout(drop)
        self.whole = nn.Linear(size * 3, 2 + len(FAMILIES))
        self.words = nn.Linear(size, len(FAMILIES))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        hidden = self.drop(hidden)
        return self.whole(common.pooled(hidden, mask)), self.words(hidden)


@dataclass(slots=True)
class Row:
    ids: list[int]
    whole: list[float]
    words: list[list[float]]
    pair: str


def row(tokenizer: Tokenizer, text: str, kind: str, labels: Labelled, spans: Iterable[tuple[str, int, int]]) -> Row:
    """One text as numbers. Offsets of the spans are those of `text`."""
    said = spoken(kind, text)
    shift = len(said) - len(text)
    encoding = tokenizer.encode(said)
    ids, offsets = encoding.ids[:WINDOW], encoding.offsets[:WINDOW]
    words = [[0.0] * len(FAMILIES) for _ in ids]
    for family, start, end in spans:
        column = FAMILIES.index(family)
        for place, (first, last) in enumerate(offsets):
            if first - shift < end and last - shift > start and last > first:
                words[place][column] = 1.0
    whole = [float(labels.outcome != "nothing-found"), float(labels.outcome == "do-not-post")]
    whole += [float(name in labels.families) for name in FAMILIES]
    return Row(ids, whole, words, labels.pair)


def varied(
    text: str, spans: Sequence[tuple[str, int, int]], chance: random.Random
) -> tuple[str, list[tuple[str, int, int]]]:
    """The same text as another hand might type it: without emoji, or without its hashtags' signs."""
    if chance.random() < 0.3:
        return _without(_EMOJI, text, spans)
    if chance.random() < 0.15:
        return _without(re.compile("#"), text, spans)
    return text, list(spans)


def _without(
    pattern: re.Pattern[str], text: str, spans: Sequence[tuple[str, int, int]]
) -> tuple[str, list[tuple[str, int, int]]]:
    keep = [True] * len(text)
    for match in pattern.finditer(text):
        keep[match.start() : match.end()] = [False] * (match.end() - match.start())
    places = [0]
    for kept in keep:
        places.append(places[-1] + kept)
    return "".join(sign for sign, kept in zip(text, keep, strict=True) if kept), [
        (family, places[start], places[end]) for family, start, end in spans
    ]


def tensors(rows: list[Row]) -> tuple[torch.Tensor, ...]:
    """ids, mask, whole, words, padded."""
    longest = max(len(one.ids) for one in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest, dtype=torch.long)
    words = torch.zeros(len(rows), longest, len(FAMILIES))
    for place, one in enumerate(rows):
        ids[place, : len(one.ids)] = torch.tensor(one.ids)
        mask[place, : len(one.ids)] = 1
        words[place, : len(one.ids)] = torch.tensor(one.words)
    return ids, mask, torch.tensor([one.whole for one in rows]), words


def train(texts: Sequence[Labelled], folder: str, settings: Settings, say: Any = print) -> Reader:
    """A reader of these texts, from the encoder in `folder`: the mean of two that began alike and met the texts in
    another order, each with other words hidden.
    """
    first = _train(texts, folder, settings, settings.seed, say)
    second = _train(texts, folder, settings, settings.second_seed, say)
    return common.mean(first, second)


def _train(texts: Sequence[Labelled], folder: str, settings: Settings, seed: int, say: Any) -> Reader:
    torch.manual_seed(settings.seed)
    chance = random.Random(seed)
    tokenizer = common.tokenizer(folder)
    model = Reader(common.encoder(folder), settings.drop)
    if seed != settings.seed:
        torch.manual_seed(seed)
    per_epoch = len(list(_batches(_rows(tokenizer, texts, chance, settings), settings, random.Random(0))))
    common.learn(
        model, [model.whole, model.words], settings, per_epoch,
        lambda: _batches(_rows(tokenizer, texts, chance, settings), settings, chance),
        lambda batch: _loss(model, batch, settings), say,
    )  # fmt: skip
    return model


def _batches(rows: list[Row], settings: Settings, chance: random.Random) -> Iterable[list[Row]]:
    return common.together(rows, chance, settings.batch, lambda one: len(one.ids))


def _rows(tokenizer: Tokenizer, texts: Sequence[Labelled], chance: random.Random, settings: Settings) -> list[Row]:
    rows = []
    for one in texts:
        text, spans = varied(one.text, one.spans, chance)
        kind = one.kind if chance.random() < 0.6 else "post"
        rows.append(row(tokenizer, text, kind, one, spans))
    harmless = [one for one in rows if not one.whole[0] and len(one.ids) <= SHORT]
    mask = tokenizer.token_to_id("[MASK]")
    for made in rows:
        if harmless and len(made.ids) <= SHORT and chance.random() < settings.joined:
            _join(made, chance.choice(harmless), chance)
        _hide(made, mask, settings.hidden, chance)
    return rows


def _join(one: Row, other: Row, chance: random.Random) -> None:
    """Put a harmless text before or after: what was said of the first still holds of both together."""
    bare = list(zip(other.ids[1:-1], other.words[1:-1], strict=True))
    own = list(zip(one.ids[1:-1], one.words[1:-1], strict=True))
    both = bare + own if chance.random() < 0.5 else own + bare
    one.ids = [one.ids[0], *(number for number, _ in both), one.ids[-1]]
    one.words = [one.words[0], *(marks for _, marks in both), one.words[-1]]


def _hide(one: Row, mask: int | None, share: float, chance: random.Random) -> None:
    """Hide a few words, so that no single one is leaned upon."""
    if mask is None:
        return
    for place in range(1, len(one.ids) - 1):
        if chance.random() < share:
            one.ids[place] = mask


def _loss(model: Reader, batch: list[Row], settings: Settings) -> torch.Tensor:
    """Each text is read twice, with other parts of the network switched off, and both must think alike (R-Drop)."""
    ids, mask, whole, words = (torch.cat([one, one]) for one in tensors(batch))
    # Numbers of 16 bits halve the time where the processor has them; weights and sums stay exact.
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=settings.bfloat):
        said, marked = (one.float() for one in model(ids, mask))
    weights = torch.tensor([1.0, 1.0] + [0.3] * len(FAMILIES))
    loss = (nn.functional.binary_cross_entropy_with_logits(said, whole, reduction="none") * weights).sum(1).mean()
    each = nn.functional.binary_cross_entropy_with_logits(
        marked, words, reduction="none", pos_weight=torch.full((len(FAMILIES),), 3.0)
    )
    inside = mask.unsqueeze(-1).to(each.dtype)
    loss = loss + settings.word_weight * (each * inside).sum() / inside.sum()
    first, second = said.chunk(2)
    loss = loss + settings.contrast * (_contrast(first, batch) + _contrast(second, batch)) / 2
    return loss + settings.agree * (common.apart(first, second) * weights).sum(1).mean()


def _contrast(said: torch.Tensor, batch: list[Row]) -> torch.Tensor:
    """Of a minimal pair the graver text must score higher, by a margin."""
    found = said.new_zeros(())
    seen: dict[str, int] = {}
    for place, one in enumerate(batch):
        if not one.pair:
            continue
        if one.pair not in seen:
            seen[one.pair] = place
            continue
        other = seen[one.pair]
        sign = sum(one.whole[:2]) - sum(batch[other].whole[:2])
        if sign:
            gap = (said[place, :2] - said[other, :2]).sum() * (1 if sign > 0 else -1)
            found = found + torch.relu(2.0 - gap)
    return found / len(batch)


def probabilities(model: Reader, tokenizer: Tokenizer, texts: Sequence[Labelled]) -> list[list[float]]:
    """Of each text: how likely it is to be stopped, to be grave, and to be of each family, before any calibration."""
    found = []
    with torch.no_grad():
        for one in texts:
            ids, mask, _, _ = tensors([row(tokenizer, one.text, one.kind, one, ())])
            whole, _ = model(ids, mask)
            found.append(torch.sigmoid(whole[0]).tolist())
    return found


def export(model: Reader, path: str) -> None:
    """Write the reader as ONNX with weights of eight bits."""
    ids = torch.ones(1, 16, dtype=torch.long)
    common.write(
        model, path, {"ids": ids, "mask": torch.ones_like(ids)},
        {"whole": {0: "batch"}, "words": {0: "batch", 1: "tokens"}},
        {name: {0: "batch", 1: "tokens"} for name in ("ids", "mask")},
    )  # fmt: skip
