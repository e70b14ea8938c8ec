"""What changed between two Documents, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass

from doorframe.engines.assembly import document as d
from doorframe.engines.text import plain


@dataclass(frozen=True, slots=True)
class Changes:
    """marks: (block id, index of the sentence) that are new; topics: ids of the sections that differ;
    gone: sentences that are no longer there."""

    marks: frozenset[tuple[str, int]]
    topics: tuple[str, ...]
    gone: tuple[str, ...]


def compare(old: d.Document, new: d.Document) -> Changes:
    """Compare by section and sentence, so that a sentence that only moved within its section is not marked."""
    before, after = _by_section(old), _by_section(new)
    marks: set[tuple[str, int]] = set()
    topics: list[str] = []
    gone: list[str] = []
    for id, sentences in after.items():
        known = {text for _, _, text in before.get(id, [])}
        fresh = {(block, index) for block, index, text in sentences if text not in known}
        kept = {text for _, _, text in sentences}
        lost = [text for _, _, text in before.get(id, []) if text not in kept]
        marks |= fresh
        gone += lost
        if fresh or lost:
            topics.append(id)
    for id, sentences in before.items():
        if id not in after:
            topics.append(id)
            gone += [text for _, _, text in sentences]
    return Changes(frozenset(marks), tuple(topics), tuple(gone))


@dataclass(frozen=True, slots=True)
class Clause:
    """A section that differs: the sentences that are no longer there, and those that are new, in their order."""

    id: str
    gone: tuple[str, ...]
    came: tuple[str, ...]


def clauses(old: d.Document, new: d.Document) -> tuple[Clause, ...]:
    """Each section that differs, in the order of the new document; sections that are gone as a whole come last."""
    before, after = _by_section(old), _by_section(new)
    found = []
    for id in [*after, *(id for id in before if id not in after)]:
        was = [text for _, _, text in before.get(id, []) if text]
        now = [text for _, _, text in after.get(id, []) if text]
        gone = tuple(dict.fromkeys(text for text in was if text not in now))
        came = tuple(dict.fromkeys(text for text in now if text not in was))
        if gone or came:
            found.append(Clause(id, gone, came))
    return tuple(found)


def _by_section(document: d.Document) -> dict[str, list[tuple[str, int, str]]]:
    found: dict[str, list[tuple[str, int, str]]] = {"lede": []}
    for block in document.lede:
        found["lede"] += _sentences(block)
    for _, section in document.walk():
        found[section.id] = [sentence for block in section.blocks for sentence in _sentences(block)]
    return found


def _sentences(block: d.Block) -> list[tuple[str, int, str]]:
    if isinstance(block, (d.Paragraph, d.Note)):
        return [(block.id, index, span.text.strip()) for index, span in enumerate(block.spans)]
    if isinstance(block, d.ListBlock):
        items = [(plain(item), len(item)) for item in block.items]
        texts = [text for text, spans in items for _ in range(spans)]
        return [(block.id, index, text) for index, text in enumerate(texts)]
    return [(block.id, index, line) for index, line in enumerate(block.text.split("\n"))]
