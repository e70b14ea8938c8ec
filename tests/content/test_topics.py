"""Every topic that was promised is asked about and spoken about, with real choices."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.citations import GOOD_PRACTICE
from doorframe.engines.content import loader
from doorframe.engines.content.conditions import holds
from doorframe.engines.content.schema import Field, Screen
from doorframe.engines.interview.facts import resolve
from doorframe.engines.interview.findings import example_problems
from tests.engines.practices import pack, wide

TOPICS = re.findall(
    r"[a-z-]+",
    """
platforms-and-use separate-accounts friending fanning-liking following follow-back messaging-dm sms-texting
public-interaction-comments tags-mentions-reshares comment-moderation search-engines-for-clients
emergency-search-exception accidental-discovery viewing-client-content client-searches-therapist review-sites
testimonials-not-solicited location-services email email-retention-legal-record newsletter-lists
rss-or-shared-articles blog client-may-disclose-own-therapy pseudonym-advice official-contact-channels response-time
confidentiality-no-posting anonymised-stories-consent crisis-or-emergency-contact policy-updates-notice
questions-invited acknowledgement-signature board-complaint-contact video-platforms-telehealth ai-tools
recording-sessions group-members-confidentiality minors-parents staff-and-contractors no-advice-notice
""",
)

NO_STANCE = {"platforms-and-use", "official-contact-channels", "response-time", "crisis-or-emergency-contact",
             "board-complaint-contact", "rss-or-shared-articles"}  # fmt: skip
"""Topics that state facts of the practice: names, numbers, hours, pages. There is no stance to take on them."""


def screens_of(topic: str) -> list[Screen]:
    return [screen for screen in pack().screens if topic in screen.topics]


@pytest.mark.promise("A3")
def test_the_topics_are_the_ones_that_were_promised() -> None:
    assert len(TOPICS) == 42
    assert set(pack().topics) == set(TOPICS)


@pytest.mark.promise("A3")
@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_is_asked_about_and_spoken_about(topic: str) -> None:
    assert screens_of(topic), "no screen"
    audiences = {passage.audience for passage in pack().passages_of[topic]}
    assert {"client", "staff"} <= audiences
    assert pack().topics[topic].section in {section.id for section in pack().sections}


def stance_of(topic: str) -> Field:
    """The field that takes the stance: the first of the screen that speaks of this topic most closely."""
    return min(screens_of(topic), key=lambda screen: len(screen.topics)).fields[0]


def words_of(topic: str, answers: dict[str, object]) -> str:
    document = assemble(pack(), answers, "policy", Edition("2026-11-21"))
    return " ".join(b.text for _, section in document.walk() if section.id == topic for b in section.blocks)


@pytest.mark.promise("A4")
@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic not in NO_STANCE])
def test_every_stance_has_two_real_options(topic: str) -> None:
    """Each option that is offered has words of its own."""
    field = stance_of(topic)
    start = wide("group") if topic == "staff-and-contractors" else wide()
    facts = resolve(pack(), start)
    offered = [option.id for option in field.options if holds(option.when, facts)]
    texts = {words_of(topic, {**start, field.id: option}) for option in offered}
    assert field.kind == "choice" and len(offered) >= 2
    assert len(texts) == len(offered) and "" not in texts, f"two options of {field.id} read the same"


@pytest.mark.promise("A4")
@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic not in NO_STANCE])
def test_every_stance_can_be_given_an_exception_and_a_reason(topic: str) -> None:
    key = stance_of(topic).id
    words = "An own sentence about this and nothing else."
    for part in ("exception", "reason"):
        if (topic, part) == ("client-may-disclose-own-therapy", "exception"):
            continue  # a right has no exception
        assert words in words_of(topic, {**wide(), f"{key}_{part}": words}), f"{key}_{part}"


SCOPED = {
    "friending": {"clients", "accounts", "happens"},
    "following": {"personal", "happens"},
    "fanning-liking": {"clients", "happens"},
    "follow-back": {"clients"},
    "messaging-dm": {"clients", "accounts", "happens"},
    "sms-texting": {"happens"},
    "email": {"happens"},
    "public-interaction-comments": {"clients", "happens"},
    "tags-mentions-reshares": {"accounts", "happens"},
    "comment-moderation": {"happens"},
    "search-engines-for-clients": {"clients", "happens"},
    "testimonials-not-solicited": {"clients"},
    "confidentiality-no-posting": {"clients", "accounts"},
    "video-platforms-telehealth": {"happens"},
    "recording-sessions": {"happens"},
    "ai-tools": {"happens"},
}


@pytest.mark.promise("A4")
@pytest.mark.parametrize("topic", SCOPED)
def test_scope_and_what_happens_can_be_told_apart(topic: str) -> None:
    key = stance_of(topic).id
    for part in SCOPED[topic]:
        field = pack().fields[f"{key}_{part}"]
        assert field.kind == "choice" and len(field.options) >= 2


@pytest.mark.promise("B5")
def test_no_citation_is_of_something_nobody_has_read() -> None:
    for place in (*pack().passages, *pack().screens, *pack().notices, *(p for f in pack().frames.values() for p in f)):
        for ref in place.cites:
            assert ref == GOOD_PRACTICE or pack().references[ref].verified, ref
    unread = [ref for ref in pack().references.values() if not ref.verified]
    assert unread, "the library also keeps what nobody has read yet, and shows none of it"


@pytest.mark.promise("B5")
def test_what_is_verified_says_when_and_where() -> None:
    for reference in pack().references.values():
        if reference.verified:
            assert reference.checked >= "2026-01-01", reference.ref
            assert reference.link.startswith("https://") and reference.source_url.startswith("http"), reference.ref
            assert reference.summary.strip().endswith("."), reference.ref


@pytest.mark.promise("B5")
def test_content_is_in_order() -> None:
    found, problems = loader.read()
    assert [str(problem) for problem in problems] == []
    assert found is not None and example_problems(found) == []


def test_one_file_asks_and_one_file_answers() -> None:
    folder = Path(loader.OWN) / "policy"
    assert {path.stem for path in (folder / "clauses").glob("*.md")} == set(TOPICS)
    assert len(list((folder / "questions").glob("*.toml"))) == len(pack().screens)
