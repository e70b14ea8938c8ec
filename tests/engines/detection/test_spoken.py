"""A window as a model reads it: letters for speakers and their names, and every place known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.detection import linear
from doorframe.engines.detection.conversation import Message
from doorframe.engines.detection.spoken import spoken


def window(*said: tuple[str, str]) -> list[Message]:
    return [Message(str(place), author, text) for place, (author, text) in enumerate(said)]


@pytest.mark.promise("J3")
def test_speakers_are_letters_and_so_are_their_names() -> None:
    found = spoken(window(("Ana", "Ben, did you see it?"), ("Ben", "No @Ana. ANA?"), ("Ana", "Ben’s right")))
    assert [one.text for one in found] == ["p: q, did you see it?", "q: No p. p?", "p: q’s right"]


@pytest.mark.promise("J3")
@pytest.mark.parametrize(
    "names", [("Priya", "Tom"), ("Tom", "Priya"), ("u/quietriver", "Speaker 2"), ("Mod_Jo", "x"), ("O'Neil", "李雷")]
)
def test_other_names_read_the_same(names: tuple[str, str]) -> None:
    said = spoken(window((names[0], f"{names[1]} never said that"), (names[1], f"I did, {names[0]}, on Monday")))
    assert [one.text for one in said] == ["p: q never said that", "q: I did, p, on Monday"]


def test_a_word_of_every_talk_is_no_name() -> None:
    found = spoken(window(("Mod Sam", "ask a moderator or the mod"), ("Nurse Bev", "the nurse said so, Sam")))
    assert [one.text for one in found] == ["p: ask a moderator or the mod", "q: the nurse said so, p"]


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@given(TEXT, TEXT, st.sampled_from(["Ana", "Al", "👩‍🦰", "x y", "a.b*c("]))
def test_every_place_leads_there_and_back(first: str, second: str, name: str) -> None:
    messages = window((name, first), ("Ben", f"{second} {name} {first}"))
    for one, message in zip(spoken(messages), messages, strict=True):
        assert len(one.places) == len(message.text) + 1 and list(one.places) == sorted(one.places)
        assert one.places[-1] == len(one.text)
        for offset in (0, len(message.text) // 2, len(message.text)):
            assert one.origin(one.place(offset)) <= offset


def test_words_alone_know_words_and_pairs_and_nothing_else() -> None:
    found = linear.features(spoken(window(("Ana", "you said you said"), ("Ben", "no"))))
    assert sum(value**2 for value in found.values()) == pytest.approx(1)
    weights = [0.0] * linear.SIZE
    weights[next(iter(linear.places(spoken(window(("Ana", "x"))))))] = 2.0
    assert linear.log_odds(spoken(window(("Ana", "nothing here"))), [0.0] * linear.SIZE, 0.25) == 0.25
