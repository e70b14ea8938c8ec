"""Which letters a file is written in."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO, TextIO

_LOOKED_AT = 1 << 16


def opened(stream: BinaryIO, newline: str | None = None) -> TextIO:
    """A file as text: UTF-8 or UTF-16 by its mark, UTF-8 where it holds, else what Windows wrote. What is still wrong
    becomes a sign of replacement; nothing raises. The stream must let itself be set back."""
    stream.seek(0)
    head = stream.read(_LOOKED_AT)
    stream.seek(0)
    return io.TextIOWrapper(stream, encoding=_encoding(head), errors="replace", newline=newline)


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError as error:
        # A few wrong bytes in a file of UTF-8 are damage; most files in another encoding break at each such letter.
        tail = head.decode("utf-8", "replace").count("\ufffd")
        return "utf-8-sig" if tail * 4 < sum(byte >= 0xC2 for byte in head) and error.start else "cp1252"
    return "utf-8-sig"
