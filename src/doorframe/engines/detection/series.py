"""What a report draws, laid out in a field from 0 to 1: scores over a course, alerts over time, a pair over days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from doorframe.engines.detection import axes, history
from doorframe.engines.detection.account import Course

MOST_POINTS = 160
"""Columns of a picture; of the points in one column only the highest is drawn."""

SAMPLES = 120
"""Moments at which the evidence of a pair is computed, beside those of its signals."""

HIGHEST = 2.8
"""Evidence at the upper edge of a picture where none is higher."""

_MOST_BARS = 40

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scores:
    """A conversation's scores. x is time where `timed`, else the number of the window.

    dots   windows below the threshold; marks windows with an alert and the numbers of their messages in the table
    whole  how many windows there are; fewer are drawn where there are very many
    """

    dots: tuple[Place, ...]
    marks: tuple[tuple[float, float, str], ...]
    across: tuple[tuple[float, str], ...]
    timed: bool
    whole: int

    @property
    def thinned(self) -> bool:
        return len(self.dots) + len(self.marks) < self.whole


def scores(course: Course, numbers: Mapping[int, Sequence[int]]) -> Scores:
    """The scores of a course; `numbers` gives for a window the rows of the table that speak of it."""
    timed = course.timed and max(course.times) > min(course.times)
    places = list(course.times) if timed else [float(one) for one in range(1, len(course.scores) + 1)]
    scale = _Scale(min(places, default=0.0), max(places, default=0.0))
    quiet: list[tuple[float, float, str]] = []
    loud: list[tuple[float, float, str]] = []
    for place, (at, score) in enumerate(zip(places, course.scores, strict=True)):
        (loud if course.alerts[place] else quiet).append((scale(at), score, _joined(numbers.get(place, ()))))
    ticks = axes.moments(scale.first, scale.last) if timed else axes.numbers(scale.first, scale.last)
    return Scores(
        tuple((x, y) for x, y, _ in thinned(quiet)), tuple(_legible(thinned(loud))),
        tuple((scale(at), words) for at, words in ticks), timed, len(places),
    )  # fmt: skip


def _joined(numbers: Iterable[int]) -> str:
    """ "3", "3–5" or "3, 7"."""
    found = sorted(numbers)
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return f"{found[0]}–{found[-1]}"
    return ", ".join(map(str, found[:3])) + (" …" if len(found) > 3 else "")


def thinned(points: Iterable[tuple[float, float, str]], most: int = MOST_POINTS) -> list[tuple[float, float, str]]:
    """Of points (x, y, words) the highest in each of `most` columns; one with words before one without."""
    found: dict[int, tuple[float, float, str]] = {}
    every = list(points)
    if len(every) <= most:
        return every
    for one in every:
        column = min(most - 1, int(one[0] * most))
        before = found.get(column)
        if before is None or (bool(one[2]), one[1]) > (bool(before[2]), before[1]):
            found[column] = one
    return [found[column] for column in sorted(found)]


def _legible(points: Sequence[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """Without the words that would be written over earlier ones."""
    found: list[tuple[float, float, str]] = []
    for x, y, words in points:
        covered = any(
            told and abs(x - before) < 0.012 + 0.006 * (len(words) + len(told)) and abs(y - height) < 0.09
            for before, height, told in found[-20:]
        )
        found.append((x, y, "" if covered else words))
    return found


@dataclass(frozen=True, slots=True)
class Bars:
    """How many messages to look at there are in each stretch. (left, right, height, words); unit "day", "windows" …"""

    bars: tuple[tuple[float, float, float, str], ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    unit: str
    counts: tuple[tuple[str, int], ...]


def over_days(times: Sequence[float], first: float, last: float) -> Bars:
    """Messages to look at by day, week or month."""
    unit, edges = axes.periods(first, last, _MOST_BARS)
    scale = _Scale(edges[0], edges[-1])
    ticks = axes.moments(edges[0], edges[-1])
    named = [axes.day(edge, year=True) for edge in edges[:-1]]
    return _bars(times, edges, scale, [(scale(at), words) for at, words in ticks], unit, named)


def over_windows(places: Sequence[int], whole: int) -> Bars:
    """Messages to look at by where their windows stand among all that were read, the first being 0."""
    size = max(1, -(-whole // _MOST_BARS))
    edges = [float(one) for one in range(0, whole + size, size)]
    scale = _Scale(edges[0], edges[-1])
    ticks = axes.numbers(1, whole)
    named = [f"windows {int(edge) + 1} to {min(whole, int(edge) + size)}" for edge in edges[:-1]]
    across = [(scale(at - 0.5), words) for at, words in ticks]
    return _bars(list(map(float, places)), edges, scale, across, f"{size} windows" if size > 1 else "window", named)


def _bars(values: Sequence[float], edges: Sequence[float], scale: _Scale, across: Sequence[tuple[float, str]],
          unit: str, named: Sequence[str]) -> Bars:  # fmt: skip
    counts = [0] * (len(edges) - 1)
    for value in values:
        counts[max(0, min(len(counts) - 1, bisect_right(edges, value) - 1))] += 1
    most = max(counts, default=0) or 1
    made = [
        (scale(edges[at]), scale(edges[at + 1]), count / most, f"{count:,}") for at, count in enumerate(counts) if count
    ]
    told = tuple((named[at], count) for at, count in enumerate(counts) if count)
    up = tuple((at / most, words) for at, words in axes.numbers(0, most, 4))
    return Bars(tuple(made), tuple(across), up, unit, told)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pair over days: the evidence as a line, and a mark at each signal."""

    line: tuple[Place, ...]
    marks: tuple[tuple[float, float, str], ...]
    levels: tuple[tuple[float, str], ...]
    across: tuple[tuple[float, str], ...]
    peak: float


def evidence(hits: Sequence[history.Hit], first: float, last: float) -> Evidence:
    """What there is of one pair from `first` to `last`, as history computes it; hits are of that pair alone."""
    told = _events(hits)
    moments = {first + (last - first) * step / SAMPLES for step in range(SAMPLES + 1)}
    near = told if len(hits) > SAMPLES else [one.at for one in hits]
    moments |= {max(first, at - 1) for at in near} | set(near)
    values = [(at, _at(hits, at)) for at in sorted(moments)]
    highest = max(value for _, value in values)
    top = max(HIGHEST, 1.1 * highest)
    scale = _Scale(first, last)
    return Evidence(
        tuple((scale(at), value / top) for at, value in values),
        tuple((scale(at), _at(hits, at) / top, "") for at in told),
        ((history.RISING / top, history.LEVELS[1]), (history.HIGH / top, history.LEVELS[2])),
        tuple((scale(at), words) for at, words in axes.moments(first, last)), highest,
    )  # fmt: skip


def peak(hits: Sequence[history.Hit]) -> float:
    """The highest evidence that a pair ever had; hits are of that pair alone."""
    return max((_at(hits, at) for at in _events(hits)), default=0.0)


def _events(hits: Sequence[history.Hit]) -> list[float]:
    """When each argument ended: of signals within an hour the last; of very many only every so many."""
    found: list[float] = []
    for at in sorted(one.at for one in hits):
        if found and at - found[-1] < 3600:
            found.pop()
        found.append(at)
    return found[:: -(-len(found) // SAMPLES)] if len(found) > SAMPLES else found


def _at(hits: Sequence[history.Hit], at: float) -> float:
    return sum(one.evidence for one in history.pairs(hits, at))


class _Scale:
    """From values to shares; a single value stands in the middle."""

    def __init__(self, first: float, last: float) -> None:
        self.first, self.last = first, last

    def __call__(self, value: float) -> float:
        width = self.last - self.first
        return 0.5 if width <= 0 else max(0.0, min(1.0, (value - self.first) / width))
