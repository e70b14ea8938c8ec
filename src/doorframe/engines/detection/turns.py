"""What was heard in a recording as messages: who spoke, from which second to which, and which words stand where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from doorframe.engines.detection.conversation import Message

UNKNOWN = "speaker unknown"
"""Who speaks where one track holds several voices."""

GAP = 1.0
"""Seconds of silence after which somebody who goes on speaking begins a new message."""

LONGEST = 60
"""Words of one message, about: a long speech is several messages, so that a signal points to a part of it."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a recording with its words.

    start, end  seconds from the beginning of the recording
    speaker     a name, or UNKNOWN
    sure        how sure the engine is of the words, from 0 to 1; None where it does not say
    """

    start: float
    end: float
    speaker: str
    text: str
    sure: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One message with the segments that it is made of, and the code point of the text at which each begins."""

    message: Message
    segments: tuple[Segment, ...]
    places: tuple[int, ...]

    def seconds(self, start: int, end: int) -> tuple[float, float]:
        """The seconds of the recording in which the code points from start to end were spoken: whole segments."""
        first = self._segment(start)
        last = self._segment(max(start, end - 1))
        return first.start, max(first.end, last.end)

    def sure(self, start: int, end: int) -> float | None:
        """The least that the engine is sure of these words; None where it does not say."""
        first, last = self._segment(start), self._segment(max(start, end - 1))
        inside = self.segments[self.segments.index(first) : self.segments.index(last) + 1]
        return min((one.sure for one in inside if one.sure is not None), default=None)

    def _segment(self, place: int) -> Segment:
        before = [one for one, begin in zip(self.segments, self.places, strict=True) if begin <= place]
        return before[-1] if before else self.segments[0]


def turns(segments: Iterable[Segment]) -> list[Turn]:
    """Segments as messages in the order in which they begin.

    What one known speaker says without a break is one message. With UNKNOWN nothing is put together: the next words may
    be somebody else's.
    """
    groups: list[list[Segment]] = []
    for one in sorted(segments, key=lambda segment: (segment.start, segment.end)):
        if groups and _goes_on(groups[-1], one):
            groups[-1].append(one)
        else:
            groups.append([one])
    return [_turn(number, group) for number, group in enumerate(groups, 1)]


def _goes_on(group: list[Segment], one: Segment) -> bool:
    last = group[-1]
    if one.speaker != last.speaker or one.speaker == UNKNOWN or one.start - last.end > GAP:
        return False
    return sum(len(each.text.split()) for each in (*group, one)) <= LONGEST


def _turn(number: int, group: list[Segment]) -> Turn:
    places, at = [], 0
    for one in group:
        places.append(at)
        at += len(one.text) + 1
    text = " ".join(one.text for one in group)
    end = max(one.end for one in group)
    message = Message(str(number), group[0].speaker, text, start=group[0].start, end=end)
    return Turn(message, tuple(group), tuple(places))
