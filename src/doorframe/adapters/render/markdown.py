"""The Document as CommonMark, with tables as GitHub writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from doorframe.adapters.render import labels, signing, sources, tables
from doorframe.adapters.render.words import Run, one_line, runs
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

_ALWAYS = re.compile(r"([\\`*_\[\]<>|~#])")
_ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]+;)")
_LINE_START = re.compile(r"^( *)([-+=])", re.MULTILINE)
_NUMBERED = re.compile(r"^( *\d{1,9})([.)])(?= |$)", re.MULTILINE)


def write(document: Document) -> str:
    """The whole document. What a person typed is escaped and stays words."""
    parts = [f"# {_line(labels.title(document))}"]
    if words := labels.draft_line(document):
        parts.append(f"**{_line(words)}**" if _can_be_strong(words) else _line(words))
    under = (one_line(document.subtitle), labels.meta_line(document))
    parts.append("\\\n".join(_line(words) for words in under if words))
    parts += _blocks(sources.with_sources(document, document.lede), document)
    for section in document.sections:
        parts += _section(document, section, 2)
    if words := labels.colophon(document):
        parts += ["---", _line(words)]
    return "\n\n".join(part for part in parts if part) + "\n"


def escape(text: str) -> str:
    """Words that no Markdown reader takes for markup. A line break becomes a hard break."""
    text = _ALWAYS.sub(r"\\\1", text)
    text = _ENTITY.sub(r"\\&", text)
    return text.replace("\n", "\\\n")


def _at_line_starts(text: str) -> str:
    """Escapes what means a list, a rule or a heading only where a line begins."""
    text = _LINE_START.sub(r"\1\\\2", text)
    return _NUMBERED.sub(r"\1\\\2", text)


def _line(words: str) -> str:
    return _at_line_starts(escape(one_line(words)))


def _section(document: Document, section: Section, level: int) -> list[str]:
    title = one_line(section.title)
    parts = [f"{'#' * min(level, 6)} {_line(title)}"] if title else []
    parts += _blocks(sources.of_section(document, section), document)
    for child in section.sections:
        parts += _section(document, child, level + 1)
    return parts


def _blocks(blocks: Iterable[Block | sources.SourceLine], document: Document) -> list[str]:
    parts: list[str] = []
    previous: Block | sources.SourceLine | None = None
    for block in blocks:
        if isinstance(block, ListBlock) and isinstance(previous, ListBlock):
            parts.append("<!-- -->")  # two lists in a row would otherwise read as one
        parts.append(_block(document, block))
        previous = block
    return parts


def _block(document: Document, block: Block | sources.SourceLine) -> str:
    if isinstance(block, sources.SourceLine):
        return _runs(block.runs)
    if isinstance(block, Paragraph):
        return _runs(runs(block.spans))
    if isinstance(block, ListBlock):
        return _list(block)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Note):
        return _indent(_runs(runs(block.spans)), "> ", "> ")
    if isinstance(block, Mark):
        return _mark(block)
    if isinstance(block, Chart):
        return "\n\n".join(_line(words) for words in (block.caption, block.spoken) if one_line(words))
    return _signatures(document, block)


def _runs(found: Iterable[Run]) -> str:
    return _at_line_starts("".join(map(_run, found)))


def _run(run: Run) -> str:
    core = run.text.strip(" \n")
    if not core:
        return escape(run.text)
    start = run.text.index(core)
    words = escape(core)
    if run.link:
        words = f"[{words}](<{run.link}>)"
    elif run.strong and _can_be_strong(core):
        words = f"**{words}**"
    return escape(run.text[:start]) + words + escape(run.text[start + len(core) :])


def _can_be_strong(words: str) -> bool:
    """Stars open and close only beside a letter or a digit; elsewhere they would show."""
    return words[:1].isalnum() and words[-1:].isalnum()


def _list(block: ListBlock) -> str:
    items = [item for item in map(runs, block.items) if item]
    lines = []
    for number, item in enumerate(items, 1):
        bullet = f"{number}. " if block.ordered else "- "
        lines.append(_indent(_runs(item), bullet, " " * len(bullet)))
    return "\n".join(lines)


def _indent(words: str, first: str, rest: str) -> str:
    return first + words.replace("\n", "\n" + rest) if words else ""


def _cells(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _table(block: Table) -> str:
    grid = tables.grid(block)
    if not grid.header:
        return ""
    lines = [_cells(map(_line, grid.header)), _cells("---" for _ in grid.header)]
    for row in grid.rows:
        lines.append(_cells("".join(_run(Run(_flat(run), run.strong, run.link)) for run in cell) for cell in row))
    table = "\n".join(lines)
    return f"{_line(grid.caption)}\n\n{table}" if grid.caption else table


def _flat(run: Run) -> str:
    """A cell is one line: its breaks become spaces."""
    return run.text.replace("\n", " ")


def _mark(block: Mark) -> str:
    words = one_line(block.text)
    return f"*{escape(words)}*" if block.typed and _can_be_strong(words) else _line(words)


def _signatures(document: Document, block: Signatures) -> str:
    parts = ["\n".join(f"- ☐ {escape(choice)}" for choice in signing.choices(block))]
    for table in signing.tables(block):
        header = (labels.label(document, "who_signs"), *table.fields)
        lines = [_cells(map(_line, header)), _cells("---" for _ in header)]
        lines += [_cells((_line(role), *(" " for _ in table.fields))) for role in table.roles]
        parts.append("\n".join(lines))
    return "\n\n".join(part for part in parts if part)
