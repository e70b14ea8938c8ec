"""The words of a rendered file, read back by somebody else's reader."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

from doorframe.adapters.render import labels, words
from doorframe.engines.assembly.document import Block, Document, ListBlock, Note, Paragraph, Section, Signatures, Table

_IGNORED = re.compile(r"[\s\u200b\u00ad]+")


def bare(text: str) -> str:
    """The text without spaces and invisible places to break: what must be equal in every format."""
    return _IGNORED.sub("", text)


def passages(document: Document) -> Iterator[str]:
    """Every passage of the document in reading order, as the tree has it."""

    def within(section: Section) -> Iterator[str]:
        yield section.title
        for block in section.blocks:
            yield from block_passages(block)
        for child in section.sections:
            yield from within(child)

    yield document.title
    for block in document.lede:
        yield from block_passages(block)
    for section in document.sections:
        yield from within(section)


def block_passages(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph | Note):
        yield block.text
    elif isinstance(block, ListBlock):
        yield from ("".join(span.text for span in item) for item in block.items)
    elif isinstance(block, Table):
        yield block.caption
        yield from block.header
        yield from ("".join(span.text for span in cell) for row in block.rows for cell in row)
    elif isinstance(block, Signatures):
        yield from block.choices
        for line in block.lines:
            yield line.role


def wanted(document: Document) -> list[str]:
    return [found for passage in passages(document) if (found := bare(words.clean(passage)))]


def missing(document: Document, text: str) -> list[str]:
    """The passages that the text does not hold, each sought after the one before it."""
    text, place, lost = bare(text), 0, []
    for passage in wanted(document):
        at = text.find(passage, place)
        if at < 0:
            lost.append(passage)
        else:
            place = at + len(passage)
    return lost


def pdf_text(data: bytes, document: Document) -> str:
    """The text of all pages without their header and footer lines."""
    from pypdf import PdfReader

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    return "\n".join(_without_edges(page, document) for page in pages)


def _without_edges(page: str, document: Document) -> str:
    footer = labels.footer_line(document)
    number = rf"{labels.label(document, 'page')} \d+ {labels.label(document, 'of')} \d+"
    page = re.sub(number, "", page)
    for edge in (footer, labels.draft_line(document)):
        page = page.replace(edge, "") if edge else page
    return page


def docx_text(data: bytes) -> str:
    """Paragraphs and table cells in the order of the body."""
    import docx

    body = docx.Document(io.BytesIO(data)).element.body
    tag = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return "\n".join(_paragraph_text(paragraph, tag) for paragraph in body.iter(f"{tag}p"))


def _paragraph_text(paragraph: Iterable[object], tag: str) -> str:
    return "".join(node.text or "" if node.tag == f"{tag}t" else "\n" for node in paragraph.iter(f"{tag}t", f"{tag}br"))  # type: ignore[attr-defined]


def html_text(data: bytes) -> str:
    import html5lib

    tree = html5lib.parse(data.decode(), treebuilder="etree", namespaceHTMLElements=False)
    return "".join(tree.find("body").itertext())


def markdown_text(data: bytes) -> str:
    """The words as a CommonMark reader shows them."""
    from markdown_it import MarkdownIt

    return html_text(MarkdownIt("commonmark").enable("table").render(data.decode()).encode())


def read(data: bytes, format: str, document: Document) -> str:
    if format == "pdf":
        return pdf_text(data, document)
    return {"docx": docx_text, "html": html_text, "md": markdown_text}[format](data)
