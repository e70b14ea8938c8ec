"""The HTML is semantic, stands alone or pastes cleanly, and tells where words come from when asked."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup

from doorframe.adapters.render import html
from doorframe.engines.assembly.document import ListBlock, Paragraph, Section
from doorframe.engines.text import Span
from tests.adapters.render import samples


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html5lib")


def levels(text: str) -> list[int]:
    return [int(found.name[1]) for found in soup(text).find_all(re.compile("^h[1-6]$"))]


@pytest.mark.promise("B2")
def test_the_page_is_complete() -> None:
    page = soup(html.page(samples.POLICY))
    assert page.html["lang"] == "en-US"
    assert page.title.string == "Social media policy · Harbour Lane Therapy"
    assert len(page.find_all("main")) == len(page.find_all("h1")) == 1
    for section in page.find_all("section"):
        assert page.find(id=section["aria-labelledby"]).name in {"h2", "h3"}


@pytest.mark.promise("B2")
def test_no_heading_level_is_skipped() -> None:
    found = levels(html.page(samples.POLICY))
    assert found[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(found))


@pytest.mark.parametrize(
    ("level", "heading", "expected"), [(1, True, [1, 2, 3]), (3, True, [3, 4, 5]), (2, False, [2, 3])]
)
def test_a_fragment_begins_at_the_level_it_is_given(level: int, heading: bool, expected: list[int]) -> None:
    document = replace(samples.POLICY, sections=(samples.CONTACT,))
    assert levels(html.fragment(document, level=level, heading=heading)) == expected


def test_the_downloaded_page_asks_no_other_host_for_anything() -> None:
    text = html.page(samples.POLICY)
    page = soup(text)
    assert not page.find_all(["script", "link", "img", "iframe"])
    style = page.style.string
    assert "url(" not in style and "@import" not in style
    assert "prefers-color-scheme:dark" in style and "@media print" in style


def test_a_linked_stylesheet_replaces_the_style_inside() -> None:
    page = soup(html.page(samples.POLICY, stylesheet='/static/page.css?a="&b'))
    assert page.style is None
    assert page.find("link", rel="stylesheet")["href"] == '/static/page.css?a="&b'


def test_the_fragment_is_plain() -> None:
    part = soup(html.fragment(samples.POLICY)).body
    assert not part.find_all(["script", "style", "iframe", "link", "main"])
    assert not part.find_all(style=True)
    assert not [name for tag in part.find_all(True) for name in tag.attrs if name.startswith("on")]
    ids = [tag["id"] for tag in part.find_all(id=True)]
    assert ids and all(found.startswith("doorframe-") for found in ids)
    assert not part.find_all(attrs={"data-answers": True})


def test_ids_stay_and_are_unique() -> None:
    page = soup(html.page(samples.POLICY))
    assert page.find(id="friending").name == "section"
    assert page.find(id="friending-2").name == "p"
    twins = tuple(Section("same", "Same", (Paragraph("same", samples.one("words")),)) for _ in range(2))
    ids = [tag["id"] for tag in soup(html.page(replace(samples.POLICY, sections=twins))).find_all(id=True)]
    assert len(ids) == len(set(ids)) > 6


@pytest.mark.promise("B2")
def test_tables_name_their_rows_and_columns() -> None:
    table = soup(html.page(samples.POLICY)).find(id="contact-table")
    assert [cell.text for cell in table.thead.find_all("th", scope="col")] == ["Way", "What it is for", "When I answer"]
    assert [cell.text for cell in table.tbody.find_all("th", scope="row")] == ["Telephone", "E-mail", "Text message"]
    assert table.caption.text == "What each way is for"


def test_the_source_line_names_each_source_once_before_the_closing_note() -> None:
    page = soup(html.page(samples.POLICY))
    cite = page.find(id="friending").find("p", class_="cite")
    assert cite.text == f"Based on {samples.ACA.short}; {samples.APA.short} · Good practice"
    assert page.find(id="crisis").find_previous_sibling().get("class") == ["cite"]
    assert page.find(id="response-time").find("p", class_="cite").text == "Good practice"


@pytest.mark.parametrize("kind", ["summary", "notices"])
def test_short_kinds_carry_no_source_line(kind: str) -> None:
    assert 'class="cite"' not in html.page(replace(samples.POLICY, kind=kind))


def test_labels_speak_the_document_s_language() -> None:
    labels = {"based_on": "Basado en", "good_practice": "Buena pr\u00e1ctica"}
    text = html.page(replace(samples.POLICY, language="es", labels=labels))
    assert "Basado en <a" in text and "Buena pr\u00e1ctica" in text and "Based on" not in text
    assert "2026-11-21" in text


def test_marked_spans_are_marked_and_no_others() -> None:
    mark = frozenset({("friending-1", 1), ("contact-table", 4)})
    found = [tag.text for tag in soup(html.fragment(samples.POLICY, mark=mark)).find_all("mark")]
    assert found == ["hello@harbourlane.example", samples.FRIENDING.blocks[0].spans[1].text]  # type: ignore[union-attr]


def test_provenance_tells_answers_and_clauses() -> None:
    text = html.fragment(samples.POLICY, provenance=True, where=lambda answer: (f"Q {answer}", f"/q/{answer}"))
    paragraph = soup(text).find(id="doorframe-friending-1")
    assert paragraph.find_all("span")[1]["data-answers"] == "friending.stance friending.scope"
    details = paragraph.find_next_sibling()
    assert details.summary.text == "Where this comes from"
    assert details.find("a", href="/q/friending.scope").text == "Q friending.scope"
    assert details.find("a", href=samples.ACA.link).text == samples.ACA.short
    assert "last read 2026-11-21" in details.text
    assert "friending.scope" in html.fragment(samples.POLICY, provenance=True)


def test_marks_count_spans_through_a_list() -> None:
    items = ((Span("a "), Span("b")), (Span("c"),))
    document = replace(samples.POLICY, sections=(Section("s", "S", (ListBlock("l", items),)),))
    assert "<li><mark>c</mark></li>" in html.fragment(document, mark=frozenset({("l", 2)}))


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "JAVASCRIPT:x", " data:text/html,x", "java\nscript:x", "//host"]
)
def test_a_link_that_could_run_something_is_words(link: str) -> None:
    document = replace(samples.POLICY, lede=(Paragraph("p", (Span("words", link=link),)),))
    assert soup(html.page(document)).find(id="p").decode() == '<p class="lede" id="p">words</p>'
