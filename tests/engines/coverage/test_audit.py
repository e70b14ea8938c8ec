"""The audit from end to end: what it must say of small texts, and what holds for every text."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorframe.engines.content.audit import AuditRules
from doorframe.engines.content.loader import load, load_audit
from doorframe.engines.coverage import examples
from doorframe.engines.coverage.audit import audit
from doorframe.engines.coverage.report import Report, as_data
from doorframe.engines.coverage.sight import Sieve

PIECES = [
    "I do not accept friend requests from clients. ", "I accept friend requests from clients. ", "## Texting\n\n",
    "You may text me to reschedule. ", "If that happens I will tell you.\n\n", "By continuing to attend you agree. ",
    "In an emergency call 911. ", "Our staff must not search for clients. ", "[YOUR NAME] ", "Page 3\n", "\x00", "🙂 ",
    "مرحبا ", "{{ x }} #let <script> ", "e-mail is kept in your record for seven years.\n- one\n- two\n",
]  # fmt: skip


@cache
def rules() -> AuditRules:
    return load_audit(load())


@cache
def sieve() -> Sieve:
    return Sieve(rules())


def audited(text: str) -> Report:
    return audit(text, sieve(), country="US", profession="counsellor")


@pytest.mark.promise("A9")
def test_every_example_in_the_content_holds() -> None:
    assert [str(problem) for problem in examples.check(rules())] == []


def test_every_topic_and_every_kind_brings_examples() -> None:
    for rule in rules().topics.values():
        assert len(rule.examples) >= 3 and rule.passes, rule.topic
    for defect in rules().defects.values():
        assert defect.matches and defect.passes, defect.id


def test_every_topic_of_the_policy_has_a_rule() -> None:
    assert set(rules().topics) == set(load().topics)


def test_every_answer_that_a_stance_gives_is_one_of_the_interview() -> None:
    fields = load().fields
    for rule in rules().topics.values():
        for stance in rule.stances:
            for id, value in stance.answers.items():
                options = {option.id for option in fields[id].options}
                assert not options or value in options, (rule.topic, stance.id, id, value)


@settings(max_examples=60)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30)), max_size=25))
def test_every_quote_is_in_the_text_and_nothing_breaks(pieces: list[str]) -> None:
    text = "".join(pieces)
    report = audited(text)
    quotes = [quote for seen in report.topics.values() for quote in seen.evidence]
    quotes += [one.quote for one in report.findings] + [one.other for one in report.findings if one.other]
    for quote in quotes:
        assert text[quote.start : quote.end] == quote.text
    assert as_data(audited(text)) == as_data(report)


@settings(max_examples=25)
@given(st.sampled_from(sorted(rules().topics)), st.integers(0, 2))
def test_what_is_seen_alone_is_seen_among_other_things(topic: str, number: int) -> None:
    """Adding text about something else never makes a topic go away."""
    example = rules().topics[topic].examples[number]
    around = (
        "My fees are due at the end of each month.\n\n{}\n\nThere is parking behind the house.\n\nI do not tag clients."
    )
    alone, among = audited(f"{example.text}\n\nI do not tag clients."), audited(around.format(example.text))
    if alone.audience != "none" and among.audience != "none" and alone.topics[topic].status != "missing":
        assert among.topics[topic].status != "missing"


def test_a_policy_for_staff_is_not_judged_by_what_clients_need() -> None:
    text = (
        "# Staff policy on social media\n\nEmployees must not accept friend requests from clients. Staff must not"
        " search for clients online. Employees who breach this policy may face disciplinary action by their"
        " line manager. Clients may e-mail the office."
    )
    report = audited(text)
    assert report.audience == "staff"
    assert "crisis-route" not in {one.kind for one in report.findings}


def test_what_is_no_policy_is_said_to_be_none() -> None:
    report = audited("Fees are due in advance. A session lasts fifty minutes. Cancel at least a day before.")
    assert report.audience == "none" and not report.topics and not report.findings
