"""A draft as words: what is heard, and where it stood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.screening.lines import lines

KNOWN = {"client", "session", "breakthrough", "therapy"}.__contains__


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("A Client told me.", ["a client told me"]),
        ("One. Two! Three?\nFour", ["one", "two", "three", "four"]),
        ("See Dr. Ahmed at 3 p.m. today. Bye.", ["see dr ahmed at 3 p m today", "bye"]),
        ("#ClientBreakthrough #therapy", ["client breakthrough therapy"]),
        ("#clientsession", ["client session"]),
        ("my c.l.i.e.n.t and my c🙂l🙂i🙂e🙂n🙂t", ["my client and my client"]),
        ("my c l i e n t", ["my client"]),
        ("my cl1ent in s3ss10n", ["my client in session"]),
        ("ＣＬＩＥＮＴ and сlient", ["client and client"]),  # full width; a Cyrillic с
        ("cli\u200bent", ["client"]),
        ("it’s my client’s", ["it's my client's"]),
        ("MP3 and B12 and route66", ["mp3 and b12 and route66"]),
        ("", []),
        ("🙂🙂", []),
    ],
)
def test_what_is_heard(text: str, heard: list[str]) -> None:
    assert [" ".join(line.words) for line in lines(text, KNOWN)] == heard


@pytest.mark.parametrize(
    ("text", "word", "stood"),
    [
        ("🙂🙂 a client", "client", "client"),
        ("İstanbul, my client", "client", "client"),  # a capital that becomes two signs
        ("my c🙂l🙂i🙂e🙂n🙂t", "client", "c🙂l🙂i🙂e🙂n🙂t"),
        ("so #ClientWins", "client", "Client"),
        ("ﬁne client", "client", "client"),  # a ligature
    ],
)
def test_where_it_stood(text: str, word: str, stood: str) -> None:
    (line,) = lines(text, KNOWN)
    place = line.words.index(word)
    assert text[line.starts[place] : line.ends[place]] == stood


@given(st.text(max_size=300))
def test_every_word_stands_in_the_draft(text: str) -> None:
    last = 0
    for line in lines(text, KNOWN):
        for start, end in zip(line.starts, line.ends, strict=True):
            assert last <= start < end <= len(text)
            last = max(last, start)


@given(st.lists(st.sampled_from(["client", "my", "told", "3pm", "I'm", "🙂", "Zoë"]), min_size=1, max_size=30))
def test_every_word_is_what_stands_there_in_small_letters(words: list[str]) -> None:
    text = " ".join(words)
    for line in lines(text):
        for word, start, end in zip(line.words, line.starts, line.ends, strict=True):
            assert text[start:end].lower() == word.replace("zoe", "zoë")


def test_a_row_of_stars_is_heard_as_words_that_stand_where_it_does() -> None:
    (line,) = lines("Wow ⭐️⭐️⭐️⭐️⭐️ here")
    assert line.words == ("wow", "five", "stars", "here")
    assert line.starts[1] == 4 and line.ends[2] <= 14


@pytest.mark.parametrize("unit", ["a ", "a.", "#", "#a", "1a", "a🙂", "\u0301", "c.l.", "!?", "\n", "a1!$@", "﷽"])
def test_the_work_grows_with_the_text_alone(unit: str) -> None:
    """Counted in words and signs that are made, never in seconds: no unit makes more than its length allows."""
    for size in (1_000, 10_000):
        text = (unit * size)[:size]
        assert sum(len(word) for line in lines(text, KNOWN) for word in line.words) <= 20 * size
