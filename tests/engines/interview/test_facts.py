"""Facts: what was answered, the usual answer otherwise, and what follows."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings

from doorframe.engines.content.conditions import holds
from doorframe.engines.interview import facts as f
from tests.engines.practices import ACCOUNTS, basics, choice_answers, choices, legal_answers, pack, profiles, wide


def test_a_question_nobody_answered_has_its_usual_answer() -> None:
    facts = f.resolve(pack(), {})
    assert facts["friending"] == "decline"
    assert facts["accounts"] == []
    assert facts["phone"] == ""


def test_an_empty_text_is_no_answer_and_an_empty_list_is() -> None:
    usual = f.resolve(pack(), {"country": "UK"})["crisis_lines"]
    assert usual
    assert f.resolve(pack(), {"country": "UK", "crisis_lines": []})["crisis_lines"] == []
    assert f.resolve(pack(), {"response_time": ""})["response_time"] == f.resolve(pack(), {})["response_time"] != ""


@pytest.mark.parametrize(
    ("country", "number", "first"),
    [
        ("US", "911", "988"),
        ("UK", "999", "116 123"),
        ("CA", "911", "9-8-8"),
        ("AU", "000", "13 11 14"),
        ("IE", "112 or 999", "116 123"),
    ],
)
def test_the_crisis_route_of_each_country(country: str, number: str, first: str) -> None:
    facts = f.resolve(pack(), {"country": country})
    lines = facts["crisis_lines"]
    assert facts["emergency_number"] == number
    assert isinstance(lines, list) and lines[0]["number"] == first


def test_elsewhere_nothing_is_guessed() -> None:
    facts = f.resolve(pack(), {"country": "other"})
    assert facts["emergency_number"] == ""
    assert facts["crisis_lines"] == []


def test_a_question_that_does_not_apply_gives_no_fact_but_its_answer_is_not_lost() -> None:
    answers: dict[str, object] = {"following": "quiet"}
    assert "following" not in f.resolve(pack(), answers), "there is no page to follow"
    answers["accounts"] = [dict(ACCOUNTS[0])]
    assert f.resolve(pack(), answers)["following"] == "quiet"


def test_a_choice_that_no_longer_fits_falls_back() -> None:
    answers = {"country": "UK", "region": "US-TX"}
    assert f.resolve(pack(), answers)["region"] == ""
    assert f.resolve(pack(), {**answers, "country": "US"})["region"] == "US-TX"
    assert not f.fits(pack().fields["region"], "US-TX", {"country": "UK"})


@pytest.mark.parametrize(
    ("answers", "fact", "expected"),
    [
        ({"accounts": [dict(ACCOUNTS[0])]}, "names_accounts", True),
        ({"accounts": [dict(ACCOUNTS[2])]}, "names_accounts", False),
        ({"accounts": [dict(ACCOUNTS[2])]}, "has_personal_accounts", True),
        ({"practice": "group"}, "group", True),
        ({"practice": "group"}, "solo", False),
        ({"country": "AU", "profession": "psychologist"}, "ahpra", True),
        ({"country": "AU", "profession": "counsellor"}, "ahpra", False),
        ({"country": "CA", "region": "CA-ON", "profession": "counsellor"}, "crpo", True),
        ({"country": "US", "region": "CA-ON", "profession": "counsellor"}, "crpo", False),
    ],
)
def test_what_follows(answers: dict[str, object], fact: str, expected: bool) -> None:
    assert f.resolve(pack(), answers)[fact] is expected


@given(legal_answers(most=40))
@settings(max_examples=60)
def test_the_facts_settle_and_the_answers_stay_as_they_were(answers: dict[str, object]) -> None:
    before = copy.deepcopy(dict(answers))
    facts = f.resolve(pack(), answers)
    assert f._once(pack(), answers, facts) == facts, "one more round would change something"
    assert dict(answers) == before
    for id, field in pack().fields.items():
        asked = f.applies(pack(), field, facts)
        assert (id in facts) is asked
        if asked and answers.get(id) and field.kind != "choices" and f.fits(field, answers[id], facts):
            assert facts[id] == answers[id]


@given(choice_answers())
@settings(max_examples=60)
def test_the_usual_answer_is_always_one_that_is_offered(answers: dict[str, object]) -> None:
    facts = f.resolve(pack(), answers)
    for id, field in pack().fields.items():
        value = facts.get(id)
        if field.kind == "choice" and value:
            option = field.option(str(value))
            assert option is not None, f"{id} = {value}"
            assert holds(option.when, facts), f"{id} = {value} is not offered to {answers}"


def test_a_choice_of_several_that_no_longer_fits_is_left_out() -> None:
    answers: dict[str, object] = {"country": "UK", "profession": "counsellor", "bodies": ["bacp", "ukcp"]}
    assert f.resolve(pack(), answers)["bodies"] == ["bacp", "ukcp"]
    assert f.resolve(pack(), {**answers, "country": "US"})["bodies"] == []
    assert answers["bodies"] == ["bacp", "ukcp"], "the answer itself is kept"


def test_no_column_of_a_list_offers_what_depends_on_other_answers() -> None:
    """The engine asks of choices alone whether they still fit."""
    always = pack().fields["country"].options[0].when
    for field in pack().fields.values():
        inner = [option for column in field.columns for option in column.options]
        assert [option.id for option in inner if option.when != always] == [], field.id


def test_every_option_of_every_choice_can_be_chosen_by_somebody() -> None:
    reachable: set[tuple[str, str]] = set()
    for start in (*profiles(), wide(), wide("group", "AU", "psychologist"), basics()):
        facts = f.resolve(pack(), start)
        for id, field in pack().fields.items():
            if field.kind == "choice":
                reachable |= {(id, option.id) for option in field.options if holds(option.when, facts)}
    assert set(choices()) - reachable == set()
