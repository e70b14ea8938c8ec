"""Rules that are taken back, and passages that cannot both be followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from doorframe.engines.content.loader import load, load_audit
from doorframe.engines.coverage.audit import audit
from doorframe.engines.coverage.report import Finding, Report
from doorframe.engines.coverage.sight import Sieve
from doorframe.engines.patterns import pattern

OURS = """This is my social media policy for clients. If it changes, I will tell you in session.

In an emergency call 911 or go to the nearest emergency department. If you have questions about this policy, please ask.
I have a professional page on Facebook where I share articles about sleep. I never write about clients.

"""


@cache
def sieve() -> Sieve:
    return Sieve(load_audit(load()))


def audited(text: str) -> Report:
    return audit(OURS + text, sieve(), country="US", profession="counsellor")


def of_kind(kind: str, text: str) -> list[Finding]:
    return [one for one in audited(text).findings if one.kind == kind]


def test_a_rule_that_the_next_sentence_takes_back_is_found_at_that_sentence() -> None:
    (found,) = of_kind("swallowing-exception", "I never look clients up online. I may do so if I think it could help.")
    assert found.quote.text == "I may do so if I think it could help."
    assert found.other is not None and found.other.text == "I never look clients up online."
    assert found.topic == "search-engines-for-clients"


@pytest.mark.parametrize(
    "text",
    [
        "I never look clients up online. I may do so if I fear that someone is in danger.",
        "I never look clients up online. I may do so if you ask me to.",
        "I never look clients up online.\n\nI may do so if I think it could help.",
    ],
)
def test_a_rare_case_or_another_paragraph_takes_nothing_back(text: str) -> None:
    assert of_kind("swallowing-exception", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "I do accept friend requests from clients, because this could compromise your confidentiality.",
        "As for friends: friend requests from clients are accepted, since that could blur what we are to each other.",
        "I will add you as a friend on Facebook. I believe that adding clients can compromise your privacy.",
    ],
)
def test_a_rule_against_its_own_reason_is_found(text: str) -> None:
    (found,) = of_kind("lost-negation", text)
    assert found.topic in {"friending", "following"}


@pytest.mark.parametrize(
    "text",
    [
        "I do not accept friend requests from clients, because this could compromise your confidentiality.",
        "I respond to reviews with one general note, so that nobody's privacy is harmed.",
        "I search for clients online in an emergency, to protect a life.",
    ],
)
def test_a_reason_that_bears_its_rule_out_is_none(text: str) -> None:
    assert of_kind("lost-negation", text) == []


@pytest.mark.parametrize(
    ("topic", "text", "second"),
    [
        (
            "sms-texting",
            "## WhatsApp\n\nI don't use it with clients at all.\n\n## Late\n\nThe fastest way is to WhatsApp me.",
            "The fastest way is to WhatsApp me.",
        ),
        (
            "search-engines-for-clients",
            "I never look clients up online.\n\nBefore a first appointment I look you up.",
            "Before a first appointment I look you up.",
        ),
        (
            "response-time",
            "I answer e-mails within 24 hours.\n\nPlease allow five working days for a reply to an e-mail.",
            "Please allow five working days for a reply to an e-mail.",
        ),
    ],
)
def test_two_passages_that_disagree_make_their_topic_contradictory(topic: str, text: str, second: str) -> None:
    report = audited(text)
    (found,) = [one for one in report.findings if one.kind == "disagree"]
    assert (found.topic, found.quote.text) == (topic, second)
    assert found.other is not None and found.other.start < found.quote.start
    assert report.topics[topic].status == "contradictory"
    assert not report.topics[topic].answers


def test_a_rule_against_its_reason_makes_its_topic_contradictory() -> None:
    report = audited("I do accept friend requests from clients, because this could compromise your confidentiality.")
    assert report.topics["friending"].status == "contradictory"


@pytest.mark.parametrize(
    "text",
    [
        "The practice does not use WhatsApp.\n\nThe clinic sends texts about times: text me if you are late.",
        "My own page is private, and I'd rather you did not follow it.\n\nYou are welcome to follow my practice page.",
        "I answer calls within 24 hours.\n\nI reply to e-mails within three days.",
        "I answer e-mails within 24 hours.\n\nI reply to e-mails within one working day.",
        "I do not text clients. The exception is a late train: text me then.",
    ],
)
def test_different_things_places_and_cases_do_not_disagree(text: str) -> None:
    report = audited(text)
    assert not [one for one in report.findings if one.kind == "disagree"]
    assert "contradictory" not in {seen.status for seen in report.topics.values()}


def test_every_pattern_in_the_settings_can_be_read() -> None:
    rules = sieve().rules
    for kind in ("disagree", "lost-negation", "swallowing-exception"):
        for words in patterns(rules.defects[kind].settings):
            pattern(words.replace("<thing>", "text"), rules.classes)


def patterns(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from patterns(one)
    if isinstance(value, Mapping):
        for name, one in value.items():
            if name not in {"topic", "topics", "special_free"}:
                yield from patterns(one)
