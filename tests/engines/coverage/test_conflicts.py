"""Rules that are taken back, and passages that cannot both be followed."""

from __future__ import annotations

from functools import cache

import pytest

from doorframe.engines.content.loader import load, load_audit
from doorframe.engines.coverage.audit import audit
from doorframe.engines.coverage.report import Finding, Report
from doorframe.engines.coverage.sight import Sieve

OURS = """This is my social media policy for clients. If it changes, I will tell you in session.

In an emergency call 911 or go to the nearest emergency department.

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
