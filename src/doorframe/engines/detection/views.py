"""What a model sees of a window at once: all of a short one; of a long one the beginnings, then each part in turn.

A model that learned from short windows overlooks one line in much talk. So a long window is shown again part by part,
and the worst of these views counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

LONGEST = 384
"""Pieces of text in the first view. Of a longer window each message gives its beginning."""

PART = 160
"""Pieces in each further view: as long as most windows that were learned from."""

STRETCH = 40
"""Pieces of a message that stay together, so that a view may end within a long one."""

SHARED = PART // 3
"""Pieces at least that two views share: what one cuts in two stands whole in the other."""

MOST = 64
"""Further views of one window at most: about 25,000 letters."""

MARKS = 4
"""Pieces that a message costs besides its words, and the window: who speaks, and where it ends."""

View = list[tuple[int, slice]]
"""Numbers of messages in their order, and what is shown of each."""


def views(lengths: Sequence[int]) -> list[View]:
    """The views of a window by the lengths of its messages. The first shows every message."""
    most = fitting(lengths, LONGEST - MARKS * (len(lengths) + 1))
    first = [(number, slice(0, most)) for number in range(len(lengths))]
    return [first] if most >= max(lengths, default=0) else [first, *_parts(lengths)]


def fitting(lengths: Sequence[int], room: int) -> int:
    """The most pieces of each message with which all of them find room together."""
    most = max(lengths, default=0)
    while most > 8 and sum(min(one, most) for one in lengths) > room:
        most -= 4
    return most


def _parts(lengths: Sequence[int]) -> list[View]:
    """Everything that is said, part by part."""
    stretches = [
        (number, begin, min(length, begin + STRETCH))
        for number, length in enumerate(lengths) for begin in range(0, max(1, length), STRETCH)
    ]  # fmt: skip
    before = [0, *accumulate(end - begin for _, begin, end in stretches)]
    found: list[View] = []
    first = 0
    while len(found) < MOST:
        last = first + 1
        while last < len(stretches) and before[last + 1] - before[first] <= PART:
            last += 1
        found.append(_joined(stretches[first:last]))
        if last >= len(stretches):
            break
        following = last
        while following - 1 > first and before[last] - before[following] < SHARED:
            following -= 1
        first = following
    return found


def _joined(stretches: Sequence[tuple[int, int, int]]) -> View:
    """Stretches of one message that follow each other as one."""
    view: View = []
    for number, begin, end in stretches:
        if view and view[-1][0] == number:
            view[-1] = (number, slice(view[-1][1].start, end))
        else:
            view.append((number, slice(begin, end)))
    return view
