"""How much there is of one member towards another over time: a pure function of past signals.

One hit stays low. Hits of one pair that come again within two weeks rise. Time lowers, and so does repair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HALF_LIFE = 10 * 86_400.0
"""Seconds in which evidence counts half."""

REPAIR = 0.5
"""What is left of a pair's evidence when one of them makes good."""

RISING, HIGH = 1.4, 2.4
"""Evidence from which a pair is rising, or high. A single hit has at most 1."""

LEVELS = ("low", "rising", "high")


@dataclass(frozen=True, slots=True)
class Hit:
    """One past signal of `author` towards `towards`, or repair between them.

    at      seconds since 1970
    score   calibrated probability of the signal, 0 to 1; of repair it is not used
    repair  True where somebody apologised and made good, as a moderator saw it
    """

    at: float
    author: str
    towards: str
    score: float = 0.0
    repair: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """What there is of one member towards another at a time."""

    author: str
    towards: str
    evidence: float
    hits: int
    first_at: float
    last_at: float

    @property
    def level(self) -> str:
        return level(self.evidence)


def level(evidence: float) -> str:
    """Which of LEVELS so much evidence is."""
    return LEVELS[(evidence >= RISING) + (evidence >= HIGH)]


def pairs(hits: Iterable[Hit], at: float) -> list[Pair]:
    """Every pair with its evidence at a time, the most first. Order of the hits does not matter; later ones than `at`
    and hits of somebody towards themselves do not count. Several hits of a pair within an hour count as their
    strongest: an argument is one event."""
    found: dict[tuple[str, str], list[Hit]] = {}
    for hit in sorted(hits, key=lambda one: (one.at, one.repair, one.author, one.towards, one.score)):
        if hit.at > at or hit.author == hit.towards:
            continue
        found.setdefault((hit.author, hit.towards), []).append(hit)
    made = [_pair(author, towards, rows, at) for (author, towards), rows in found.items()]
    return sorted((one for one in made if one.hits), key=lambda one: (-one.evidence, one.author, one.towards))


_TOGETHER = 3600.0


def _pair(author: str, towards: str, rows: Sequence[Hit], at: float) -> Pair:
    evidence, last, hits, strongest, began = 0.0, rows[0].at, 0, 0.0, -_TOGETHER
    for hit in rows:
        evidence *= 0.5 ** ((hit.at - last) / HALF_LIFE)
        last = hit.at
        if hit.repair:
            evidence, began = evidence * REPAIR, -_TOGETHER
            continue
        hits += 1
        if began >= 0 and hit.at - began < _TOGETHER:
            evidence += max(0.0, hit.score - strongest)
            strongest = max(strongest, hit.score)
            continue
        began, strongest = hit.at, hit.score
        evidence += hit.score
    told = [hit.at for hit in rows if not hit.repair] or [last]
    return Pair(author, towards, evidence * 0.5 ** ((at - last) / HALF_LIFE), hits, told[0], told[-1])
