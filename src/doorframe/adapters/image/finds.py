"""What a picture file tells beside its picture: which kinds of it are there, never what it says."""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from doorframe.adapters.image.walk import Walk

SAID = {
    "location": "Where the picture was taken was present (location).",
    "date": "When the picture was taken or changed was present.",
    "author": "The name of an author or owner was present.",
    "people": "Names or marks of people in the picture were present.",
    "camera": "The make of the camera or telephone was present.",
    "serial": "A serial number of the camera or lens was present.",
    "maker": "Notes of the camera's maker were present; they can hold serial numbers and more.",
    "software": "The program that changed the picture was named.",
    "caption": "A caption, title or keywords were present.",
    "comment": "A comment was present.",
    "text": "Text fields of a PNG picture were present.",
    "exif": "Camera data was present (EXIF).",
    "xmp": "A description by a photo program was present (XMP).",
    "iptc": "Press data was present (IPTC).",
    "credentials": "A record of who made or changed the picture was present (content credentials).",
    "thumbnail": "A small copy of the picture was present; it can show what was cropped away.",
    "motion": "A short film with sound was attached (motion photo).",
    "frames": "Other pictures were in the same file; only the first one is kept.",
    "trailing": "Bytes stood after the end of the picture.",
    "profile": "A colour profile was present; its name can tell of a device.",
    "hidden": "Colours were hidden under see-through parts.",
    "other": "Private data of a program was present.",
    "name": "The file had a name of its own, which can tell a date, a place or a person.",
}
"""Each kind that can be found, the gravest first, with the sentence that says it."""


def quiet() -> None:
    """Stop the libraries from logging: what they note on their way quotes the file, at some levels every value."""
    for name in ("PIL", "exifread", "pillow_heif"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that the file told beside its picture.

    kind  a key of SAID
    said  the sentence for a person; what stood there is never in it
    """

    kind: str
    said: str


@dataclass(slots=True)
class Blocks:
    """The blocks of a picture file that can tell something, and the kinds that their mere presence shows."""

    exif: list[bytes] = field(default_factory=list)
    xmp: list[bytes] = field(default_factory=list)
    iptc: list[bytes] = field(default_factory=list)
    profiles: list[bytes] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)


def listed(kinds: Iterable[str]) -> tuple[Found, ...]:
    """Each kind once, the gravest first."""
    known = set(kinds)
    return tuple(Found(kind, said) for kind, said in SAID.items() if kind in known)


def kinds_in(blocks: Blocks, walk: Walk) -> set[str]:
    """Every kind that the blocks and the bytes after the end tell of."""
    found = set(blocks.kinds)
    for name, some, reader in (("exif", blocks.exif, _exif), ("xmp", blocks.xmp, _xmp), ("iptc", blocks.iptc, _iptc)):
        for block in some:
            found |= {name} | reader(block)
    if blocks.profiles:
        found.add("profile")
    return found | _rest(walk.rest)


def _rest(rest: bytes) -> set[str]:
    if not rest:
        return set()
    found = {"trailing"}
    if b"ftyp" in rest or b"MotionPhoto" in rest:
        found.add("motion")
    if b"\xff\xd8\xff" in rest:
        found.add("frames")
    return found


# EXIF: tag numbers from Exif 3.0 (CIPA DC-008) and TIFF 6.0

_FIRST = {
    0x010F: "camera", 0x0110: "camera", 0x0131: "software", 0x013C: "software", 0x0132: "date", 0x013B: "author",
    0x8298: "author", 0x010E: "caption", 0x9C9B: "caption", 0x9C9C: "comment", 0x9C9D: "author", 0x9C9E: "caption",
    0x9C9F: "caption", 0xC62F: "serial", 0x02BC: "xmp", 0x83BB: "iptc",
}  # fmt: skip
_SECOND = {
    0x9003: "date", 0x9004: "date", 0x927C: "maker", 0x9286: "comment", 0xA420: "serial", 0xA430: "author",
    0xA431: "serial", 0xA433: "camera", 0xA434: "camera", 0xA435: "serial",
}  # fmt: skip
_NAMES = (
    ("GPS", "location"), ("JPEGThumbnail", "thumbnail"), ("TIFFThumbnail", "thumbnail"), ("Thumbnail", "thumbnail"),
    ("Image Make", "camera"), ("Image Model", "camera"), ("Image Artist", "author"), ("Image DateTime", "date"),
    ("EXIF DateTime", "date"), ("EXIF BodySerialNumber", "serial"), ("EXIF UserComment", "comment"),
    ("MakerNote", "maker"),
)  # fmt: skip
"""How the second reader names what we look for."""
_EXIF_IFD, _GPS_IFD, _GPS_VERSION = 0x8769, 0x8825, 0


def _exif(block: bytes) -> set[str]:
    """What two readers see in an EXIF block; either may fail on a broken one, and then the other speaks alone."""
    return _by_number(block) | _by_name(block)


def _by_number(block: bytes) -> set[str]:
    from PIL import Image  # late: most commands never need it

    found: set[str] = set()
    try:
        exif = Image.Exif()
        exif.load(block)
        found |= {_FIRST[tag] for tag in exif if tag in _FIRST}
        if set(exif.get_ifd(_GPS_IFD)) - {_GPS_VERSION}:
            found.add("location")
        found |= {_SECOND[tag] for tag in exif.get_ifd(_EXIF_IFD) if tag in _SECOND}
        if exif.get_ifd(1):
            found.add("thumbnail")
    except Exception:  # a damaged block can fail anywhere inside the library; it is dropped in any case
        pass
    return found


def _by_name(block: bytes) -> set[str]:
    try:
        tags = second_reader(block)
    except Exception:  # as above
        return set()
    return {kind for start, kind in _NAMES if any(tag.startswith(start) and tag != "GPS GPSVersionID" for tag in tags)}


def second_reader(data: bytes) -> list[str]:
    """The names of the tags that exifread sees in a picture or an EXIF block. Raises whatever it raises."""
    import exifread

    quiet()
    return list(exifread.process_file(io.BytesIO(data), details=False, extract_thumbnail=True))


# XMP: names of properties, whatever their value

_XMP = {
    "location": (b"GPSL", b"photoshop:City", b"photoshop:State", b"photoshop:Country", b"Iptc4xmpCore:Location",
                 b"LocationCreated", b"LocationShown"),
    "serial": (b"SerialNumber",),
    "camera": (b"tiff:Make", b"tiff:Model", b"aux:Lens", b"exifEX:Lens"),
    "date": (b"CreateDate", b"ModifyDate", b"DateCreated", b"DateTimeOriginal", b"MetadataDate"),
    "author": (b"dc:creator", b"dc:rights", b"xmpRights:", b"AuthorsPosition", b"CreatorContactInfo", b"OwnerName"),
    "caption": (b"dc:description", b"dc:title", b"dc:subject", b"photoshop:Headline", b"photoshop:Instructions"),
    "people": (b"mwg-rs:Regions", b"PersonInImage", b"MPReg:"),
    "thumbnail": (b"xmp:Thumbnails", b"xmpGImg:image"),
    "frames": (b"GDepth:Data", b"GImage:Data"),
    "software": (b"CreatorTool", b"xmpMM:History"),
}  # fmt: skip


def _xmp(block: bytes) -> set[str]:
    text = block.replace(b"\x00", b"")  # so that both UTF-8 and UTF-16 are seen
    return {kind for kind, names in _XMP.items() if any(name in text for name in names)}


# IPTC: datasets of record 2 in the Information Interchange Model 4.2

_DATASETS = {
    5: "caption", 25: "caption", 105: "caption", 116: "author", 120: "caption", 80: "author", 85: "author",
    110: "author", 115: "author", 122: "author", 55: "date", 60: "date", 62: "date", 63: "date", 65: "software",
    26: "location", 27: "location", 90: "location", 92: "location", 95: "location", 100: "location", 101: "location",
}  # fmt: skip
_RESOURCES = {0x0409: "thumbnail", 0x040C: "thumbnail", 0x0422: "exif", 0x0424: "xmp"}


def _iptc(block: bytes) -> set[str]:
    """The kinds in a block of press data; Photoshop's resources around it may hold more."""
    found: set[str] = set()
    at = block.find(b"8BIM")
    while at >= 0:
        found |= {
            _RESOURCES[number] for number in [int.from_bytes(block[at + 4 : at + 6], "big")] if number in _RESOURCES
        }
        at = block.find(b"8BIM", at + 4)
    at = block.find(b"\x1c\x02")
    while at >= 0 and at + 5 <= len(block):
        found |= {_DATASETS[number] for number in [block[at + 2]] if number in _DATASETS}
        at = block.find(b"\x1c\x02", at + 5 + int.from_bytes(block[at + 3 : at + 5], "big"))
    return found


def inflated(data: bytes, most: int = 4_000_000) -> bytes:
    """Packed text, up to a limit; a text that would grow without end is cut. b"" where it cannot be unpacked."""
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return b""
