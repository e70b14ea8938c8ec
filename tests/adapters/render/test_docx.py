"""The Word file uses real styles, lists and table headers, and knows its language."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import docx
import pytest

from doorframe.adapters.render import render
from doorframe.engines.assembly.document import Document, ListBlock, Paragraph, Section
from doorframe.engines.text import Span
from tests.adapters.render import samples


def opened(document: Document) -> Any:
    return docx.Document(io.BytesIO(render(document, "docx")))


@pytest.fixture(scope="module")
def policy() -> Any:
    return opened(samples.POLICY)


def styled(file: Any, style: str) -> list[str]:
    return [paragraph.text for paragraph in file.paragraphs if paragraph.style.name == style]


@pytest.mark.promise("B2")
def test_headings_are_styles(policy: Any) -> None:
    assert styled(policy, "Title") == [samples.POLICY.title]
    assert styled(policy, "Heading 1") == [section.title for section in samples.POLICY.sections]
    assert styled(policy, "Heading 2") == ["When I am away"]


@pytest.mark.promise("B2")
def test_lists_are_lists_and_each_numbered_one_begins_at_one() -> None:
    items = (samples.one("first"), samples.one("second"))
    blocks = tuple(ListBlock(f"l{number}", items, ordered=True) for number in range(3))
    file = opened(replace(samples.POLICY, sections=(Section("s", "S", blocks),)))
    numbers = [
        paragraph._p.pPr.numPr.numId.val for paragraph in file.paragraphs if paragraph.style.name == "List Number"
    ]
    assert len(set(numbers)) == 3
    numbering = file.part.numbering_part.element
    for number in set(numbers):
        [entry] = numbering.xpath(f"w:num[@w:numId='{number}']")
        assert entry.xpath("w:lvlOverride/w:startOverride/@w:val") == ["1"]


@pytest.mark.promise("B2")
def test_table_headers_repeat_and_rows_stay_whole(policy: Any) -> None:
    assert [len(table.rows) for table in policy.tables] == [4, 6]
    for table in policy.tables:
        first, *rest = (row._tr for row in table.rows)
        assert first.xpath("w:trPr/w:tblHeader")
        assert not any(row.xpath("w:trPr/w:tblHeader") for row in rest)
        assert all(row.xpath("w:trPr/w:cantSplit") for row in (first, *rest))
        assert table._tbl.xpath("w:tblPr/w:tblLook/@w:firstRow") == ["1"]


@pytest.mark.promise("B2")
def test_language_and_properties(policy: Any) -> None:
    defaults = policy.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang/@w:val")
    assert defaults == ["en-US"]
    properties = policy.core_properties
    assert (properties.title, properties.author) == (samples.POLICY.title, samples.POLICY.author)
    assert properties.language == "en-US"
    assert properties.created == properties.modified == datetime(2026, 11, 21, tzinfo=UTC)


def test_faces_have_a_stand_in() -> None:
    with zipfile.ZipFile(io.BytesIO(render(samples.POLICY, "docx"))) as package:
        table = package.read("word/fontTable.xml").decode()
    assert '<w:font w:name="Source Serif 4"><w:altName w:val="Georgia"/>' in table


def test_nothing_in_the_package_moves_with_time() -> None:
    with zipfile.ZipFile(io.BytesIO(render(samples.POLICY, "docx"))) as package:
        entries = package.infolist()
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
        assert b"rsid" not in b"".join(package.read(entry) for entry in entries)


def test_every_part_is_well_formed_and_named() -> None:
    with zipfile.ZipFile(io.BytesIO(render(samples.POLICY, "docx"))) as package:
        parts = {name: ElementTree.fromstring(package.read(name)) for name in package.namelist()}
    named = {node.get("PartName", "").lstrip("/") for node in parts["[Content_Types].xml"]}
    assert named - {""} <= set(parts)
    assert not [name for name in parts if name not in named and not name.endswith((".rels", "].xml"))]
    assert "{" not in "".join("".join(node.itertext()) for node in parts.values())


def test_the_foot_counts_and_the_head_says_draft(policy: Any) -> None:
    section = policy.sections[0]
    assert section.footer.paragraphs[0].text.startswith(samples.POLICY.footer)
    fields = section.footer._element.xpath(".//w:fldSimple/@w:instr")
    assert [field.strip() for field in fields] == ["PAGE", "NUMPAGES"]
    assert section.header.paragraphs[0].text == ""
    assert opened(samples.DRAFT).sections[0].header.paragraphs[0].text == "Draft: not in force"


def test_links_are_links(policy: Any) -> None:
    targets = {link.text: link.address for paragraph in policy.paragraphs for link in paragraph.hyperlinks}
    assert targets["988"] == "tel:988"
    assert targets[samples.ACA.short] == samples.ACA.link


def test_a_link_inside_finds_its_heading() -> None:
    spans = (Span("see there", link="#friending"), Span("nowhere", link="#nowhere"))
    file = opened(replace(samples.POLICY, lede=(Paragraph("p", spans),)))
    anchors = file.element.xpath(".//w:hyperlink/@w:anchor")
    assert anchors == ["friending"]
    assert "friending" in file.element.xpath(".//w:bookmarkStart/@w:name")


def test_headings_and_citations_keep_their_company(policy: Any) -> None:
    paragraphs = policy.paragraphs
    assert policy.styles["Heading 1"].paragraph_format.keep_with_next
    before = [
        paragraphs[index - 1] for index, found in enumerate(paragraphs) if found.style.name == "Sources" and index
    ]
    assert before
    for paragraph in before:
        assert paragraph.paragraph_format.keep_with_next or paragraph.style.name == "After Table"


def test_the_signature_page_starts_a_page_and_holds_together(policy: Any) -> None:
    heading = next(found for found in policy.paragraphs if found.text == samples.SIGNING.title)
    assert heading.paragraph_format.page_break_before
    rows = policy.tables[-1].rows
    assert [row.cells[0].text for row in rows] == ["Who signs", *(line.role for line in _lines())]
    assert all(row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in list(rows)[1:-1])


def _lines() -> Iterator[Any]:
    yield from samples.SIGNING.blocks[1].lines  # type: ignore[union-attr]
