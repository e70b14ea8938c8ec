"""Every document of every practice says the same in each of its formats, and the policy's PDF is open to everyone."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from doorframe.adapters.render import render
from tests.adapters.render import words_of
from tests.golden.profiles import PROFILES, answers_of, document, outputs, pack

LANGUAGES = {"US": "en-US", "UK": "en-GB", "CA": "en-CA", "AU": "en-AU", "IE": "en-IE"}


@pytest.mark.promise("B1")
@pytest.mark.parametrize("output", outputs())
@pytest.mark.parametrize("profile", PROFILES)
def test_the_words_are_the_same_in_every_format(profile: str, output: str) -> None:
    found = document(profile, output)
    formats = pack().outputs[output].formats
    lost = {format: words_of.missing(found, words_of.read(render(found, format), format, found)) for format in formats}
    assert lost == {format: [] for format in formats}


@pytest.fixture(scope="module", params=PROFILES)
def policy(request: pytest.FixtureRequest) -> tuple[str, PdfReader]:
    return request.param, PdfReader(io.BytesIO(render(document(request.param, "policy"), "pdf")))


def _root(reader: PdfReader) -> Any:
    return reader.trailer["/Root"]


@pytest.mark.promise("B2")
def test_the_policy_declares_both_standards(policy: tuple[str, PdfReader]) -> None:
    root = _root(policy[1])
    stated = root["/Metadata"].get_data().decode()
    assert re.search(r"<pdfuaid:part>1<", stated)
    assert re.search(r"<pdfaid:part>3<.*<pdfaid:conformance>A<", stated, re.DOTALL)
    assert root["/MarkInfo"]["/Marked"]


@pytest.mark.promise("B2")
def test_the_policy_has_its_title_and_its_language(policy: tuple[str, PdfReader]) -> None:
    profile, reader = policy
    assert reader.metadata is not None
    assert reader.metadata.title == "Social media policy"
    assert reader.metadata.author == answers_of(profile)["practice_name"]
    assert _root(reader)["/Lang"] == LANGUAGES[str(answers_of(profile)["country"])]


@pytest.mark.promise("B1")
@pytest.mark.parametrize("profile", PROFILES)
def test_the_summary_is_one_page(profile: str) -> None:
    assert len(PdfReader(io.BytesIO(render(document(profile, "summary"), "pdf"))).pages) == 1
