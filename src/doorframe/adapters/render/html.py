"""The Document as HTML: a complete page, or a plain fragment to paste into somebody's own site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from html import escape
from pathlib import Path

from doorframe.adapters.render import charts, labels, marks, signing, sources, tables
from doorframe.adapters.render.words import Run, blank, clean, one_line, runs, safe_link
from doorframe.engines.assembly.document import (
    Block,
    Chart,
    Document,
    ListBlock,
    Mark,
    Note,
    Paragraph,
    Section,
    Signatures,
    Table,
)
from doorframe.engines.text import Span

Marks = frozenset[tuple[str, int]]
"""Spans to highlight: (block id, index). The index counts every span of the block in reading order."""

Where = Callable[[str], tuple[str, str]]
"""Answer id -> (words for a person, address of the question or "")."""

_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_.-]+")


def page(document: Document, *, stylesheet: str | None = None) -> str:
    """A complete page. stylesheet is an address to link; without one the style is inside and the file stands alone."""
    looks = f'<link rel="stylesheet" href="{_attribute(stylesheet)}">' if stylesheet else f"<style>{style()}</style>"
    body = _Writer(document, prefix="", level=1).article()
    practice = one_line(document.subtitle)
    name = " · ".join(part for part in (labels.title(document), practice) if part)
    author = f'<meta name="author" content="{_attribute(document.author)}">\n' if one_line(document.author) else ""
    built = _attribute(labels.built_from(document))
    made = f'<meta name="generator" content="{built}">\n' if built else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{_language(document)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(name)}</title>\n{author}{made}"
        f'<meta name="color-scheme" content="light dark">\n{looks}\n</head>\n'
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def fragment(
    document: Document,
    *,
    level: int = 1,
    heading: bool = True,
    prefix: str = "doorframe-",
    mark: Marks = frozenset(),
    provenance: bool = False,
    where: Where | None = None,
) -> str:
    """Plain semantic HTML without script, style or frame.

    level       of the first heading: the title, or the top sections where heading is False
    heading     False leaves out the title block, for a page that has its own
    prefix      stands before every id
    mark        spans to highlight
    provenance  adds `data-answers` to spans and a "Where this comes from" under each paragraph
    where       names an answer for a reader; without it the answer's id is shown
    """
    writer = _Writer(
        document, prefix=prefix, level=level, heading=heading, mark=mark, provenance=provenance, where=where
    )
    return writer.article()


@cache
def style() -> str:
    return (Path(__file__).parent / "templates" / "page.css").read_text(encoding="utf-8").strip()


def _text(words: str) -> str:
    return escape(clean(words), quote=False).replace("\n", "<br>")


def _attribute(words: str) -> str:
    return escape(one_line(words))


def _language(document: Document) -> str:
    return _attribute(document.language) or "en"


def _run(run: Run) -> str:
    words = escape(run.text, quote=False).replace("\n", "<br>")
    if run.strong:
        words = f"<strong>{words}</strong>"
    return f'<a href="{escape(run.link)}">{words}</a>' if run.link else words


class _Writer:
    """Walks one document once."""

    def __init__(
        self,
        document: Document,
        *,
        prefix: str,
        level: int,
        heading: bool = True,
        mark: Marks = frozenset(),
        provenance: bool = False,
        where: Where | None = None,
    ) -> None:
        self.document = document
        self.prefix = prefix
        self.heading = heading
        self.first = level if heading else level - 1
        self.level = level
        self.mark = mark
        self.provenance = provenance
        self.where = where
        self.used: set[str] = set()
        self.parts: list[str] = []

    def article(self) -> str:
        named = self._id("title")
        by = f' aria-labelledby="{named}"' if self.heading else ""
        self.parts.append(f'<article class="doorframe doorframe-{_attribute(self.document.kind)}"{by}')
        self.parts.append(f' lang="{_language(self.document)}">\n')
        if self.heading:
            self._title(named)
        self._blocks(sources.with_sources(self.document, self.document.lede), "lede")
        for section in self.document.sections:
            self._section(section, 1)
        if words := labels.colophon(self.document):
            self.parts.append(f'<p class="colophon">{_text(words)}</p>\n')
        self.parts.append("</article>\n")
        return "".join(self.parts)

    def _id(self, wish: str) -> str:
        """The wished id with the prefix; a number follows where it is taken, since ids must be unique."""
        base = self.prefix + (_NOT_IN_IDS.sub("-", wish) or "part")
        found, number = base, 2
        while found in self.used:
            found, number = f"{base}-{number}", number + 1
        self.used.add(found)
        return found

    def _title(self, named: str) -> None:
        document, tag = self.document, f"h{min(self.level, 6)}"
        out = self.parts.append
        out("<header>\n")
        if words := labels.draft_line(document):
            out(f'<p class="draft">{_text(words)}</p>\n')
        if words := one_line(document.subtitle):
            out(f'<p class="practice">{_text(words)}</p>\n')
        out(f'<{tag} id="{named}">{_text(labels.title(document))}</{tag}>\n')
        if words := labels.meta_line(document):
            out(f'<p class="meta">{_text(words)}</p>\n')
        out("</header>\n")

    def _section(self, section: Section, depth: int) -> None:
        own = self._id(section.id)
        tag = f"h{min(self.first + depth, 6)}"
        fresh = ' class="new-page"' if section.new_page else ""
        title = one_line(section.title)
        if title:
            named = self._id(f"{section.id}-title")
            self.parts.append(f'<section id="{own}"{fresh} aria-labelledby="{named}">\n')
            self.parts.append(f'<{tag} id="{named}">{_text(title)}</{tag}>\n')
        else:
            self.parts.append(f'<section id="{own}"{fresh}>\n')
        self._blocks(sources.of_section(self.document, section))
        for child in section.sections:
            self._section(child, depth + 1)
        self.parts.append("</section>\n")

    def _blocks(self, blocks: Iterable[Block | sources.SourceLine], style: str = "") -> None:
        for block in blocks:
            if isinstance(block, sources.SourceLine):
                self.parts.append(f'<p class="cite">{"".join(map(_run, block.runs))}</p>\n')
            else:
                self._block(block, style)

    def _block(self, block: Block, style: str) -> None:
        if isinstance(block, Paragraph):
            self._paragraph(block, style)
        elif isinstance(block, ListBlock):
            self._list(block)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Note):
            self._note(block)
        elif isinstance(block, Mark):
            self.parts.append(marks.html(block, self._id(block.id)))
        elif isinstance(block, Chart):
            self.parts.append(charts.html(block, self._id(block.id)))
        else:
            self._signatures(block)

    def _spans(self, spans: tuple[Span, ...], block: str, start: int = 0) -> str:
        """The spans as HTML; each keeps its own element only where it is marked or tells its answers."""
        if not self.mark and not self.provenance:
            return "".join(map(_run, runs(spans)))
        found = []
        for index, span in enumerate(spans, start):
            words = _run(Run(clean(span.text), span.strong, safe_link(span.link)))
            if self.provenance and span.answers:
                words = f'<span data-answers="{_attribute(" ".join(span.answers))}">{words}</span>'
            if (block, index) in self.mark:
                words = f"<mark>{words}</mark>"
            found.append(words)
        return "".join(found)

    def _paragraph(self, block: Paragraph, style: str) -> None:
        if blank(block.spans):
            return
        look = f' class="{style}"' if style else ""
        self.parts.append(f'<p id="{self._id(block.id)}"{look}>{self._spans(block.spans, block.id)}</p>\n')
        self._where(block, block.spans)

    def _list(self, block: ListBlock) -> None:
        if all(map(blank, block.items)):
            return
        tag = "ol" if block.ordered else "ul"
        self.parts.append(f'<{tag} id="{self._id(block.id)}">\n')
        start = 0
        for item in block.items:
            if not blank(item):
                self.parts.append(f"<li>{self._spans(item, block.id, start)}</li>\n")
            start += len(item)
        self.parts.append(f"</{tag}>\n")
        self._where(block, tuple(span for item in block.items for span in item))

    def _table(self, block: Table) -> None:
        grid = tables.grid(block)
        if not grid.header:
            return
        out = self.parts.append
        out(f'<table id="{self._id(block.id)}">\n')
        if grid.caption:
            out(f"<caption>{_text(grid.caption)}</caption>\n")
        out(f"<thead>\n<tr>{''.join(self._header(name) for name in grid.header)}</tr>\n</thead>\n<tbody>\n")
        start = 0
        for row in block.rows:
            cells = []
            for number in range(len(grid.header)):
                spans = row[number] if number < len(row) else ()
                words = self._spans(spans, block.id, start)
                cells.append(f'<th scope="row">{words}</th>' if number == 0 and words else f"<td>{words}</td>")
                start += len(spans)
            out(f"<tr>{''.join(cells)}</tr>\n")
        out("</tbody>\n</table>\n")

    @staticmethod
    def _header(name: str) -> str:
        return f'<th scope="col">{_text(name)}</th>' if name else "<td></td>"

    def _note(self, block: Note) -> None:
        if blank(block.spans):
            return
        words = self._spans(block.spans, block.id)
        self.parts.append(
            f'<div id="{self._id(block.id)}" class="note {_attribute(block.tone)}" role="note"><p>{words}</p></div>\n'
        )

    def _signatures(self, block: Signatures) -> None:
        out = self.parts.append
        out(f'<div id="{self._id(block.id)}" class="signatures">\n')
        if words := signing.choices(block):
            items = "".join(f'<li><span aria-hidden="true">☐</span> {_text(choice)}</li>\n' for choice in words)
            out(f'<ul class="choices">\n{items}</ul>\n')
        for table in signing.tables(block):
            header = "".join(self._header(name) for name in (labels.label(self.document, "who_signs"), *table.fields))
            empty = "<td></td>" * len(table.fields)
            rows = "".join(f'<tr><th scope="row">{_text(role)}</th>{empty}</tr>\n' for role in table.roles)
            out(f"<table>\n<thead>\n<tr>{header}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n")
        out("</div>\n")

    def _where(self, block: Paragraph | ListBlock, spans: tuple[Span, ...]) -> None:
        """ "Where this comes from": the answers, then the clauses, of one block."""
        if not self.provenance:
            return
        answers = dict.fromkeys(answer for span in spans for answer in span.answers)
        items = [self._answer(answer) for answer in answers]
        items += [self._citation_item(cite.short, cite.link, cite.summary, cite.checked) for cite in block.cites]
        if block.good_practice:
            items.append(_text(labels.label(self.document, "good_practice")))
        if not items:
            return
        body = "".join(f"<li>{item}</li>" for item in items)
        name = _text(labels.label(self.document, "where_from"))
        self.parts.append(f'<details class="where"><summary>{name}</summary><ul>{body}</ul></details>\n')

    def _answer(self, answer: str) -> str:
        words, address = self.where(answer) if self.where else (answer, "")
        shown = f'<a href="{_attribute(address)}">{_text(words)}</a>' if address else _text(words)
        return f"{_text(labels.label(self.document, 'your_answer'))}: {shown}"

    def _citation_item(self, short: str, link: str, summary: str, checked: str) -> str:
        name = _run(Run(one_line(short), link=safe_link(link)))
        words = f"{name}. {_text(one_line(summary))}" if one_line(summary) else name
        date = one_line(checked)
        return f"{words} ({_text(labels.label(self.document, 'checked'))} {_text(date)})" if date else words
