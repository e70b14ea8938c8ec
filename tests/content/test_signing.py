"""What a client reads around the policy: what the law lists, in plain words, and nothing that presses or frightens."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import textstat

from doorframe.engines.assembly import signing
from doorframe.engines.assembly.words import Words
from doorframe.engines.content import loader
from doorframe.engines.content.signing_checks import GIVEN, SAYS
from doorframe.engines.interview.facts import resolve
from tests import pseudo_language as pseudo
from tests.engines.practices import COUNTRIES, basics, pack, wide

HIGHEST = 9.0
SHORTEST = 25
SIGNING = loader.load_signing(pack())

# 15 USC 7001(c)(1)(B) and (C), as the law lists them. Typed from the law, not from content.
ESIGN = {
    "paper": "the right to have it on paper: (B)(i)(I)",
    "withdraw": "the right to withdraw: (B)(i)(II)",
    "consequences": "conditions, consequences and fees of it: (B)(i)(II)",
    "scope": "what the consent covers: (B)(ii)",
    "how-to-withdraw": "how to withdraw: (B)(iii)",
    "update-contact": "how to update contact information: (B)(iii)",
    "copy": "how to get a paper copy: (B)(iv)",
    "cost": "whether it costs: (B)(iv)",
    "equipment": "the hardware and software needed: (C)(i)",
}
SAYING = {
    "paper": "on paper", "withdraw": "take your yes back", "consequences": "does not end your care",
    "scope": "Your yes covers", "how-to-withdraw": "Tell me at a session", "update-contact": "at your next session",
    "copy": "on paper, now or later", "cost": "free", "equipment": "web browser",
}  # fmt: skip


def words(country: str = "US", practice: str = "solo") -> Words:
    return Words(pack(), resolve(pack(), wide(practice, country)), "2026-11-21")


@pytest.mark.promise("C3")
def test_the_american_one_tells_all_that_the_law_lists() -> None:
    (us,) = [one for one in SIGNING.disclosures if one.id == "us"]
    assert set(us.needs) >= set(ESIGN)
    shown = {part.id: " ".join(part.paragraphs) for part in signing.disclosure(SIGNING, words()).parts}
    for element in ESIGN:
        parts = [part.id for part in us.parts if element in part.elements]
        assert any(SAYING[element] in shown[id] for id in parts), element


@pytest.mark.promise("C3")
@pytest.mark.parametrize("country", COUNTRIES)
def test_everywhere_it_can_be_refused_taken_back_and_had_on_paper(country: str) -> None:
    shown = signing.disclosure(SIGNING, words(country))
    for needed in ("on paper", "does not end your care", "your care is the same", "free", "a session"):
        assert needed in shown.text, needed


@pytest.mark.promise("C4")
@pytest.mark.parametrize("country", COUNTRIES)
def test_to_decline_ends_nothing(country: str) -> None:
    choice = signing.choices(SIGNING, words(country))["decline"]
    assert "Your care goes on" in choice.explain
    assert "does not end your care" in " ".join(choice.after)
    assert "does not end your care" in signing.line(SIGNING, words(country), "declined")


@pytest.mark.promise("C9")
def test_nothing_depends_on_the_questions() -> None:
    assert "you can go on" in signing.line(SIGNING, words(), "understanding")


# Topics on which everybody can be asked, with the answer of the interview that decides.
COMMON = {
    "crisis-or-emergency-contact": "", "response-time": "after_hours", "friending": "friending",
    "follow-back": "follow_back", "messaging-dm": "dm", "sms-texting": "sms", "email": "emailing",
    "public-interaction-comments": "public_comments", "tags-mentions-reshares": "tags",
    "search-engines-for-clients": "searching", "accidental-discovery": "accidental", "review-sites": "reviews",
    "testimonials-not-solicited": "testimonials", "client-may-disclose-own-therapy": "telling_others",
    "recording-sessions": "recording", "ai-tools": "ai_tools",
}  # fmt: skip
NOBODY_TO_ASK = {("public_comments", "off")}
"""Where comments are switched off there is nothing to ask."""


@pytest.mark.promise("C9")
@pytest.mark.parametrize("topic", COMMON)
def test_a_question_for_every_stance_on_the_common_topics(topic: str) -> None:
    field = COMMON[topic]
    options = [option.id for option in pack().fields[field].options] if field else [""]
    for option in options:
        answers = {**wide(), "dm_app": "Signal", "sms_uses": "appointments", **({field: option} if field else {})}
        filled = Words(pack(), resolve(pack(), answers), "2026-11-21")
        asked = signing.pick(SIGNING, filled, [topic], "x")
        assert len(asked) == (0 if (field, option) in NOBODY_TO_ASK else 1), option


def texts(country: str, practice: str) -> Iterator[tuple[str, str]]:
    """Every text of some length, with its name."""
    filled = words(country, practice)
    shown = signing.disclosure(SIGNING, filled)
    yield "disclosure", " ".join(paragraph for part in shown.parts for paragraph in part.paragraphs)
    for part in shown.parts:
        yield f"disclosure/{part.id}", " ".join(part.paragraphs)
    for choice in signing.choices(SIGNING, filled).values():
        yield f"choice/{choice.id}", " ".join([choice.explain, *choice.after])
    for way in signing.copies(SIGNING, filled).values():
        yield f"copy/{way.id}", way.explain
    for capacity in signing.capacities(SIGNING, filled).values():
        yield f"capacity/{capacity.id}", f"{capacity.explain} {capacity.statement}"
    for id in SAYS:
        yield f"say/{id}", signing.line(SIGNING, filled, id, **dict.fromkeys(GIVEN, "Ann Lee"))
    for question in SIGNING.questions:
        yield f"question/{question.id}", f"{filled.fill(question.text)} {filled.fill(question.explain)}"
    for kind in SIGNING.talks:
        talk = signing.talk(SIGNING, filled, kind)  # type: ignore[arg-type]
        yield f"talk/{kind}", " ".join([talk.why, *talk.opening, *talk.points])


@cache
def grade(text: str) -> float:
    return float(textstat.flesch_kincaid_grade(text))


@pytest.mark.promise("C3")
@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("practice", ["solo", "group"])
def test_it_is_read_with_ease(country: str, practice: str) -> None:
    found = list(texts(country, practice))
    hard = [(name, grade(text)) for name, text in found if len(text.split()) >= SHORTEST and grade(text) > HIGHEST]
    assert hard == []
    assert sum(len(text.split()) >= SHORTEST for _, text in found) > 20, "the check looks at something"


PRESSES = re.compile(
    r"!|\b(must|mandatory|required|obliged|hereby|herein|pursuant|patients?|users?|failure|penalt\w+|legally binding|"
    r"immediately|warning)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("country", COUNTRIES)
def test_nothing_presses_or_frightens(country: str) -> None:
    found = [(name, text) for name, text in itertools.chain(texts(country, "solo"), texts(country, "group"))]
    assert [(name, match.group()) for name, text in found if (match := PRESSES.search(text))] == []
    assert all(text == text.strip() and "{" not in text for name, text in found if not name.startswith("question"))


def test_the_words_for_pressing_are_found_where_they_stand() -> None:
    assert PRESSES.search("You must sign here.") and PRESSES.search("Thank you!") and not PRESSES.search("mustard")


def test_the_greeting_is_short_enough_for_a_phone() -> None:
    said = signing.line(
        SIGNING, Words(pack(), resolve(pack(), basics()), "2026-11-21"), "greeting", minutes="four minutes"
    )
    assert len(said) <= 120


@pytest.mark.promise("A11")
@pytest.mark.parametrize("practice", ["solo", "group"])
def test_every_word_can_be_translated(practice: str, tmp_path: Path) -> None:
    folder = pseudo.overlay(tmp_path)
    translated = loader.load(folder)
    own, answers = loader.load_signing(translated, folder), wide(practice)
    filled = Words(translated, resolve(translated, answers), "2026-11-21")
    names = [str(value) for value in answers.values() if isinstance(value, str)] + ["Dr Imani Cole", "Ann Lee"]
    shown = [signing.disclosure(own, filled).text, signing.minutes(own, "")]
    for choice in signing.choices(own, filled).values():
        shown += [choice.label, choice.explain, choice.after_title, *choice.after]
    shown += [text for way in signing.copies(own, filled).values() for text in (way.label, way.explain)]
    for one in signing.capacities(own, filled).values():
        shown += [one.label, one.explain, one.statement]
        shown += [f"{who.label} {who.more}" for who in signing.relationships(own, filled, one.id).values()]
    shown += [signing.line(own, filled, id, **dict.fromkeys(GIVEN, "Ann Lee")) for id in SAYS]
    for asked in signing.pick(own, filled, translated.topics, "x", most=99):
        shown += [asked.text, asked.explain, *(answer.label for answer in asked.answers)]
    for kind in own.talks:
        talk = signing.talk(own, filled, kind)  # type: ignore[arg-type]
        shown += [talk.title, talk.why, *talk.opening, *talk.points]
    assert len(shown) > 120
    assert [words for text in shown if (words := pseudo.left(text, names))] == []
