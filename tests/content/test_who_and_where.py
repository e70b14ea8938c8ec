"""Words that depend on who reads and where: membership, short names, one helper or a team, the words of a country."""

from __future__ import annotations

import pytest

from doorframe.engines.assembly import document as d
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.interview.facts import resolve, usual
from doorframe.engines.interview.findings import findings
from tests.engines.practices import COUNTRIES, PROFESSIONS, basics, pack

EDITION = Edition("2026-11-21", version=1, draft=False)
_MEMBERSHIP = ("UK", "CA", "AU", "IE")


def said(answers: dict[str, object], output: str, topic: str = "") -> str:
    """What a document, or one topic of it, says; without its table of sources."""
    found = assemble(pack(), answers, output, EDITION)
    sections = [section for _, section in found.walk() if not topic or section.topic == topic]
    lede = [] if topic else list(found.lede)
    return "\n".join(block.text for block in (*lede, *(b for s in sections for b in s.blocks)) if block.text)


def blocking(answers: dict[str, object]) -> set[str]:
    return {finding.id for finding in findings(pack(), answers) if finding.blocks}


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("profession", PROFESSIONS)
def test_nobody_is_taken_for_a_member(country: str, profession: str) -> None:
    for region in ("", "CA-BC", "US-CA"):
        facts = resolve(pack(), {"country": country, "profession": profession, "region": region})
        assert usual(pack(), pack().fields["bodies"], facts) == []


@pytest.mark.parametrize("country", _MEMBERSHIP)
def test_membership_is_asked_and_none_is_an_answer(country: str) -> None:
    answers = basics(country)
    assert "bodies" in blocking({**answers, "bodies": []})
    assert "bodies" not in blocking({**answers, "bodies": ["none"]})


def test_a_counsellor_who_belongs_to_none_names_no_code_of_a_body() -> None:
    cited = {
        citation.ref.partition("/")[0]
        for _, section in assemble(pack(), {**basics("UK"), "bodies": ["none"]}, "policy", EDITION).walk()
        for block in section.blocks
        if isinstance(block, d.Paragraph | d.ListBlock)
        for citation in block.cites
    }
    assert not cited & {"bacp-2018", "bacp-social-media", "ukcp-2019", "ncps-2023"}


def test_none_and_a_body_cannot_stand_together() -> None:
    assert "none-and-a-body" in blocking({**basics("UK"), "bodies": ["none", "bacp"]})


@pytest.mark.parametrize("practice", ["solo", "group"])
def test_the_handbook_says_the_name_as_people_say_it(practice: str) -> None:
    words = said({**basics(practice=practice), "therapist_name": "Helen Marsh, MBACP"}, "handbook")
    assert "tell Helen Marsh at once" in words
    assert "MBACP" not in words


def test_the_policy_gives_the_whole_name_once() -> None:
    words = said({**basics(), "therapist_name": "Helen Marsh, MBACP"}, "policy", "policy-updates-notice")
    assert "The person who answers for it is Helen Marsh, MBACP." in words


def test_one_person_alone_hands_out_a_handbook_for_helpers() -> None:
    words = said(basics(), "handbook")
    assert words.startswith("This handbook is for anyone who ever helps Dr Imani Cole: a locum, a virtual assistant")
    assert "“The therapist” in these pages is Dr Imani Cole" in words
    assert "client’s therapist" not in words


def test_in_a_group_it_is_the_therapist_of_the_client() -> None:
    words = said(basics(practice="group"), "handbook")
    assert "whether you are a therapist, answer the phone" in words
    assert "Tell the client’s therapist" in words


@pytest.mark.parametrize("lines", [None, []])
def test_help_is_where_people_there_look_for_it(lines: list[object] | None) -> None:
    given = {} if lines is None else {"crisis_lines": lines}
    for country in COUNTRIES:
        words = said({**basics(country), **given}, "policy", "crisis-or-emergency-contact")
        assert ("go to the nearest A&E department" in words) is (country == "UK")
        assert ("go to the nearest emergency department" in words) is (country != "UK")


@pytest.mark.parametrize(("country", "day"), [("US", "business"), ("AU", "business"), ("UK", "working")])
def test_how_soon_is_said_in_the_words_of_the_place(country: str, day: str) -> None:
    assert resolve(pack(), {"country": country})["response_time"] == f"within one {day} day"


def test_where_to_write_and_where_to_find_stand_apart() -> None:
    found = assemble(pack(), {**basics(), "address": "1 Harbour Lane"}, "policy", EDITION)
    section = next(section for _, section in found.walk() if section.topic == "official-contact-channels")
    write, find = (block.text for block in section.blocks if isinstance(block, d.ListBlock))
    assert "Phone" in write and "E-mail" in write
    assert "Address" not in write and "Website" not in write
    assert "Address" in find and "Website" in find


@pytest.mark.parametrize(
    ("ref", "name"),
    [("uk-gdpr/Art.9", "UK GDPR Art. 9"), ("psi/Principle-1", "Principle 1"), ("hipaa/164.502(a)", "164.502(a)"),
     ("ahpra-national-law/s133(1)", "s 133(1)")],
)  # fmt: skip
def test_a_clause_is_named_as_people_write_it(ref: str, name: str) -> None:
    assert pack().references[ref].citation().short.endswith(name)
