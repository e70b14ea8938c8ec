"""The Markdown opens with title and version, and a reader finds the structure and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from doorframe.adapters.render import markdown, render
from doorframe.engines.assembly.document import ListBlock, Paragraph, Section
from doorframe.engines.text import Span
from tests.adapters.render import samples


def shown(text: str) -> BeautifulSoup:
    return BeautifulSoup(MarkdownIt("commonmark").enable("table").render(text), "html5lib").body


def test_it_opens_with_title_and_version() -> None:
    lines = render(samples.POLICY, "md").decode().splitlines()
    assert lines[0] == "# Social media policy"
    assert lines[2:4] == ["Harbour Lane Therapy\\", "Version 3 · November 21, 2026"]
    assert render(samples.DRAFT, "md").decode().splitlines()[2] == "**Draft: not in force**"


def test_a_reader_finds_the_structure() -> None:
    body = shown(markdown.write(samples.POLICY))
    assert [found.text for found in body.find_all("h2")] == [section.title for section in samples.POLICY.sections]
    assert len(body.find_all("h3")) == len(body.find_all("ol")) == len(body.find_all("blockquote")) == 1
    assert [len(table.find_all("tr")) for table in body.find_all("table")] == [4, 6]
    assert body.find("a", href=samples.ACA.link).text == samples.ACA.short


@pytest.mark.parametrize("name", samples.NASTY_NAMES, ids=range(len(samples.NASTY_NAMES)))
def test_what_a_person_types_is_never_markup(name: str) -> None:
    document = replace(
        samples.POLICY,
        lede=(Paragraph("p", (Span(name), Span(name, own=True))),),
        sections=(Section("s", name, (Paragraph("q", (Span(name),)),)),),
    )
    names = {tag.name for tag in shown(markdown.write(document)).find_all(True)}
    assert names <= {"h1", "h2", "p", "br", "hr"}


def test_lists_in_a_row_stay_apart() -> None:
    lists = tuple(ListBlock(f"l{number}", (samples.one("a"), samples.one("b"))) for number in range(2))
    body = shown(markdown.write(replace(samples.POLICY, lede=(), sections=(Section("s", "S", lists),))))
    assert len(body.find_all("ul")) == 2


def test_strong_words_are_strong() -> None:
    spans = (Span("Call "), Span("988 ", strong=True), Span("now, or "), Span("(999)", strong=True))
    document = replace(samples.POLICY, lede=(Paragraph("p", spans),), sections=())
    body = shown(markdown.write(document))
    assert [found.text for found in body.find_all("strong")] == ["988"]
    assert "Call 988 now, or (999)" in body.text
