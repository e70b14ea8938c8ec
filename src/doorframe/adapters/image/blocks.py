"""Where each kind of picture file keeps what it tells beside its picture."""

from __future__ import annotations

from collections.abc import Callable

from doorframe.adapters.image.finds import Blocks, inflated
from doorframe.adapters.image.walk import Part, Walk

_EXIF = b"Exif\x00\x00"
_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_XMP_MORE = b"http://ns.adobe.com/xmp/extension/\x00"
_PHOTOSHOP = b"Photoshop 3.0\x00"
_PROFILE = b"ICC_PROFILE\x00"


def blocks_of(walk: Walk) -> Blocks:
    """Everything in a JPEG, PNG, WebP or HEIC file that is not needed to show it."""
    found = Blocks()
    _READERS[walk.kind](walk, found)
    return found


def without_head(exif: bytes) -> bytes:
    """An EXIF block from its first directory on; some writers put the words of a JPEG before it."""
    return exif.removeprefix(_EXIF)


# JPEG


def _jpeg(walk: Walk, found: Blocks) -> None:
    profile: dict[int, bytes] = {}
    for part in walk.parts:
        if part.name == "COM":
            found.kinds.add("comment")
        elif part.name == "APP2" and part.data.startswith(_PROFILE):
            profile[part.data[12] if len(part.data) > 12 else 0] = part.data[14:]
        elif part.name.startswith("APP"):
            _jpeg_block(part, found)
    if profile:
        found.profiles.append(b"".join(profile[number] for number in sorted(profile)))


def _jpeg_block(part: Part, found: Blocks) -> None:
    data = part.data
    if part.name == "APP0":
        if data.startswith(b"JFXX\x00") or data[12:14].strip(b"\x00"):
            found.kinds.add("thumbnail")
    elif data.startswith(b"Exif\x00"):
        found.exif.append(without_head(data))
    elif data.startswith(_XMP):
        found.xmp.append(data[len(_XMP) :])
    elif data.startswith(_XMP_MORE):
        found.xmp.append(data[len(_XMP_MORE) + 40 :])
    elif part.name == "APP13":
        found.iptc.append(data.removeprefix(_PHOTOSHOP))
    elif data.startswith(b"MPF\x00"):
        found.kinds.add("frames")
    elif part.name == "APP11":
        found.kinds.add("credentials")
    elif part.name != "APP14":
        found.kinds.add("other")


# PNG

_TEXT = {"author": ("author", "copyright", "artist"), "date": ("creation time", "date:"), "software": ("software",),
         "comment": ("comment",), "caption": ("title", "description", "subject", "keywords"),
         "camera": ("source",)}  # fmt: skip
_SHOWN = {"IHDR", "PLTE", "tRNS", "IDAT", "IEND", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD", "pHYs", "hIST", "cICP"}
"""Chunks that say how the picture is shown, and nothing about anybody."""


def _png(walk: Walk, found: Blocks) -> None:
    for part in walk.parts:
        if part.name in ("tEXt", "zTXt", "iTXt"):
            _png_text(part, found)
        elif part.name == "eXIf":
            found.exif.append(without_head(part.data))
        elif part.name == "iCCP":
            found.profiles.append(inflated(part.data.partition(b"\x00")[2][1:]))
        elif part.name == "tIME":
            found.kinds.add("date")
        elif part.name in ("acTL", "fcTL", "fdAT"):
            found.kinds.add("frames")
        elif part.name == "caBX":
            found.kinds.add("credentials")
        elif part.name not in _SHOWN:
            found.kinds.add("other")


def _png_text(part: Part, found: Blocks) -> None:
    found.kinds.add("text")
    keyword, _, rest = part.data.partition(b"\x00")
    word = keyword.decode("latin-1").lower()
    found.kinds |= {kind for kind, words in _TEXT.items() if word.startswith(words)}
    if word == "xml:com.adobe.xmp":
        found.xmp.append(_itxt_words(rest))
    elif word.startswith("raw profile type "):
        _raw_profile(word.rsplit(" ", 1)[1], rest if part.name == "tEXt" else inflated(rest[1:]), found)


def _itxt_words(rest: bytes) -> bytes:
    """The words of an international text chunk, after its flags, language and translated keyword."""
    packed = rest[:1] == b"\x01"
    words = rest[2:].split(b"\x00", 2)[-1]
    return inflated(words) if packed else words


def _raw_profile(name: str, text: bytes, found: Blocks) -> None:
    """A block that a program wrote as hexadecimal text: a line with its name, one with its length, then digits."""
    lines = text.strip().split(b"\n", 2)
    try:
        block = bytes.fromhex(lines[2].decode("ascii")) if len(lines) == 3 else b""
    except ValueError:
        block = b""
    if name in ("exif", "app1"):
        found.exif.append(without_head(block))
    elif name == "xmp":
        found.xmp.append(block)
    elif name in ("iptc", "8bim"):
        found.iptc.append(block)


# WebP and HEIC


def _webp(walk: Walk, found: Blocks) -> None:
    for part in walk.parts:
        if part.name == "EXIF":
            found.exif.append(without_head(part.data))
        elif part.name == "XMP ":
            found.xmp.append(part.data)
        elif part.name == "ICCP":
            found.profiles.append(part.data)
        elif part.name == "C2PA":
            found.kinds.add("credentials")
        elif part.name not in ("VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"):
            found.kinds.add("other")
    if len(walk.named("ANMF")) > 1:
        found.kinds.add("frames")


def _heic(walk: Walk, found: Blocks) -> None:
    """The outer boxes alone: what stands in the inner ones is told by the library that decodes the picture."""
    for part in walk.parts:
        if part.name in ("mpvd", "moov"):
            found.kinds.add("motion")
        elif part.name in ("free", "skip"):
            found.kinds |= {"other"} if part.data.strip(b"\x00") else set()
        elif part.name not in ("ftyp", "meta", "mdat"):
            found.kinds.add("other")


_READERS: dict[str, Callable[[Walk, Blocks], None]] = {"jpeg": _jpeg, "png": _png, "webp": _webp, "heic": _heic}
