"""What is seen at once of a window: everything of a short one, and everything of a long one in some view."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.detection.views import LONGEST, MARKS, MOST, PART, STRETCH, views


@given(st.lists(st.integers(0, 900), min_size=1, max_size=10))
def test_every_piece_is_seen_and_no_view_is_too_long(lengths: list[int]) -> None:
    first, *parts = found = views(lengths)
    assert [number for number, _ in first] == list(range(len(lengths)))
    for number, length in enumerate(lengths):
        seen = {place for view in found for one, part in view if one == number for place in range(length)[part]}
        assert seen == set(range(length)) or len(parts) == MOST
    assert all(_pieces(lengths, [view]) <= PART for view in parts)
    assert _pieces(lengths, [first]) + MARKS * (len(lengths) + 1) <= max(LONGEST, 12 * len(lengths) + MARKS)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=10))
def test_a_short_window_is_seen_once_and_whole(lengths: list[int]) -> None:
    (view,) = views(lengths)
    assert _pieces(lengths, [view]) == sum(lengths)


def test_what_one_view_cuts_in_two_stands_whole_in_the_next() -> None:
    (_, *parts) = views([2000])
    ends = [(part.start, part.stop) for ((_, part),) in parts]
    assert all(later[0] <= earlier[1] - PART // 3 for earlier, later in pairwise(ends))
    assert all(start % STRETCH == 0 for start, _ in ends)


def test_the_cost_of_a_long_window_is_bounded() -> None:
    assert len(views([10_000] * 10)) == MOST + 1


def _pieces(lengths: list[int], found: list[list[tuple[int, slice]]]) -> int:
    return sum(len(range(lengths[number])[part]) for view in found for number, part in view)
