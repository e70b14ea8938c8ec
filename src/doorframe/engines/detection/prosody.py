"""How something was said: pace, loudness, overlap, interruptions, pauses. It describes a sound and proves nothing.

A voice is compared with itself alone: with its own median in this recording, never with other people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10

from doorframe.engines.detection.turns import UNKNOWN

SILENCE = -120.0
"""Decibels below full scale that stand for no sound at all."""

ENOUGH = 5
"""Turns of a voice from which its usual pace and loudness can be told."""

FEWEST_WORDS = 4
SHORTEST = 1.0
"""Words and seconds of a turn below which a pace means nothing: “No” has none."""

FASTER = 1.25
"""Times the usual pace from which it is said; the other way round for slower."""

LOUDER = 4.0
"""Decibels from the usual loudness from which it is said, either way."""

TOGETHER = 0.5
"""Seconds of speaking at once from which it is said."""

HELD = 1.0
STOPPED = 1.5
"""Who has spoken for HELD seconds and stops within STOPPED seconds after somebody begins was interrupted."""

PAUSE = 3.0
"""Seconds of silence before a turn from which it is said."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One turn as numbers.

    start, end  seconds
    words       how many
    loudness    decibels below full scale, None where it was not measured
    """

    speaker: str
    start: float
    end: float
    words: int
    loudness: float | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a turn was said.

    pace         words a minute; None for a turn too short to have one
    faster       pace over the usual pace of this voice, 1.0 is as usual; None where there is no usual pace
    louder       decibels above the usual loudness of this voice; None where there is none
    together     seconds in which somebody else spoke too
    with_whom    the others, in the order of their names
    interrupted  whom this turn cut short, "" for nobody
    cut_by       who cut this turn short, "" for nobody
    pause        seconds of silence before it, 0 for none and for the first
    """

    pace: float | None = None
    faster: float | None = None
    louder: float | None = None
    together: float = 0.0
    with_whom: tuple[str, ...] = ()
    interrupted: str = ""
    cut_by: str = ""
    pause: float = 0.0


def loudness(levels: Iterable[float]) -> float | None:
    """The level of frames together, by their power: decibels in, decibels out; None for no frame."""
    powers = [10 ** (level / 10) for level in levels]
    if not powers:
        return None
    mean = sum(powers) / len(powers)
    return max(SILENCE, 10 * log10(mean)) if mean > 0 else SILENCE


def pace(words: int, seconds: float) -> float | None:
    """Words a minute; None where there are too few words or seconds."""
    return 60 * words / seconds if words >= FEWEST_WORDS and seconds >= SHORTEST else None


def manners(stretches: Sequence[Stretch]) -> list[Manner]:
    """How each turn was said, for turns in the order in which they begin.

    Nothing is compared for UNKNOWN: several voices may share that name.
    """
    usual = {name: _usual(one for one in stretches if one.speaker == name) for name in _known(stretches)}
    meetings = _meetings(stretches)
    made, spoken_until = [], None
    for place, one in enumerate(stretches):
        own = pace(one.words, one.end - one.start)
        usual_pace, usual_loudness = usual.get(one.speaker, (None, None))
        others = meetings[place]
        made.append(
            Manner(
                pace=own,
                faster=own / usual_pace if own and usual_pace else None,
                louder=None if one.loudness is None or usual_loudness is None else one.loudness - usual_loudness,
                together=sum(others.seconds.values()),
                with_whom=tuple(sorted(others.seconds)),
                interrupted=others.interrupted,
                cut_by=others.cut_by,
                pause=0.0 if spoken_until is None else max(0.0, one.start - spoken_until),
            )
        )
        spoken_until = one.end if spoken_until is None else max(spoken_until, one.end)
    return made


def in_words(manner: Manner) -> list[str]:
    """What stands out of a manner, for a person to read beside the words; nothing where nothing does."""
    return [*_pace_in_words(manner), *_loudness_in_words(manner), *_meeting_in_words(manner)]


def _pace_in_words(manner: Manner) -> list[str]:
    if manner.faster is None or manner.pace is None:
        return []
    if manner.faster >= FASTER:
        return [f"spoken faster than usual for this voice ({manner.pace:.0f} words a minute)"]
    if manner.faster <= 1 / FASTER:
        return [f"spoken more slowly than usual for this voice ({manner.pace:.0f} words a minute)"]
    return []


def _loudness_in_words(manner: Manner) -> list[str]:
    if manner.louder is None or abs(manner.louder) < LOUDER:
        return []
    return [f"{'louder' if manner.louder > 0 else 'quieter'} than usual for this voice"]


def _meeting_in_words(manner: Manner) -> list[str]:
    said = []
    if manner.interrupted:
        said.append(f"began while {manner.interrupted} was speaking, who then stopped")
    if manner.cut_by:
        said.append(f"stopped soon after {manner.cut_by} began to speak")
    if manner.together >= TOGETHER and not (manner.interrupted or manner.cut_by):
        said.append(f"at the same time as {_names(manner.with_whom)} for {_seconds(manner.together)}")
    if manner.pause >= PAUSE:
        said.append(f"after {_seconds(manner.pause)} of silence")
    return said


def _names(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _seconds(value: float) -> str:
    whole = max(1, round(value))
    return "a second" if whole == 1 else f"{whole} seconds"


def _known(stretches: Sequence[Stretch]) -> set[str]:
    return {one.speaker for one in stretches} - {UNKNOWN}


def _usual(stretches: Iterable[Stretch]) -> tuple[float | None, float | None]:
    """The median pace and loudness of one voice, each None where there are too few turns."""
    all_of_them = list(stretches)
    paces = [value for one in all_of_them if (value := pace(one.words, one.end - one.start)) is not None]
    levels = [one.loudness for one in all_of_them if one.loudness is not None]
    return (
        _median(paces) if len(paces) >= ENOUGH else None,
        _median(levels) if len(levels) >= ENOUGH else None,
    )


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


class _Meeting:
    """The others of one turn."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.interrupted = ""
        self.cut_by = ""


def _meetings(stretches: Sequence[Stretch]) -> list[_Meeting]:
    """Who met whom. Of each voice the turn that lasts longest is remembered, so time grows with turns and voices."""
    meetings = [_Meeting() for _ in stretches]
    lasting: dict[str, int] = {}
    for place, one in enumerate(stretches):
        for name, before in list(lasting.items()):
            other = stretches[before]
            if other.end <= one.start:
                del lasting[name]
            elif name != one.speaker:
                _meet(stretches, meetings, before, place)
        kept = lasting.get(one.speaker)
        if kept is None or stretches[kept].end < one.end:
            lasting[one.speaker] = place
    return meetings


def _meet(stretches: Sequence[Stretch], meetings: list[_Meeting], before: int, place: int) -> None:
    first, second = stretches[before], stretches[place]
    seconds = min(first.end, second.end) - second.start
    meetings[before].seconds[second.speaker] += seconds
    meetings[place].seconds[first.speaker] += seconds
    left = first.end - second.start
    if second.start - first.start >= HELD and left <= STOPPED and second.end > first.end:
        meetings[place].interrupted = meetings[place].interrupted or first.speaker
        meetings[before].cut_by = meetings[before].cut_by or second.speaker
