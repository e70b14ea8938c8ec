"""The Document as a Word file: real styles, lists, table headers, and nothing that changes from run to run.

The parts of the package are written directly: our own styles instead of a library's default template, no random
ids, and entries stored uncompressed with one fixed time, so that every machine writes the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

from doorframe.adapters.render import labels, marks, signing, sources, tables
from doorframe.adapters.render.words import Run, one_line, runs, shorten
from doorframe.engines.assembly.document import Block, Chart, Document, ListBlock, Mark, Note, Paragraph, Section, Table

_PARTS = Path(__file__).parent / "templates" / "docx"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LINK_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_PAPERS = {"a4": (11906, 16838), "us-letter": (12240, 15840)}
_SIDE = 1871
_FIRST_RESTART = 10
_FIRST_LINK = 100
_LONGEST_BOOKMARK = 40
_GAP, _CHARACTER = 200, 108
_HELD_ROWS = 3


def write(document: Document) -> bytes:
    """The Word file. The same document always gives the same bytes."""
    walker = _Walker(document)
    body = walker.body()
    language = escape(one_line(document.language)) or "en"
    values = {"language": language, "text_width": str(walker.width)}
    parts = {
        "[Content_Types].xml": _part("content_types"),
        "_rels/.rels": _part("package_rels"),
        "docProps/core.xml": _filled("core", _properties(document, language)),
        "word/document.xml": body,
        "word/_rels/document.xml.rels": _filled("document_rels", {"links": walker.link_parts()}),
        "word/styles.xml": _filled("styles", values),
        "word/numbering.xml": _filled("numbering", {"restarts": walker.restart_parts()}),
        "word/fontTable.xml": _part("fontTable"),
        "word/theme/theme1.xml": _part("theme"),
        "word/settings.xml": _filled("settings", values),
        "word/header1.xml": _header(document),
        "word/footer1.xml": _footer(document),
    }
    return _packed(parts)


@cache
def _part(name: str) -> str:
    return (_PARTS / f"{name}.xml").read_text(encoding="utf-8")


def _filled(name: str, values: dict[str, str]) -> str:
    text = _part(name)
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    return text


def _packed(parts: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            package.writestr(entry, text.encode())
    return target.getvalue()


def _properties(document: Document, language: str) -> dict[str, str]:
    return {
        "title": escape(shorten(labels.title(document), 255)),
        "author": escape(shorten(document.author, 255)),
        "built_from": escape(shorten(labels.built_from(document), 255)),
        "version": escape(shorten(document.version, 255)),
        "language": language,
        "dated": escape(one_line(document.dated)),
    }


def _header(document: Document) -> str:
    words = labels.draft_line(document)
    return f"{_XML}<w:hdr {_W}>{_paragraph('Header', _text(words))}</w:hdr>"


def _footer(document: Document) -> str:
    page, of = labels.label(document, "page"), labels.label(document, "of")
    content = (
        _text(labels.footer_line(document))
        + "<w:r><w:tab/></w:r>"
        + _text(f"{page} ")
        + _field("PAGE")
        + _text(f" {of} ")
        + _field("NUMPAGES")
    )
    return f"{_XML}<w:ftr {_W}>{_paragraph('Footer', content)}</w:ftr>"


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _paragraph(style: str, content: str, extra: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{content}</w:p>'


def _text(words: str, style: str = "", *, strong: bool = False) -> str:
    """A run; a line break in the words becomes one in the file."""
    if not words:
        return ""
    look = (f'<w:rStyle w:val="{style}"/>' if style else "") + ("<w:b/><w:bCs/>" if strong else "")
    look = f"<w:rPr>{look}</w:rPr>" if look else ""
    lines = (f'<w:t xml:space="preserve">{escape(line, quote=False)}</w:t>' for line in words.split("\n"))
    return f"<w:r>{look}{'<w:br/>'.join(lines)}</w:r>"


class _Walker:
    """Walks one document once; keeps the links and the numbered lists that other parts must know."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.paper = _PAPERS[labels.paper(document)]
        self.width = self.paper[0] - 2 * _SIDE
        self.links: dict[str, str] = {}
        self.numbered = 0
        self.drawn = 0
        self.places = {section.id for _, section in document.walk()}
        self.marked: set[str] = set()

    def body(self) -> str:
        document = self.document
        parts = []
        if words := one_line(document.subtitle):
            parts.append(_paragraph("Practice", _text(words)))
        parts.append(_paragraph("Title", _text(labels.title(document))))
        parts.append(_paragraph("Subtitle", _text(labels.meta_line(document))))
        parts += self.blocks(sources.with_sources(document, document.lede), "Lede")
        for depth, section in document.walk():
            parts += self.section(depth, section)
        if words := labels.colophon(document):
            parts.append(_paragraph("Colophon", _text(words)))
        return f"{_XML}<w:document {_W} {_R}><w:body>{''.join(parts)}{self.page()}</w:body></w:document>"

    def page(self) -> str:
        width, height = self.paper
        return (
            '<w:sectPr><w:headerReference w:type="default" r:id="rId5"/>'
            '<w:footerReference w:type="default" r:id="rId6"/>'
            f'<w:pgSz w:w="{width}" w:h="{height}"/>'
            f'<w:pgMar w:top="1644" w:right="{_SIDE}" w:bottom="1701" w:left="{_SIDE}" w:header="794" w:footer="794"'
            ' w:gutter="0"/></w:sectPr>'
        )

    def link_parts(self) -> str:
        """The targets of the links, for the part that lists relationships."""
        return "".join(
            f'<Relationship Id="{name}" Type="{_LINK_TYPE}" Target="{escape(target)}" TargetMode="External"/>\n'
            for target, name in self.links.items()
        )

    def restart_parts(self) -> str:
        """One numbering for each numbered list, so that each begins at 1."""
        return "".join(
            f'<w:num w:numId="{_FIRST_RESTART + index}"><w:abstractNumId w:val="3"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>\n'
            for index in range(self.numbered)
        )

    def section(self, depth: int, section: Section) -> list[str]:
        title, blocks = one_line(section.title), self.blocks(sources.of_section(self.document, section))
        fresh = "<w:pageBreakBefore/>" if section.new_page else ""
        if not title:
            lead = ['<w:p><w:r><w:br w:type="page"/></w:r></w:p>'] if fresh else []
            return [*lead, *blocks]
        content = self.bookmark(section.id, _text(title))
        return [_paragraph(f"Heading{min(depth, 6)}", content, fresh), *blocks]

    def bookmark(self, place: str, content: str) -> str:
        """The heading as a place that links inside the document can reach."""
        if not place or place in self.marked:
            return content
        self.marked.add(place)
        number = len(self.marked)
        name = escape(place[:_LONGEST_BOOKMARK])
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'

    def blocks(self, found: list[Block | sources.SourceLine], style: str = "Normal") -> list[str]:
        parts: list[str] = []
        for index, block in enumerate(found):
            following = found[index + 1] if index + 1 < len(found) else None
            keep = "<w:keepNext/>" if isinstance(following, sources.SourceLine) else ""
            parts += self.block(block, style, keep)
        return parts

    def block(self, block: Block | sources.SourceLine, style: str, keep: str) -> list[str]:
        if isinstance(block, sources.SourceLine):
            return [_paragraph("Sources", self.runs(block.runs, "SourceLink"))]
        if isinstance(block, Paragraph):
            words = runs(block.spans)
            return [_paragraph(style, self.runs(words), keep)] if words else []
        if isinstance(block, Note):
            look = {"help": "NoteHelp", "draft": "NoteDraft"}.get(block.tone, "Note")
            words = runs(block.spans)
            return [_paragraph(look, self.runs(words))] if words else []
        if isinstance(block, ListBlock):
            return self.list_block(block, keep)
        if isinstance(block, Table):
            return self.table(block)
        if isinstance(block, Mark):
            self.drawn += 1
            return [_paragraph("Normal", marks.word(block, self.drawn), "<w:keepNext/>")]
        if isinstance(block, Chart):
            told = [("Caption", one_line(block.caption)), (style, one_line(block.spoken))]
            return [_paragraph(look, _text(line)) for look, line in told if line]
        choices = [_paragraph("Choice", _text(choice)) for choice in signing.choices(block)]
        return choices + [part for table in signing.tables(block) for part in self.signing_table(table)]

    def runs(self, found: Iterable[Run], link_style: str = "Hyperlink") -> str:
        return "".join(self.run(run, link_style) for run in found)

    def run(self, run: Run, link_style: str) -> str:
        if not run.link:
            return _text(run.text, "Strong" if run.strong else "")
        words = _text(run.text, link_style, strong=run.strong)
        if run.link.startswith("#"):
            place = run.link[1:]
            inside = f'<w:hyperlink w:anchor="{escape(place[:_LONGEST_BOOKMARK])}" w:history="1">{words}</w:hyperlink>'
            return inside if place in self.places else _text(run.text)
        name = self.links.setdefault(run.link, f"rId{_FIRST_LINK + len(self.links)}")
        return f'<w:hyperlink r:id="{name}" w:history="1">{words}</w:hyperlink>'

    def list_block(self, block: ListBlock, keep: str) -> list[str]:
        items = [item for item in map(runs, block.items) if item]
        if not items:
            return []
        style, numbering = "ListBullet", ""
        if block.ordered:
            number = _FIRST_RESTART + self.numbered
            self.numbered += 1
            style, numbering = "ListNumber", f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        last = len(items) - 1
        return [
            _paragraph(style, self.runs(item), (keep if index == last else "") + numbering)
            for index, item in enumerate(items)
        ]

    def table(self, block: Table) -> list[str]:
        grid = tables.grid(block)
        if not grid.header:
            return []
        widths = _column_widths(grid, self.width)
        header = [_paragraph("TableHeading", _text(name), "<w:keepNext/>") for name in grid.header]
        rows = [_row(header, widths, header=True)]
        for left, row in enumerate(grid.rows, start=1 - len(grid.rows)):
            keep = "<w:keepNext/>" if -_HELD_ROWS < left < 0 else ""  # the last rows of a table stay together
            rows.append(_row([_paragraph("TableText", self.runs(cell), keep) for cell in row], widths))
        caption = [_paragraph("Caption", _text(grid.caption))] if grid.caption else []
        return [*caption, _table("LetterTable", widths, rows, grid.caption), _paragraph("AfterTable", "")]

    def signing_table(self, table: signing.SigningTable) -> list[str]:
        names = (labels.label(self.document, "who_signs"), *table.fields)
        widths = _shares(self.width, [1.1, *([1.5] * (len(names) - 2)), 0.9][: len(names)])
        rows = [_row([_paragraph("TableHeading", _text(name)) for name in names], widths, header=True)]
        for index, role in enumerate(table.roles):
            keep = "<w:keepNext/>" if index + 1 < len(table.roles) else ""
            cells = [_paragraph("TableText", _text(words), keep) for words in (role, *("" for _ in table.fields))]
            rows.append(_row(cells, widths, to_sign=True))
        return [_table("SigningTable", widths, rows, names[0]), _paragraph("AfterTable", "")]


def _column_widths(grid: tables.Grid, width: int) -> list[int]:
    """Columns of few words as wide as those; the others share what is left by their weights."""
    weights = tables.weights(grid)
    fixed = [0 if weight else _GAP + _CHARACTER * tables.natural(grid, column) for column, weight in enumerate(weights)]
    rest = max(width - sum(fixed), width // 3)
    shared = _shares(rest, weights)
    wanted = [own or share for own, share in zip(fixed, shared, strict=True)]
    return _shares(width, [float(column) for column in wanted])


def _shares(width: int, parts: list[float]) -> list[int]:
    whole = sum(parts)
    return [int(width * part / whole) for part in parts]


def _table(style: str, widths: list[int], rows: list[str], caption: str) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    named = f'<w:tblCaption w:val="{escape(shorten(caption, 250))}"/>' if caption else ""
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1"'
        f' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{named}</w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(cells: list[str], widths: list[int], *, header: bool = False, to_sign: bool = False) -> str:
    height = '<w:trHeight w:val="760" w:hRule="atLeast"/>' if to_sign else ""
    repeat = "<w:tblHeader/>" if header else ""
    found = []
    for index, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        line = '<w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="55625E"/></w:tcBorders>'
        look = (line if index else "") + '<w:vAlign w:val="bottom"/>' if to_sign else ""
        found.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{look}</w:tcPr>{cell}</w:tc>')
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{repeat}</w:trPr>{''.join(found)}</w:tr>"
