"""Pictures as cameras, telephones and programs make them, built from code. Every block holds SECRET somewhere."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, ImageDraw

SECRET = b"Anna Meyer 4711"
"""What must be nowhere in what comes out: not in the bytes, not in a sentence."""

RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 200, 20), (20, 20, 220), (250, 250, 250)
XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\x00"
ROOM = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description %s/></x:xmpmeta>"
XMP = ROOM % (b"exif:GPSLatitude='51,30N' dc:creator='%s' aux:SerialNumber='1' xmp:CreateDate='2026-11-03' "
              b"mwg-rs:Regions='%s' GCamera:MotionPhoto='1'" % (SECRET, SECRET))  # fmt: skip
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00\x00\x00\x17moov" + SECRET


def corners(wide: int = 96, high: int = 64) -> Image.Image:
    """Red top left, green top right, blue bottom left, white bottom right; so each way of turning shows."""
    image = Image.new("RGB", (wide, high), WHITE)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, wide // 2 - 1, high // 2 - 1), RED)
    draw.rectangle((wide // 2, 0, wide, high // 2 - 1), GREEN)
    draw.rectangle((0, high // 2, wide // 2 - 1, high), BLUE)
    return image


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


# EXIF, byte by byte: a library would not write a thumbnail


def _ifd(entries: list[tuple[int, int, bytes]], at: int, following: int = 0) -> bytes:
    """A directory at this place: (tag, type, value) in order; values over four bytes stand after it."""
    after, table = b"", struct.pack("<H", len(entries))
    first = at + 2 + 12 * len(entries) + 4
    for tag, kind, value in entries:
        count = len(value) // {2: 1, 3: 2, 4: 4, 5: 8, 7: 1}[kind]
        if len(value) > 4:
            place, after = struct.pack("<I", first + len(after)), after + value + b"\x00" * (len(value) % 2)
        else:
            place = value.ljust(4, b"\x00")
        table += struct.pack("<HHI", tag, kind, count) + place
    return table + struct.pack("<I", following) + after


def exif(*, orientation: int = 1, gps: bool = True, thumbnail: bool = True) -> bytes:
    """Camera, owner, dates, serial number, maker's notes, location and a small picture, as a telephone writes them."""
    small = saved(corners(16, 12), "JPEG", comment=SECRET) if thumbnail else b""

    def built(second: int, third: int, fourth: int) -> tuple[bytes, bytes, bytes, bytes]:
        main = [
            (0x010F, 2, b"Apple\x00\x00"),
            (0x0110, 2, b"iPhone 15\x00"),
            (0x0112, 3, struct.pack("<H", orientation)),
            (0x0132, 2, b"2026:11:03 14:00:00\x00"),
            (0x013B, 2, SECRET + b"\x00"),
            (0x8769, 4, struct.pack("<I", second)),
        ]
        main += [(0x8825, 4, struct.pack("<I", third))] if gps else []
        inner = [
            (0x9003, 2, b"2026:11:03 14:00:00\x00"),
            (0x927C, 7, b"notes " + SECRET),
            (0x9286, 7, b"ASCII\0\0\0" + SECRET),
            (0xA430, 2, SECRET + b"\x00"),
            (0xA431, 2, SECRET + b"\x00"),
        ]
        degrees = struct.pack("<6I", 51, 1, 30, 1, 26, 1)
        place = [(0, 7, b"\x02\x03\x00\x00"), (1, 2, b"N\x00"), (2, 5, degrees), (3, 2, b"W\x00"), (4, 5, degrees)]
        film = [
            (0x0103, 3, b"\x06\x00"),
            (0x0201, 4, struct.pack("<I", fourth + 2 + 36 + 4)),
            (0x0202, 4, struct.pack("<I", len(small))),
        ]
        one = _ifd(main, 8, fourth if thumbnail else 0)
        return one, _ifd(inner, second), _ifd(place, third), _ifd(film, fourth)

    one, two, three, _ = built(0, 0, 0)
    second = 8 + len(one)
    third, fourth = second + len(two), second + len(two) + len(three)
    one, two, three, four = built(second, third, fourth)
    return b"II*\x00" + struct.pack("<I", 8) + one + two + three + (four + small if thumbnail else b"")


# JPEG


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def iptc() -> bytes:
    """Press data as Photoshop keeps it: by-line, caption, date and city."""
    rows = b"".join(struct.pack(">BBBH", 0x1C, 2, number, len(SECRET)) + SECRET for number in (80, 120, 55, 90))
    return b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(rows)) + rows


def profile() -> bytes:
    """A colour profile that is not sRGB: red and blue have changed places."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(data[128:132], "big")
    rows = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    data[rows[b"rXYZ"] : rows[b"rXYZ"] + 4], data[rows[b"bXYZ"] : rows[b"bXYZ"] + 4] = b"bXYZ", b"rXYZ"
    name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(bytes(data)))).strip()
    utf16, other = name.encode("utf-16-be"), "Anna Meyer 4711 screen".ljust(len(name))[: len(name)].encode("utf-16-be")
    return bytes(data).replace(utf16, other)


def jpeg(*blocks: bytes, image: Image.Image | None = None, after: bytes = b"", **options: Any) -> bytes:
    """A JPEG with these segments after its beginning and these bytes after its end."""
    plain = saved(image or corners(), "JPEG", quality=95, subsampling=0, **options)
    return plain[:2] + b"".join(blocks) + plain[2:] + after


def exif_segment(**options: Any) -> bytes:
    return segment(0xE1, b"Exif\x00\x00" + exif(**options))


def telephone() -> bytes:
    """A motion photo with everything a telephone and two programs leave in it."""
    return jpeg(
        segment(0xE0, b"JFXX\x00\x13\x01\x01" + b"\x00" * 3), exif_segment(), segment(0xE1, XMP_HEAD + XMP),
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\x00" + b"0" * 40 + SECRET), segment(0xED, iptc()),
        segment(0xE2, b"MPF\x00" + SECRET), segment(0xEB, b"JP\x00\x01" + SECRET), segment(0xEF, SECRET),
        segment(0xFE, SECRET), segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + profile()), after=FILM,
    )  # fmt: skip


# PNG


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*chunks: bytes, image: Image.Image | None = None, after: bytes = b"", **options: Any) -> bytes:
    """A PNG with these chunks after its head and these bytes after its end."""
    plain = saved(image or corners(), "PNG", **options)
    return plain[:33] + b"".join(chunks) + plain[33:] + after


def screenshot() -> bytes:
    """A PNG with everything that programs leave in one."""
    text = b"\n".join([b"", b"exif", b"%8d" % len(exif()), exif().hex().encode()])
    return png(
        chunk(b"iCCP", SECRET + b"\x00\x00" + zlib.compress(profile())), chunk(b"eXIf", exif()),
        chunk(b"tEXt", b"Author\x00" + SECRET), chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(SECRET)),
        chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + XMP), chunk(b"tIME", b"\x07\xea\x0b\x03\x0e\x00\x00"),
        chunk(b"zTXt", b"Raw profile type exif\x00\x00" + zlib.compress(text)), chunk(b"prVt", SECRET),
        chunk(b"caBX", SECRET), after=SECRET,
    )  # fmt: skip


def claiming(wide: int, high: int) -> bytes:
    """A PNG of a few bytes that claims this size."""
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


# WebP and HEIC


def webp(*chunks: bytes, image: Image.Image | None = None, after: bytes = b"", **options: Any) -> bytes:
    """A WebP with EXIF, XMP and a profile, these chunks at its end, and these bytes after it."""
    plain = saved(image or corners(), "WEBP", exif=exif(), xmp=XMP, icc_profile=profile(), **options)
    body = plain[8:] + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body + after


def riff(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2)


def heic(*, image: Image.Image | None = None, more: int = 0, after: bytes = b"", **options: Any) -> bytes:
    """A HEIC picture as a telephone writes it, with more pictures in the same file, and these bytes after it."""
    first = image or corners()
    file = pillow_heif.from_pillow(first)
    for _ in range(more):
        file.add_from_pillow(Image.new("RGB", (80, 64), RED))
    out = io.BytesIO()
    file.save(out, quality=90, exif=b"Exif\x00\x00" + exif(**options), xmp=XMP, chroma=444)
    return out.getvalue() + after
