"""Where cues stand: offsets of the text as written, work that grows as its length does, and what a moderator reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorframe.engines.content import loader
from doorframe.engines.content.detection import DIRECTIONS, TACTICS, DetectionContent
from doorframe.engines.detection import conversation, cues, examples
from doorframe.engines.detection.cues import Cues
from doorframe.engines.patterns import Pattern


@cache
def content() -> DetectionContent:
    return loader.load_detection()


@cache
def ready() -> Cues:
    return Cues(content())


def words(text: str, id: str) -> list[str]:
    """The words that one cue finds."""
    return [text[start:end] for found, _, start, end in ready().find(text) if found == id]


@pytest.mark.parametrize(
    ("text", "id", "found"),
    [
        ("That never happened.", "never-happened", ["That never happened"]),
        ("🙂🙂 that NEVER happened 👩‍👩‍👧 ok?", "never-happened", ["that NEVER happened"]),
        ("Sorry. 👍🏽 You’re making it up, hon", "making-it-up", ["making it up"]),
        ("𝐭𝐡𝐚𝐭 never happened", "never-happened", ["𝐭𝐡𝐚𝐭 never happened"]),
        ("that ne\u200bver ha\u00adppened", "never-happened", ["that ne\u200bver ha\u00adppened"]),
        ("that _never_ *happened*", "never-happened", ["that _never_ *happened"]),
        ("İ. that never happened", "never-happened", ["that never happened"]),
        ("that never happened\nno, that never happened", "never-happened", ["that never happened"] * 2),
        ("that never. happened", "never-happened", []),
        ("who, me? I slept. Me who?", "who-me", ["who, me"]),
        ("It's all in your head, love", "in-your-head", ["in your head"]),
        ("", "never-happened", []),
        ("…!?\n\n•", "never-happened", []),
    ],
)
def test_the_words_are_those_of_the_text(text: str, id: str, found: list[str]) -> None:
    assert words(text, id) == found


def test_a_cue_says_its_tactic_and_comes_in_the_order_of_the_text() -> None:
    text = "You owe me. Everyone agrees with me. That never happened."
    found = ready().find(text)
    assert [start for _, _, start, _ in found] == sorted(start for _, _, start, _ in found)
    assert {("you-owe", "guilt"), ("never-happened", "denial-of-events")} <= {one[:2] for one in found}


def test_what_is_spoken_without_a_full_stop_is_read_to_its_end() -> None:
    """Wherever the words stand in a long run, they are found once and at their place."""
    for before in (0, 1, 38, 39, 40, 41, 77, 78, 79, 80, 81, 119, 500):
        text = "um " * before + "that never happened " + "um " * 90
        assert words(text, "never-happened") == ["that never happened"], before


def test_the_middle_of_a_sentence_is_not_its_beginning() -> None:
    assert words("um " * 40 + "who me", "who-me") == []
    assert words("who me " + "um " * 40, "who-me") == ["who me"]


@given(st.text(alphabet=st.sampled_from("thane vrpdi.’'\u200b🙂\n_é\u0301İﷺ"), max_size=300), st.integers(0, 300))
@settings(max_examples=80, deadline=None)
def test_offsets_lie_within_the_text_whatever_stands_around(text: str, place: int) -> None:
    whole = f"{text[:place]}\nthat never happened\n{text[place:]}"
    found = ready().find(whole)
    assert all(0 <= start < end <= len(whole) for _, _, start, end in found)
    assert ("never-happened", "denial-of-events") in {one[:2] for one in found}


HOSTILE = {
    "one word": "you ",
    "begun and never ended": "if you leave kill ",
    "twice each": "nobody nobody ever ever understood understood me me like like ",
    "letters": "a",
    "signs": "!. ",
    "dots": ".",
    "unseen": "a\u200b",
    "long sign": "ﷺ",
    "quotes": "a'",
    "everything": "that never happened you owe me everyone thinks you ",
}


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The length of the words that each expression was tried on."""
    tried: list[int] = []
    find = Pattern.find

    def counted(self: Pattern, flat: str) -> re.Match[str] | None:
        tried.append(len(flat))
        return find(self, flat)

    monkeypatch.setattr(Pattern, "find", counted)
    yield tried


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_costs_work_that_grows_with_its_length(unit: str, work: list[int]) -> None:
    most = (cues.STRETCH + 1) * 41 * 18  # a stretch of the longest words, of signs that stand for eighteen
    counts = []
    for size in (20_000, 40_000):
        work.clear()
        ready().find((unit * size)[:size])
        assert all(one <= most for one in work), "no expression sees more than a stretch"
        counts.append(sum(work))
    patterns = sum(len(cue.patterns) for tactic in content().tactics.values() for cue in tactic.cues)
    assert counts[1] <= 2.2 * counts[0] + patterns * 100, "twice the text, twice the work"
    assert counts[1] <= 40_000 * 3 * patterns, "each word is looked at at most twice by each pattern"


def test_the_work_is_counted(work: list[int]) -> None:
    ready().find("if you leave kill " * 100)
    assert sum(work) > 1000


def test_why_is_of_the_tactics_that_are_told() -> None:
    said = ready().why
    guilt, threat = content().tactics["guilt"].why, content().tactics["threat"].why
    assert said(["guilt"], "towards") == guilt
    assert said(["guilt", "threat"], "towards") == f"{guilt} Or: {threat}"
    # Where nothing stands out no reason is given that there is not: what comes nearest is a title, said to be unsure.
    unclear = said(["unclear", "threat", "blame-shifting"], "towards")
    assert unclear.startswith(content().ask.unclear) and "“says what will happen if”, “lays it on the other”" in unclear
    assert said(["unclear"], "towards") == content().ask.unclear
    assert said([], "towards") == content().ask.unclear
    assert said(["not-ours"], "towards") == content().ask.unclear


@pytest.mark.parametrize("direction", [one for one in DIRECTIONS if one != "towards"])
def test_who_tells_of_harm_reads_nothing_of_a_tactic(direction: str) -> None:
    assert ready().why(["guilt"], direction) == (content().ask.directions or {})[direction]


def test_another_direction_is_an_error() -> None:
    with pytest.raises(KeyError):
        ready().why(["guilt"], "sideways")


def test_tactics_and_directions_are_those_of_the_detector() -> None:
    assert TACTICS == conversation.TACTICS
    assert DIRECTIONS == conversation.DIRECTIONS


def test_every_example_of_the_content_holds() -> None:
    assert [str(one) for one in examples.check(content())] == []
