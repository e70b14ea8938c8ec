"""A picture file byte by byte: its parts in order, and what stands after its end. Trusts no library.

Sources: ITU-T T.81 annex B (JPEG), the PNG specification (third edition, chapter 5), the WebP container
specification, ISO/IEC 14496-12 (boxes, for HEIC).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from doorframe.adapters.image.errors import Broken

PNG_SIGN = b"\x89PNG\r\n\x1a\n"
_MOST_PARTS = 100_000
_ALONE = {0x01, *range(0xD0, 0xD8)}
"""JPEG markers that carry no length: TEM and the restart markers."""
_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""JPEG markers that tell width and height: start of frame."""


@dataclass(frozen=True, slots=True)
class Part:
    """One segment, chunk or box.

    name        "APP1", "COM", "SOS" and so on; "tEXt"; "EXIF"; "mdat"
    start, end  bytes of the file, with the part's own head and checksum
    data        what it carries; of a JPEG scan the head alone, without the coded pixels
    """

    name: str
    start: int
    end: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Walk:
    """The parts of a picture, its size in pixels as its head claims (0 by 0 where another reader must tell), and the
    bytes after its end."""

    kind: str
    parts: tuple[Part, ...]
    width: int
    height: int
    rest: bytes

    def named(self, *names: str) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.name in names)


def walk(data: bytes, kind: str) -> Walk:
    """The parts of a picture of this kind. Raises Broken where the bytes do not follow the format."""
    try:
        return _WALKERS[kind](data)
    except (struct.error, IndexError) as error:
        raise Broken from error


# JPEG


def _jpeg(data: bytes) -> Walk:
    parts: list[Part] = []
    width = height = 0
    for part in _segments(data):
        parts.append(part)
        if len(parts) > _MOST_PARTS:
            raise Broken
        if part.name == "SOF" and not width:
            height, width = struct.unpack(">HH", part.data[1:5])
    if not parts or parts[-1].name != "EOI" or not width or not height:
        raise Broken
    return Walk("jpeg", tuple(parts), width, height, data[parts[-1].end :])


def _segments(data: bytes) -> Iterator[Part]:
    """Each segment up to the end of the picture; the coded pixels belong to the segment before them."""
    if data[:2] != b"\xff\xd8":
        raise Broken
    yield Part("SOI", 0, 2, b"")
    at = 2
    while at < len(data):
        marker, head = _marker(data, at)
        if marker == 0xD9:
            yield Part("EOI", at, head, b"")
            return
        if marker in _ALONE:
            at = head
            continue
        (length,) = struct.unpack_from(">H", data, head)
        end = head + length
        if length < 2 or end > len(data):
            raise Broken
        after = _after_scan(data, end) if marker == 0xDA else end
        yield Part(_jpeg_name(marker), at, after, data[head + 2 : end])
        at = after
    raise Broken


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker that begins here, and where its segment goes on. Fill bytes 0xFF may stand before it."""
    head = at + 1
    while data[at] == 0xFF and data[head] == 0xFF:
        head += 1
    if data[at] != 0xFF or data[head] in (0x00, 0xD8):
        raise Broken
    return data[head], head + 1


def _after_scan(data: bytes, at: int) -> int:
    """Where the coded pixels end: the next 0xFF that is neither stuffed nor a restart marker."""
    while (at := data.find(b"\xff", at)) >= 0:
        follows = data[at + 1]
        if follows == 0xFF:
            at += 1
        elif follows == 0x00 or follows in _ALONE:
            at += 2
        else:
            return at
    raise Broken


def _jpeg_name(marker: int) -> str:
    if 0xE0 <= marker <= 0xEF:
        return f"APP{marker - 0xE0}"
    if marker in _SIZES:
        return "SOF"
    return {0xFE: "COM", 0xDB: "DQT", 0xC4: "DHT", 0xDA: "SOS", 0xDD: "DRI"}.get(marker, f"{marker:02X}")


# PNG


def _png(data: bytes) -> Walk:
    if not data.startswith(PNG_SIGN):
        raise Broken
    parts: list[Part] = []
    at = len(PNG_SIGN)
    while not parts or parts[-1].name != "IEND":
        length, raw = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data) or not raw.isalpha() or not raw.isascii() or len(parts) > _MOST_PARTS:
            raise Broken
        body = data[at + 8 : at + 8 + length]
        # A wrong checksum breaks a part that is needed (a capital first); others are dropped anyway.
        if raw[:1].isupper() and zlib.crc32(raw + body) != int.from_bytes(data[end - 4 : end], "big"):
            raise Broken
        parts.append(Part(raw.decode("ascii"), at, end, body))
        at = end
    width, height = struct.unpack(">II", parts[0].data[:8]) if parts[0].name == "IHDR" else (0, 0)
    if not width or not height:
        raise Broken
    return Walk("png", tuple(parts), width, height, data[at:])


# WebP


def _webp(data: bytes) -> Walk:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise Broken
    finish = 8 + int.from_bytes(data[4:8], "little")
    if finish > len(data) or finish < 20:
        raise Broken
    parts: list[Part] = []
    at = 12
    while at < finish:
        raw, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length
        if end > finish or len(parts) > _MOST_PARTS:
            raise Broken
        end = min(end + length % 2, finish)
        parts.append(Part(raw.decode("latin-1"), at, end, data[at + 8 : at + 8 + length]))
        at = end
    width, height = _webp_size(parts)
    return Walk("webp", tuple(parts), width, height, data[finish:])


def _webp_size(parts: list[Part]) -> tuple[int, int]:
    body = parts[0].data
    if parts[0].name == "VP8X" and len(body) >= 10:
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if parts[0].name == "VP8 " and body[3:6] == b"\x9d\x01\x2a":
        wide, high = struct.unpack("<HH", body[6:10])
        return wide & 0x3FFF, high & 0x3FFF
    if parts[0].name == "VP8L" and body[:1] == b"\x2f":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    raise Broken


# HEIC


def _heic(data: bytes) -> Walk:
    """The outermost boxes alone; sizes and pictures are told by the library that decodes them."""
    parts: list[Part] = []
    at = 0
    while at < len(data):
        part = _box(data, at)
        if part is None or (part.name == "ftyp" and parts) or len(parts) > _MOST_PARTS:
            break  # what is no box, or the beginning of another file, stands after the end
        parts.append(part)
        at = part.end
    if {"ftyp", "meta"} - {part.name for part in parts}:
        raise Broken
    return Walk("heic", tuple(parts), 0, 0, data[at:])


def _box(data: bytes, at: int) -> Part | None:
    """The box that begins here, or None where none does."""
    if at + 8 > len(data):
        return None
    size, raw = struct.unpack_from(">I4s", data, at)
    head = 8
    if size == 1:
        (size,) = struct.unpack_from(">Q", data, at + 8)
        head = 16
    elif size == 0:
        size = len(data) - at
    if size < head or at + size > len(data) or not raw.isalnum():
        return None
    return Part(raw.decode("latin-1"), at, at + size, data[at + head : at + size] if raw != b"mdat" else b"")


_WALKERS = {"jpeg": _jpeg, "png": _png, "webp": _webp, "heic": _heic}
