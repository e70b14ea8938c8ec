"""Proof that a picture tells nothing beside its picture: three readers look at the file that is handed out."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from doorframe.adapters.image import blocks as block_reader
from doorframe.adapters.image.errors import Broken
from doorframe.adapters.image.finds import kinds_in, second_reader
from doorframe.adapters.image.walk import Walk, walk

if TYPE_CHECKING:
    from PIL.Image import Image

_PARTS = {
    "jpeg": {"SOI", "APP0", "DQT", "SOF", "DHT", "DRI", "SOS", "EOI"},
    "png": {"IHDR", "IDAT", "IEND"},
    "webp": {"VP8 ", "VP8L", "VP8X", "ALPH"},
}
"""All that the file may hold. JFIF (APP0) is held to be the plain one, below."""

_JFIF = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
"""Version 1.1, no unit, 1 by 1, no thumbnail."""

_VP8X = (b"\x00", b"\x10")
"""What the head of a WebP may announce: nothing, or see-through parts. Never EXIF, XMP, a profile or motion."""

_INFO = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background", "timestamp", "duration"}
"""What Pillow tells of a picture without metadata."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at in the new file. said is a sentence that is true where `holds` is."""

    id: str
    said: str
    holds: bool


def prove(data: bytes, kind: str, pixels: Image) -> tuple[Check, ...]:
    """Every check of a written file against the pixels that were meant. Never raises; what cannot be read fails."""
    try:
        seen = walk(data, kind)
    except Broken:
        return (Check("opens", "The new file opens again.", False),)
    found = kinds_in(block_reader.blocks_of(seen), seen)
    opens, silent, single = _opened(data, kind, pixels)
    return (
        Check("opens", "The new file opens again and shows the same picture.", opens),
        Check("parts", "It holds nothing but the parts that make the picture.", _only_picture(seen)),
        Check("exif", "No camera data (EXIF), no location.", "exif" not in found and _second_sees_nothing(data)),
        Check("xmp", "No description by a photo program (XMP).", "xmp" not in found),
        Check("iptc", "No press data (IPTC).", "iptc" not in found),
        Check("comment", "No comment, caption or text field.", not found & {"comment", "caption", "text"}),
        Check("thumbnail", "No small copy of the picture.", "thumbnail" not in found),
        Check("profile", "No colour profile.", "profile" not in found),
        Check("frames", "No other picture and no film.", single and not found & {"frames", "motion"}),
        Check("trailing", "No byte after the end.", not seen.rest),
        Check("silent", "Other programs that read pictures find nothing beside the picture.", silent and not found),
    )


def _second_sees_nothing(data: bytes) -> bool:
    """Whether the second reader of camera data gets through the file and finds none."""
    try:
        return not second_reader(data)
    except Exception:  # what it cannot read is not proved
        return False


def _only_picture(seen: Walk) -> bool:
    if any(part.name not in _PARTS[seen.kind] for part in seen.parts):
        return False
    if any(part.data != _JFIF for part in seen.named("APP0")) or len(seen.named("APP0")) > 1:
        return False
    return all(part.data[:1] in _VP8X for part in seen.named("VP8X"))


def _opened(data: bytes, kind: str, pixels: Image) -> tuple[bool, bool, bool]:
    """Whether Pillow opens the file with the pixels meant, finds nothing else in it, and sees one picture."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as again:
            again.load()
            same = again.format == kind.upper() and again.size == pixels.size and _alike(again, pixels, kind)
            silent = set(again.info) <= _INFO and not again.getexif()
            return same, silent, getattr(again, "n_frames", 1) == 1
    except Exception:  # a damaged file can fail anywhere inside the library
        return False, False, False


_SAMPLE = 16
"""Pixels a side of the copy in which two pictures are compared, each of them at least 8 by 8 of the picture."""
_MOST_APART = 16
"""Steps of 255 a channel, on average, that a format which loses detail may shift such a copy."""


def _alike(again: Image, pixels: Image, kind: str) -> bool:
    """The same pixels; of a format that loses detail, a small copy that is nearly the same."""
    if kind == "png" or _same(again, pixels):
        return _same(again, pixels)
    from PIL import ImageChops, ImageStat

    wide, high = (min(_SAMPLE, max(1, side // 8)) for side in pixels.size)
    one, other = (image.convert("RGB").resize((wide, high)) for image in (again, pixels))
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean) <= _MOST_APART


_STRIP = 256
"""Rows that are compared at once, so that a large picture is never held as plain bytes."""


def _same(again: Image, pixels: Image) -> bool:
    boxes = ((0, top, pixels.width, min(top + _STRIP, pixels.height)) for top in range(0, pixels.height, _STRIP))
    return again.mode == pixels.mode and all(again.crop(box).tobytes() == pixels.crop(box).tobytes() for box in boxes)
