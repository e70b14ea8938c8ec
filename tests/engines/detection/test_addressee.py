"""Whom a message goes to: who spoke, who is called, and two names where that is not plain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.detection import addressee
from doorframe.engines.detection.conversation import GROUP, Message, Window
from doorframe.learning import addressee as fitting

DEVELOPMENT = Path(__file__).parents[2] / "evaluation" / "detection" / "development"


def window(*lines: str) -> Window:
    said = (line.partition(": ") for line in lines)
    return Window("w", tuple(Message(str(place), author, text) for place, (author, _, text) in enumerate(said)))


THREE = ("Ana: I asked for Monday and it is not there.", "Cal: mm, same here", "Ben: I see")


@pytest.mark.parametrize(
    ("lines", "place", "towards"),
    [
        (("Ana: I asked for Monday.", "Ben: no you did not"), 1, "Ana"),
        (("Ana: I asked for Monday.", "Cal: hello all", "Ben: Ana, you dream again", "Ana: I do?"), 2, "Ana"),
        (("Ana: Hi", "Cal: I am so tired. My boy was up.", "Ben: Cal love, you always say that", "Ana: oh"), 2, "Cal"),
        (("Ben: You are all the same, every one of you lot. Nobody here cares.",), 0, GROUP),
        (("Ana: I left my coat", "Ben: nobody took it @Ana", "Cal: true", "Ben: you lose everything, Ana"), 3, "Ana"),
    ],
)
def test_towards_whom(lines: tuple[str, ...], place: int, towards: str) -> None:
    assert addressee.choose(window(*lines), place).names[0] == towards


@pytest.mark.parametrize(
    ("author", "text", "towards"),
    [
        ("Ben", "Cal, you dream", "Cal"),
        ("Ben", "nobody here can remember a thing", "Ana"),
        ("Ana", "Ben and Cal are both dreaming", "Ben"),
    ],
)
def test_who_is_called_is_among_those_named_though_another_was_at_it(author: str, text: str, towards: str) -> None:
    lines = ("Cal: mm", "Ben: hm", "Ana: You shouted at me on Monday.", f"{author}: {text}")
    assert towards in addressee.choose(window(*lines), 3).names


def test_two_names_where_it_is_not_plain_and_one_where_there_is_one() -> None:
    unsure = addressee.choose(window("Ana: I was here", "Cal: I was too", "Ben: sure you were", "Dee: I"), 2)
    assert len(unsure.names) == 2 and unsure.share < addressee.SURE
    assert addressee.choose(window("Ana: hm", "Ben: everyone knows"), 1).names == ("Ana",)
    assert addressee.choose(window("Ben: hm", "Ben: well"), 1).names == (GROUP,)


@pytest.mark.parametrize("text", ["Cal, {}", "{}, Cal.", "@Cal {}", "{} of you Cal that it hurts"])
def test_being_called_makes_somebody_likelier(text: str) -> None:
    plain, called = (
        addressee.features(window(*THREE, f"Ben: {words}"), 3, "Cal")
        for words in ("you dream", text.format("you dream"))
    )
    assert called == {**plain, "called": 1.0}


@pytest.mark.parametrize("words", ["Cal says you dream", "I told Cal", "that is Cal's chair", "ask Cal."])
def test_who_is_spoken_of_is_not_spoken_to(words: str) -> None:
    found = addressee.features(window(*THREE, f"Ben: {words}"), 3, "Cal")
    assert (found["called"], found["mentioned"]) == (0.0, 1.0)


@given(st.lists(st.tuples(st.sampled_from(["Ana", "Ben", "\u202e", "", "(x"]), st.text(max_size=30)), min_size=1))
def test_somebody_else_or_the_group_is_named_whatever_is_written(said: list[tuple[str, str]]) -> None:
    made = Window("w", tuple(Message(str(place), *one) for place, one in enumerate(said)))
    for place, (author, _) in enumerate(said):
        choice = addressee.choose(made, place)
        assert author not in choice.names and 0 < choice.share <= 1
        assert set(choice.names) <= {GROUP, *(name for name, _ in said)}


def test_the_weights_are_those_that_the_development_windows_give() -> None:
    """Fitted again on every third writer: near to ours, and right on writers that were held out."""
    found = json.loads(fitting.report(sorted(DEVELOPMENT.glob("*.jsonl"))[::3]))
    assert found["messages"] > 500 and found["right"] > 0.88
    assert found["weights"].keys() == addressee.WEIGHTS.keys()
    for name in ("last", "called", "part", "touching", "opener"):
        assert found["weights"][name] > 0 and addressee.WEIGHTS[name] > 0
