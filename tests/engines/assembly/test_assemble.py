"""From answers to a document: the same each time, in one voice, with nothing left open and every rule cited."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings

from doorframe.engines.assembly import document as d
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.citations import GOOD_PRACTICE
from doorframe.engines.content.conditions import holds
from doorframe.engines.interview.facts import resolve
from tests.engines.practices import ACCOUNTS, basics, choice_answers, choices, legal_answers, pack, profiles, wide

ISSUED = Edition("2026-11-21", version=3, draft=False)
OUTPUTS = ("policy", "appendix", "handbook", "summary", "talking-points", "notices")
CLIENT_OUTPUTS = ("policy", "appendix", "summary")

Block = d.Paragraph | d.ListBlock | d.Note


def blocks(document: d.Document) -> Iterator[d.Block]:
    yield from document.lede
    for _, section in document.walk():
        yield from section.blocks


def words(document: d.Document) -> str:
    """Everything a reader reads."""
    headings = [section.title for _, section in document.walk()]
    return "\n".join([document.title, *headings, *(block.text for block in blocks(document))])


def own_sections(document: d.Document) -> dict[str, tuple[str, tuple[d.Block, ...]]]:
    """Each section's own heading and blocks; the words that stand before the first are a section as well."""
    found: dict[str, tuple[str, tuple[d.Block, ...]]] = {"lede": ("", document.lede)}
    return found | {section.id: (section.title, section.blocks) for _, section in document.walk()}


# The same answers, the same document


@pytest.mark.promise("B1")
@given(choice_answers())
@settings(max_examples=25)
def test_the_same_answers_give_the_same_document(answers: dict[str, object]) -> None:
    for output in OUTPUTS:
        once = assemble(pack(), answers, output, ISSUED)
        assert assemble(pack(), dict(sorted(answers.items(), reverse=True)), output, ISSUED) == once


def test_every_output_is_made() -> None:
    assert set(pack().outputs) == set(OUTPUTS)
    with pytest.raises(KeyError):
        assemble(pack(), {}, "poster", ISSUED)


@pytest.mark.parametrize("output", OUTPUTS)
def test_each_place_has_one_address(output: str) -> None:
    for practice in ("solo", "group"):
        document = assemble(pack(), wide(practice), output, ISSUED)
        sections = [section.id for _, section in document.walk()]
        inner = [block.id for block in blocks(document)]
        assert len(sections) == len(set(sections))
        assert len(inner) == len(set(inner)), sorted(id for id in inner if inner.count(id) > 1)


@pytest.mark.promise("B1")
@given(choice_answers(most=60))
@settings(max_examples=40)
def test_no_two_blocks_share_an_address_whatever_is_answered(answers: dict[str, object]) -> None:
    for output in ("policy", "handbook"):
        inner = [block.id for block in blocks(assemble(pack(), answers, output, ISSUED))]
        assert len(inner) == len(set(inner)), sorted(id for id in inner if inner.count(id) > 1)


# One answer changes only its own


def behind(document: d.Document) -> dict[str, set[str]]:
    """For each section the answers that its words say they rest on."""
    found: dict[str, set[str]] = {}
    for id, (_, section_blocks) in own_sections(document).items():
        spans = [span for block in section_blocks for span in _spans(block)]
        found[id] = {answer for span in spans for answer in span.answers}
    return found


def _spans(block: d.Block) -> Iterator[d.Span]:
    if isinstance(block, d.Paragraph | d.Note):
        yield from block.spans
    elif isinstance(block, d.ListBlock):
        yield from itertools.chain.from_iterable(block.items)
    elif isinstance(block, d.Table):
        yield from (span for row in block.rows for cell in row for span in cell)


EVERYWHERE = {"practice", "country", "language", "profession", "region"}
"""Answers that set the voice, the law and the spelling of the whole, not one topic."""

BINDING = {"hipaa", "part2"}
"""Answers that bring or take a law: what it says may change nothing but the citations."""


def texts(document: d.Document) -> dict[str, object]:
    """Each section's heading and words, without citations."""
    found = own_sections(document).items()
    return {id: (title, [block.text for block in section_blocks]) for id, (title, section_blocks) in found}


@pytest.mark.promise("A5")
@pytest.mark.parametrize("practice", ["solo", "group"])
def test_one_choice_changes_only_its_own_sections(practice: str) -> None:
    start = wide(practice)
    before = assemble(pack(), start, "policy", ISSUED)
    old, old_behind = own_sections(before), behind(before)
    usual = resolve(pack(), start)  # a choice can move the usual answer to another question
    moved = 0
    for field, value in choices():
        if field in EVERYWHERE or "." in field:
            continue
        after = assemble(pack(), {**start, field: value}, "policy", ISSUED)
        new, new_behind = own_sections(after), behind(after)
        changed = {id for id in old.keys() | new.keys() if old.get(id) != new.get(id)} - {"sources", "sign"}
        if field in BINDING:
            changed = {id for id in changed if texts(before).get(id) != texts(after).get(id)}
        facts = resolve(pack(), {**start, field: value})
        different = {name for name in {*usual, *facts} if usual.get(name) != facts.get(name)}
        moved += bool(changed)
        for id in changed:
            reasons = old_behind.get(id, set()) | new_behind.get(id, set())
            assert reasons & different, f"{field} = {value} changes “{id}”, which says it rests on {sorted(reasons)}"
    assert moved > 60, "the choices change something"


@pytest.mark.promise("A5")
@given(choice_answers())
@settings(max_examples=40)
def test_words_that_change_name_an_answer_that_changed(answers: dict[str, object]) -> None:
    """Every sentence that one more answer brings or takes says that it rests on an answer."""
    old = assemble(pack(), basics(), "policy", ISSUED)
    new = assemble(pack(), answers, "policy", ISSUED)
    facts_old, facts_new = resolve(pack(), basics()), resolve(pack(), answers)
    if any(facts_old.get(id) != facts_new.get(id) for id in EVERYWHERE):
        return
    changed = {id for id in {*facts_old, *facts_new} if facts_old.get(id) != facts_new.get(id)}
    known = {span.text.strip() for block in blocks(old) for span in _spans(block)}
    for block in blocks(new):
        if block.id in {"sources-table", "signatures"}:
            continue
        for span in _spans(block):
            if span.text.strip() not in known:
                assert set(span.answers) & changed, f"{span.text} says it rests on {span.answers}"


@pytest.mark.promise("A4")
def test_followers_on_the_public_page_but_not_on_personal_accounts() -> None:
    answers = {**basics(), "accounts": [dict(row) for row in ACCOUNTS], "following": "welcome"}
    text = {}
    for choice in ("decline", "public"):
        document = assemble(pack(), {**answers, "following_personal": choice}, "policy", ISSUED)
        text[choice] = " ".join(block.text for block in own_sections(document)["following"][1])
    assert "welcome to follow" in text["decline"]
    assert "personal" in text["decline"]
    assert "I do not accept clients as followers there." in text["decline"]
    assert text["decline"] != text["public"]


@pytest.mark.promise("A4")
@pytest.mark.parametrize(
    ("field", "value", "words_of_it"),
    [
        ("friending", "case-by-case", "usually"),
        ("sms", "agreed-uses", "agreed"),
        ("friending_exception", "My cousins are friends there already.", "My cousins are friends there already."),
        ("friending_reason", "It would be strange.", "It would be strange."),
    ],
)
def test_a_soft_stance_survives_into_the_text(field: str, value: str, words_of_it: str) -> None:
    text = words(assemble(pack(), {**wide(), field: value}, "policy", ISSUED))
    assert words_of_it in text


# One voice

_SOLO = re.compile(r"\b(I|me|my|mine|myself|My|Mine|Me|Myself|I['’]\w+)\b")
_GROUP = re.compile(r"\b(we|us|our|ours|ourselves|We|Us|Our|Ours|we['’]\w+)\b")
_QUOTED = re.compile("“[^”]*”")


def _ours(document: d.Document) -> str:
    """What the library says in its own voice: without the practice's words, and without what staff read out."""
    parts = [section.title for _, section in document.walk()]
    for block in blocks(document):
        if block.id == "sources-table":
            continue
        if isinstance(block, d.Signatures):
            parts += block.choices
        parts += [span.text for span in _spans(block) if not span.own]
    return _QUOTED.sub("", "\n".join(parts))


def _both_voices() -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    """Every profile, and every option of a wide practice, spoken by one person and by several."""
    for answers in profiles():
        if answers["practice"] == "solo" and "accounts" in answers:
            yield answers, {**answers, "practice": "group"}
    for field, value in choices():
        if field != "practice" and "." not in field:
            yield {**wide("solo"), field: value}, {**wide("group"), field: value}


@pytest.mark.promise("A2")
@pytest.mark.parametrize("output", [*CLIENT_OUTPUTS, "talking-points", "notices"])
def test_a_document_speaks_with_one_voice(output: str) -> None:
    pairs = list(_both_voices())
    for solo, group in pairs if output == "policy" else pairs[::4]:
        one, several = (_ours(assemble(pack(), answers, output, ISSUED)) for answers in (solo, group))
        mixed = _GROUP.search(one) or _SOLO.search(several)
        assert mixed is None, (
            mixed,
            [line for line in (one + "\n" + several).split("\n") if mixed.group() in line][:3],
        )


def test_the_voice_check_can_fail() -> None:
    assert _SOLO.search("Write to me.") and _GROUP.search("We answer.") and not _SOLO.search("Imagine")


# Nothing left open

_OPEN = re.compile(r"[{}]|  |\s[,.;:](?:\s|$)|\(\)|“”|,\s*\.|\.\.(?!\.)|\bundefined\b")


@pytest.mark.parametrize("output", OUTPUTS)
def test_no_sentence_has_a_hole(output: str) -> None:
    starts = [*profiles(), *({**wide(), field: value} for field, value in choices() if "." not in field)]
    for answers in starts if output == "policy" else starts[::4]:
        for line in words(assemble(pack(), answers, output, ISSUED)).split("\n"):
            assert not _OPEN.search(line), (line, answers)


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_draft_without_answers_has_no_hole_either(output: str) -> None:
    for answers in ({}, {"country": "other"}, {"practice": "group"}, {**basics("other"), "emergency_number": ""}):
        document = assemble(pack(), answers, output, Edition("2026-11-21"))
        for line in words(document).split("\n"):
            assert not _OPEN.search(line), line
            assert not re.search(r"\bcall(\s+,| now)", line), line


@given(legal_answers(most=30))
@example({"accidental": "tell", "minors": "agreed-together", "emergency_number": "{"})
@settings(max_examples=40)
def test_no_placeholder_of_ours_is_left_whatever_is_written(answers: dict[str, object]) -> None:
    """Braces come through only where the practice itself wrote them."""
    for output in OUTPUTS:
        for block in blocks(assemble(pack(), answers, output, ISSUED)):
            for span in _spans(block):
                if not span.own and not any(answers.get(name) for name in span.answers):
                    assert "{" not in span.text


@pytest.mark.parametrize("name", ["Lane {practice_name}", "{{ x }}", "#let x = 1", "Zoë “Q” O'Hara \\", "ליאה 🙂"])
def test_what_the_practice_wrote_comes_through_as_it_is(name: str) -> None:
    answers = {**basics(), "practice_name": name, "crisis_own": f"Ask for {name}."}
    document = assemble(pack(), answers, "policy", ISSUED)
    assert document.subtitle == document.author == name
    assert f"Ask for {name}." in words(document)


# Where it comes from


@pytest.mark.promise("B5")
def test_every_rule_cites_a_code_or_says_good_practice() -> None:
    for answers in (*profiles(), wide(), wide("group", "UK", "psychologist")):
        facts = resolve(pack(), answers)
        document = assemble(pack(), answers, "policy", ISSUED)
        shown: dict[str, d.Paragraph | d.ListBlock] = {}
        for block in blocks(document):
            if isinstance(block, d.Paragraph | d.ListBlock):
                shown.setdefault(block.clause, block)  # the list below an introduction carries no citation of its own
        for passage in pack().passages:
            rule = shown.get(passage.id)
            if passage.role != "stance" or passage.audience != "client" or rule is None:
                continue
            if not holds(passage.when, facts):
                continue
            assert rule.cites or rule.good_practice, passage.id
            assert not (rule.cites and rule.good_practice), passage.id


@pytest.mark.promise("B5")
@pytest.mark.parametrize("output", OUTPUTS)
def test_only_codes_that_bind_the_practice_are_cited(output: str) -> None:
    seen = 0
    for answers in profiles():
        facts = resolve(pack(), answers)
        for block in blocks(assemble(pack(), answers, output, ISSUED)):
            for citation in block.cites if isinstance(block, d.Paragraph | d.ListBlock) else ():
                reference = pack().references[citation.ref]
                seen += 1
                assert reference.verified and reference.checked and reference.link.startswith("https://")
                assert holds(reference.when, facts), (citation.ref, answers["country"], answers["profession"])
    assert seen or output in {"summary", "talking-points", "notices"}


@pytest.mark.promise("B5")
@pytest.mark.parametrize("output", ["policy", "handbook"])
def test_every_citation_is_in_the_table_of_sources(output: str) -> None:
    for answers in (wide(), wide("group", "UK", "psychologist"), basics("AU", "psychologist")):
        document = assemble(pack(), answers, output, ISSUED)
        cited = {c.short for b in blocks(document) if isinstance(b, d.Paragraph | d.ListBlock) for c in b.cites}
        table = next(block for block in blocks(document) if isinstance(block, d.Table))
        listed = [row[0][0].text for row in table.rows]
        assert set(listed) == cited
        assert listed == sorted(set(listed))
        assert all(len(row) == len(table.header) and all(cell[0].text for cell in row) for row in table.rows)


@pytest.mark.promise("A2")
def test_the_code_is_the_one_of_the_profession() -> None:
    def packs(country: str, profession: str) -> set[str]:
        document = assemble(pack(), basics(country, profession), "policy", ISSUED)
        return {
            pack().references[citation.ref].pack
            for block in blocks(document)
            if isinstance(block, d.Paragraph | d.ListBlock)
            for citation in block.cites
        }

    assert "aca-2014" in packs("US", "counsellor") and "apa-2017" not in packs("US", "counsellor")
    assert "apa-2017" in packs("US", "psychologist") and "aca-2014" not in packs("US", "psychologist")
    assert "nasw-2021" in packs("US", "social-worker")
    assert "hcpc-2024" in packs("UK", "psychologist") and "hipaa" not in packs("UK", "psychologist")
    assert GOOD_PRACTICE not in packs("US", "counsellor")
