"""The way through the interview: computed each time, short enough for everyone, and never running backwards."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorframe.engines.content.schema import Screen
from doorframe.engines.interview import path
from doorframe.engines.interview.facts import resolve
from tests.engines.practices import ACCOUNTS, COUNTRIES, PROFESSIONS, _raw, pack

MOST_SCREENS = 24
"""With the page that checks all answers: 25."""


def test_the_first_question_and_the_last() -> None:
    first = path.next_screen(pack(), {}, [])
    assert first is not None and first.id == "country"
    everything = [screen.id for screen in pack().screens]
    assert path.next_screen(pack(), {}, everything) is None


def test_the_next_question_is_worked_out_from_the_answers() -> None:
    before = [screen.id for screen in pack().screens if screen.order <= pack().screen["accounts"].order]
    without = path.next_screen(pack(), {"accounts": []}, before)
    with_page = path.next_screen(pack(), {"accounts": [dict(ACCOUNTS[0]), dict(ACCOUNTS[2])]}, before)
    assert without is not None and with_page is not None
    assert path.screens(pack(), resolve(pack(), {}), path="main") != path.screens(
        pack(), resolve(pack(), {"accounts": [dict(ACCOUNTS[0])]}), path="main"
    )
    ids = [s.id for s in path.screens(pack(), resolve(pack(), {"accounts": [dict(ACCOUNTS[0])]}), path="main")]
    assert "following" in ids
    assert "following" not in [s.id for s in path.screens(pack(), resolve(pack(), {}), path="main")]


def test_a_question_that_was_left_out_comes_before_the_end() -> None:
    way = path.screens(pack(), resolve(pack(), {}), path="main")
    done = [screen.id for screen in way if screen.id != "contact"]
    found = path.next_screen(pack(), {}, done)
    assert found is not None and found.id == "contact"
    after = path.screen_after(pack(), {}, way[-1], done)
    assert after is not None and after.id == "contact"
    assert path.screen_after(pack(), {}, way[-1], [screen.id for screen in way]) is None


def test_back_leads_through_the_same_screens() -> None:
    answers: dict[str, object] = {"accounts": [dict(ACCOUNTS[0])]}
    way = path.screens(pack(), resolve(pack(), answers), path="main")
    assert path.screen_before(pack(), answers, way[0]) is None
    for earlier, later in itertools.pairwise(way):
        assert path.screen_before(pack(), answers, later) == earlier


def test_a_new_answer_can_bring_a_question_back() -> None:
    way = path.screens(pack(), resolve(pack(), {}), path="main")
    done = [screen.id for screen in way]
    assert path.next_screen(pack(), {}, done) is None
    again = path.next_screen(pack(), {"accounts": [dict(ACCOUNTS[0])]}, done)
    assert again is not None and again.id not in done


CLIENTS = (["adults"], ["adults", "minors"], ["groups"], ["adults", "minors", "couples-families", "groups"])
ONLINE: tuple[list[dict[str, str]], ...] = (
    [],
    [dict(ACCOUNTS[0])],
    [dict(ACCOUNTS[2])],
    [dict(row) for row in ACCOUNTS],
    [{**ACCOUNTS[0], "kind": "pseudonymous"}],
)


@pytest.mark.promise("A1")
@pytest.mark.parametrize("country", COUNTRIES)
def test_nobody_meets_more_than_25_screens(country: str) -> None:
    everything = [option.id for option in pack().fields["publishes"].options]
    longest = 0
    for profession, practice, clients, accounts, publishes in itertools.product(
        PROFESSIONS, ("solo", "group"), CLIENTS, ONLINE, ([], everything)
    ):
        answers = {
            "country": country, "profession": profession, "practice": practice, "clients": clients,
            "accounts": accounts, "publishes": publishes,
        }  # fmt: skip
        way = path.screens(pack(), resolve(pack(), answers), path="main")
        longest = max(longest, len(way))
        assert len(way) <= MOST_SCREENS, [screen.id for screen in way]
    assert longest > 10, "the count counts something"


def _walk(data: st.DataObject, *, most: int = 60) -> list[tuple[path.Progress, Screen]]:
    """Somebody answers screen after screen, each by chance."""
    answers: dict[str, object] = {}
    done: list[str] = []
    seen: list[tuple[path.Progress, Screen]] = []
    while (screen := path.next_screen(pack(), answers, done)) is not None:
        assert len(seen) < most, "the interview does not end"
        seen.append((path.progress(pack(), answers, done, screen), screen))
        for field in path.visible_fields(screen, resolve(pack(), answers)):
            if data.draw(st.booleans()):
                answers[field.id] = data.draw(_raw(field))
        done.append(screen.id)
    last = seen[-1][1]
    seen.append((path.progress(pack(), answers, done, last), last))
    return seen


@pytest.mark.promise("A1")
@given(st.data())
@settings(max_examples=40)
def test_progress_never_goes_backwards(data: st.DataObject) -> None:
    steps = [step for step, _ in _walk(data)]
    shares = [Fraction(step.done, step.total) for step in steps]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1, "who has done everything stands at the end"
    totals = [step.total for step in steps]
    assert totals == sorted(totals, reverse=True), "the way only ever gets shorter"
    places = [Fraction(step.number, step.total) for step in steps]
    assert places == sorted(places)
    assert all(1 <= step.number <= step.total for step in steps)


@given(st.data())
@settings(max_examples=20)
def test_no_screen_is_asked_twice_and_each_asks_something(data: st.DataObject) -> None:
    ids = [screen.id for _, screen in _walk(data)][:-1]
    assert len(ids) == len(set(ids))


def test_every_screen_names_its_section_and_says_why() -> None:
    sections = {section.id: section.name for section in pack().sections}
    for screen in pack().screens:
        step = path.progress(pack(), {}, [], screen)
        assert step.section == sections[screen.section]
        assert screen.title and screen.why and screen.name
