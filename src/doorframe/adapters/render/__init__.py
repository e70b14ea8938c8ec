"""Render a Document: one walker per format, the same words in each.

Each format's library loads only when that format is asked for.
"""

from __future__ import annotations

from doorframe.adapters.render.errors import DoesNotFit, MissingTypeface, RenderError, UnknownFormat
from doorframe.engines.assembly.document import Document

FORMATS = ("pdf", "docx", "html", "md")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}

__all__ = [
    "FORMATS",
    "MEDIA_TYPES",
    "DoesNotFit",
    "MissingTypeface",
    "RenderError",
    "UnknownFormat",
    "render",
    "warnings",
]


def render(document: Document, format: str) -> bytes:
    """The document as a complete file. The same document always gives the same bytes.

    format is one of FORMATS. Raises UnknownFormat, DoesNotFit (a summary too long for its page) or RenderError.
    """
    if format == "html":
        from doorframe.adapters.render import html

        return html.page(document).encode()
    if format == "md":
        from doorframe.adapters.render import markdown

        return markdown.write(document).encode()
    if format == "docx":
        from doorframe.adapters.render import docx

        return docx.write(document)
    if format == "pdf":
        from doorframe.adapters.render import typst

        return typst.write(document)
    raise UnknownFormat(f"There is no format called {format!r}. Choose one of {', '.join(FORMATS)}.")


def warnings(document: Document, format: str) -> list[str]:
    """Sentences about what this format cannot show as it was written; usually none."""
    if format != "pdf":
        return []
    from doorframe.adapters.render import typst

    return typst.warnings(document)
