"""A picture without what it tells beside its picture: cleaned by a copy of its pixels, then proved clean."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from doorframe.adapters.image import kinds, pixels
from doorframe.adapters.image.blocks import blocks_of
from doorframe.adapters.image.errors import DAMAGED, TOO_LARGE, UNSURE, Refused
from doorframe.adapters.image.finds import Blocks, Found, kinds_in, listed, quiet
from doorframe.adapters.image.pixels import LARGEST_FILE, LARGEST_PICTURE
from doorframe.adapters.image.proof import Check, prove
from doorframe.adapters.image.walk import Walk, walk

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["LARGEST_FILE", "LARGEST_PICTURE", "Check", "Cleaned", "Found", "Refused", "clean", "look"]

NEUTRAL = "picture"

_ONE = threading.Lock()
"""A picture at the limit needs 770 MB while it is open: a process opens one after the other."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A picture that may go out, as far as its file is concerned; what it shows is for a person to look at.

    data   the new file: JPEG, PNG or WebP as it came, JPEG for HEIC
    name   a neutral name for it: "picture.jpg", "picture.png" or "picture.webp"
    found  what the old file told beside its picture, the gravest first
    proof  what was checked in the new file; every one holds
    size   width and height in pixels, as it is seen
    """

    data: bytes
    name: str
    found: tuple[Found, ...]
    proof: tuple[Check, ...]
    size: tuple[int, int]


def clean(data: bytes, name: str = "") -> Cleaned:
    """The picture anew from its pixels alone, upright and in sRGB. Of several pictures in a file the first is kept.

    name  as the file was called, where that is known. Raises Refused, and nothing else.
    """
    with _refusing():
        image, seen, blocks = _read(data, name)
        flat = pixels.flat(image, seen, blocks)
        del image  # the memory of a large picture is needed below
        new, kind = pixels.written(flat, seen)
        proof = prove(new, kind, flat)
        if not all(check.holds for check in proof):
            raise Refused(UNSURE)
        return Cleaned(new, f"{NEUTRAL}.{kinds.ENDINGS[kind][0]}", _found(name, seen, blocks), proof, flat.size)


def look(data: bytes, name: str = "") -> tuple[Found, ...]:
    """What a picture tells beside its picture. Changes nothing. Raises Refused as `clean` does."""
    with _refusing():
        image, seen, blocks = _read(data, name)
        pixels.flat(image, seen, blocks)
        return _found(name, seen, blocks)


def upright(data: bytes) -> Image:
    """The pixels of a picture as they are seen, for those who read in it. Raises Refused as `clean` does."""
    with _refusing():
        return pixels.flat(*_read(data, ""))


@contextmanager
def _refusing() -> Iterator[None]:
    """Nothing is logged, and whatever goes wrong is a sentence: a damaged file can fail anywhere inside a library.

    One picture at a time: whoever comes second waits a second or two, and the memory holds.
    """
    quiet()
    try:
        with _ONE:
            yield
    except Refused:
        raise
    except MemoryError as error:
        raise Refused(TOO_LARGE) from error
    except Exception as error:
        raise Refused(DAMAGED) from error


def _read(data: bytes, name: str) -> tuple[Image, Walk, Blocks]:
    if len(data) > LARGEST_FILE:
        raise Refused("This file is larger than 40 MB. Save a smaller copy, and try again.")
    kind = kinds.kind_of(data)
    kinds.check_name(name, kind)
    seen = walk(data, kind)
    pixels.check_size(seen.width, seen.height)
    blocks = blocks_of(seen)
    return pixels.decoded(data, seen, blocks), seen, blocks


def _found(name: str, seen: Walk, blocks: Blocks) -> tuple[Found, ...]:
    kinds_found = kinds_in(blocks, seen)
    if kinds.stem_of(name).lower() not in ("", NEUTRAL, "-"):
        kinds_found.add("name")
    return listed(kinds_found)
