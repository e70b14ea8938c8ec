"""Scans of signed sheets: what they are is told from their bytes, and nothing in them is ever opened or run."""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

LARGEST = 10 * 1024 * 1024
"""Bytes of one scan."""
MOST_PAGES = 50
MOST_POINTS = 20_000
"""Picture points along one side; a sheet scanned at 1200 points an inch has 14,000."""

SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_PNG = b"\x89PNG\r\n\x1a\n"
_ACTIVE = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMedia", "/GoToE", "/GoToR"}


class ScanError(Exception):
    """A file that is not kept; the message says what happened and what to do instead."""


def checked(data: bytes) -> tuple[bytes, str]:
    """The bytes to keep, and what they are: "application/pdf", "image/jpeg" or "image/png".

    What hangs behind the end of a picture is cut off. Raises ScanError.
    """
    if not data:
        raise ScanError(_("This file is empty. Nothing was kept. Scan the sheet again."))
    if len(data) > LARGEST:
        raise ScanError(_("This file is larger than 10 MB. Nothing was kept. Scan it again with fewer dots an inch."))
    if data.startswith(b"%PDF-"):
        _check_pdf(data)
        return data, "application/pdf"
    try:
        if data.startswith(_PNG):
            return data[: _png_end(data)], "image/png"
        if data.startswith(b"\xff\xd8\xff"):
            return data[: _jpeg_end(data)], "image/jpeg"
    except (IndexError, struct.error, ValueError) as error:
        raise ScanError(_("This picture is damaged. Nothing was kept. Scan the sheet again.")) from error
    raise ScanError(_("A scan is a PDF, a JPEG or a PNG, and this file is neither. Nothing was kept."))


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= MOST_POINTS and 0 < height <= MOST_POINTS):
        raise ValueError("a side of this picture has no or too many points")


def _png_end(data: bytes) -> int:
    """Where the picture ends, from its chunks and their sums; its points are never unpacked."""
    place, first = len(_PNG), True
    while True:
        length, kind = struct.unpack_from(">I4s", data, place)
        body = data[place + 8 : place + 8 + length]
        (told,) = struct.unpack_from(">I", data, place + 8 + length)
        if len(body) != length or zlib.crc32(kind + body) != told or first != (kind == b"IHDR"):
            raise ValueError("this is no sound picture")
        if first:
            _check_size(*struct.unpack_from(">II", body))
        place, first = place + 12 + length, False
        if kind == b"IEND":
            return place


def _jpeg_end(data: bytes) -> int:
    """Where the picture ends, from marker to marker; its points are never unpacked."""
    place, sized = 2, False
    while True:
        place = _next_marker(data, place)
        marker = data[place + 1]
        if marker == 0xD9:
            if not sized:
                raise ValueError("this picture has no size")
            return place + 2
        (length,) = struct.unpack_from(">H", data, place + 2)
        if length < 2 or place + 2 + length > len(data):
            raise ValueError("a part of this picture reaches beyond its end")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", data, place + 5)
            _check_size(width, height)
            sized = True
        place += 2 + length


def _next_marker(data: bytes, place: int) -> int:
    """Where the next marker stands that is neither part of the points nor filling."""
    while True:
        place = data.index(b"\xff", place)
        following = data[place + 1]
        if following not in {0x00, 0x01, 0xFF} and not 0xD0 <= following <= 0xD8:
            return place
        place += 1 if following == 0xFF else 2


def _check_pdf(data: bytes) -> None:
    """Raise ScanError unless this is a PDF of pages alone: nothing that starts, sends or holds another file."""
    import pypdf  # late: few requests need it

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise ScanError(_("This PDF is locked with a password. Nothing was kept. Save it without one."))
        pages = len(reader.pages)
        active = _has_more(reader)
    except ScanError:
        raise
    except Exception as error:  # a damaged file can fail anywhere inside the library
        raise ScanError(_("This PDF is damaged. Nothing was kept. Scan the sheet again.")) from error
    if not 0 < pages <= MOST_PAGES:
        raise ScanError(_("A scan has 1 to 50 pages, and this one has not. Nothing was kept."))
    if active:
        raise ScanError(
            _("This PDF holds more than pages: a program, a form or another file. Nothing was kept. Scan it again.")
        )


def _has_more(reader: Any) -> bool:
    root = reader.trailer["/Root"].get_object()
    names = _plain(root.get("/Names"))
    form = _plain(root.get("/AcroForm"))
    if "/AA" in root or "/XFA" in form or "/Collection" in root or {"/JavaScript", "/EmbeddedFiles"} & set(names):
        return True
    return _acts(root.get("/OpenAction")) or any(_page_acts(page) for page in reader.pages)


def _page_acts(page: Any) -> bool:
    notes = page.get("/Annots")
    rows: Iterable[Any] = notes.get_object() if notes is not None else ()
    found = [_plain(row) for row in rows]
    return "/AA" in page or any(
        "/AA" in row or row.get("/Subtype") in {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/3D"}
        or _acts(row.get("/A"))
        for row in found
    )  # fmt: skip


def _acts(action: Any) -> bool:
    found = _plain(action)
    return found.get("/S") in _ACTIVE or "/Next" in found


def _plain(value: Any) -> dict[str, Any]:
    found = value.get_object() if hasattr(value, "get_object") else value
    return found if isinstance(found, dict) else {}
