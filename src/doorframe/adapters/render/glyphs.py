"""Which characters the shipped typefaces can show.

PDF/A refuses a character without a glyph, so what no face holds is replaced by a visible sign before it is set.
The faces' own tables are read (only when a text leaves plain Latin), so the answer is never out of date.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

MISSING = "\u25a1"
"""The sign for a character that cannot be shown: an empty square."""

FONTS = Path(__file__).parent / "fonts"
TEXT_FACES = ("SourceSerif4-Regular.otf", "SourceSerif4-Semibold.otf", "SourceSerif4-It.otf")
LABEL_FACES = ("SourceSans3-Regular.otf", "SourceSans3-Semibold.otf")
OTHER_FACES = ("NotoSerifHebrew-Regular.ttf", "NotoNaskhArabic-Regular.ttf", "NotoEmoji-Regular.ttf")

_PLAIN = re.compile(
    r"[\n\x20-\x7e\xa0-\xac\xae-\u012b\u012e-\u0131\u0134-\u0165\u0168-\u017f\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026]*\Z"
)
_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2060-\u206f\u3164\uffa0"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_SKIN = range(0x1F3FB, 0x1F400)


def showable(text: str) -> tuple[str, list[str]]:
    """The text as the faces can show it, and the characters that became MISSING, each once."""
    if _PLAIN.match(text):
        return text, []
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    lost: dict[str, None] = {}
    shown = "".join(_shown(cluster, lost) for cluster in _clusters(text))
    return shown, list(lost)


def _shown(cluster: str, lost: dict[str, None]) -> str:
    """One cluster, if a single kind of face holds all of it; else its base, and the sign for what is left."""
    for wish in (cluster, _JOINERS.sub("", cluster)):
        if any(face.issuperset(map(ord, wish)) for face in _faces()):
            return wish
    cluster = _JOINERS.sub("", cluster)
    kept = cluster[0] if any(ord(cluster[0]) in face for face in _faces()) else MISSING
    if kept == MISSING:
        lost[cluster[0]] = None
    lost.update(dict.fromkeys(cluster[1:]))
    return kept + MISSING * (len(cluster) > 1 and kept != MISSING)


def _clusters(text: str) -> Iterator[str]:
    """A base with the marks that stand on it and what is joined to it."""
    start = 0
    for index in range(1, len(text)):
        if not _belongs(text[index - 1], text[index]):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def _belongs(before: str, character: str) -> bool:
    joined = before == "\u200d" or character in "\u200c\u200d" or ord(character) in _SKIN
    return joined or unicodedata.category(character)[0] == "M"


@cache
def _faces() -> tuple[frozenset[int], ...]:
    """What each family holds in every one of its weights. Breaks need no glyph."""
    families = [TEXT_FACES, LABEL_FACES, *((name,) for name in OTHER_FACES)]
    return tuple(frozenset.intersection(*map(_characters, family)) | {0x0A} for family in families)


def _characters(name: str) -> frozenset[int]:
    """The characters of one face, from its `cmap` table (format 12, else format 4)."""
    data = (FONTS / name).read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    tables = (struct.unpack_from(">4sLLL", data, 12 + 16 * index) for index in range(count))
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    entries = [
        struct.unpack_from(">HHL", data, cmap + 4 + 8 * index)
        for index in range(struct.unpack_from(">H", data, cmap + 2)[0])
    ]
    formats = {struct.unpack_from(">H", data, cmap + offset)[0]: cmap + offset for _, _, offset in entries}
    return frozenset(_format12(data, formats[12]) if 12 in formats else _format4(data, formats[4]))


def _format12(data: bytes, at: int) -> Iterator[int]:
    for index in range(struct.unpack_from(">L", data, at + 12)[0]):
        first, last, glyph = struct.unpack_from(">LLL", data, at + 16 + 12 * index)
        yield from range(first if glyph else first + 1, last + 1)


def _format4(data: bytes, at: int) -> Iterator[int]:
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + 4 * count)
    offsets_at = at + 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", data, offsets_at)
    for index, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offsets[index]:
                place = offsets_at + 2 * index + offsets[index] + 2 * (code - first)
                glyph = struct.unpack_from(">H", data, place)[0] or -deltas[index]
            if (glyph + deltas[index]) & 0xFFFF:
                yield code
