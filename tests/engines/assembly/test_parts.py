"""The document's own parts and its small words: signatures, dates, links, full stops, sentences left out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from doorframe.engines.assembly import document as d
from doorframe.engines.assembly.assemble import FEWEST_CLIENTS, MOST_CLIENTS, Edition, assemble
from doorframe.engines.assembly.words import Words
from doorframe.engines.interview.facts import resolve
from tests.engines.practices import basics, pack

ISSUED = Edition("2026-11-21", version=3, draft=False)


def blocks(document: d.Document) -> Iterator[d.Block]:
    yield from document.lede
    for _, section in document.walk():
        yield from section.blocks


def _spans(block: d.Block) -> Iterator[d.Span]:
    if isinstance(block, d.Paragraph | d.Note):
        yield from block.spans
    elif isinstance(block, d.ListBlock):
        yield from itertools.chain.from_iterable(block.items)
    elif isinstance(block, d.Table):
        yield from (span for row in block.rows for cell in row for span in cell)


def _signatures(answers: dict[str, object]) -> d.Signatures:
    document = assemble(pack(), answers, "policy", ISSUED)
    return next(block for block in blocks(document) if isinstance(block, d.Signatures))


@pytest.mark.parametrize("kind", ["couples-families", "groups"])
def test_four_clients_and_the_therapist_can_sign(kind: str) -> None:
    assert MOST_CLIENTS == 4
    lines = _signatures({**basics(), "clients": ["adults", kind]}).lines
    assert [line.role for line in lines] == ["Client"] * 4 + ["Therapist"]
    assert [line.fields for line in lines] == [("Name", "Signature", "Date")] * 5


def test_where_clients_come_alone_the_page_has_fewer_lines() -> None:
    assert FEWEST_CLIENTS == 2
    assert [line.role for line in _signatures(basics()).lines] == ["Client"] * 2 + ["Therapist"]


def test_a_parent_signs_where_there_are_minors() -> None:
    lines = _signatures({**basics(), "clients": ["adults", "minors"]}).lines
    assert [line.role for line in lines] == ["Client"] * 4 + ["Parent or guardian", "Therapist"]


def test_where_nobody_signs_the_therapist_notes_it() -> None:
    signatures = _signatures({**basics(), "acknowledgement": "talk-and-record"})
    assert [line.role for line in signatures.lines] == ["Therapist"]
    assert signatures.choices and signatures.choices != _signatures(basics()).choices


def test_a_draft_says_so_and_an_issued_policy_its_version() -> None:
    draft = assemble(pack(), basics(), "policy", Edition("2026-11-21"))
    issued = assemble(pack(), basics(), "policy", ISSUED)
    assert draft.draft and "Draft" in draft.footer
    assert not issued.draft and issued.version == "Version 3"
    assert issued.footer == "Harbour Lane Practice · Social media policy · Version 3 · November 21, 2026"
    assert issued.pack == pack().label


@pytest.mark.parametrize(
    ("country", "language", "date"),
    [("US", "en-US", "November 21, 2026"), ("UK", "en-GB", "21 November 2026"), ("CA", "en-CA", None),
     ("AU", "en-AU", "21 November 2026"), ("IE", "en-IE", "21 November 2026"), ("other", "en-GB", "21 November 2026")],
)  # fmt: skip
def test_the_language_and_the_date_of_the_place(country: str, language: str, date: str | None) -> None:
    document = assemble(pack(), basics(country), "policy", ISSUED)
    assert document.language == language
    assert date is None or date in document.footer


def test_a_line_that_only_takes_texts_is_not_dialled() -> None:
    document = assemble(pack(), {**basics("UK"), "clients": ["adults", "minors"]}, "policy", ISSUED)
    links = {span.text: span.link for block in blocks(document) for span in _spans(block) if span.strong}
    assert links["116 123"] == "tel:116123"
    assert links["85258"] == "", "Shout takes texts"
    assert links["111, then option 2"] == "", "it cannot be dialled in one go"


def test_the_word_to_send_keeps_its_capitals() -> None:
    line = {"name": "Shout", "number": "85258", "how": "Text SHOUT to"}
    answers = {**basics("UK"), "crisis_lines": [line]}
    assert Words(pack(), resolve(pack(), answers), "2026-11-21").value("crisis_line") == "text SHOUT to 85258 (Shout)"


def test_a_full_stop_in_a_name_begins_no_sentence() -> None:
    filler = Words(pack(), resolve(pack(), {"practice": "group", "practice_name": "Harbour Ltd."}), "2026-11-21")
    assert filler.fill("At {practice_name} {I} answer. {I} call.") == "At Harbour Ltd. we answer. We call."


def test_a_name_keeps_its_first_letter() -> None:
    filler = Words(pack(), resolve(pack(), {**basics(), "practice_name": "iMind"}), "2026-11-21")
    assert filler.fill("{practice_name} answers.") == "iMind answers."


def test_a_sentence_without_its_answer_is_left_out() -> None:
    filler = Words(pack(), resolve(pack(), {"country": "other"}), "2026-11-21")
    assert filler.sentence("In danger, call {emergency_number} now.") == ""
    assert filler.span("Call {emergency_number}.").text == ""
    given_number = Words(pack(), resolve(pack(), basics("other")), "2026-11-21")
    assert given_number.sentence("In danger, call {emergency_number} now.") == "In danger, call 112 now."


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [("Ask me", "Ask me."), ("Ask me.", "Ask me."), ("Ask me?", "Ask me?"), ("ask me", "Ask me."),
     ("(Ask me)", "(Ask me)")],
)  # fmt: skip
def test_an_own_sentence_ends_as_sentences_do(given_text: str, shown: str) -> None:
    document = assemble(pack(), {**basics(), "crisis_own": given_text}, "policy", ISSUED)
    own = [
        span.text for block in blocks(document) for span in _spans(block) if "crisis_own" in span.answers and span.own
    ]
    assert [text.strip() for text in own] == [shown]


def test_own_words_are_marked_as_own_and_never_respelled() -> None:
    answers = {**basics("US"), "crisis_own": "My counselling colleague practises next door."}
    document = assemble(pack(), answers, "policy", ISSUED)
    spans = [span for block in blocks(document) for span in _spans(block) if "colleague practises" in span.text]
    assert [(span.own, "counselling" in span.text) for span in spans] == [(True, True)]
