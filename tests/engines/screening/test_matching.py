"""The quick matcher finds what the regular expressions of `engines.patterns` find, at a cost that grows in a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.content import loader
from doorframe.engines.content.screening import ScreeningRules, Sign
from doorframe.engines.patterns import Vocabulary, pattern
from doorframe.engines.screening import matching, screen, sight
from doorframe.engines.screening.lines import lines
from doorframe.engines.screening.matching import Matcher, Sought, Span
from doorframe.engines.screening.verdict import KINDS, Draft

DEVELOPMENT = Path(__file__).parents[2] / "evaluation" / "screening" / "development"
EVERY = 8
"""One pattern in so many is tried on a sentence; each is tried on some, and each sentence by some."""

SENTENCES = 40
"""Sentences of each writer."""


@cache
def rules() -> ScreeningRules:
    return loader.load_screening()


def patterns_of(known: ScreeningRules) -> list[str]:
    """Every pattern of the content once, and every word class as a pattern."""
    found = [
        one
        for rule in known.rules.values()
        for sign in rule.signs
        for one in (*sign.cues, *sign.bars, *sign.near, *sign.unless)
    ]
    found += [one for detail in known.details for one in (*detail.cues, *detail.bars)]
    found += [one for clearing in known.clearings for one in (*clearing.cues, *clearing.bars)]
    return list(dict.fromkeys([*found, *(f"<{name}>" for name in known.classes)]))


def sentences() -> Iterator[tuple[str, ...]]:
    for path in sorted(DEVELOPMENT.glob("*.jsonl")):
        rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        words = [line.words for row in rows for line in lines(row["text"])]
        yield from words[:: max(1, len(words) // SENTENCES)][:SENTENCES]


def by_expression(source: str, classes: Vocabulary, words: tuple[str, ...]) -> Span | None:
    """The words that the regular expressions find."""
    flat = f" {' '.join(words)} "
    found = pattern(source, classes).find(flat)
    if found is None:
        return None
    first = flat[: found.start()].count(" ")
    return first, first + found.group().count(" ")


def by_matcher(source: str, classes: Vocabulary, words: tuple[str, ...]) -> Span | None:
    matcher = Matcher(classes)
    sought = matcher.add(source)
    matcher.ready()
    return matcher.read(words).find(sought)


def test_the_content_means_the_same_to_both() -> None:
    known = rules()
    matcher = Matcher(known.classes)
    sought: list[tuple[str, Sought]] = [(one, matcher.add(one)) for one in patterns_of(known)]
    matcher.ready()
    tried = found = 0
    differ = []
    for place, words in enumerate(sentences()):
        sentence = matcher.read(words)
        for source, one in sought[place % EVERY :: EVERY]:
            expected = by_expression(source, known.classes, words)
            tried, found = tried + 1, found + (expected is not None)
            if sentence.find(one) != expected:
                differ.append((source, words, expected))
    assert differ == []
    assert tried > 50_000
    assert found > 500


CLASSES = Vocabulary(
    {
        "person": ["she|he", "my friend|friends", "one+of+us"],
        "told": ["told|said", "was told?", "^go", "a .. b"],
        "both": ["<person> <told>", "<told>|x*", "no? .. a+b"],
        "loose": ["a? .. b", "<both>|c"],
    }
)


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("client", "a client came", (1, 2)),
        ("client", "the client's chair", (1, 2)),
        ("client", "my clients came", None),
        ("client*", "my clients came", (1, 2)),
        ("client*|clients came", "my clients came", (1, 3)),
        ("e-mail", "an e mail", (1, 3)),
        ("e-mail", "an email", (1, 2)),
        ("e-mail*", "two e mailed", (1, 3)),
        ("back-to-back", "all back to back now", (1, 4)),
        ("back-to-back", "all backto back now", (1, 3)),
        ("back-to-back", "all back tob", None),
        ("go+to|visit hospital", "we go to hospital", (1, 4)),
        ("go+to|visit hospital", "we go hospital", None),
        ("a .. b", "a one two three four b", (0, 6)),
        ("a .. b", "a one two three four five b", None),
        ("a .. b", "a b b", (0, 2)),
        ("a .. b|b+c", "a b c", (0, 2)),
        ("a|a+b c", "a b c", (0, 3)),
        ("the? nearest", "at the nearest", (1, 3)),
        ("nearest one?", "the nearest one", (1, 3)),
        ("^go", "go now", (0, 1)),
        ("^go", "now go", None),
        ("a && b", "b a", (1, 2)),
        ("a && !b", "a c", (0, 1)),
        ("a && !b", "b a", None),
        ("google\\+", "on google+ now", (1, 2)),
        ("google\\+", "on google now", None),
        ("5-star", "a 5 star review", (1, 3)),
        ("*", "any", (0, 1)),
        ("a *", "a", None),
        ("a *|b", "a c", (0, 2)),
        ("<person> .. <told>", "one of us then said", (0, 5)),
        ("<told> x", "now go x", None),
        ("<told> x", "go x", (0, 2)),
        ("<loose> c", "z z b c", (0, 4)),
        ("y/o", "y o", None),
    ],
)
def test_what_a_pattern_finds(source: str, text: str, expected: Span | None) -> None:
    words = tuple(text.split())
    assert by_matcher(source, CLASSES, words) == expected
    assert by_expression(source, CLASSES, words) == expected


_BRANCHES = st.sampled_from(
    ["a", "b", "c", "ab", "a*", "b*", "a+b", "b*+c", "a-b", "a-b-c", "a-b*", "b+a-c", "<person>", "<told>", "<both>",
     "<loose>", "she", "friend", "*"]
)  # fmt: skip
_TOKENS = st.lists(_BRANCHES, min_size=1, max_size=3).map("|".join)
_WORDS = st.lists(
    st.sampled_from(["a", "b", "c", "ab", "abc", "a's", "b's", "ac", "she", "my", "friend", "told", "was", "go", "x1",
                     "one", "of", "us", "no", "zz"]),
    min_size=1,
    max_size=12,
)  # fmt: skip


@st.composite
def _rows(draw: st.DrawFn) -> str:
    tokens = [draw(_TOKENS)]
    for _ in range(draw(st.integers(0, 3))):
        gap = draw(st.sampled_from(["", "", "..", "...", "....", ".. .."]))
        tokens += [gap] if gap else []
        tokens.append(draw(_TOKENS) + draw(st.sampled_from(["", "", "?"])))
    before = draw(st.sampled_from(["", "", "^", "c? ", "she? .. "]))
    return before + " ".join(tokens)


@given(st.lists(_rows(), min_size=1, max_size=3), st.lists(_rows(), max_size=1), _WORDS)
def test_any_pattern_means_the_same_to_both(finds: list[str], bars: list[str], words: list[str]) -> None:
    source = " && ".join([*finds, *(f"!{bar}" for bar in bars)])
    assert by_matcher(source, CLASSES, tuple(words)) == by_expression(source, CLASSES, tuple(words))


def _asked(monkeypatch: pytest.MonkeyPatch, source: str, words: tuple[str, ...]) -> int:
    """How often elements are asked what stands at a word."""
    asked = 0
    ends = matching.Element.ends

    def counted(self: matching.Element, sentence: matching.Sentence, at: int) -> object:
        nonlocal asked
        asked += 1
        return ends(self, sentence, at)

    with monkeypatch.context() as patch:
        patch.setattr(matching.Element, "ends", counted)
        assert by_matcher(source, CLASSES, words) is None
    return asked


@pytest.mark.parametrize(
    ("source", "words", "last"),
    [
        ("a .... a .... a .... q", ("a", "z"), "q"),
        ("<loose> .... <loose> .... q", ("a", "b", "c"), "q"),
        ("a*|a+a|<both> ... a? ... a? ... q", ("a", "no"), "q"),
    ],
)
def test_ten_times_the_words_cost_ten_times_as_much(
    monkeypatch: pytest.MonkeyPatch, source: str, words: tuple[str, ...], last: str
) -> None:
    # So far apart that nothing is found, so that every way is tried; yet the quick first look lets it through.
    short = (*words * 40, *("z",) * 200, last)
    long = (*words * 400, *("z",) * 200, last)
    few, many = _asked(monkeypatch, source, short), _asked(monkeypatch, source, long)
    assert few > len(words) * 40
    assert many < 15 * few


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_WORDS", 50)
    matcher = Matcher(CLASSES)
    sought = matcher.add("<person> .. x*")
    matcher.ready()
    for number in range(500):
        sentence = matcher.read(("she", f"x{number}", f"q{number}"))
        assert sentence.find(sought) == (0, 2)
        assert len(matcher._words) <= 50
    sieve = sight.Sieve(rules())
    monkeypatch.setattr(sight, "_MOST_PLACES", 5)
    for number in range(20):
        sieve.look(Draft("A quiet day.", country=f"R{number}"))
    assert len(sieve._known) == 1
    for kind in KINDS:
        for region in ("ON", "TX"):
            sieve.look(Draft("A quiet day.", kind, region=region))
            assert 1 <= len(sieve._known) <= 5


def test_signs_for_elsewhere_are_not_looked_for() -> None:
    sieve = sight.Sieve(rules())
    for rule in rules().rules.values():
        for example in rule.matches:
            draft = Draft(example.text, example.kind, country=example.country, region=example.region)
            for one in sieve.look(draft)[1]:
                of = one.cue.of
                assert not isinstance(of, tuple) or sight.holds(draft, of[1])


@pytest.mark.parametrize(
    ("region", "where", "expected"),
    [
        ("ON", {"region": ("ON",)}, True),
        ("CA-ON", {"region": ("ON",)}, True),
        ("ON", {"region": ("CA-ON",)}, True),
        ("CA", {"region": ("CA-ON",)}, False),
        ("US-TX", {"region": ("ON",)}, False),
        ("", {"region": ("ON",)}, True),  # nobody said which region: the strictest holds
        ("", {"country": ("CA",), "region": ("ON",)}, False),
        ("CA-ON", {"region": ("ON",), "kind": ("reply",)}, False),
        ("CA-ON", {"not_kind": ("post",)}, False),
        ("", {}, True),
    ],
)
def test_a_region_is_known_by_its_last_part(region: str, where: dict[str, tuple[str, ...]], expected: bool) -> None:
    sign = Sign(("a",), (), (), (), "", "", (), where)
    assert sight.holds(Draft("a", region=region), sign) is expected


def test_details_are_looked_for_only_where_a_story_is_told() -> None:
    sieve = sight.Sieve(rules())
    _, told = sieve.look(Draft("A client told me today that she finally slept."))
    _, plain = sieve.look(Draft("We are open today at four."))
    assert any(not isinstance(one.cue.of, tuple) for one in told)
    assert plain == []
    assert screen.screen(Draft("We are open today at four."), sieve).findings == ()
