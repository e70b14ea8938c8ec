"""The certificate in words: what each person decided, what happened when, and nothing that was typed as a template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from doorframe.adapters.seal_pdf.writing import zone_of
from doorframe.engines.assembly.certificate import SealFacts, certificate
from doorframe.engines.assembly.document import Document, Mark, Section, Signatures
from doorframe.engines.assembly.moments import Moments, fill
from doorframe.engines.reading import flesch_kincaid
from tests.adapters.seal_pdf import samples

SEAL = SealFacts("a" * 64, "b" * 64)


def made(record: Mapping[str, Any] | None = None, seal: SealFacts = SEAL, **words: str) -> Document:
    told = record or samples.record()
    zone = zone_of(told["practice"]["time_zone"])
    return certificate(samples.policy(), told, words={**samples.words(), **words}, seal=seal, zone=zone)


def text_of(section: Section) -> str:
    return "\n".join([section.title, *(block.text for block in section.blocks), *map(text_of, section.sections)])


def part(document: Document, place: str) -> str:
    return next(text_of(section) for _, section in document.walk() if section.id == place)


def changed(**more: Any) -> dict[str, Any]:
    """The record with the first signer changed."""
    told = samples.record()
    told["signers"] = [{**told["signers"][0], **more}]
    return told


def test_the_policy_comes_first_without_its_empty_page_to_sign() -> None:
    document, policy = made(), samples.policy()
    assert any(isinstance(block, Signatures) for section in policy.sections for block in section.blocks)
    assert not any(isinstance(block, Signatures) for _, section in document.walk() for block in section.blocks)
    shown = [section for section in policy.sections if section.id != "sign"]
    assert list(document.sections[: len(shown)]) == shown and document.lede == policy.lede
    assert [section.id for section in document.sections[len(shown) :]] == ["given-signatures", "certificate"]
    assert document.version == "Version 3 · Record 7KQ-M3F"


@pytest.mark.promise("C2")
def test_a_guardian_is_named_with_relationship_and_authority() -> None:
    said = part(made(), "signer-1")
    assert said.startswith("Ana Lima, parent or guardian\nAgrees to the policy.\nAna Lima\n")
    assert "Relationship: mother. Right to sign: sole legal custody, court order of 3 May 2025." in said
    assert "Signs for HL-7K3M." in said
    assert "on November 21, 2026, 9:31 AM PST (2026-11-21 17:31:04 UTC)" in said
    assert "Of 3 short questions about the policy, 2 were answered as it says." in said


@pytest.mark.promise("C4")
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"choice": "decline", "method": "none", "signed_at": None, "reason": "Too long."}, "Reason given: Too long."),
        ({"choice": "paper", "method": "paper"}, "The signature is on paper, noted on November 21"),
        ({"choice": "verbal", "method": "verbal"}, "The policy was explained aloud instead."),
        ({"choice": "", "method": "none", "signed_at": None}, "Has not decided yet."),
        ({"choice": "agree-after-talk"}, "Agrees to the policy, after we talked about it."),
        ({"capacity": "witness"}, "Saw the others sign."),
        ({"capacity": "interpreter"}, "Put the policy and the talk about it into another language."),
        ({"capacity": "therapist", "choice": "countersign"}, "Signed as the one who gave the policy"),
        ({"capacity": "aunt", "choice": "maybe"}, "Ana Lima, aunt\nmaybe"),
        ({"name": "", "signed_name": ""}, "No name given, parent or guardian"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_way_to_decide_has_its_words(more: dict[str, Any], words: str) -> None:
    assert words in part(made(changed(**more)), "signer-1")


def test_a_drawing_is_kept_with_words_and_without_one_there_is_no_mark() -> None:
    marks = [block for _, section in made().walk() for block in section.blocks if isinstance(block, Mark)]
    assert [mark.typed for mark in marks] == ["Ana Lima", "", "Carla Reis", "Dr Imani Cole"]
    assert marks[1].spoken == "The drawn signature of João Lima"
    assert [len(stroke) for stroke in marks[1].strokes] == [len(stroke) for stroke in samples.DRAWING]
    declined = made(changed(choice="decline", method="none", signed_name="Ana Lima", signed_at=None))
    assert not any(isinstance(block, Mark) for _, section in declined.walk() for block in section.blocks)


def test_what_happened_is_listed_with_its_place_in_the_trail() -> None:
    said = part(made(), "certificate-events")
    assert "102\tNovember 20, 2026, 2:00 PM PST\tA link was sent\tDoorframe" in said
    told = samples.record()
    told["events"][0]["name"] = "signatures.moon.landed"
    assert "signatures.moon.landed" in part(made(told), "certificate-events"), "an unknown event stands by its name"
    told["events"] = []
    assert "holds nothing" in part(made(told), "certificate-events")


def test_the_disclosure_is_printed_word_for_word_however_long() -> None:
    assert samples.DISCLOSURE in part(made(), "certificate-disclosures")
    told = samples.record()
    told["disclosures"] = []
    assert not any(section.id == "certificate-disclosures" for _, section in made(told).walk())


def test_every_hash_is_printed() -> None:
    told, said = samples.record(), part(made(), "certificate-hashes").replace("\n", "")
    for digits in (told["paper"]["text_sha256"], told["paper"]["pack_sha256"], told["chain"]["hash"],
                   told["disclosures"][0]["sha256"], "a" * 64, "b" * 64):  # fmt: skip
        assert digits in said
    assert "Fingerprint" not in part(made(seal=SealFacts("a" * 64)), "certificate-hashes")


def test_what_the_seal_proves_depends_on_its_key_and_its_witness() -> None:
    own = part(made(), "certificate-proves")
    assert "made the key of the seal itself" in own and "Nobody else witnessed them" in own
    brought = part(made(seal=SealFacts("a" * 64, "b" * 64, "CN=Middle", True)), "certificate-proves")
    assert "certified by CN=Middle" in brought and "witnessed when the seal was made" in brought


@pytest.mark.parametrize("typed", ["{practice}", "{when} {0.__class__}", "{{name}}", "%s", "{"])
def test_what_a_person_types_is_never_a_template(typed: str) -> None:
    told = changed(name=typed, signed_name=typed, relationship=typed, authority=typed)
    told["practice"]["name"] = typed
    document = made(told)
    assert f"{typed}, parent or guardian" in part(document, "signer-1")
    assert f"Relationship: {typed}." in part(document, "signer-1")
    assert typed in part(document, "certificate-what")


def test_the_same_in_british_manner_and_in_another_zone() -> None:
    told = samples.record()
    told["paper"]["language"], told["practice"]["time_zone"] = "en-GB", "Europe/London"
    assert "on 21 November 2026, 17:31 GMT (2026-11-21 17:31:04 UTC)" in part(made(told), "signer-1")


@pytest.mark.parametrize(
    ("at", "zone", "language", "words"),
    [
        ("2026-07-01T23:30:00Z", "Europe/Berlin", "en-GB", "2 July 2026, 01:30 CEST"),
        ("2026-01-01T00:05:00.000001Z", "America/New_York", "en-US", "December 31, 2025, 7:05 PM EST"),
        ("2026-01-01T12:00:00Z", "Nowhere/Land", "en-US", "January 1, 2026, 12:00 PM UTC"),
        (None, "UTC", "en-GB", "not noted"),
        ("yesterday", "UTC", "en-GB", "not noted"),
        ("2026-01-01T12:00:00", "UTC", "en-GB", "not noted"),
    ],
)
def test_times_are_told_as_the_clock_there_shows_them(at: str | None, zone: str, language: str, words: str) -> None:
    assert Moments(samples.words(), zone_of(zone), language).local(at) == words


def test_a_sentence_that_lacks_something_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill({"a": "{b}"}, "a")
    with pytest.raises(KeyError):
        fill({}, "a")


def test_every_placeholder_of_the_words_is_one_that_is_filled() -> None:
    """Everything said at least once: a word with a hole in it would be an error here."""
    known = {"name", "capacity", "when", "utc", "relationship", "authority", "signs_for", "reason", "asked", "right",
             "code", "kind", "title", "number", "zone", "language", "seq", "pack", "practice", "issuer", "version",
             "reference", "iso", "day", "month", "year", "hour", "minute", "hour12", "half"}  # fmt: skip
    for key, words in samples.words().items():
        assert set(re.findall(r"\{(\w+)\}", words)) <= known, key


def test_the_words_are_plain() -> None:
    """Grade 9 or lower, but for the steps by hand, which name commands."""
    said = [
        words
        for key, words in samples.words().items()
        if words.endswith(".") and not key.startswith("check_") and "{" not in words
    ]
    assert len(said) > 20
    assert flesch_kincaid(" ".join(said)) <= 9
    assert not any("!" in words for words in samples.words().values())
