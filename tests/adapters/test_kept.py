"""A document that is kept as plain values comes back as it was, in every output of every practice."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from doorframe.adapters import kept
from doorframe.engines.sealing import canonical_bytes
from tests.golden.profiles import PROFILES, document, pack


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("output", sorted(pack().outputs))
def test_what_is_kept_comes_back_as_it_was(profile: str, output: str) -> None:
    made = document(profile, output)
    through_the_database = json.loads(canonical_bytes(kept.to_plain(made)))
    assert kept.from_plain(through_the_database) == made


def test_the_hash_is_of_the_words_and_not_of_the_day() -> None:
    made = document("us-psychologist-solo", "policy")
    assert kept.words_hash(made) == kept.words_hash(replace(made, dated="2031-01-01", footer="Other"))
    assert kept.words_hash(made) != kept.words_hash(replace(made, sections=made.sections[1:]))
