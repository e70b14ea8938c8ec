"""A Word file: its paragraphs, headings, lists and tables in the order of the page."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from doorframe.adapters.read.errors import Unreadable

_LARGEST = 200 * 1024 * 1024
"""Bytes that a file may unpack to, of one part and of all."""

_BROKEN = "This Word file is damaged and cannot be opened. Open it in Word, save it again, and send that."


def words(data: bytes) -> str:
    """The words of a .docx. Raises Unreadable."""
    _check(data)
    import docx  # late: it brings lxml, which most commands never need

    try:
        document = docx.Document(io.BytesIO(data))
        lines = list(_lines(document))
    except Unreadable:
        raise
    except Exception as error:  # a damaged file can fail anywhere inside the library
        raise Unreadable(_BROKEN) from error
    return "\n\n".join(lines) + "\n"


def _check(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {item.filename for item in archive.infolist()}
            sizes = [item.file_size for item in archive.infolist()]
            locked = any(item.flag_bits & 1 for item in archive.infolist())
    except zipfile.BadZipFile as error:
        raise Unreadable(_BROKEN) from error
    if "word/document.xml" not in names:
        raise Unreadable("This file holds no Word text. Save it as .docx or PDF, and send that.")
    if locked:
        raise Unreadable("This Word file is locked with a password. Take the password off, and send it again.")
    if sum(sizes) > _LARGEST or len(sizes) > 5000:
        raise Unreadable("This Word file unpacks to far more than a policy holds, so it was not opened.")


def _lines(document: Any) -> Iterator[str]:
    for item in document.iter_inner_content():
        if hasattr(item, "rows"):
            yield from _rows(item)
            continue
        line = _paragraph(item)
        if line:
            yield line


def _paragraph(paragraph: Any) -> str:
    text = re.sub(r"[ \t]+", " ", paragraph.text.replace("\u00a0", " ")).strip()
    if not text:
        return ""
    style = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
    heading = re.match(r"heading (\d)", style)
    if heading:
        return f"{'#' * min(6, int(heading.group(1)))} {text}"
    if style == "title":
        return f"# {text}"
    listed = "list" in style or (paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None)
    return f"- {text}" if listed else text


def _rows(table: Any) -> Iterator[str]:
    """A table row by row; a cell that spans several columns is said once."""
    for row in table.rows:
        cells: list[str] = []
        for cell in row.cells:
            text = " ".join(cell.text.split())
            if text and (not cells or cells[-1] != text):
                cells.append(text)
        if cells:
            yield ": ".join(cells) if len(cells) == 2 else " | ".join(cells)
