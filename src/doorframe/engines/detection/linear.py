"""The cheap first look: single words and pairs of words, each with a weight. It never raises a signal by itself.

It lets a stream pass quickly by skipping windows in which nothing points anywhere, and is one voice among others in the
score. The weights belong to a model and are learned with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import log, sqrt
from zlib import crc32

from doorframe.engines.detection.spoken import Said

SIZE = 1 << 16
"""Places for words: two that share one share its weight."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[?!]")


def places(said: Sequence[Said]) -> Iterator[int]:
    """The place of each word, and of each pair of words that stand together in a message."""
    for one in said:
        words = _WORD.findall(one.text.lower())
        before = ""
        for word in words:
            yield crc32(word.encode()) % SIZE
            if before:
                yield crc32(f"{before} {word}".encode()) % SIZE
            before = word


def features(said: Sequence[Said]) -> dict[int, float]:
    """Weight of each place: 1 + ln(times), of length one together."""
    counted = Counter(places(said))
    found = {place: 1 + log(times) for place, times in counted.items()}
    length = sqrt(sum(value * value for value in found.values())) or 1.0
    return {place: value / length for place, value in found.items()}


def log_odds(said: Sequence[Said], weights: Sequence[float], bias: float) -> float:
    """What the words alone say of a window, as log odds. weights has SIZE values."""
    return bias + sum(weights[place] * value for place, value in features(said).items())
