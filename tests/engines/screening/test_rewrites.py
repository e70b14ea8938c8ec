"""The ladder: each step makes the text shorter or says it otherwise, and its end passes."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorframe.engines.content import loader
from doorframe.engines.screening.screen import screen
from doorframe.engines.screening.sight import Sieve
from doorframe.engines.screening.verdict import NOTHING_FOUND, Draft, Rewrite

STORIES = [
    Draft("A client told me today that she finally slept through the night. Sleep is where the day is put away."),
    Draft("We have no record of you as a client.", "reply"),
    Draft("Please leave us a review if we have helped you. We open at nine.", "newsletter"),
    Draft("See you Tuesday at four, bring the journal! Sleep well.", "comment"),
]


@cache
def sieve() -> Sieve:
    return Sieve(loader.load_screening())


def taken(text: str, one: Rewrite) -> str:
    return text[: one.start] + one.words + text[one.end :]


@pytest.mark.promise("F5")
@pytest.mark.parametrize("draft", STORIES, ids=lambda draft: draft.kind)
def test_the_ladder_ends_where_nothing_is_found(draft: Draft) -> None:
    text, verdict = draft.text, screen(draft, sieve())
    assert verdict.outcome != NOTHING_FOUND
    for _ in range(12):
        if verdict.outcome == NOTHING_FOUND:
            return
        text = taken(text, verdict.rewrites[0])
        verdict = screen(Draft(text, draft.kind), sieve())
    raise AssertionError(text)


@pytest.mark.promise("F5")
def test_every_step_is_offered_once_with_words_for_a_button() -> None:
    for draft in STORIES:
        steps = screen(draft, sieve()).rewrites
        assert len({(one.start, one.end, one.words) for one in steps}) == len(steps) > 0
        assert all(one.label and one.label[0].isupper() for one in steps)


@pytest.mark.promise("F5")
def test_a_review_gets_the_same_reply_whatever_it_says() -> None:
    replies = {
        taken(text, screen(Draft(text, "reply"), sieve()).rewrites[0])
        for text in ("We have no record of you as a client.", "Thank you for coming in, we loved working with you.")
    }
    (reply,) = replies
    assert screen(Draft(reply, "reply"), sieve()).outcome == NOTHING_FOUND


def test_a_detail_that_is_left_out_leaves_no_space_behind() -> None:
    draft = Draft("A client slept through the night today.")
    for one in screen(draft, sieve()).rewrites:
        assert " ." not in taken(draft.text, one) and "  " not in taken(draft.text, one)


@given(st.lists(st.sampled_from(["A client told me today.", "See you Tuesday!", "Rest is work.", "🙂"]), max_size=5))
@settings(max_examples=25, deadline=None)
def test_steps_stay_inside_the_text(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for one in screen(Draft(text, "comment"), sieve()).rewrites:
        assert 0 <= one.start <= one.end <= len(text)
