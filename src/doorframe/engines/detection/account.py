"""What is kept of very many verdicts for a report: scores, and what to look at. Whole texts are never kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import isnan, nan

from doorframe.engines.detection import history
from doorframe.engines.detection.conversation import Message, Signal, Verdict, Window

FIRST, LAST = 631_152_000.0, 4_102_444_800.0
"""Seconds since 1970 of 1990 and of 2100. A time outside is a counter and no clock, so it is not used."""

LONGEST_WORDS = 300
"""Code points of marked words that are kept."""

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Seen:
    """One message to look at.

    window  id of the window in which it stands out most; alone True where that is no part of a conversation
    place   which window of its course that is, from 0
    order   which window it is of all that were read, from 0
    number  which message of its conversation it is, from 1
    at      when it was written; None where nothing tells
    """

    window: str
    alone: bool
    place: int
    order: int
    number: int
    at: float | None
    signal: Signal


@dataclass
class Course:
    """The scores of one conversation, some seventy bytes a window.

    alone                  windows that are no part of a conversation, one after the other
    times, scores, alerts  of each window that was scored; nan where there is no time
    uncovered              windows in a language that is not covered
    """

    name: str
    alone: bool = False
    messages: int = 0
    uncovered: int = 0
    times: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    alerts: bytearray = field(default_factory=bytearray)
    _seen: dict[tuple[str, int], Seen] = field(default_factory=dict)
    _last: frozenset[int] = frozenset()

    @property
    def timed(self) -> bool:
        """Whether every scored window has a time."""
        return bool(self.times) and not any(map(isnan, self.times))

    @property
    def highest(self) -> float:
        return max(self.scores, default=0.0)

    @property
    def seen(self) -> list[Seen]:
        """The messages to look at, each once, in the order of the conversation."""
        return sorted(self._seen.values(), key=lambda one: one.number)


class Account:
    """What is kept while windows are judged, one after the other.

    name  of the course of windows that are no part of a conversation
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.courses: dict[str, Course] = {}
        self.windows = 0
        self.alerts = 0
        self.languages: Counter[str] = Counter()
        self.first: float | None = None
        self.last: float | None = None
        self.untimed = 0

    @property
    def messages(self) -> int:
        return sum(one.messages for one in self.courses.values())

    @property
    def timed(self) -> bool:
        """Whether every message has a time, so that days can be shown."""
        return self.span is not None

    @property
    def span(self) -> tuple[float, float] | None:
        """From when to when, where every message has a time."""
        if self.first is None or self.last is None or self.untimed:
            return None
        return self.first, self.last

    def add(self, window: Window, verdict: Verdict, conversation: str | None = None) -> None:
        """Take one window with its verdict; without a conversation the window's id may name one."""
        named = conversation if conversation is not None else _conversation(window)
        course = self._course(self.name if named is None else named, alone=named is None)
        self._count(window, course, alone=named is None)
        if not verdict.covered:
            course.uncovered += 1
            self.languages[verdict.language] += 1
            return
        place = len(course.scores)
        course.times.append(_last(window))
        course.scores.append(verdict.score)
        course.alerts.append(verdict.alert)
        self.alerts += verdict.alert
        if verdict.alert:
            self._keep(window, verdict, course, place, alone=named is None)

    def _course(self, name: str, *, alone: bool) -> Course:
        found = self.courses.get(name)
        if found is None:
            found = self.courses[name] = Course(name, alone)
        return found

    def _count(self, window: Window, course: Course, *, alone: bool) -> None:
        """Messages that stood in the window before are not counted again."""
        ids = [_same(one) for one in window.messages]
        fresh = [one for one, id in zip(window.messages, ids, strict=True) if alone or id not in course._last]
        course._last = frozenset(ids)
        course.messages += len(fresh)
        self.windows += 1
        for one in fresh:
            at = clock(one.at)
            if at is None:
                self.untimed += 1
                continue
            self.first = at if self.first is None else min(self.first, at)
            self.last = at if self.last is None else max(self.last, at)

    def _keep(self, window: Window, verdict: Verdict, course: Course, place: int, *, alone: bool) -> None:
        first = course.messages - len(window.messages) + 1
        stands = {one.id: (first + place, clock(one.at)) for place, one in enumerate(window.messages)}
        same = {one.id: _same(one) for one in window.messages}
        for signal in verdict.signals:
            key = (window.id if alone else "", same[signal.message_id])
            before = course._seen.get(key)
            if before is None or signal.score > before.signal.score:
                course._seen[key] = Seen(
                    _cut(window.id, LONGEST_NAME), alone, place, self.windows - 1, *stands[signal.message_id],
                    _short(signal),
                )  # fmt: skip

    def seen(self) -> Iterator[Seen]:
        """Every message to look at, conversation by conversation."""
        for course in self.courses.values():
            yield from course.seen

    def hits(self) -> list[history.Hit]:
        """The signals of one member towards another that have a time."""
        return [
            history.Hit(one.at, one.signal.author, one.signal.towards, one.signal.score)
            for one in self.seen()
            if one.at is not None and one.signal.direction == "towards"
        ]


def clock(at: float | None) -> float | None:
    """A time that a clock may have shown, else None."""
    return at if at is not None and FIRST <= at < LAST else None


def _same(message: Message) -> int:
    """What is equal for one message in two windows. An id alone is not: without ids every window counts from 1."""
    return hash((message.id, message.author, message.at, message.text))


def _conversation(window: Window) -> str | None:
    """The conversation of a window that was cut out of one, as its id tells; None for a window of its own."""
    name, parted, last = window.id.rpartition("/")
    return name if parted and name and last == window.messages[-1].id else None


def _last(window: Window) -> float:
    at = clock(window.messages[-1].at)
    return nan if at is None else at


def _short(signal: Signal) -> Signal:
    return replace(
        signal, message_id=_cut(signal.message_id, LONGEST_NAME), author=_cut(signal.author, LONGEST_NAME),
        towards=_cut(signal.towards, LONGEST_NAME), or_towards=_cut(signal.or_towards, LONGEST_NAME),
        text=_cut(signal.text, LONGEST_WORDS), cues=(),
    )  # fmt: skip


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
