"""A file that a practice already has in, its words out. What a file is, its first bytes say, not its name."""

from __future__ import annotations

from dataclasses import dataclass

from doorframe.adapters.read import docx, html, pdf, plain
from doorframe.adapters.read.errors import Unreadable

__all__ = ["LARGEST_FILE", "LONGEST_TEXT", "Read", "Unreadable", "read", "read_words"]

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes. A policy with pictures of letterheads stays far below this."""

LONGEST_TEXT = 2_000_000
"""Letters, about 700 pages."""

_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM", b"RIFF", b"\x00\x00\x00\x18ftyp")


@dataclass(frozen=True, slots=True)
class Read:
    """The words of a file.

    text   as the audit reads it; headings begin with “#”, items of a list with “-”
    kind   "pdf", "docx", "html" or "text"
    pages  how many pages a PDF has, 0 for everything else
    """

    text: str
    kind: str
    pages: int = 0


def read(data: bytes) -> Read:
    """The words of a file. Raises Unreadable with one sentence for the person."""
    if not data.strip():
        raise Unreadable("This file is empty.")
    if len(data) > LARGEST_FILE:
        raise Unreadable("This file is larger than 20 MB. Send the pages with the policy alone.")
    found = _read(data)
    if not any(sign.isalnum() for sign in found.text):
        raise Unreadable("There are no words in this file.")
    if len(found.text) > LONGEST_TEXT:
        raise Unreadable("This is longer than about 700 pages. Send the part with the policy alone.")
    return found


def read_words(text: str) -> Read:
    """Words that somebody pasted. Raises Unreadable as `read` does."""
    if len(text) > LONGEST_TEXT:
        raise Unreadable("This is longer than about 700 pages. Paste the part with the policy alone.")
    return read(text.encode("utf-8", "replace"))


def _read(data: bytes) -> Read:
    start = data[:1024].lstrip()
    if start.startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        text, pages = pdf.words(data)
        return Read(text, "pdf", pages)
    if data.startswith(b"PK"):
        return Read(docx.words(data), "docx")
    if data.startswith(_OLD_WORD) or start.startswith(b"{\\rtf"):
        raise Unreadable("This is an older Word file. Open it in Word, save it as .docx, and send that.")
    if data.startswith(_PICTURES):
        raise Unreadable("This is a picture, and only words can be read. Send the Word file, or paste the words.")
    text = plain.decode(data)
    if html.is_html(text):
        return Read(html.words(text), "html")
    return Read(text, "text")
