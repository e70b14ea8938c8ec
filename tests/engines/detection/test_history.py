"""What there is of one member towards another: one hit stays low, repetition rises, time and repair lower."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.detection.history import Hit, pairs

DAY = 86_400.0


def level(hits: list[Hit], at: float) -> str:
    return pairs(hits, at)[0].level


@pytest.mark.promise("J4")
def test_one_hit_stays_low_however_sure() -> None:
    assert level([Hit(0.0, "Ben", "Ana", 1.0)], 0.0) == "low"


@pytest.mark.promise("J4")
def test_four_hits_in_two_weeks_rise_and_five_are_high() -> None:
    hits = [Hit(day * DAY, "Ben", "Ana", 0.8) for day in (0, 4, 9, 13)]
    assert level(hits, 13 * DAY) == "rising"
    assert level([Hit(day * DAY, "Ben", "Ana", 0.9) for day in (0, 3, 6, 9, 12)], 12 * DAY) == "high"
    assert level([Hit(day * DAY, "Ben", "Ana", 0.8) for day in (0, 40, 80, 120)], 120 * DAY) == "low"


@pytest.mark.promise("J4")
def test_time_and_repair_lower() -> None:
    hits = [Hit(day * DAY, "Ben", "Ana", 0.9) for day in (0, 1, 2, 3)]
    before = pairs(hits, 3 * DAY)[0].evidence
    assert pairs(hits, 33 * DAY)[0].evidence == pytest.approx(before / 8)
    assert pairs([*hits, Hit(3 * DAY, "Ben", "Ana", repair=True)], 3 * DAY)[0].evidence == pytest.approx(before / 2)


def test_an_argument_is_one_event() -> None:
    hits = [Hit(minute * 60.0, "Ben", "Ana", 0.7) for minute in range(0, 50, 5)]
    one = pairs(hits, 3000.0)[0]
    assert one.hits == 10 and one.evidence < 1 and one.level == "low"


def test_pairs_are_told_apart_and_nobody_harms_themselves() -> None:
    hits = [Hit(0, "Ben", "Ana", 0.5), Hit(0, "Ana", "Ben", 0.9), Hit(0, "Ben", "group", 0.4), Hit(0, "Ana", "Ana", 1)]
    assert [(one.author, one.towards) for one in pairs(hits, 1.0)] == [("Ana", "Ben"), ("Ben", "Ana"), ("Ben", "group")]
    assert pairs([Hit(10.0, "Ben", "Ana", 0.5)], 5.0) == []


HITS = st.lists(
    st.builds(
        Hit, st.floats(0, 90 * DAY), st.sampled_from("AB"), st.sampled_from("CD"), st.floats(0, 1), st.booleans()
    ),
    max_size=12,
)


@given(HITS, st.randoms())
def test_the_order_in_which_hits_come_does_not_matter(hits: list[Hit], chance: object) -> None:
    mixed = list(hits)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    first, second = pairs(hits, 90 * DAY), pairs(mixed, 90 * DAY)
    assert [(one.author, one.towards, one.hits) for one in first] == [
        (one.author, one.towards, one.hits) for one in second
    ]
    assert [one.evidence for one in first] == pytest.approx([one.evidence for one in second])


@given(HITS, st.floats(0, 60 * DAY))
def test_without_new_hits_it_only_falls(hits: list[Hit], later: float) -> None:
    now = {(one.author, one.towards): one.evidence for one in pairs(hits, 90 * DAY)}
    for one in pairs(hits, 90 * DAY + later):
        assert one.evidence <= now[one.author, one.towards] + 1e-9
