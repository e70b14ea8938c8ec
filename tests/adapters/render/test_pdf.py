"""The PDF is tagged, declares PDF/UA-1 and PDF/A-3a, holds its faces, and looks after its pages."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from doorframe.adapters.render import DoesNotFit, MissingTypeface, glyphs, render, typst
from doorframe.engines.assembly.document import Document, ListBlock, Paragraph, Section, Table
from doorframe.engines.text import Span
from tests.adapters.render import samples


def opened(document: Document) -> PdfReader:
    return PdfReader(io.BytesIO(render(document, "pdf")))


@pytest.fixture(scope="module")
def policy() -> PdfReader:
    return opened(samples.POLICY)


def elements(node: Any) -> Iterator[DictionaryObject]:
    """The structure tree below a node, in reading order."""
    kids = node.get("/K")
    kids = kids if isinstance(kids, list) else [kids]
    for kid in (kid.get_object() for kid in kids if kid is not None and not isinstance(kid, int)):
        if isinstance(kid, DictionaryObject) and "/S" in kid:
            yield kid
            yield from elements(kid)


def tags(reader: PdfReader) -> list[str]:
    return [str(element["/S"]) for element in elements(reader.trailer["/Root"]["/StructTreeRoot"])]


@pytest.mark.promise("B2")
def test_it_says_what_it_is(policy: PdfReader) -> None:
    root = policy.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-US"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert policy.metadata is not None
    assert (policy.metadata.title, policy.metadata.author) == (samples.POLICY.title, samples.POLICY.author)
    assert policy.metadata.creation_date is not None
    assert policy.metadata.creation_date.date().isoformat() == samples.POLICY.dated


@pytest.mark.promise("B2")
def test_it_declares_both_standards(policy: PdfReader) -> None:
    xmp = policy.trailer["/Root"]["/Metadata"].get_data().decode()
    assert re.search(r"<pdfuaid:part>1<", xmp)
    assert re.search(r"<pdfaid:part>3<", xmp)
    assert re.search(r"<pdfaid:conformance>A<", xmp)


@pytest.mark.promise("B2")
def test_headings_lists_tables_and_links_are_tagged(policy: PdfReader) -> None:
    found = tags(policy)
    assert found.count("/H1") == len(samples.POLICY.sections)
    assert found.count("/H2") == 1
    assert found.count("/L") == 3
    assert found.count("/LI") == 3 + 3 + 2
    assert found.count("/Table") == 2
    assert found.count("/TH") == 3 + 4
    assert "/Link" in found
    assert found.index("/H1") < found.index("/H2")


def test_every_face_is_inside(policy: PdfReader) -> None:
    names = set()
    for page in policy.pages:
        for font in page["/Resources"]["/Font"].values():
            below = font["/DescendantFonts"][0].get_object()
            descriptor = below["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            names.add(str(below["/BaseFont"]).split("+")[1])
    assert {name.split("-")[0] for name in names} == {"SourceSerif4", "SourceSans3"}


def test_the_foot_counts_the_pages_and_is_no_part_of_the_text(policy: PdfReader) -> None:
    count = len(policy.pages)
    for number, page in enumerate(policy.pages, 1):
        assert f"Page {number} of {count}" in page.extract_text()
        assert b"/Artifact" in page.get_contents().get_data()


def test_a_draft_says_so_on_every_page_and_a_policy_in_force_does_not(policy: PdfReader) -> None:
    pages = opened(samples.DRAFT).pages
    assert all("Draft: not in force" in page.extract_text() for page in pages)
    assert not any("not in force" in page.extract_text() for page in policy.pages)


@pytest.mark.parametrize(
    ("language", "paper", "width"),
    [("en-US", "", 612), ("en-CA", "", 612), ("en-GB", "", 595), ("en-AU", "", 595), ("en-US", "a4", 595)],
)
def test_the_paper_is_the_country_s(language: str, paper: str, width: int) -> None:
    page = opened(replace(samples.POLICY, language=language, paper=paper)).pages[0]
    assert int(page.mediabox.width) == width


def test_the_signatures_stay_on_one_page() -> None:
    lines = tuple(Paragraph(f"p{number}", samples.one("A line of its own.")) for number in range(22))
    signing = replace(samples.SIGNING, new_page=False)
    for extra in range(0, 22, 3):
        document = replace(samples.POLICY, sections=(Section("s", "Before", lines[:extra]), signing))
        on = [("I have read" in text, "Therapist" in text) for text in _texts(document)]
        assert (True, True) in on and (True, False) not in on


def test_a_heading_never_ends_a_page() -> None:
    for count in range(20, 40):
        body = tuple(Paragraph(f"p{number}", samples.one("A line of its own.")) for number in range(count))
        last = Section("last", "The heading", (Paragraph("words", samples.one("Its first words.")),))
        texts = _texts(replace(samples.POLICY, lede=(), sections=(Section("s", "Before", body), last)))
        page = next(text for text in texts if "The heading" in text)
        assert "Its first words." in page


@pytest.mark.parametrize("above", range(24, 34))
def test_a_short_list_stays_on_one_page(above: int) -> None:
    lines = tuple(Paragraph(f"p{number}", samples.one("A line of its own.")) for number in range(above))
    points = ListBlock("l", tuple(samples.one(f"Point {number}.") for number in range(4)))
    texts = _texts(replace(samples.POLICY, lede=(), sections=(Section("s", "Before", (*lines, points)),)))
    assert [found for text in texts if (found := text.count("Point "))] == [4]


def test_a_list_of_many_words_goes_on_over_the_page() -> None:
    words = "All of these words stand in one point of the list. " * 120
    points = ListBlock("l", (samples.one(words), samples.one("The last point.")))
    texts = _texts(replace(samples.POLICY, lede=(), sections=(Section("s", "Before", (points,)),)))
    assert len([text for text in texts if "point of the list" in text]) > 1


def _numbered_rows(count: int) -> Table:
    rows = tuple((samples.one(f"Row {number} of it."), samples.one("Its words.")) for number in range(count))
    return Table("t", "", ("Name", "What it says"), rows)


@pytest.mark.parametrize("above", range(0, 22, 3))
def test_no_row_of_a_table_stands_on_a_page_alone(above: int) -> None:
    lines = tuple(Paragraph(f"p{number}", samples.one("A line of its own.")) for number in range(above))
    for count in (2, 7, 24, 27, 30):
        section = Section("s", "Before", (*lines, _numbered_rows(count)))
        texts = _texts(replace(samples.POLICY, lede=(), sections=(section, samples.SIGNING)))
        on = [found for text in texts if (found := text.count("Its words."))]
        assert sum(on) == count
        assert min(on) >= 2, (count, on)
        assert all("What it says" in text for text in texts if "Its words." in text)


def _texts(document: Document) -> list[str]:
    return [page.extract_text() for page in opened(document).pages]


def _summary(paragraphs: int) -> Document:
    words = samples.one(
        "These are the words of one paragraph, which takes a line and a little more of the page it is on."
    )
    blocks = tuple(Paragraph(f"p{number}", words) for number in range(paragraphs))
    return replace(samples.SUMMARY, sections=(Section("s", "All of it", blocks),))


def test_a_summary_shrinks_to_its_page_and_then_refuses() -> None:
    sizes = [len(opened(_summary(count)).pages) for count in (5, 14, 18)]
    assert sizes == [1, 1, 1]
    with pytest.raises(DoesNotFit, match="too long for one page"):
        render(_summary(60), "pdf")


def test_a_link_to_nowhere_is_words_and_a_link_inside_works() -> None:
    spans = (Span("here", link="#friending"), Span(" and ", link=""), Span("nowhere", link="#nowhere"))
    reader = opened(replace(samples.POLICY, lede=(Paragraph("p", spans),)))
    assert "here and nowhere" in reader.pages[0].extract_text()
    assert "friending" in str(reader.named_destinations)


def test_a_link_that_could_run_something_is_left_out() -> None:
    data = render(replace(samples.POLICY, lede=(Paragraph("p", (Span("x", link="javascript:alert(1)"),)),)), "pdf")
    streams = re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)
    assert b"javascript" not in data + b"".join(_inflated(stream) for stream in streams)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_a_missing_face_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    typst._typefaces.cache_clear()
    monkeypatch.setattr(glyphs, "OTHER_FACES", ("NotThere.ttf",))
    with pytest.raises(MissingTypeface, match=r"NotThere\.ttf"):
        render(samples.POLICY, "pdf")
    monkeypatch.undo()
    typst._typefaces.cache_clear()


def test_our_reading_of_the_faces_agrees_with_fonttools() -> None:
    from fontTools.ttLib import TTFont

    for name in (*glyphs.TEXT_FACES, *glyphs.LABEL_FACES, *glyphs.OTHER_FACES):
        assert glyphs._characters(name) == set(TTFont(glyphs.FONTS / name).getBestCmap()), name


def test_what_passes_unread_is_in_every_face() -> None:
    plain = {chr(code) for code in range(0x3000) if glyphs._PLAIN.match(chr(code))}
    text, label = glyphs._faces()[:2]
    assert plain - {chr(code) for code in text} == set()
    assert plain - {chr(code) for code in label} == set()


def test_short_columns_keep_their_words_whole() -> None:
    row = (
        samples.one("November 2026"),
        samples.one("A sentence that goes on " * 12),
        samples.one("APA Code 2017, 3.05"),
    )
    table = Table("t", "", ("When", "What it says", "Where"), (row,) * 3)
    document = replace(samples.POLICY, lede=(), sections=(Section("s", "S", (table,)),))
    text = opened(document).pages[0].extract_text()
    assert text.count("November 2026") == 3


ADDRESS = "a-rather-long-name.of-somebody@practice-house.example.org"[:45]


@pytest.mark.parametrize("before", ["", "You can write to us at ", "Whoever wants to reach the practice may write to "])
@pytest.mark.parametrize(
    "words", [ADDRESS, "https://practice.example.org/contact-and-crisis", "@the_whole_handle_of_a_practice"]
)
def test_an_address_can_be_copied_whole(words: str, before: str) -> None:
    spans = (Span(before), Span(words, link=f"mailto:{words}" if "@" in words[1:] else ""), Span(", on any day."))
    document = replace(samples.POLICY, subtitle=words, lede=(Paragraph("p", spans),), footer=words)
    text = opened(document).pages[0].extract_text()
    assert text.count(words) == 3


def test_an_address_in_a_narrow_column_brings_no_character_of_its_own() -> None:
    table = Table(
        "t", "", ("Who", "Where", "More"), ((samples.one("A" * 60), samples.one(ADDRESS), samples.one("B " * 90)),) * 4
    )
    document = replace(samples.POLICY, lede=(), sections=(Section("s", "S", (table,)),))
    text = opened(document).pages[0].extract_text()
    assert "".join(text.split()).count(ADDRESS) == 4
    assert not re.search("[\u200b\u2060\u00ad]", text)


@pytest.mark.parametrize("place", ["title", "subtitle", "heading", "paragraph", "cell"])
def test_a_word_of_two_hundred_characters_stays_on_the_page(place: str) -> None:
    word = "".join(chr(ord("a") + number % 26) for number in range(200))
    table = Table("t", "", ("One", "Two"), ((samples.one(word), samples.one("Words")),))
    where = {
        "title": replace(samples.POLICY, title=word),
        "subtitle": replace(samples.POLICY, subtitle=word),
        "heading": replace(samples.POLICY, sections=(Section("s", word, samples.CONTACT.blocks),)),
        "paragraph": replace(samples.POLICY, lede=(Paragraph("p", samples.one(word)),)),
        "cell": replace(samples.POLICY, sections=(Section("s", "S", (table,)),)),
    }
    reader = opened(where[place])
    assert word in "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert max(_ends(reader)) <= float(reader.pages[0].mediabox.width) - 60
    assert place != "title" or (reader.metadata is not None and reader.metadata.title == word)
    assert place != "heading" or word in str(reader.outline)


def _ends(reader: PdfReader) -> list[float]:
    """Where the words of each line end at the least: a character is taken for two fifths of its height wide."""
    found: list[float] = []

    def note(text: str, _: object, at: list[float], __: object, size: float) -> None:
        found.append(at[4] + 0.4 * size * len(text.strip()))

    for page in reader.pages:
        page.extract_text(visitor_text=note)
    return found


def test_what_it_was_built_from_stands_in_the_properties_alone(policy: PdfReader) -> None:
    assert policy.metadata is not None
    assert samples.POLICY.pack in policy.metadata["/Keywords"]
    assert not any("Built from" in page.extract_text() for page in policy.pages)
    record = opened(replace(samples.POLICY, kind="decision"))
    assert f"Built from {samples.POLICY.pack}" in record.pages[-1].extract_text()
