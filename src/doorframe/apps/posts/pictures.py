"""A picture that is to be posted: emptied of what its file tells, its words screened, and nothing of it kept.

Everything happens in the memory of one request. The clean file goes back inside the page, so that it never waits on the
server for somebody to fetch it.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

from doorframe.adapters import image_words
from doorframe.adapters.image import Cleaned, Refused
from doorframe.apps.library import queries as library
from doorframe.apps.members.models import Practice
from doorframe.apps.posts import screening, shown
from doorframe.engines.content.schema import Checklist

LARGEST = 20 * 1024 * 1024
"""Bytes. What is larger than FILE_UPLOAD_MAX_MEMORY_SIZE would be written to a disk before this room sees it."""

LARGEST_LINK = 14 * 1024 * 1024
"""Bytes. In Chromium a link that holds a file may have 20 million letters; base64 makes four letters of three bytes."""

PREVIEW_SIDE = 1600
"""Pixels: enough to see people and papers, and a small part of what a camera gives."""

CHECKLIST = "picture"

_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Words:
    """What was made of the words in a picture.

    result     the verdict on them, None where there are none or they were not read
    unread     why they were not read, as a sentence for the person; "" where they were
    no_reader  nothing that reads pictures is installed
    """

    result: shown.Result | None = None
    unread: str = ""
    no_reader: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What the page says of a picture.

    found    what its file told, as sentences
    preview  a data: URL to look at
    link     a data: URL of the clean file, "" where that is too large for one
    """

    cleaned: Cleaned
    found: tuple[str, ...]
    preview: str
    link: str
    words: Words
    checklist: Checklist | None


def report(practice: Practice, cleaned: Cleaned) -> Report:
    """Everything there is to say of a clean picture. Takes as long as the words in it take to be read."""
    pack = library.pack()
    return Report(
        cleaned, tuple(pack.spelled(one.said) for one in cleaned.found), _preview(cleaned), _link(cleaned),
        _words(practice, cleaned.data), pack.checklists.get(CHECKLIST),
    )  # fmt: skip


def media_type(cleaned: Cleaned) -> str:
    """ "image/jpeg", "image/png" or "image/webp"."""
    return _TYPES[cleaned.name.rsplit(".", 1)[-1]]


def _words(practice: Practice, data: bytes) -> Words:
    """The words that can be read in a picture, screened as a draft is. They go onto the page, and nowhere else."""
    try:
        read = image_words.read(data)
    except (image_words.NotRead, Refused) as error:
        return Words(unread=library.pack().spelled(str(error)))
    if read is None:
        return Words(no_reader=True)
    if not read.text.strip():
        return Words()
    return Words(shown.result(read.text, screening.screen_picture(practice, read.text)))


def _link(cleaned: Cleaned) -> str:
    return _as_url(cleaned.data, media_type(cleaned)) if len(cleaned.data) <= LARGEST_LINK else ""


def _preview(cleaned: Cleaned) -> str:
    """The clean picture, or a smaller copy of it where it is large."""
    if max(cleaned.size) <= PREVIEW_SIDE:
        return _as_url(cleaned.data, media_type(cleaned))
    from PIL import Image  # late: few requests need it

    with Image.open(io.BytesIO(cleaned.data)) as image:
        image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
        kind = "PNG" if image.mode in {"RGBA", "LA"} else "JPEG"
        out = io.BytesIO()
        image.save(out, kind)
    return _as_url(out.getvalue(), f"image/{kind.lower()}")


def _as_url(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
