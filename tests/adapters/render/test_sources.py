"""Each rule cites its source or is named as good practice, once for the whole document."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache

import docx
import pytest

from doorframe.adapters.render import FORMATS, html, render, sources
from doorframe.engines.assembly.document import Document, ListBlock, Paragraph, Section
from tests.adapters.render import samples, words_of
from tests.golden import profiles

WHOLLY, PARTLY = "These parts rest on good practice:", "These rest on it in part:"


@cache
def told(profile: str, output: str) -> Document:
    """A document that has the words to name what rests on good practice."""
    found = profiles.document(profile, output)
    return replace(found, labels=found.labels | {"good_practice_parts": WHOLLY, "good_practice_partly": PARTLY})


def ruled(section: Section) -> list[Paragraph | ListBlock]:
    return [block for block in section.blocks if isinstance(block, Paragraph | ListBlock)]


def named(document: Document, text: str) -> list[str]:
    """The parts that the text names as good practice."""
    found = []
    for words in (WHOLLY, PARTLY):
        lists = re.findall(re.escape(words) + r" (.*?)\.(?:\s|$)", text, re.DOTALL)
        assert len(lists) <= 1
        found += [" ".join(name.split()) for each in lists for name in each.split("; ")]
    return found


@pytest.mark.promise("B5")
@pytest.mark.parametrize("output", ["policy", "appendix", "handbook"])
@pytest.mark.parametrize("profile", profiles.PROFILES)
def test_every_clause_without_a_source_is_named_as_good_practice_once(profile: str, output: str) -> None:
    document = told(profile, output)
    text = words_of.markdown_text(render(document, "md"))
    clauses = {b.clause: " ".join(s.title.split()) for _, s in document.walk() for b in ruled(s) if b.good_practice}
    assert clauses
    said = named(document, text)
    for clause, title in clauses.items():
        assert said.count(title) == 1, clause
    assert set(said) == set(clauses.values())
    assert not re.search(r"^Good practice$|· Good practice", text, re.MULTILINE)


@pytest.mark.promise("B5")
@pytest.mark.parametrize("profile", profiles.PROFILES)
def test_it_stands_among_the_sources_where_a_document_has_them(profile: str) -> None:
    document = told(profile, "policy")
    table = next(section for _, section in document.walk() if section.id == "sources")
    text = " ".join(block.text for block in sources.of_section(document, table) if isinstance(block, Paragraph))
    assert WHOLLY in text
    elsewhere = [section for _, section in document.walk() if section is not table]
    assert not any("good-practice" in getattr(b, "id", "") for s in elsewhere for b in sources.of_section(document, s))


@pytest.mark.promise("B5")
def test_a_part_with_a_source_too_is_named_apart() -> None:
    document = told("us-counsellor-instagram", "policy")
    text = words_of.markdown_text(render(document, "md"))
    partly = text.split(PARTLY)[1]
    for _, section in document.walk():
        blocks = ruled(section)
        if any(b.good_practice for b in blocks) and any(b.cites for b in blocks):
            assert section.title in partly.split("\n")[0]


@pytest.mark.promise("B5")
@pytest.mark.parametrize("format", FORMATS)
def test_every_format_tells_it(format: str) -> None:
    document = told("us-counsellor-instagram", "policy")
    text = words_of.bare(words_of.read(render(document, format), format, document))
    assert text.count(words_of.bare(WHOLLY)) == text.count(words_of.bare(PARTLY)) == 1
    assert text.count("Basedon") > 5


@pytest.mark.promise("B5")
def test_the_preview_still_tells_it_beside_each_paragraph() -> None:
    document = told("us-counsellor-instagram", "policy")
    page = html.fragment(document, provenance=True)
    good = sum(block.good_practice for _, section in document.walk() for block in ruled(section))
    assert page.count("<li>Good practice</li>") == good > 10


def test_without_words_of_its_own_each_part_says_it() -> None:
    paragraph = replace(samples.LEDE[0], id="p", cites=(), good_practice=True)
    document = replace(samples.POLICY, lede=(), sections=(Section("s", "Part", (paragraph,)),))
    assert render(document, "md").decode().rstrip().endswith("Good practice")


# What a document was built from


@pytest.mark.parametrize("format", FORMATS)
def test_what_it_was_built_from_is_no_line_of_the_text(format: str) -> None:
    data = render(samples.POLICY, format)
    assert "Builtfrom" not in words_of.bare(words_of.read(data, format, samples.POLICY))
    record = replace(samples.POLICY, kind="decision")
    assert "Builtfrom" in words_of.bare(words_of.read(render(record, format), format, record))


def test_word_and_html_keep_it_in_their_properties() -> None:
    properties = docx.Document(io.BytesIO(render(samples.POLICY, "docx"))).core_properties
    assert properties.keywords == f"Built from {samples.POLICY.pack}"
    head = html.page(samples.POLICY).split("</head>")[0]
    assert f'<meta name="generator" content="Built from {samples.POLICY.pack}">' in head
