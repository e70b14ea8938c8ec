"""A signature that was given, in every format, whatever was typed or drawn."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from doorframe.adapters.render import FORMATS, html, marks, render
from doorframe.engines.assembly.document import Document, Mark, Section
from tests.adapters.render import samples
from tests.adapters.render.test_pdf import elements
from tests.adapters.render.words_of import bare

TYPED = Mark("m", typed="Zoë O’Hara <b>& Sons</b>")
DRAWN = Mark("m", strokes=(((10, 300), (200, 90), (260, 310)), ((640, 120),)), spoken="The drawn signature of Zoë")


def document(*found: Mark) -> Document:
    return replace(samples.POLICY, sections=(Section("s", "Signatures", found),), lede=())


def read(format: str, data: bytes) -> str:
    """The words of the file, with what stands for a picture."""
    if format == "pdf":
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if format == "docx":
        data = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")
        tree = ElementTree.fromstring(data)
        return "".join((node.text or "") + node.attrib.get("descr", "") for node in tree.iter())
    return data.decode()


@pytest.mark.promise("C2")
@pytest.mark.parametrize("format", FORMATS)
def test_a_typed_name_stands_in_every_format(format: str) -> None:
    text = read(format, render(document(TYPED), format))
    wanted = {"html": "<em>Zoë O’Hara &lt;b&gt;&amp; Sons&lt;/b&gt;</em>", "md": r"Zoë O’Hara \<b\>& Sons\</b\>"}
    assert bare(wanted.get(format, TYPED.typed)) in bare(text)


@pytest.mark.promise("C2")
@pytest.mark.parametrize("format", ["docx", "html", "md"])
def test_a_drawn_name_has_words_in_its_place(format: str) -> None:
    assert DRAWN.spoken in read(format, render(document(DRAWN), format))


def test_a_drawing_is_a_figure_with_words_in_the_pdf() -> None:
    data = render(document(DRAWN), "pdf")
    found = list(elements(PdfReader(io.BytesIO(data)).trailer["/Root"]["/StructTreeRoot"]))
    assert [(each["/S"], each["/Alt"]) for each in found if "/Alt" in each] == [("/Figure", DRAWN.spoken)]
    assert render(document(DRAWN), "pdf") == data


def test_the_strokes_are_drawn_as_they_were() -> None:
    assert marks.path(DRAWN) == "M10 300 L200 90 L260 310 M640 120 L641 120"
    page = render(document(DRAWN), "html").decode()
    assert 'role="img"' in page and 'stroke="currentColor"' in page and " style=" not in page
    parts = zipfile.ZipFile(io.BytesIO(render(document(DRAWN, DRAWN), "docx"))).read("word/document.xml").decode()
    assert parts.count("<a:path ") == 4 and 'id="1"' in parts and 'id="2"' in parts


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "mark",
    [
        Mark("m"),
        Mark("m", strokes=((),), spoken="x"),
        Mark("m", strokes=(((-5, -5), (10**9, 10**9)),), spoken='"><script>alert(1)</script>'),
        Mark("m", typed="x" * 400),
        Mark("m", typed="שלום " * 20),
        Mark("m", typed="a\x00\n\nb\u202e"),
    ],
    ids=["nothing", "no point", "far out", "long", "hebrew", "controls"],
)
def test_whatever_was_given_makes_a_file(mark: Mark, format: str) -> None:
    data = render(document(mark), format)
    assert read(format, data)
    assert format == "docx" or b"<script>" not in data


def test_points_outside_the_field_are_drawn_on_its_edge() -> None:
    assert marks.path(Mark("m", strokes=(((-5, -5), (10**9, 10**9)),))) == "M0 0 L1000 400"


def test_a_mark_is_no_place_for_two_ids() -> None:
    page = html.fragment(document(TYPED, TYPED))
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
