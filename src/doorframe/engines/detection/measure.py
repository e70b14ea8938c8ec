"""How well alerts fit labels: shares with their intervals, the area under the curve, how far scores are from shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share, not a number where there is nothing."""
        return self.hits / self.of if self.of else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval (Wilson)."""
        if not self.of:
            return (0.0, 1.0)
        z, n, p = 1.96, self.of, self.value
        middle, half = (p + z * z / (2 * n)), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n)))

    def __str__(self) -> str:
        if not self.of:
            return "none"
        low, high = self.interval
        return f"{self.value:.3f} ({low:.3f} to {high:.3f}; {self.hits} of {self.of})"


def area(values: Sequence[float], labels: Sequence[bool]) -> float:
    """Area under the curve: how often one with the label scores above one without; ties count half."""
    order = sorted(zip(values, labels, strict=True))
    rank, total, place = 0.0, 0, 0
    while place < len(order):
        end = place
        while end < len(order) and order[end][0] == order[place][0]:
            end += 1
        rank += sum(so for _, so in order[place:end]) * (place + end + 1) / 2
        total += sum(so for _, so in order[place:end])
        place = end
    other = len(order) - total
    return (rank - total * (total + 1) / 2) / (total * other) if total and other else float("nan")


def calibration_error(values: Sequence[float], labels: Sequence[bool], bins: int = 10) -> float:
    """How far scores are from shares, over bins of equal size, weighted by what is in them."""
    order = sorted(zip(values, labels, strict=True))
    size = max(1, len(order) // bins)
    chunks = [order[start : start + size] for start in range(0, len(order), size)]
    gaps = (abs(sum(value for value, _ in chunk) - sum(so for _, so in chunk)) for chunk in chunks)
    return sum(gaps) / max(1, len(order))


@dataclass(frozen=True, slots=True)
class Figures:
    """Of labelled windows at one threshold."""

    found: Share
    flagged: Share
    area: float
    calibration: float


def figures(scores: Sequence[float], alerts: Sequence[bool], labels: Sequence[bool]) -> Figures:
    """Alerts of the windows that deserve a look, and of those that do not."""
    true = [alert for alert, so in zip(alerts, labels, strict=True) if so]
    quiet = [alert for alert, so in zip(alerts, labels, strict=True) if not so]
    return Figures(
        Share(sum(true), len(true)), Share(sum(quiet), len(quiet)), area(scores, labels),
        calibration_error(scores, labels),
    )  # fmt: skip
