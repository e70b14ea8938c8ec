"""Safer English stays English: what is left out leaves a whole sentence, or nothing is offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.screening import wording
from doorframe.engines.screening.wording import Change, Sentences


def changed(text: str, change: Change | None) -> str | None:
    if change is None:
        return None
    start, end, words = change
    return text[:start] + words + text[end:]


def placed(marked: str) -> tuple[str, int, int, tuple[int, int]]:
    """“told me [today] that” as the text without signs, where the stretch stands, and its sentence."""
    before, _, rest = marked.partition("[")
    inside, _, after = rest.partition("]")
    text = before + inside + after
    start, end = len(before), len(before) + len(inside)
    return text, start, end, Sentences(text).around(start, end)


@pytest.mark.promise("F5")
@pytest.mark.parametrize(("marked", "left"), [
    ("She told me [today] that it helps.", "She told me that it helps."),
    ("[On Monday] a client asked me.", "A client asked me."),
    ("Work. [At nine this] morning a client asked Rob.", "Work. A client asked Rob."),
    ("There were none left by [10:15], alas.", "There were none left, alas."),
    ("She rang on the [Sunday].", "She rang."),
    ("In my office every [Friday] since the storm.", "In my office since the storm."),
    ("One of mine was brought in after [last night].", "One of mine was brought in."),
    ("And [tonight], thirty years to the week, I rest.", None),
    ("My [Tuesday] teen wrote a letter.", "My teen wrote a letter."),
    ("It is [Sunday], I am on the porch.", None),
    ("My [8am] is the new matron.", None),
    ("[Yesterday]'s new mum laughed.", None),
    ("Mine asked for wifi. [9am]. I was not ready.", None),
])  # fmt: skip
def test_a_time_goes_with_the_word_that_leads_to_it(marked: str, left: str | None) -> None:
    text, start, end, sentence = placed(marked)
    assert changed(text, wording.without_time(text, start, end, sentence)) == left


@pytest.mark.promise("F5")
@pytest.mark.parametrize(("marked", "left"), [
    ("A bank [officer] in Frazer Town checks the gas.", "Somebody in Frazer Town checks the gas."),
    ("I saw a [nurse] who was tired.", "I saw somebody who was tired."),
    ("My [8am] is the new matron.", "Somebody is the new matron."),
    ("A [seven-year-old] explained worries to me.", "Somebody explained worries to me."),
    ("A [nurse] manager told me.", None),
    ("[Officer] Dan came by.", None),
    ("A [baker]'s son told me.", None),
])  # fmt: skip
def test_a_person_becomes_anybody(marked: str, left: str | None) -> None:
    text, start, end, sentence = placed(marked)
    assert changed(text, wording.somebody(text, start, end, "somebody", sentence)) == left


@pytest.mark.promise("F5")
@pytest.mark.parametrize(("marked", "left"), [
    ("He stood at the wrong door, and blamed [his mother].", "He stood at the wrong door."),
    ("My client, who is a [nurse], told me that it helps.", "My client told me that it helps."),
    ("When she [lost her job], she came to rest here.", "She came to rest here."),
    ("Two of my couples got [engaged] this week.", None),
    ("In the second hour, she got [engaged].", None),
    ("She laughed, [“said no”], and left the room.", None),
    ("It cost 1,[500] and a day of work.", None),
])  # fmt: skip
def test_a_part_goes_only_where_the_rest_stands_alone(marked: str, left: str | None) -> None:
    text, start, end, sentence = placed(marked)
    assert changed(text, wording.without_part(text, start, end, sentence)) == left


@pytest.mark.promise("F5")
@pytest.mark.parametrize(("one", "many"), [
    ("A client told me today that she finally slept through the night.",
     "People sometimes tell me that they finally slept through the night."),
    ("A widower told me years ago that he still lays two places.",
     "People sometimes tell me that they still lay two places."),
    ("This morning a couple I see asked me whether rest is work.", "Couples sometimes ask me whether rest is work."),
    ("Another mum told me she's tired and her son has left her.",
     "Parents sometimes tell me they are tired and their son has left them."),
    ("One of my clients said he tries and he was proud of himself.",
     "People sometimes say they try and they were proud of themselves."),
    ("A teenager came in and said nothing.", "Young people sometimes come in and say nothing."),
    ("She told me that she slept.", None),
    ("A client told me “I slept”.", None),
    ("A client told me that he and she slept.", None),
    ("A client zigzagged through the hour.", None),
    ("A client came in and knitted.", None),
])  # fmt: skip
def test_what_one_did_is_told_of_many(one: str, many: str | None) -> None:
    assert changed(one, wording.of_many(one, (0, len(one)))) == many


def test_a_quotation_and_who_said_it_are_one_sentence() -> None:
    text = "“Best hour of my week.” – a client. Dr. Lee rests. Come in."
    sentences = Sentences(text)
    assert [text[slice(*sentences.around(place, place + 1))] for place in (0, 26, 40, 52)] == [
        "“Best hour of my week.”", " – a client.", " Dr. Lee rests.", " Come in.",
    ]  # fmt: skip


@given(st.text(alphabet="aA my.,!?'’“”-–—:;9\n 🙂İ", max_size=60), st.data())
def test_every_change_stays_inside_its_sentence(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    sentence = Sentences(text).around(start, end)
    assert 0 <= sentence[0] <= start <= end <= sentence[1] <= len(text)
    for change in (
        wording.without_time(text, start, end, sentence),
        wording.somebody(text, start, end, "somebody", sentence),
        wording.without_part(text, start, end, sentence),
        wording.of_many(text, sentence),
    ):
        assert change is None or sentence[0] <= change[0] <= change[1] <= sentence[1]
