"""What the rules of a document rest on: a quiet line under a section, and once for all what rests on good practice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from doorframe.adapters.render.labels import label, shows_sources
from doorframe.adapters.render.words import Run, one_line, safe_link
from doorframe.engines.assembly.document import Block, Document, ListBlock, Note, Paragraph, Section, Signatures, Table
from doorframe.engines.citations import Citation
from doorframe.engines.text import Span

_TABLE_OF_SOURCES = "sources"
_WHOLLY, _PARTLY = "good_practice_parts", "good_practice_partly"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """ "Based on A; B", as runs with links."""

    runs: tuple[Run, ...]


def of_section(document: Document, section: Section) -> list[Block | SourceLine]:
    """The blocks of a section with its source line.

    Before the table of sources, or at the end of the text where there is none, stands what rests on good practice.
    """
    told_once = shows_sources(document) and {_WHOLLY, _PARTLY} <= document.labels.keys()
    found = with_sources(document, section.blocks, good_practice=not told_once)
    if told_once and (section.id == _TABLE_OF_SOURCES or section is _last(document)):
        place = next((at for at, block in enumerate(found) if isinstance(block, Table)), len(found))
        found[place:place] = _good_practice(document, section)
    return found


def with_sources(
    document: Document, blocks: Iterable[Block], *, good_practice: bool = True
) -> list[Block | SourceLine]:
    """The blocks with their source line, which stands before any notes and signatures that end them."""
    found: list[Block | SourceLine] = list(blocks)
    line = _line(document, [block for block in found if isinstance(block, Paragraph | ListBlock)], good_practice)
    if not line:
        return found
    place = len(found)
    while isinstance(found[place - 1], Note | Signatures):
        place -= 1
    found.insert(place, SourceLine(tuple(line)))
    return found


def _line(document: Document, ruled: list[Paragraph | ListBlock], good_practice: bool) -> list[Run]:
    """Each source once, in the order of the text; empty where there is none to give."""
    if not shows_sources(document):
        return []
    found: list[Run] = []
    before = ""
    for cite in _by_pack(_once(cite for block in ruled for cite in block.cites)):
        pack, _, clause = cite.ref.partition("/")
        goes_on = pack == before and cite.short.endswith(clause)
        found.append(Run(", " if goes_on else "; " if found else f"{label(document, 'based_on')} "))
        found.append(Run(one_line(clause if goes_on else cite.short), link=safe_link(cite.link)))
        before = pack
    if good_practice and any(block.good_practice for block in ruled):
        found.append(Run((" · " if found else "") + label(document, "good_practice")))
    return found


def _by_pack(cites: list[Citation]) -> list[Citation]:
    """Clauses of one code stand together, so that its name is said once: "ACA Code of Ethics 2014, H.2.a, H.4.b"."""
    packs = list(dict.fromkeys(cite.ref.partition("/")[0] for cite in cites))
    return sorted(cites, key=lambda cite: packs.index(cite.ref.partition("/")[0]))


def _once(cites: Iterable[Citation]) -> list[Citation]:
    return list({cite.ref: cite for cite in cites}.values())


# Good practice


def _last(document: Document) -> Section | None:
    """The table of sources, else the last part of the text, which is not the page to sign."""
    text = None
    for section in _backwards(document.sections):
        if section.id == _TABLE_OF_SOURCES:
            return section
        if text is None and not any(isinstance(block, Signatures) for block in section.blocks):
            text = section
    return text


def _backwards(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in reversed(sections):
        yield from _backwards(section.sections)
        yield section


def _good_practice(document: Document, last: Section) -> list[Block | SourceLine]:
    wholly, partly = _parts(document)
    said = [
        f"{one_line(document.labels[name])} {'; '.join(titles)}."
        for name, titles in ((_WHOLLY, wholly), (_PARTLY, partly))
        if titles
    ]
    if last.id != _TABLE_OF_SOURCES:
        return [SourceLine((Run(" ".join(said)),))] if said else []
    return [Paragraph(f"{last.id}-good-practice-{at}", (Span(words),)) for at, words in enumerate(said, start=1)]


def _parts(document: Document) -> tuple[list[str], list[str]]:
    """The names of the parts that rest on good practice alone, and of those that also cite a source."""
    wholly: list[str] = []
    partly: list[str] = []
    for _, section in document.walk():
        ruled = [block for block in section.blocks if isinstance(block, Paragraph | ListBlock)]
        if any(block.good_practice for block in ruled):
            cited = any(block.cites for block in ruled)
            (partly if cited else wholly).append(one_line(section.title))
    return list(dict.fromkeys(wholly)), list(dict.fromkeys(partly))
