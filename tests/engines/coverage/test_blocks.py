"""Texts as people have them: headings, wrapped lines, running heads; and places that count the text as it was given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.coverage.blocks import read

WRAPPED = """My Policy                                    Page 1 of 2

Friending
I do not accept friend requests from anybody whom I see for coun-
selling. It could tell others that you come here, and I would like
Harbour Lane Counselling
2
Harbour Lane Counselling
to keep that for you to decide.
Texting
You may text me to move an appointment. Please send nothing else by text
message.
Harbour Lane Counselling
"""


def sentences(text: str) -> list[str]:
    return [one.plain for block in read(text) if not block.heading for one in block.sentences]


def headings(text: str) -> list[str]:
    return [block.sentences[0].plain for block in read(text) if block.heading]


def test_a_page_from_a_pdf_gives_whole_sentences() -> None:
    found = sentences(WRAPPED)
    assert "i do not accept friend requests from anybody whom i see for counselling." in found
    assert "it could tell others that you come here, and i would like to keep that for you to decide." in found
    assert {"friending", "texting"} <= set(headings(WRAPPED))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to Dr. Cole, e.g. by e-mail. I answer soon.", ["write to dr. cole, e.g. by e-mail.", "i answer soon."]),
        ("- No texting\n- No calls at 3 a.m. please", ["no texting", "no calls at 3 a.m. please"]),
        ("“Really?” Yes.", ['"really?"', "yes."]),
        ("one line only", ["one line only"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"{dress}\n\nNo, I do not."
        for dress in ("# Friending", "FRIENDING", "3. Friending", "**Friending**", "Friends?")
    ],
)
def test_a_heading_is_known_in_every_dress(text: str) -> None:
    assert len(headings(text)) == 1
    assert [block.headings for block in read(text) if not block.heading] == [(headings(text)[0],)]


@given(st.text(max_size=400))
def test_places_count_the_text_as_it_was_given(text: str) -> None:
    last = 0
    for block in read(text):
        for one in block.sentences:
            assert last <= one.start < one.end <= len(text)
            assert text[one.start : one.end].strip()
            last = one.end


@given(
    st.lists(
        st.sampled_from(["I do not. ", "Why?\n", "\n\n", "# A\n", "- b\n", "Page 3\n", "1. c ", "Dr. X. ", "\f"]),
        max_size=40,
    )
)
def test_no_word_is_lost_but_page_numbers_and_running_heads(pieces: list[str]) -> None:
    text = "".join(pieces)
    kept = "".join(one.plain for block in read(text) for one in block.sentences)
    assert kept.count("why") <= text.lower().count("why")
    if text.count("Why?") == 1:
        assert "why" in kept


def test_an_item_of_a_list_knows_the_words_that_led_into_it() -> None:
    text = "Online I do not:\n\n- accept friend requests\n- answer messages\n\nThat is all.\n\n- one more"
    found = [one.whole for block in read(text) for one in block.sentences]
    assert "online i do not accept friend requests" in found and "online i do not answer messages" in found
    assert "one more" in found
