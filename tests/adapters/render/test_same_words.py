"""The words of a clause are the same in every format, whatever a person typed; and the bytes never change."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from doorframe.adapters.render import FORMATS, UnknownFormat, glyphs, html, render, warnings
from doorframe.adapters.render.words import clean
from doorframe.engines.assembly.document import Document, Paragraph, Section
from doorframe.engines.text import Span
from tests.adapters.render import samples, words_of

DOCUMENTS = {"policy": samples.POLICY, "draft": samples.DRAFT, "summary": samples.SUMMARY}
HERE = Path(__file__)
READABLE_NAMES = [name for name in samples.NASTY_NAMES if not glyphs._INVISIBLE.search(name)]


@pytest.mark.promise("B1")
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_passage_is_in_every_format_in_order(name: str, format: str) -> None:
    document = DOCUMENTS[name]
    assert words_of.missing(document, words_of.read(render(document, format), format, document)) == []


def test_the_comparison_notices_a_changed_word() -> None:
    text = words_of.html_text(render(samples.POLICY, "html"))
    assert words_of.missing(samples.POLICY, text.replace("personal accounts", "private accounts")) != []


@pytest.mark.parametrize("format", ["docx", "html", "md"])
@pytest.mark.parametrize("name", samples.NASTY_NAMES, ids=range(len(samples.NASTY_NAMES)))
def test_hostile_words_arrive_as_words(name: str, format: str) -> None:
    document = samples.named(name)
    assert words_of.missing(document, words_of.read(render(document, format), format, document)) == []


@pytest.mark.parametrize("name", samples.NASTY_NAMES, ids=range(len(samples.NASTY_NAMES)))
def test_hostile_words_give_a_pdf(name: str) -> None:
    document = replace(samples.named(name), footer="")
    text = words_of.bare(words_of.pdf_text(render(document, "pdf"), document))
    assert words_of.bare("Therapist") in text
    if glyphs._PLAIN.match(clean(name)):
        assert words_of.bare(clean(name)) in text


def test_characters_without_a_glyph_are_shown_as_a_sign_and_named() -> None:
    document = replace(samples.POLICY, subtitle="\u738b Practice")
    assert "\u738b (U+738B)" in warnings(document, "pdf")[0]
    assert f"{glyphs.MISSING} Practice" in words_of.pdf_text(render(document, "pdf"), document)
    assert warnings(samples.POLICY, "pdf") == warnings(document, "html") == []


def holding(text: str) -> Document:
    spans = (Span("Before "), Span(text), Span(" after"))
    section = Section("s", f"Hello {text}", (Paragraph("p", spans),))
    return replace(samples.POLICY, title=text, subtitle=text, author=text, footer=text, lede=(), sections=(section,))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(), max_size=60))
@example("\ud800")
@example("*a* [b](c) `d`")
def test_any_text_keeps_its_words(text: str) -> None:
    document = holding(text)
    for format in ("docx", "html", "md"):
        assert words_of.missing(document, words_of.read(render(document, format), format, document)) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(), max_size=40))
def test_any_text_gives_a_pdf(text: str) -> None:
    assert render(holding(text), "pdf").startswith(b"%PDF-1.7")


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>&\"'/=abscript \n", max_size=40))
def test_what_a_person_types_is_never_markup(text: str) -> None:
    import html5lib

    tree = html5lib.parse(html.fragment(holding(text), level=2), treebuilder="etree", namespaceHTMLElements=False)
    names = {element.tag for element in tree.find("body").iter()}
    assert names <= {"body", "article", "header", "section", "h2", "h3", "p", "br"}


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_document_gives_the_same_bytes_in_another_process(format: str) -> None:
    here = hashlib.sha256(render(samples.POLICY, format)).hexdigest()
    code = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:3]; import samples;"
        "from doorframe.adapters.render import render;"
        "print(hashlib.sha256(render(samples.POLICY, sys.argv[3])).hexdigest())"
    )
    source = HERE.parents[3] / "src"
    command = [sys.executable, "-c", code, str(source), str(HERE.parent), format]
    there = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert there.stdout.strip() == here


@pytest.mark.parametrize("format", FORMATS)
def test_another_word_gives_other_bytes(format: str) -> None:
    assert render(samples.POLICY, format) != render(replace(samples.POLICY, title="Other"), format)


def test_loading_the_package_loads_no_format() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import doorframe.adapters.render;"
        "print([name for name in ('typst', 'docx', 'lxml', 'zipfile') if name in sys.modules])"
    )
    source = HERE.parents[3] / "src"
    done = subprocess.run([sys.executable, "-c", code, str(source)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(UnknownFormat, match="'odt'"):
        render(samples.POLICY, "odt")
