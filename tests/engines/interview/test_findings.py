"""What stands between a draft and publishing: gaps, marks of a template, and answers that cannot stand together."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings

from doorframe.engines.content.conditions import ALWAYS
from doorframe.engines.content.schema import Contradiction
from doorframe.engines.interview.findings import example_problems, findings, triggered
from tests.engines.practices import (
    ACCOUNTS,
    COUNTRIES,
    PROFESSIONS,
    basics,
    choice_answers,
    legal_answers,
    pack,
    profiles,
    wide,
)


def ids(answers: dict[str, object], kind: str = "", register: list[dict[str, str]] | None = None) -> list[str]:
    found = findings(pack(), answers, register)
    return [finding.id for finding in found if kind in {"", finding.kind}]


# Gaps


@pytest.mark.promise("A8")
def test_an_empty_draft_names_every_gap() -> None:
    gaps = ids({}, "gap")
    assert {"country", "profession", "practice_name", "therapist_name", "phone"} <= set(gaps)
    assert all(finding.blocks for finding in findings(pack(), {}) if finding.kind == "gap")


@pytest.mark.promise("A8")
@pytest.mark.parametrize(
    ("field", "gap"),
    [
        ("phone", None),  # there is an e-mail address
        ("practice_name", "practice_name"),
        ("therapist_name", "therapist_name"),
        ("country", "country"),
    ],
)
def test_each_gap_is_named_with_the_screen_that_mends_it(field: str, gap: str | None) -> None:
    answers = basics()
    del answers[field]
    found = [finding for finding in findings(pack(), answers) if finding.kind == "gap" and finding.id == field]
    assert [finding.id for finding in found] == ([gap] if gap else [])
    for finding in found:
        assert finding.screens == (pack().screen_of[field].id,)
        assert finding.why


@pytest.mark.promise("A8")
def test_a_list_that_was_emptied_is_a_gap() -> None:
    assert ids({**basics(), "clients": []}, "gap") == ["clients"]


@pytest.mark.promise("A8")
def test_no_way_to_reach_the_practice_is_a_gap() -> None:
    answers = basics()
    del answers["phone"], answers["email"]
    assert "phone" in ids(answers, "gap")


@pytest.mark.promise("A8")
def test_no_crisis_route_is_a_gap() -> None:
    assert {"emergency_number", "crisis_lines"} <= set(ids({**basics(), "country": "other"}, "gap"))
    assert "crisis_lines" in ids({**basics(), "crisis_lines": []}, "gap")
    assert ids(basics("other"), "gap") == []


@pytest.mark.promise("A8")
def test_a_complete_practice_can_publish_whatever_its_profile() -> None:
    for answers in profiles():
        blocking = [finding for finding in findings(pack(), answers) if finding.blocks]
        assert blocking == [], (answers["country"], answers["profession"], answers["practice"])


# Marks of a template

LEFT = [
    "[practice name]", "{phone}", "<your name>", "____", "xxx", "TBC", "t.b.a.", "TODO", "Lorem ipsum dolor",
    "Insert name here", "your address", "name here", "[  ]", "XXXX", "None", " n/a ", "N/A.", "not applicable",
    "Your practice name", "Your name", "your practice", "Your full name", "Your name, with title", "Practice name",
]  # fmt: skip
FINE = [
    "Six × six", "Maxx Xu", "I enter your name in my diary", "x-ray", "Tobacco", "5 < 6",
    "Your practice name is on the door", "Todd", "an _underlined_ word", "TBCA Ltd", "Harbour {",
    "Yournam", "None of this is urgent.", "Nonesuch Therapy", "Your Practice of Mindfulness", "Your name is safe here",
    "Naomi Name", "Your practiced ear", "N. A. Stone",
]  # fmt: skip


@pytest.mark.promise("A8")
@pytest.mark.parametrize("words", LEFT)
def test_a_mark_that_was_left_behind_blocks(words: str) -> None:
    found = [f for f in findings(pack(), {**basics(), "crisis_own": words}) if f.kind == "placeholder"]
    assert [(f.id, f.blocks, f.screens) for f in found] == [("crisis_own", True, ("crisis",))]
    assert found[0].words and found[0].words in words


@pytest.mark.parametrize("words", FINE)
def test_ordinary_words_are_no_marks(words: str) -> None:
    assert ids({**basics(), "crisis_own": words}, "placeholder") == []


def test_marks_are_looked_for_in_lists_too() -> None:
    row = {**ACCOUNTS[0], "purpose": "[purpose]"}
    assert ids({**basics(), "accounts": [row]}, "placeholder") == ["accounts"]


# Contradictions

NAMED = [
    # answers on top of a complete practice, contradiction
    ({"platforms_not_used": ["instagram"], "accounts": [dict(ACCOUNTS[0])]}, "not-used-but-listed-instagram"),
    ({"friending": "decline", "friending_reason": "I do accept friend requests because they blur the frame."},
     "friending-decline-but-accept"),
    ({"acknowledgement_exception": "You must sign before the first session."}, "signing-as-condition"),
    ({"board_exception": "Please don’t complain online."}, "complaint-held-back"),
    ({"updates_exception": "This policy may change without\nnotice."}, "change-without-notice"),
    ({"country": "UK", "region": "US-TX"}, "region-does-not-fit"),
    ({"crisis_own": "If you are in crisis, message me on Instagram."}, "crisis-sent-to-messages"),
    ({"crisis_own": "DM me if it’s urgent"}, "crisis-sent-to-messages"),
    ({"sms": "never", "after_hours_exception": "To reschedule, text 555 0100."}, "sms-never-but-text-me"),
    ({"sms": "appointments-only", "sms_exception": "I do not text with clients."}, "sms-allowed-but-own-words-refuse"),
    ({"accounts": [dict(ACCOUNTS[0])], "friending_reason": "I don’t use Instagram."},
     "listed-but-own-words-deny-instagram"),
    ({"searching": "never", "searching_exception": "I look new clients up."}, "no-searching-but-exception-searches"),
    ({"friending": "decline", "friending_exception": "I accept friend requests from clients."},
     "friending-decline-but-exception-accepts"),
    ({"recording": "never", "recording_exception": "I record every session."},
     "recording-never-but-own-words-record"),
    ({"ai_tools": "none", "ai_tools_exception": "My note-taking app listens."}, "ai-none-but-in-words"),
    ({"reviews_reason": "Please leave a review on Google."}, "not-asking-but-own-words-ask"),
]  # fmt: skip


@pytest.mark.promise("A6")
@pytest.mark.parametrize(("answers", "id"), NAMED, ids=[id for _, id in NAMED])
def test_what_cannot_stand_together_is_named(answers: dict[str, object], id: str) -> None:
    assert id in ids({**basics(), **answers}, "contradiction")
    assert id not in ids(basics())


@pytest.mark.promise("A6")
@pytest.mark.parametrize("words", ["text me to reschedule", "Text to reschedule", "send a text if you are late"])
def test_no_texts_with_a_text_to_reschedule_is_named(words: str) -> None:
    answers = {**basics(), "sms": "never", "phone_use": f"appointments; {words}"}
    found = [f for f in findings(pack(), answers) if f.kind == "contradiction" and "texting" in f.screens]
    assert found and found[0].words.casefold() in words.casefold()
    assert not [f for f in findings(pack(), {**answers, "sms": "appointments-only"}) if "texting" in f.screens]


@pytest.mark.promise("A6")
def test_every_example_of_every_contradiction_holds() -> None:
    assert example_problems(pack()) == []
    assert all(rule.matches and rule.passes for rule in pack().contradictions)


def _rule(*says: str, field: str = "crisis_own") -> Contradiction:
    return Contradiction("r", "No.", "", ("crisis",), ALWAYS, says=says, fields=(field,))


SAID = [
    # own words, phrase, whether they affirm it
    ("I may check your social media", "check your social media", True),
    ("I do not check your social media", "check your social media", False),
    ("I don't check your social media", "check your social media", False),
    ("I don’t check your social media", "check your social media", False),
    ("I wouldn’t check your social media", "check your social media", False),
    ("Nobody will check your social media", "check your social media", False),
    ("Rather than check your social media, I ask you", "check your social media", False),
    ("I do not call, but I may check your social media", "check your social media", True),
    ("I do not call. I check your social media", "check your social media", True),
    ("I do not call; check your social media", "check your social media", True),
    ("If I cannot reach you, I may check your social media", "check your social media", True),
    ("If I cannot reach you, we check your social media", "check your social media", True),
    ("If you do not answer, you should check your social media", "check your social media", True),
    ("Please do not call, text or e-mail", "text", False),
    ("Please do not call, text or e-mail", "e-mail", False),
    ("No calls, texts or e-mails", "texts", False),
    ("CHECK YOUR SOCIAL MEDIA", "check your social media", True),
    ("I check your  social\nmedia", "check your social media", True),
    ("I recheck your social mediation", "check your social media", False),
    ("You’re welcome", "you're welcome", True),
    ("You're welcome", "you’re welcome", True),
]


@pytest.mark.promise("A6")
@pytest.mark.parametrize(("text", "phrase", "affirmed"), SAID, ids=[f"{s[0]} / {s[1]}" for s in SAID])
def test_own_words_are_read_with_their_denials(text: str, phrase: str, affirmed: bool) -> None:
    said = triggered(pack(), _rule(phrase), {"crisis_own": text})
    assert (said is not None) is affirmed
    assert not said or said in text, "the words are shown as they were written"


def test_a_later_mention_counts_where_an_earlier_one_is_denied() -> None:
    text = "I do not text about feelings. You may text about times."
    assert triggered(pack(), _rule("text"), {"crisis_own": text}) == "text"


def test_a_web_address_is_read_where_a_rule_names_it() -> None:
    facts = {"website": "https://reviews.example.org/us"}
    assert triggered(pack(), _rule("reviews", field="website"), facts) == "reviews"
    assert triggered(pack(), _rule("reviews", field="*"), facts) is None


@given(legal_answers(most=30))
@settings(max_examples=60)
def test_any_answers_give_findings_that_a_person_can_act_on(answers: dict[str, object]) -> None:
    found = findings(pack(), answers)
    assert found == findings(pack(), answers)
    assert [finding.blocks for finding in found] == sorted((f.blocks for f in found), reverse=True)
    for finding in found:
        assert finding.message and finding.screens
        assert set(finding.screens) <= set(pack().screen)


@given(choice_answers())
@settings(max_examples=30)
def test_the_order_of_the_answers_does_not_matter(answers: dict[str, object]) -> None:
    shuffled = dict(sorted(answers.items(), reverse=True))
    assert findings(pack(), answers) == findings(pack(), shuffled)


# The account register


def _row(platform: str, handle: str, kind: str = "professional") -> dict[str, str]:
    return {"platform": platform, "handle": handle, "kind": kind, "purpose": ""}


REGISTER = [
    # accounts in the answers, accounts in the register, findings
    ([_row("instagram", "@Harbour")], [_row("instagram", "harbour ")], []),
    ([], [], []),
    ([], [_row("instagram", "@harbour")], ["register-not-in-policy"]),
    ([_row("instagram", "@harbour")], [], ["policy-not-in-register"]),
    ([_row("instagram", "@harbour")], [_row("x", "@harbour")], ["register-not-in-policy", "policy-not-in-register"]),
    ([], [_row("facebook", "me", "personal")], []),
    ([_row("facebook", "me", "personal")], [], []),
    ([_row("facebook", "me", "personal")], [_row("facebook", "me")], ["register-not-in-policy"]),
    ([_row("reddit", "quiet", "pseudonymous")], [_row("reddit", "quiet", "pseudonymous")], []),
]


@pytest.mark.promise("A6")
@pytest.mark.parametrize(("accounts", "register", "expected"), REGISTER)
def test_the_answers_are_held_against_the_register(
    accounts: list[dict[str, str]], register: list[dict[str, str]], expected: list[str]
) -> None:
    assert ids({**basics(), "accounts": accounts}, "register", register) == expected


def test_without_a_register_nothing_is_held_against_it() -> None:
    assert ids({**basics(), "accounts": [dict(ACCOUNTS[0])]}, "register") == []


def test_what_blocks_comes_first() -> None:
    register = [_row("x", "other")]
    found = findings(pack(), {**basics(), "accounts": [dict(ACCOUNTS[0])]}, register)
    assert [f.blocks for f in found if f.kind == "register"] == [True, False]


def test_a_practice_with_everything_meets_its_screens_once() -> None:
    """A wide practice on its usual answers contradicts itself nowhere, wherever it is."""
    for country, profession in itertools.product(COUNTRIES, PROFESSIONS):
        answers = wide("group", country, profession)
        found = [f for f in findings(pack(), answers) if f.blocks]
        assert found == [], (country, profession)


@pytest.mark.promise("A6")
def test_no_instagram_with_an_instagram_account_in_the_register_is_named() -> None:
    answers = {**basics(), "platforms_not_used": ["instagram"]}
    register = [_row("instagram", "private me", "personal")]
    found = [f for f in findings(pack(), answers, register) if f.id == "register-denied"]
    assert [(f.kind, f.blocks, f.screens) for f in found] == [("register", True, ("accounts",))]
    assert "Instagram" in found[0].message
    assert "register-denied" not in ids(answers, "register", [_row("x", "@harbour")])
