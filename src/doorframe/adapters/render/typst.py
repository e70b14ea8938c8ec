"""The Document as PDF: tagged, PDF/UA-1 and PDF/A-3a, set by Typst.

Words travel to the template as JSON, never as markup, so nothing a person types can be executed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doorframe.adapters.render import charts, glyphs, labels, marks, signing, sources, tables
from doorframe.adapters.render.errors import DoesNotFit, MissingTypeface, RenderError
from doorframe.adapters.render.words import Run, one_line, runs
from doorframe.engines.assembly.document import Block, Chart, Document, ListBlock, Mark, Note, Paragraph, Section, Table

if TYPE_CHECKING:
    import typst

_TEMPLATE = Path(__file__).parent / "templates" / "letter.typ"
_ONE_PAGE = frozenset({"summary"})
_WORD, _JOINT = "\u2060", "\u200b"
"""Marks for the template alone, which sets none of them: around a long word, and where it may break.

No text brings them along, since glyphs.showable takes out what cannot be seen.
"""
_LONG_WORD = re.compile(r"\S{20,}")
_LONG_IN_HEADING = re.compile(r"\S{30,}")
_BREAK_AFTER = re.compile(r"([@/._?&=+,;:-])(?=.)")
_CHUNK = re.compile(rf"[^{_JOINT}]{{16}}(?=[^{_JOINT}])")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text file inside the PDF, as PDF/A-3 asks for it. what says in a sentence what it is."""

    name: str
    text: str
    media_type: str
    what: str


def write(document: Document, attachments: Iterable[Attachment] = ()) -> bytes:
    """The PDF. The same document and attachments always give the same bytes.

    Raises DoesNotFit for a summary that is too long for one page, MissingTypeface, or RenderError.
    """
    import typst

    moment = datetime.fromisoformat(document.dated).replace(tzinfo=UTC)
    payload = {**_Payload(document).all(), "attachments": [asdict(each) for each in attachments]}
    compiler = typst.Compiler(str(_TEMPLATE), root=str(_TEMPLATE.parent), font_paths=_typefaces())
    try:
        data, notes = compiler.compile_with_warnings(
            format="pdf",
            sys_inputs={"document": json.dumps(payload, ensure_ascii=False)},
            pdf_standards=["ua-1", "a-3a"],
            timestamp=int(moment.timestamp()),
        )
    except typst.TypstError as error:
        raise _explained(error) from error
    if notes:
        raise RenderError(f"The page could not be set as designed: {notes[0].message}.")
    assert isinstance(data, bytes)
    return data


def warnings(document: Document) -> list[str]:
    """One sentence where characters had to be replaced, with the characters; else nothing."""
    payload = _Payload(document)
    payload.all()
    if not payload.lost:
        return []
    named = ", ".join(f"{character} (U+{ord(character):04X})" for character in payload.lost)
    return [f"The PDF shows {glyphs.MISSING} for characters that our typefaces do not have: {named}."]


@cache
def _typefaces() -> typst.Fonts:
    """Our own faces and no others, read once for the process."""
    import typst

    names = (*glyphs.TEXT_FACES, *glyphs.LABEL_FACES, *glyphs.OTHER_FACES)
    missing = [name for name in names if not (glyphs.FONTS / name).is_file()]
    if missing:
        raise MissingTypeface(f"The typeface {missing[0]} is missing from this installation; install Doorframe again.")
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(glyphs.FONTS)],
    )


def _explained(error: typst.TypstError) -> RenderError:
    if "does-not-fit" in str(error.message):
        return DoesNotFit("This summary is too long for one page. Shorten the answers it is made from.")
    return RenderError(f"The PDF could not be made: {error.message}.")


class _Payload:
    """The document as plain values for the template. Collects the characters it had to replace."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lost: dict[str, None] = {}
        self.places = {section.id for _, section in document.walk()}
        self.seen: set[str] = set()

    def all(self) -> dict[str, Any]:
        document = self.document
        language, _, _ = document.language.partition("-")
        return {
            "paper": labels.paper(document),
            "lang": language.lower() if re.fullmatch("[A-Za-z]{2,3}", language) else "en",
            "region": labels.region(document) or None,
            "name": self.shown(labels.title(document)),
            "title": self.words(labels.title(document)),
            "author": self.shown(one_line(document.author)),
            "built_from": self.shown(labels.built_from(document)),
            "practice": self.words(one_line(document.subtitle)),
            "meta": self.words(labels.meta_line(document)),
            "draft": self.words(labels.draft_line(document)),
            "footer": self.words(labels.footer_line(document)),
            "page": self.words(labels.label(document, "page")),
            "of": self.words(labels.label(document, "of")),
            "one_page": document.kind in _ONE_PAGE,
            "lede": self.blocks(sources.with_sources(document, document.lede)),
            "sections": [self.section(depth, section) for depth, section in document.walk()],
            "colophon": self.words(labels.colophon(document)),
        }

    def shown(self, text: str) -> str:
        """The words as the faces can show them."""
        shown, lost = glyphs.showable(text)
        self.lost.update(dict.fromkeys(lost))
        return shown

    def words(self, text: str) -> str:
        """The words as the faces can show them; in long ones it is marked where they may break if they must."""
        return _LONG_WORD.sub(_breakable, self.shown(text))

    def heading(self, text: str) -> str:
        """Like words, for a heading, whose words the outline must know before they are measured."""
        return _LONG_IN_HEADING.sub(_breakable, self.shown(text))

    def section(self, depth: int, section: Section) -> dict[str, Any]:
        fresh = section.id and section.id not in self.seen
        self.seen.add(section.id)
        return {
            "level": min(depth, 6),
            "id": section.id if fresh else "",
            "title": self.heading(one_line(section.title)),
            "new_page": section.new_page,
            "blocks": self.blocks(sources.of_section(self.document, section)),
        }

    def blocks(self, blocks: Iterable[Block | sources.SourceLine]) -> list[dict[str, Any]]:
        return [values for block in blocks if (values := self.block(block))]

    def block(self, block: Block | sources.SourceLine) -> dict[str, Any] | None:
        if isinstance(block, sources.SourceLine):
            return {"kind": "cite", "runs": self.runs(block.runs)}
        if isinstance(block, Paragraph | Note):
            words = self.runs(runs(block.spans))
            if not words:
                return None
            return (
                {"kind": "note", "tone": block.tone, "runs": words}
                if isinstance(block, Note)
                else {
                    "kind": "paragraph",
                    "runs": words,
                }
            )
        if isinstance(block, ListBlock):
            items = [self.runs(item) for item in map(runs, block.items) if item]
            return {"kind": "list", "ordered": block.ordered, "items": items} if items else None
        if isinstance(block, Table):
            return self.table(block)
        if isinstance(block, Mark):
            drawn = marks.svg(block) if block.strokes else ""
            return {"kind": "mark", "words": self.words(one_line(block.text)), "drawn": drawn, "lined": block.lined}
        if isinstance(block, Chart):
            return self.chart(block)
        return {
            "kind": "signatures",
            "choices": [self.words(choice) for choice in signing.choices(block)],
            "tables": [
                {
                    "header": [self.words(name) for name in self.signing_header(table)],
                    "roles": list(map(self.words, table.roles)),
                }
                for table in signing.tables(block)
            ],
        }

    def chart(self, block: Chart) -> dict[str, Any] | None:
        """Labels of a chart are words too: what the faces cannot show is replaced in them as everywhere."""
        if not one_line(block.spoken):
            return None  # a picture that nobody could be told of
        return {
            "kind": "chart",
            "caption": self.words(one_line(block.caption)),
            "words": self.shown(one_line(block.spoken)),
            "drawn": self.shown(charts.svg(block)),
        }

    def signing_header(self, table: signing.SigningTable) -> tuple[str, ...]:
        return (labels.label(self.document, "who_signs"), *table.fields)

    def table(self, block: Table) -> dict[str, Any] | None:
        grid = tables.grid(block)
        if not grid.header:
            return None
        return {
            "kind": "table",
            "caption": self.words(grid.caption),
            "weights": tables.weights(grid),
            "header": [self.words(name) for name in grid.header],
            "rows": [[self.runs(cell) for cell in row] for row in grid.rows],
        }

    def runs(self, found: Iterable[Run]) -> list[list[Any]]:
        """Each run as [words, strong, link]; a place in the document that does not exist is no link."""
        return [[self.words(run.text), run.strong, self.target(run.link)] for run in found]

    def target(self, link: str) -> str:
        return "" if link.startswith("#") and link[1:] not in self.places else link


def _breakable(match: re.Match[str]) -> str:
    """A long word with the places where it may break: after its own joints, else at fixed lengths."""
    joined = _BREAK_AFTER.sub(rf"\1{_JOINT}", match[0])
    return _WORD + _CHUNK.sub(rf"\g<0>{_JOINT}", joined) + _WORD
