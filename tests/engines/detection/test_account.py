"""What a report keeps of many verdicts, and how it is laid out."""

from __future__ import annotations

from itertools import pairwise

import pytest

from doorframe.engines.detection import axes, history, series
from doorframe.engines.detection.account import LONGEST_WORDS, Account
from doorframe.engines.detection.conversation import Message, Signal, Verdict, Window

MARCH = 1_709_413_200.0
"""2 March 2024, 21:00."""

HOUR, DAY = 3600.0, 86_400.0


def window(id: str, *ids: str, at: float | None = MARCH) -> Window:
    found = [Message(one, "Ana" if int(one) % 2 else "Ben", "x" * 5000, at and at + 60 * int(one)) for one in ids]
    return Window(id, tuple(found))


def signal(id: str, score: float = 0.9, text: str = "you imagined it", direction: str = "towards") -> Signal:
    return Signal(id, "Ana", "Ben", direction, (("guilt", 0.8), ("unclear", 0.2)), score, 0, 5, text, "Why.")


def verdict(id: str, score: float, *signals: Signal) -> Verdict:
    return Verdict(id, score, score >= 0.5, signals=signals)


# What is kept


def test_a_message_in_two_windows_is_counted_once_and_shown_where_it_stands_out_most() -> None:
    account = Account("file")
    account.add(window("room/4", "1", "2", "3", "4"), verdict("room/4", 0.7, signal("3", 0.6)), "room")
    account.add(window("room/6", "3", "4", "5", "6"), verdict("room/6", 0.9, signal("3", 0.8)), "room")
    course = account.courses["room"]
    assert (account.windows, account.alerts, account.messages) == (2, 2, 6)
    assert [(one.signal.score, one.place, one.number) for one in course.seen] == [(0.8, 1, 3)]


def test_messages_stand_in_the_order_of_the_conversation_and_not_of_their_scores() -> None:
    account = Account("file")
    account.add(window("w", "1", "2", "3", at=None), verdict("w", 0.9, signal("3", 0.9), signal("1", 0.6)))
    assert [one.signal.message_id for one in account.courses["file"].seen] == ["1", "3"]


def test_windows_of_their_own_share_ids_and_are_told_apart() -> None:
    account = Account("file")
    for id in ("w1", "w2"):
        account.add(window(id, "1", "2"), verdict(id, 0.9, signal("2")))
    course = account.courses["file"]
    assert course.alone and account.messages == 4 and [one.window for one in course.seen] == ["w1", "w2"]


def test_other_messages_with_the_same_ids_are_counted_and_kept_too() -> None:
    account = Account("file")
    for id, text in (("room/2", "you imagined it"), ("room/3", "you dream")):
        messages = tuple(Message(str(one), "Ana", f"{text} {one}") for one in range(1, int(id[-1]) + 1))
        account.add(Window(id, messages), verdict(id, 0.9, signal("2", text=text)))
    assert account.messages == 5 and [one.signal.text for one in account.seen()] == ["you imagined it", "you dream"]


def test_a_window_that_was_cut_out_of_a_conversation_names_it() -> None:
    account = Account("file")
    account.add(window("a/b/2", "1", "2"), verdict("a/b/2", 0.1))
    account.add(window("a/b/7", "1", "2"), verdict("a/b/7", 0.1))
    assert list(account.courses) == ["a/b", "file"]


def test_no_whole_text_is_kept() -> None:
    account = Account("file")
    account.add(window("w", "1", "2"), verdict("w", 0.9, signal("2", text="y" * 1_000_000)))
    kept = next(account.seen()).signal.text
    assert len(kept) == LONGEST_WORDS and kept.endswith("…") and "x" * 100 not in repr(vars(account))


@pytest.mark.parametrize("at", [None, 4.0, -1e11, 9e11])
def test_a_counter_is_no_clock(at: float | None) -> None:
    account = Account("file")
    account.add(window("w", "1", "2", at=at), verdict("w", 0.9, signal("2")))
    assert not account.timed and account.untimed == 2 and account.hits() == []
    assert not account.courses["file"].timed


def test_what_is_not_covered_has_no_score() -> None:
    account = Account("file")
    account.add(window("w", "1", "2"), Verdict("w", 0.0, False, "de", covered=False))
    course = account.courses["file"]
    assert account.languages == {"de": 1} and course.uncovered == 1 and not course.scores


def test_only_what_goes_towards_somebody_is_a_hit() -> None:
    account = Account("file")
    account.add(window("w", "1", "2"), verdict("w", 0.9, signal("1", direction="received"), signal("2", 0.7)))
    assert account.hits() == [history.Hit(MARCH + 120, "Ana", "Ben", 0.7)]


# Axes


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [(1, 60, ["20", "40", "60"]), (1, 3, ["1", "2", "3"]), (5, 5, ["5"]), (0, 12_000, ["0", "5,000", "10,000"])],
)
def test_round_numbers(first: float, last: float, wanted: list[str]) -> None:
    assert [words for _, words in axes.numbers(first, last)] == wanted


@pytest.mark.parametrize(
    ("length", "wanted"),
    [
        (3 * HOUR, ["21:00", "21:30", "22:00", "22:30", "23:00", "23:30", "3 Mar"]),
        (3 * DAY, ["3 Mar", "12:00", "4 Mar", "12:00", "5 Mar", "12:00"]),
        (20 * DAY, ["6 Mar", "10 Mar", "14 Mar", "18 Mar", "22 Mar"]),
        (400 * DAY, ["May 2024", "Jul 2024", "Sep 2024", "Nov 2024", "Jan 2025", "Mar 2025"]),
        (20 * 365 * DAY, ["2025", "2030", "2035", "2040"]),
    ],
)
def test_round_times(length: float, wanted: list[str]) -> None:
    found = axes.moments(MARCH, MARCH + length)
    assert [words for _, words in found] == wanted
    assert all(MARCH <= at <= MARCH + length for at, _ in found)


@pytest.mark.parametrize(
    ("days", "unit", "many"), [(0, "day", 1), (30, "day", 31), (90, "week", 13), (600, "month", 20)]
)
def test_periods(days: int, unit: str, many: int) -> None:
    found, edges = axes.periods(MARCH, MARCH + days * DAY)
    assert (found, len(edges) - 1) == (unit, pytest.approx(many, abs=1))
    assert edges[0] <= MARCH and edges[-1] > MARCH + days * DAY and edges == sorted(set(edges))


# Series


def course(*scores: float, step: float = DAY) -> Account:
    account = Account("file")
    for number, score in enumerate(scores):
        id = str(number + 1)
        account.add(window(f"w{id}", id, at=MARCH + number * step), verdict(f"w{id}", score, signal(id)))
    return account


def test_scores_stand_where_and_as_high_as_they_are() -> None:
    found = series.scores(course(0.1, 0.9, 0.3).courses["file"], {1: [7]})
    assert [(round(x, 2), y) for x, y in found.dots] == [(0, 0.1), (1, 0.3)]
    assert [(round(x, 2), y, words) for x, y, words in found.marks] == [(0.5, 0.9, "7")]
    assert found.timed and found.whole == 3 and not found.thinned


def test_without_clocks_windows_stand_in_their_order() -> None:
    account = Account("file")
    for id in ("1", "2"):
        account.add(window(id, id, at=None), verdict(id, 0.2))
    found = series.scores(account.courses["file"], {})
    assert not found.timed and found.dots == ((0.0, 0.2), (1.0, 0.2))
    assert [words for _, words in found.across] == ["1", "2"]


def test_thousands_of_points_are_thinned_and_no_alert_is_lost_to_a_quiet_one() -> None:
    scores = [0.4] * 5000
    scores[2500] = 0.99
    found = series.scores(course(*scores).courses["file"], {2500: [1]})
    assert len(found.dots) <= series.MOST_POINTS and found.thinned
    assert [(y, words) for _, y, words in found.marks] == [(0.99, "1")]


def test_words_are_not_written_over_each_other() -> None:
    found = series.scores(course(0.9, *[0.91] * 60).courses["file"], {number: [number] for number in range(61)})
    labelled = [x for x, _, words in found.marks if words]
    assert len(found.marks) == 61 and 10 < len(labelled) < 61
    assert all(later - earlier > 0.015 for earlier, later in pairwise(labelled))


def test_bars_count_every_message_once() -> None:
    times = [MARCH, MARCH + 1, MARCH + 9 * DAY]
    found = series.over_days(times, MARCH, MARCH + 20 * DAY)
    assert (found.unit, found.counts) == ("day", (("2 Mar 2024", 2), ("11 Mar 2024", 1)))
    assert [(height, words) for _, _, height, words in found.bars] == [(1.0, "2"), (0.5, "1")]
    assert found.up == ((0.0, "0"), (0.5, "1"), (1.0, "2"))
    found = series.over_windows([0, 399, 5], 400)
    assert found.counts == (("windows 1 to 10", 2), ("windows 391 to 400", 1)) and found.bars[-1][1] == 1.0


def hit(day: float) -> history.Hit:
    return history.Hit(MARCH + day * DAY, "Ana", "Ben", 0.9)


def test_the_line_of_a_pair_is_what_history_computes() -> None:
    hits = [hit(2), hit(4), hit(6)]
    found = series.evidence(hits, MARCH, MARCH + 20 * DAY)
    assert found.line[0] == (0.0, 0.0) and len(found.marks) == 3
    last = sum(one.evidence for one in history.pairs(hits, MARCH + 20 * DAY))
    assert found.line[-1] == (1.0, pytest.approx(last / series.HIGHEST))
    assert found.peak == series.peak(hits) == pytest.approx(max(y for _, y in found.line) * series.HIGHEST)
    assert history.level(found.peak) == "rising" and history.level(series.peak(hits[:1])) == "low"


def test_an_argument_of_an_hour_is_one_mark() -> None:
    hits = [hit(2), hit(2.01), hit(2.02)]
    assert len(series.evidence(hits, MARCH, MARCH + 9 * DAY).marks) == 1


def test_a_pair_with_thousands_of_signals_has_few_points() -> None:
    hits = [hit(one / 4) for one in range(2000)]
    found = series.evidence(hits, MARCH, MARCH + 500 * DAY)
    assert len(found.line) < 500 and max(y for _, y in found.line) <= 1
