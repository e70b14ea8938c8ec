"""From a draft to a verdict: outcomes, offsets, what clears, what no reader overrules, and laws that always hold."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorframe.adapters import second_reader
from doorframe.adapters.screener import with_everything
from doorframe.engines.content import loader
from doorframe.engines.screening import examples
from doorframe.engines.screening.combine import Combination, Weights, gravest, outcome
from doorframe.engines.screening.screen import Marked, Read, screen
from doorframe.engines.screening.sight import Sieve
from doorframe.engines.screening.verdict import (
    ASK,
    DO_NOT_POST,
    FAMILIES,
    NOTHING_FOUND,
    Authorisation,
    Draft,
    Finding,
    Reading,
)

RANK = (NOTHING_FOUND, ASK, DO_NOT_POST)


@cache
def sieve() -> Sieve:
    return Sieve(loader.load_screening())


@pytest.mark.promise("F3")
def test_every_example_of_the_content_holds() -> None:
    assert [str(problem) for problem in examples.check(sieve().rules)] == []


@pytest.mark.promise("F2")
def test_every_family_has_rules_with_examples() -> None:
    found = {rule.family for rule in sieve().rules.rules.values()}
    assert found == set(FAMILIES)


@pytest.mark.promise("F1")
@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("A client told me today that she finally slept through the night.", "post", DO_NOT_POST),
        ("We have no record of you as a client.", "reply", DO_NOT_POST),
        ("Sleep is where the day is put away.", "post", NOTHING_FOUND),
        ("", "post", NOTHING_FOUND),
        ("🙂", "caption", NOTHING_FOUND),
    ],
)
def test_outcomes(text: str, kind: str, expected: str) -> None:
    assert screen(Draft(text, kind), sieve()).outcome == expected


@pytest.mark.promise("F1")
def test_a_finding_says_the_words_the_reason_the_rule_and_the_clause() -> None:
    text = "🙂🙂 A client told me today that she finally slept."
    (first, *_) = screen(Draft(text, country="US"), sieve()).findings
    assert text[first.start : first.end] == first.text and "client" in first.text.lower()
    assert first.rule and first.why and first.family in FAMILIES and first.cites


def test_a_claim_of_anonymity_lowers_nothing() -> None:
    for claim in ("No names!", "Details changed.", "Shared with permission.", "Anonymous, of course."):
        bare = screen(Draft("A client told me today that she finally slept."), sieve())
        claimed = screen(Draft(f"A client told me today that she finally slept. {claim}"), sieve())
        assert RANK.index(claimed.outcome) >= RANK.index(bare.outcome), claim


@given(st.text(max_size=400))
@settings(max_examples=150)
def test_any_text_has_a_verdict_whose_places_are_in_it(text: str) -> None:
    verdict = screen(Draft(text, "reply"), sieve())
    for one in verdict.findings:
        assert text[one.start : one.end] == one.text
    for step in verdict.rewrites:
        assert 0 <= step.start <= step.end <= len(text)


@pytest.mark.parametrize(
    "unit", ["client ", "my ", "a client told me ", "!", "\u202e", "c.", "#a", "(" * 9, "\x00", "é"]
)
def test_a_huge_text_is_judged(unit: str) -> None:
    text = (unit * 40_000)[:40_000]
    assert screen(Draft(text), sieve()).outcome in RANK


# The second reader beside the rules

BY = Combination(
    Weights(-1.0, {"reader": 1.0, "asks": 1.0, "stops": 2.0}), Weights(-2.0, {"grave": 1.0, "asks": 0.5, "stops": 3.0}),
    ask=0.5, stop=0.7,
)  # fmt: skip


def found(rule: str, result: str) -> Finding:
    return Finding(rule, "case-story", 0, 1, "a", result, "why")


@pytest.mark.parametrize(
    ("findings", "unsafe", "grave", "expected"),
    [
        ([], 0.70, 0.99, NOTHING_FOUND),
        ([], 0.75, 0.99, ASK),  # what it alone finds a person decides
        ([found("soft", DO_NOT_POST)], 0.9, 0.5, DO_NOT_POST),
        ([found("soft", DO_NOT_POST)], 0.3, 0.1, ASK),
        ([found("soft", DO_NOT_POST)], 0.1, 0.0, NOTHING_FOUND),
        ([found("firm", DO_NOT_POST)], 0.0, 0.0, DO_NOT_POST),
        ([found("soft", ASK)], 0.1, 0.0, NOTHING_FOUND),
        ([found("firm", ASK)], 0.1, 0.0, ASK),
        ([found("soft", ASK)], 0.95, 0.95, DO_NOT_POST),
    ],
)
def test_rules_and_reader_together(findings: list[Finding], unsafe: float, grave: float, expected: str) -> None:
    assert outcome(findings, frozenset({"firm"}), Reading(unsafe, grave), BY) == expected
    assert outcome(findings, frozenset({"firm"}), None, BY) == gravest(findings)


def test_an_answer_that_surely_confirms_must_not_go_out() -> None:
    """What a rule stops in a reply is read by the one it names as a client: no matter of degree, once that is sure."""
    stops, sure = [found("soft", DO_NOT_POST)], Reading(0.9999, 0.1)
    assert outcome(stops, frozenset(), sure, BY) == ASK
    assert outcome(stops, frozenset(), sure, BY, answers=True) == DO_NOT_POST
    assert outcome(stops, frozenset(), Reading(0.6, 0.1), BY, answers=True) == ASK
    assert outcome([found("soft", ASK)], frozenset(), sure, BY, answers=True) == ASK


@pytest.mark.parametrize("kind", ["reply", "comment"])
@pytest.mark.parametrize(
    "text", ["Thank you for coming in, glad the sessions helped.", "Thanks for your kind words, see you Tuesday."]
)
def test_a_plain_answer_of_thanks_must_not_go_out(text: str, kind: str) -> None:
    assert with_everything(loader.load_screening()).screen(Draft(text, kind)).outcome == DO_NOT_POST


def shipped() -> Combination:
    reader = second_reader.load()
    assert reader is not None
    return reader.combination


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.booleans(), st.booleans(), st.booleans())
def test_a_reader_that_minds_more_never_makes_it_milder(
    low: float, high: float, grave: float, known: bool, few: bool, answers: bool
) -> None:
    low, high = sorted((low, high))
    for findings in ([], [found("soft", ASK)], [found("soft", DO_NOT_POST)], [found("firm", DO_NOT_POST)]):
        mild, stern = (
            outcome(
                findings, frozenset({"firm"}), Reading(one, grave), shipped(), known=known, few=few, answers=answers
            )
            for one in (low, high)
        )
        assert RANK.index(mild) <= RANK.index(stern)


@given(st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_a_finding_more_never_makes_it_milder(unsafe: float, grave: float, answers: bool) -> None:
    steps = [
        [], [found("soft", ASK)], [found("soft", DO_NOT_POST)], [found("soft", ASK), found("other", DO_NOT_POST)],
        [found("soft", ASK), found("other", DO_NOT_POST), found("third", DO_NOT_POST)],
    ]  # fmt: skip
    ranks = [RANK.index(outcome(one, frozenset(), Reading(unsafe, grave), shipped(), answers=answers)) for one in steps]
    assert ranks == sorted(ranks)


def test_what_the_reader_alone_finds_shows_the_words_that_moved_it() -> None:
    text = "The small one with the dinosaurs was brave."
    read = Read(reading=Reading(0.99, 0.99, {}, ((0, 33, "case-story"),)), reader="a reader")
    verdict = screen(Draft(text), sieve(), read)
    assert verdict.outcome == ASK
    assert [(one.rule, one.text) for one in verdict.findings] == [("second-reader", text[:33])]


# Authorisation

STORY = "A client told me today that she finally slept through the night."


@pytest.mark.promise("F6")
def test_a_story_with_a_written_authorisation_is_for_a_person_and_never_passes() -> None:
    bare = screen(Draft(STORY), sieve())
    allowed = screen(Draft(STORY), sieve(), authorisation=Authorisation("A-7", current=True))
    assert (bare.outcome, allowed.outcome) == (DO_NOT_POST, ASK)
    assert allowed.self_risk == "high"


@pytest.mark.promise("F6")
def test_an_authorisation_clears_nothing_else() -> None:
    reply = Draft("We have no record of you as a client.", "reply")
    assert screen(reply, sieve(), authorisation=Authorisation("A-7", current=False)).outcome == DO_NOT_POST


# Names


@pytest.mark.promise("F3")
def test_the_practices_own_names_are_nobodys() -> None:
    from doorframe.engines.screening.verdict import Profile

    text = "Harbour Lane sees clients again from Monday."
    read = Read(marked=(Marked("organisation", 0, 12),))
    own = screen(Draft(text), sieve(), read, profile=Profile(("harbour lane",)))
    assert not [one for one in own.findings if one.family == "identifier"]


# Clauses


def cited(country: str, region: str = "", text: str = STORY) -> set[str]:
    found = screen(Draft(text, country=country, region=region), sieve()).findings
    return {ref.partition("/")[0] for one in found for ref in one.cites}


@pytest.mark.promise("F8")
@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("US", {"hipaa", "apa-2017", "nasw-2021"}),
        ("UK", {"uk-gdpr", "hcpc-2024"}),
        ("IE", {"eu-gdpr", "iacp"}),
        ("CA", {"ccpa-2020"}),
        ("AU", {"ahpra-social-media"}),
        ("NZ", {"good-practice"}),
    ],
)
def test_only_the_clauses_of_the_country_are_cited_and_good_practice_where_it_has_none(
    country: str, expected: set[str]
) -> None:
    assert cited(country) == expected
    assert cited(country) - {"good-practice"} < cited("")


@pytest.mark.promise("F8")
def test_a_provinces_college_is_cited_there_and_where_the_province_is_not_known() -> None:
    asked = "If I have helped you, please leave me a review on Google."
    assert "crpo-2024" in cited("CA", "ON", asked) and "crpo-2024" in cited("CA", "", asked)
    assert "crpo-2024" not in cited("CA", "BC", asked) and "crpo-2024" not in cited("US", "TX", asked)
    assert cited("UK", "", asked) == {"good-practice"}


def test_the_neutral_reply_thanks_nobody() -> None:
    assert "thank" not in sieve().rules.replacements["reply"].lower()


# Whom it is about


@pytest.mark.promise("F3")
@pytest.mark.parametrize(
    ("told", "turned_out"),
    [
        ("A man told me today that he was tired.", "He was my father, and he wanted tea."),
        ("My 4 o'clock looked at me today and then he cried.", "The vet says he will be fine."),
    ],
)
def test_a_story_that_turns_out_to_be_nobodys_passes(told: str, turned_out: str) -> None:
    assert screen(Draft(told), sieve()).outcome == DO_NOT_POST
    assert screen(Draft(f"{told} {turned_out}"), sieve()).outcome == NOTHING_FOUND


@pytest.mark.promise("F2")
def test_somebody_by_their_first_name_who_did_not_come_is_seen_and_a_colleague_is_not() -> None:
    from doorframe.engines.screening.verdict import Profile

    draft = Draft("Anna cancelled her 4 pm session.")
    assert screen(draft, sieve()).outcome == DO_NOT_POST
    assert screen(draft, sieve(), profile=Profile(("Anna",))).outcome == NOTHING_FOUND


def test_a_row_of_stars_is_heard() -> None:
    assert screen(Draft("⭐⭐⭐⭐⭐ Finally someone who gets it. Two spots left."), sieve()).outcome == ASK
    assert screen(Draft("⭐ Finally a free evening. Two spots left."), sieve()).outcome == NOTHING_FOUND


# Identifiers


def read_of(text: str) -> Read:
    from doorframe.engines.screening import identifiers

    return Read(marked=tuple(Marked(one.kind, one.start, one.end) for one in identifiers.find(text)))


@pytest.mark.promise("F2")
@pytest.mark.parametrize(
    "text",
    [
        "MRN 4471123",
        "Whose is it? Number plate AB12 CDE, in our yard.",
        "Policy number 99881223 again.",
        "Policy 99881223 again.",
        "🙂 NHS number 943 476 5919.",
    ],
)
def test_a_number_that_is_one_persons_needs_no_word_beside_it(text: str) -> None:
    found = screen(Draft(text), sieve(), read_of(text)).findings
    assert [one.family for one in found] == ["identifier"]
    assert text[found[0].start : found[0].end] == found[0].text


@pytest.mark.promise("F3")
@pytest.mark.parametrize(
    "text", ["Our NPI number is 1245319599.", "Ring 01632 960123 or write to hello@example.com.", "Call or text 988."]
)
def test_a_practices_own_numbers_pass(text: str) -> None:
    assert screen(Draft(text), sieve(), read_of(text)).outcome == NOTHING_FOUND


@pytest.mark.promise("F2")
def test_an_identifier_counts_beside_the_sentence_that_speaks_of_treatment() -> None:
    said = "Sold the boat to a client of mine."
    near, far = f"{said} He is 93 years old.", f"{said} It is a good boat. It sails. My uncle is 93 years old."
    assert [one.text for one in screen(Draft(near), sieve(), read_of(near)).findings if one.family == "identifier"]
    assert not [one for one in screen(Draft(far), sieve(), read_of(far)).findings if one.family == "identifier"]
