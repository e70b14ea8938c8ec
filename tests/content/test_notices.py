"""Short notices and replies: they fit where they go, and none of them tells who is a client."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from doorframe.engines.assembly import document as d
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.assembly.words import Words
from doorframe.engines.content.conditions import holds
from doorframe.engines.content.schema import Notice
from doorframe.engines.interview.facts import resolve
from tests.engines.practices import COUNTRIES, basics, pack

LONG_NAME = "Harbour Lane Counselling Group"
"""Thirty letters, as long as the names of practices mostly are."""


def practice(country: str, **more: object) -> dict[str, object]:
    """A practice with an account everywhere, so that every notice applies to somebody."""
    answers = basics(country)
    answers["practice_name"] = LONG_NAME
    answers["accounts"] = [
        {"platform": platform.id, "handle": "@harbour", "kind": "professional", "purpose": "news"}
        for platform in pack().platforms
    ]
    answers["publishes"] = [option.id for option in pack().fields["publishes"].options]
    return {**answers, **more}


VARIANTS: tuple[dict[str, object], ...] = (
    {},
    {"practice": "group"},
    {"dm": "contact-routes", "friending_happens": "reply-neutral", "reviews": "neutral-notice"},
    {"dm": "appointments", "dm_app": "Facebook Messenger", "moderation": "open"},
    {"phone": "", "dm": "contact-routes", "friending_happens": "reply-neutral", "reviews": "neutral-notice"},
    {"moderation": "closed", "emailing": "practical-only", "phone": ""},
    {"moderation": "moderated"},
    {"profession": "psychologist"},
    {"after_hours": "may-look"},
    {"accounts": [], "website": "https://harbourlane.example"},
)


def texts() -> Iterator[tuple[Notice, dict[str, object], str]]:
    """Every notice as it reads for the practices to which it applies."""
    for country in COUNTRIES:
        for variant in VARIANTS:
            answers = {key: value for key, value in practice(country, **variant).items() if value != ""}
            facts = resolve(pack(), answers)
            words = Words(pack(), facts, "2026-11-21")
            for notice in pack().notices:
                if holds(notice.when, facts):
                    lines = (words.sentence(line) for line in notice.text.strip().splitlines() if line.strip())
                    yield notice, answers, " ".join(line for line in lines if line)


@pytest.mark.promise("B1")
def test_every_notice_is_for_somebody() -> None:
    assert {notice.id for notice, _, _ in texts()} == {notice.id for notice in pack().notices}


@pytest.mark.promise("B1")
def test_a_notice_fits_where_it_goes() -> None:
    for notice, answers, text in texts():
        assert text
        if notice.limit:
            assert len(text) <= notice.limit, f"{notice.id} for {answers['country']}: {len(text)}: {text}"


def test_the_limits_are_those_of_the_platforms() -> None:
    for platform in pack().platforms:
        notice = next((item for item in pack().notices if item.id == f"profile-{platform.id}"), None)
        if notice is not None:
            assert notice.limit == platform.profile_limit, platform.id


def test_a_name_that_is_too_long_is_seen() -> None:
    answers = practice("US", practice_name="The Very Long Name of a Practice " * 3)
    document = assemble(pack(), answers, "notices", Edition("2026-11-21"))
    section = next(section for _, section in document.walk() if section.id == "notice-profile-instagram-section")
    where = section.blocks[0]
    assert isinstance(where, d.Paragraph)
    found = re.search(r"(\d+) of 150", where.text)
    assert found is not None and int(found.group(1)) > 150


TELLS = re.compile(
    r"\b(my|our|a|your|former|current|past|valued|this|that) (client|patient)s?\b(?! of (yours|ours))"
    r"|\b(you|they|he|she) (are|were|is|was|have been|has been) (a|my|our|one of|not a|no) "
    r"|\b(your|our) (session|appointment|therapy|treatment|work together|next visit)\b"
    r"|\b(thank you|thanks) for (your review|coming|your visit|choosing|trusting|being)\b"
    r"|\b(glad|happy|pleased|sorry) (that )?(you|to hear|we could|I could)\b"
    r"|\bsee you (soon|next)\b|\bwe (have|had) (never )?(met|seen|treated)\b"
    r"|\bI (have|had) (never )?(met|seen|treated)\b"
    r"|\bnot (one of )?(my|our) (client|patient)s?\b",
    re.IGNORECASE,
)
NEUTRAL = re.compile(r"\b(make|makes) (anyone|you) a client\b", re.IGNORECASE)
"""Of readers in general: reading a page makes nobody a client."""

GIVE_AWAY = [
    "Thank you for your review.", "You are not a client of ours.", "I am glad you found our work helpful.",
    "She is one of my clients.", "See you next week.", "We have never met.", "I have seen her twice.",
    "Your session is on Monday.", "He was a patient.", "As a former client you know us.", "Sorry to hear that.",
]  # fmt: skip


@pytest.mark.promise("B1")
def test_no_notice_tells_who_is_a_client() -> None:
    for notice, _, text in texts():
        told = TELLS.search(NEUTRAL.sub("", text))
        assert told is None, f"{notice.id}: “{told.group()}” in: {text}"


@pytest.mark.parametrize("words", GIVE_AWAY)
def test_words_that_would_tell_are_found(words: str) -> None:
    assert TELLS.search(words)


def test_every_reply_is_the_same_for_everyone_and_names_help_now() -> None:
    for notice, answers, text in texts():
        emergency = resolve(pack(), answers)["emergency_number"]
        if notice.id.startswith(("profile-", "dm-")):
            assert str(emergency) in text, notice.id
        if notice.id.startswith(("dm-auto", "dm-reply", "review-reply", "friend-request")):
            assert re.search(r"everyone|every review|same", text), notice.id


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_draft_without_numbers_leaves_no_hole(country: str) -> None:
    answers = practice(country, emergency_number="", crisis_lines=[])
    for _, section in assemble(pack(), answers, "notices", Edition("2026-11-21")).walk():
        for block in section.blocks:
            assert not re.search(r"  |\bcall ?[,.]|\bor ?[,.]|, \.|: ?$|[{}]", block.text), block.text


@pytest.mark.parametrize(("after_hours", "said"), [("closed", True), ("may-look", False), ("sometimes", False)])
def test_only_a_practice_that_reads_nothing_out_of_hours_says_so(after_hours: str, said: bool) -> None:
    facts = resolve(pack(), practice("UK", after_hours=after_hours))
    (reply,) = [each for each in pack().notices if each.id.startswith("email-out") and holds(each.when, facts)]
    assert ("Nobody checks this mailbox" in reply.text) is said


def test_a_practice_without_pages_does_not_speak_of_its_pages() -> None:
    words = [text for _, answers, text in texts() if not answers["accounts"]]
    assert words
    assert [text for text in words if "my pages" in text or "other pages" in text] == []
