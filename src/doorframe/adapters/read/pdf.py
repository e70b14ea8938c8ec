"""A PDF: its text layer, page by page. A scan has none, and is told so."""

from __future__ import annotations

import io
import logging
from typing import Any

from doorframe.adapters.read.errors import Unreadable

_MOST_PAGES = 1000
_FEWEST_LETTERS = 15
"""Letters a page, on average, below which a PDF is pictures of pages."""


def words(data: bytes) -> tuple[str, int]:
    """The words of a PDF and its number of pages. Raises Unreadable."""
    import pypdf  # late: most commands never need it

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("This PDF is locked with a password. Save a copy without one, and send that.")
        if len(reader.pages) > _MOST_PAGES:
            raise Unreadable("This PDF has more than 1000 pages. Send the pages with the policy alone.")
        pages = [_page(page) for page in reader.pages]
    except Unreadable:
        raise
    except Exception as error:  # a damaged file can fail anywhere inside the library
        raise Unreadable("This PDF is damaged and cannot be opened. Print it to PDF again, and send that.") from error
    letters = sum(sum(map(str.isalpha, page)) for page in pages)
    if letters < _FEWEST_LETTERS * max(1, len(pages)):
        raise Unreadable(
            "This PDF is a scan: it holds pictures of pages, and no text that can be read. "
            "Send the Word file it was made from, or paste the words."
        )
    return "\f".join(pages), len(pages)


def _page(page: Any) -> str:
    text: str = page.extract_text()
    return text.replace("\u00a0", " ")
