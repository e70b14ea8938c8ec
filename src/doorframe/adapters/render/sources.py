"""The quiet line under a section that says what its rules rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from doorframe.adapters.render.labels import label, shows_sources
from doorframe.adapters.render.words import Run, one_line, safe_link
from doorframe.engines.assembly.document import Block, Document, ListBlock, Note, Paragraph, Signatures
from doorframe.engines.citations import Citation


@dataclass(frozen=True, slots=True)
class SourceLine:
    """ "Based on A; B · Good practice", as runs with links."""

    runs: tuple[Run, ...]


def with_sources(document: Document, blocks: Iterable[Block]) -> list[Block | SourceLine]:
    """The blocks with their source line, which stands before any notes and signatures that end them."""
    found: list[Block | SourceLine] = list(blocks)
    line = _line(document, [block for block in found if isinstance(block, Paragraph | ListBlock)])
    if not line:
        return found
    place = len(found)
    while isinstance(found[place - 1], Note | Signatures):
        place -= 1
    found.insert(place, SourceLine(tuple(line)))
    return found


def _line(document: Document, ruled: list[Paragraph | ListBlock]) -> list[Run]:
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
    if any(block.good_practice for block in ruled):
        found.append(Run((" · " if found else "") + label(document, "good_practice")))
    return found


def _by_pack(cites: list[Citation]) -> list[Citation]:
    """Clauses of one code stand together, so that its name is said once: "ACA Code of Ethics 2014, H.2.a, H.4.b"."""
    packs = list(dict.fromkeys(cite.ref.partition("/")[0] for cite in cites))
    return sorted(cites, key=lambda cite: packs.index(cite.ref.partition("/")[0]))


def _once(cites: Iterable[Citation]) -> list[Citation]:
    return list({cite.ref: cite for cite in cites}.values())
