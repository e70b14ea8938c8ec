"""Plain text and Markdown: bytes to letters."""

from __future__ import annotations

from doorframe.adapters.read.errors import Unreadable

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(data: bytes) -> str:
    """Text in UTF-8, UTF-16 with its mark, or what Windows wrote. Raises Unreadable for what is no text."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    strange = sum(1 for sign in text[:20_000] if (ord(sign) < 32 and sign not in "\t\n\r\f\v") or sign == "\ufffd")
    if strange > max(8, len(text[:20_000]) // 50):
        raise Unreadable("No words can be read in this file. Send .docx, .pdf, .html, .md or .txt.")
    return "".join(sign for sign in text if ord(sign) >= 32 or sign in "\t\n\r\f\v").removeprefix("\ufeff")
