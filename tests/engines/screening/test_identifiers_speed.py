"""No text makes it slow to look for identifiers: ten times the words cost about ten times as much."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest

from doorframe.engines.screening.identifiers import FORMS, find, page


def _repeats(parsed: object) -> Iterator[tuple[int, object]]:
    """(most times, what is repeated) of every repetition in a parsed expression."""
    for operator, argument in parsed:  # type: ignore[attr-defined]
        name = str(operator)
        if name.endswith("_REPEAT"):
            yield int(argument[1]), argument[2]
            yield from _repeats(argument[2])
        elif name == "SUBPATTERN":
            yield from _repeats(argument[3])
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from _repeats(branch)
        elif name in {"ASSERT", "ASSERT_NOT"}:
            yield from _repeats(argument[1])
        elif name == "ATOMIC_GROUP":
            yield from _repeats(argument)


@pytest.mark.parametrize("number", range(len(FORMS)))
def test_no_repetition_stands_inside_another(number: int) -> None:
    from re import _parser  # type: ignore[attr-defined]

    for most, inside in _repeats(_parser.parse(FORMS[number].pattern.pattern)):
        if most > 1:
            widths = inside.getwidth()  # type: ignore[attr-defined]
            assert widths[0] == widths[1], FORMS[number].pattern.pattern


LONG = [
    "1", "a", "@", "a@", "0 ", "1-", "a.", "aa:", "12 elm ", "jan 1", "case no ", "she is ", ", Aa ", "A1 ",
]  # fmt: skip


def _cost(action: Callable[[], object]) -> float:
    """Seconds of the processor, the least of three times: what else runs here can only add to them."""
    return min(_once(action) for _ in range(3))


def _once(action: Callable[[], object]) -> float:
    begins = time.process_time()
    action()
    return time.process_time() - begins


@pytest.mark.parametrize("piece", LONG)
def test_ten_times_the_text_costs_each_expression_about_ten_times_as_much(piece: str) -> None:
    short, long = page.read(piece * (10_000 // len(piece))), page.read(piece * (100_000 // len(piece)))
    assert len(short.low) <= 10_000 and len(long.low) <= 100_000
    costs = [
        (
            _cost(lambda form=form: sum(1 for _ in form.pattern.finditer(short.low))),
            _cost(lambda form=form: sum(1 for _ in form.pattern.finditer(long.low))),
        )
        for form in FORMS
    ]
    # An expression that costs next to nothing on the short text is measured against the mean of all.
    mean = sum(once for once, _ in costs) / len(costs)
    slow = [form.pattern.pattern for form, (once, ten) in zip(FORMS, costs, strict=True) if ten >= 20 * max(once, mean)]
    assert slow == []


@pytest.mark.parametrize("piece", ["0 ", "1 ", "4", "@a ", "case no 12 ", "9 may ", "07700 900123 ", "📞1"])
def test_ten_times_the_text_costs_about_ten_times_as_much(piece: str) -> None:
    short = piece * (2_000 // len(piece))
    once, ten = _cost(lambda: find(short)), _cost(lambda: find(short * 10))
    assert ten < 20 * once


def test_a_very_long_post_has_all_its_identifiers() -> None:
    line = "A quiet line about nothing much, and then 07700 900123 by 3 March at SW1A 1AA.\n"
    assert len(find(line * 500)) == 1500


def test_every_pattern_begins_cheaply() -> None:
    assert all(isinstance(form.pattern, re.Pattern) and not form.pattern.flags & re.IGNORECASE for form in FORMS)
