"""What changed between two documents, sentence by sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from doorframe.engines.assembly import document as d
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.assembly.compare import compare
from doorframe.engines.text import Span
from tests.engines.practices import choice_answers, pack, wide


def _document(*sections: d.Section, lede: tuple[d.Paragraph, ...] = ()) -> d.Document:
    return d.Document("policy", "T", "", "en-GB", "", "2026-11-21", "", False, "", "", lede, sections)


def _section(id: str, *sentences: str) -> d.Section:
    return d.Section(id, id, (d.Paragraph(f"{id}-p", tuple(Span(f"{text} ") for text in sentences)),))


CASES = [
    # before, after, marked sentences, sections that differ, sentences that are gone
    (("A.", "B."), ("A.", "B."), set(), (), ()),
    (("A.", "B."), ("A.", "C."), {("x-p", 1)}, ("x",), ("B.",)),
    (("A.",), ("A.", "B."), {("x-p", 1)}, ("x",), ()),
    (("A.", "B."), ("B.",), set(), ("x",), ("A.",)),
    (("A.", "B."), ("B.", "A."), set(), (), ()),
]


@pytest.mark.promise("A5")
@pytest.mark.parametrize(("before", "after", "marks", "topics", "gone"), CASES)
def test_what_is_marked(
    before: tuple[str, ...], after: tuple[str, ...], marks: set[tuple[str, int]], topics: tuple[str, ...],
    gone: tuple[str, ...],
) -> None:  # fmt: skip
    changes = compare(_document(_section("x", *before)), _document(_section("x", *after)))
    assert (set(changes.marks), changes.topics, changes.gone) == (marks, topics, gone)


def test_a_section_that_comes_and_one_that_goes() -> None:
    changes = compare(_document(_section("x", "A.")), _document(_section("y", "A.")))
    assert changes.topics == ("y", "x")
    assert changes.marks == {("y-p", 0)}
    assert changes.gone == ("A.",)


def test_words_before_the_first_section_count_too() -> None:
    lede = (d.Paragraph("lede-p", (Span("New."),)),)
    changes = compare(_document(), _document(lede=lede))
    assert changes.marks == {("lede-p", 0)}
    assert changes.topics == ("lede",)


def test_an_item_of_several_spans_is_marked_whole() -> None:
    def listed(number: str) -> d.Document:
        block = d.ListBlock("l", ((Span("Samaritans: call "), Span(number, strong=True)),))
        return _document(d.Section("x", "x", (block,)))

    assert compare(listed("116 123"), listed("116 124")).marks == {("l", 0), ("l", 1)}
    assert compare(listed("116 123"), listed("116 123")).marks == frozenset()


@pytest.mark.promise("A5")
@given(choice_answers())
@settings(max_examples=25)
def test_a_document_does_not_differ_from_itself_and_marks_point_into_the_new_one(answers: dict[str, object]) -> None:
    edition = Edition("2026-11-21")
    old, new = assemble(pack(), wide(), "policy", edition), assemble(pack(), answers, "policy", edition)
    assert compare(new, new) == compare(old, old)
    assert compare(new, new).topics == ()
    changes = compare(old, new)
    ids = {block.id for _, section in new.walk() for block in section.blocks} | {block.id for block in new.lede}
    assert {block for block, _ in changes.marks} <= ids
    assert bool(changes.marks or changes.gone) is bool(changes.topics)
