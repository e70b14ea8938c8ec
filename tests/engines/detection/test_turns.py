"""Segments of a recording as messages: put together where one voice goes on, and still linked to their seconds."""

from __future__ import annotations

from doorframe.engines.detection.turns import LONGEST, UNKNOWN, Segment, turns


def test_what_one_voice_says_without_a_break_is_one_message() -> None:
    found = turns([Segment(0, 2, "Anna", "I was there."), Segment(2.4, 4, "Anna", "You were not.")])
    assert [one.message.text for one in found] == ["I was there. You were not."]
    message = found[0].message
    assert (message.id, message.author, message.start, message.end, message.at) == ("1", "Anna", 0, 4, None)


def test_words_lead_back_to_the_seconds_of_their_segment() -> None:
    (turn,) = turns([Segment(0, 2, "Anna", "I was there.", 0.9), Segment(2.4, 4, "Anna", "You were not.", 0.5)])
    text = turn.message.text
    assert turn.seconds(0, 12) == (0, 2)
    assert turn.seconds(text.index("You"), len(text)) == (2.4, 4)
    assert turn.seconds(2, len(text)) == (0, 4)
    assert turn.seconds(0, 0) == (0, 2)
    assert (turn.sure(0, 5), turn.sure(13, 16), turn.sure(0, len(text))) == (0.9, 0.5, 0.5)


def test_another_voice_or_a_silence_begins_a_new_message() -> None:
    found = turns(
        [Segment(0, 2, "Anna", "One."), Segment(2, 3, "Ben", "Two."), Segment(3, 4, "Anna", "Three."),
         Segment(6, 7, "Anna", "Four.")]
    )  # fmt: skip
    assert [(one.message.author, one.message.text) for one in found] == [
        ("Anna", "One."), ("Ben", "Two."), ("Anna", "Three."), ("Anna", "Four."),
    ]  # fmt: skip


def test_a_long_speech_is_several_messages() -> None:
    found = turns([Segment(number, number + 1, "Anna", "word " * 19 + "end.") for number in range(9)])
    assert all(len(one.message.text.split()) <= LONGEST for one in found)
    assert len(found) == 3


def test_voices_that_nobody_can_tell_apart_are_never_put_together() -> None:
    found = turns([Segment(0, 2, UNKNOWN, "I was there."), Segment(2, 4, UNKNOWN, "You were not.")])
    assert [one.message.text for one in found] == ["I was there.", "You were not."]
    assert [one.sure(0, 4) for one in found] == [None, None]


def test_tracks_are_put_in_the_order_of_their_seconds() -> None:
    found = turns([Segment(5, 6, "Anna", "Second."), Segment(1, 2, "Ben", "First.")])
    assert [one.message.text for one in found] == ["First.", "Second."]


def test_nothing_gives_nothing() -> None:
    assert turns([]) == []
