"""Two practices that differ in one fact: what changes between their policies, and that nothing else does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.golden.profiles import answers_of, build, cites_of_topics, words_of_topics


def _refs(text: str) -> set[str]:
    """ "apa-2017: 3.05 4.01; hipaa: 164.312" as references."""
    parts = [part.split(":", 1) for part in text.split(";") if part.strip()]
    return {f"{body.strip()}/{clause}" for body, clauses in parts for clause in clauses.split()}


@dataclass(frozen=True)
class Change:
    """One fact that changes, and what follows from it.

    new, lost   topics that one of the two policies has and the other has not
    words       topics of both whose words differ
    gone, come  clauses that only one of the two policies names
    """

    fact: str
    profile: str
    answers: dict[str, Any]
    new: str = ""
    lost: str = ""
    words: str = ""
    gone: str = ""
    come: str = ""
    without: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return self.fact


APA = "apa-2017: 3.05 3.10 4.01 4.02(a) 4.02(b) 4.02(c) 4.03 4.06 4.07 5.05 6.01 6.02"
INSTAGRAM = {"platform": "instagram", "handle": "@niamh"}

CHANGES = (
    Change(
        "a counsellor instead of a psychologist",
        "us-psychologist-solo",
        {"profession": "counsellor"},
        gone=APA,
        come="aca-2014: A.2.a A.2.b A.5.e B.1.b B.1.c B.1.d B.3.c C.3.b H.1.b H.2.a H.2.b H.2.c H.3 H.6.b H.6.c H.6.d",
    ),
    Change(
        "a social worker instead of a psychologist",
        "us-psychologist-solo",
        {"profession": "social-worker"},
        gone=APA,
        come="nasw-2021: 1.03(e) 1.03(f) 1.03(g) 1.03(h) 1.03(i) 1.04(e) 1.06(e) 1.06(h) 1.07(a) 1.07(c) 1.07(m) "
        "1.07(q) 1.07(r); nasw-tech-2017: 2.01",
    ),
    Change(
        "the United Kingdom instead of Texas: other numbers, another spelling, another way to write a date",
        "us-counsellor-instagram",
        {"country": "UK", "bodies": ["bacp"]},
        without=("region",),
        words="crisis-or-emergency-contact sms-texting video-platforms-telehealth policy-updates-notice "
        "friending accidental-discovery board-complaint-contact",
        gone="aca-2014: A.2.a A.2.b A.5.e A.6.e B.1.b B.1.c B.1.d B.3.c C.3.a C.3.b H.1.b H.2.a H.2.b H.2.c H.3 H.4.b "
        "H.6.a H.6.b H.6.c H.6.d; tx-bhec: 884.31; tx-lpc: 681.41(a) 681.41(c) 681.49(a)",
        come="bacp-2018: 31c 33b 33c 43 45 49; uk-gdpr: Art.9",
    ),
    Change(
        "Oregon instead of Texas",
        "us-counsellor-instagram",
        {"region": "US-OR"},
        gone="tx-bhec: 884.31; tx-lpc: 681.41(a) 681.41(c) 681.49(a)",
    ),
    Change(
        "British Columbia instead of Ontario",
        "ca-on-group",
        {"region": "CA-BC", "bodies": ["ccpa", "bcacc"]},
        gone="crpo-2024: 1.7 3.6 6.2.1 6.2.2 6.2.4",
        come="bcacc-2011: testimonials",
    ),
    Change(
        "a counsellor in Australia, whom the regulator's advertising rules do not bind",
        "au-psychologist",
        {"profession": "counsellor", "bodies": ["pacfa"]},
        words="comment-moderation",
        gone="ahpra-advertising-faq: whole-document; ahpra-national-law: s133(1); ahpra-social-media: whole-document; "
        "psyba-2025: whole-document",
        come="pacfa: whole-document",
    ),
    Change(
        "a practice that HIPAA binds",
        "us-counsellor-instagram",
        {"hipaa": "yes"},
        come="hipaa: 164.312 164.502(a)",
    ),
    Change(
        "young clients as well",
        "us-counsellor-instagram",
        {"clients": ["adults", "minors"]},
        new="minors-parents",
        words="crisis-or-emergency-contact acknowledgement-signature",
    ),
    Change(
        "couples as well",
        "us-counsellor-instagram",
        {"clients": ["adults", "couples-families"]},
        words="client-may-disclose-own-therapy acknowledgement-signature",
    ),
    Change(
        "groups as well",
        "us-counsellor-instagram",
        {"clients": ["adults", "groups"]},
        new="group-members-confidentiality",
        words="client-may-disclose-own-therapy acknowledgement-signature",
    ),
    Change(
        "a first professional account",
        "no-social-media",
        {"accounts": [{**INSTAGRAM, "kind": "professional"}]},
        new="comment-moderation fanning-liking follow-back following no-advice-notice public-interaction-comments "
        "rss-or-shared-articles tags-mentions-reshares",
        words="platforms-and-use friending messaging-dm client-searches-therapist",
    ),
    Change(
        "a first private account",
        "no-social-media",
        {"accounts": [{**INSTAGRAM, "kind": "personal"}]},
        new="fanning-liking follow-back tags-mentions-reshares",
        words="platforms-and-use friending messaging-dm",
    ),
)


def _pair(change: Change) -> tuple[Any, Any]:
    before = answers_of(change.profile)
    after = {name: value for name, value in before.items() if name not in change.without} | change.answers
    return build(before), build(after)


@pytest.mark.promise("A2")
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_the_right_topics_change_and_no_others(change: Change) -> None:
    before, after = (words_of_topics(found) for found in _pair(change))
    assert set(after) - set(before) == set(change.new.split())
    assert set(before) - set(after) == set(change.lost.split())
    shared = before.keys() & after.keys()
    assert {topic for topic in shared if before[topic] != after[topic]} == set(change.words.split())


@pytest.mark.promise("A2")
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_the_right_citations_change_and_no_others(change: Change) -> None:
    before, after = (cites_of_topics(found) for found in _pair(change))
    shared = before.keys() & after.keys()
    named_before = {ref for topic in shared for ref in before[topic]}
    named_after = {ref for topic in shared for ref in after[topic]}
    assert named_before - named_after == _refs(change.gone)
    assert named_after - named_before == _refs(change.come)


@pytest.mark.promise("A2")
def test_several_therapists_speak_as_we_in_every_topic() -> None:
    change = Change("several therapists", "us-psychologist-solo", {"practice": "group"})
    before, after = (words_of_topics(found) for found in _pair(change))
    assert before.keys() == after.keys()
    assert [topic for topic in before if before[topic] == after[topic]] == []
    gone, come = (set().union(*cites_of_topics(found).values()) for found in _pair(change))
    assert come - gone == _refs("apa-2017: 2.05; hipaa: 164.530(b)")
    assert gone - come == set()
