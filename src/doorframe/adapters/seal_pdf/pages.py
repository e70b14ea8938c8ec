"""The words that the pages of a file show, read back to be compared with what is attached to it."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from doorframe.adapters.render import glyphs
from doorframe.adapters.render.words import clean

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_POINTS = 72 / 25.4
_FOOT, _HEAD = 25 * _POINTS, 19 * _POINTS
"""So far from the lower and the upper edge a page has lines that are no part of its text."""

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def bare(text: str) -> str:
    """The text without what cannot be seen, and letters that were set as one apart: the same on paper and in data."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(character for character in plain if unicodedata.category(character) not in _UNSEEN)


def shown(data: bytes) -> str:
    """The words of all pages, without spaces and without the lines at their head and foot."""
    from pypdf import PdfReader

    return bare("".join(_body(page) for page in PdfReader(io.BytesIO(data)).pages))


def _body(page: Any) -> str:
    found: list[str] = []
    highest = float(page.mediabox.height) - _HEAD

    def visit(text: str, matrix: list[float], place: list[float], *_: object) -> None:
        height = place[4] * matrix[1] + place[5] * matrix[3] + matrix[5]
        if _FOOT <= height <= highest:
            found.append(text)

    page.extract_text(visitor_text=visit)
    return "".join(found)


def has(text: str, words: str) -> bool:
    """Whether the pages show these few words; what runs from right to left cannot be sought."""
    return bool(_RIGHT_TO_LEFT.search(words)) or _as_shown(words) in text


def _as_shown(words: str) -> str:
    return bare(glyphs.showable(clean(words))[0])


def passages(words: Mapping[str, Any]) -> Iterator[str]:
    """Every passage of `policy.json` that the pages must show, in reading order: all but the empty page to sign."""
    for block in words["lede"]:
        yield from _block(block)
    for section in words["sections"]:
        yield from _section(section)


def _section(section: Mapping[str, Any]) -> Iterator[str]:
    if any("lines" in block for block in section["blocks"]):
        return
    yield str(section["title"])
    for block in section["blocks"]:
        yield from _block(block)
    for child in section["sections"]:
        yield from _section(child)


def _block(block: Mapping[str, Any]) -> Iterator[str]:
    if "spans" in block:
        yield _joined(block["spans"])
    for item in block.get("items", ()):
        yield _joined(item)
    if "rows" in block:
        yield str(block["caption"])
        yield from map(str, block["header"])
        for row in block["rows"]:
            yield from map(_joined, row)


def _joined(spans: list[Mapping[str, Any]]) -> str:
    return "".join(str(span["text"]) for span in spans)


def missing(words: Mapping[str, Any], text: str) -> tuple[list[str], int]:
    """The passages that the pages do not show, each sought after the one before it, and how many were sought.

    Words that run from right to left are left out: a page does not tell in which order they were written. A policy
    without a single passage is missing as a whole.
    """
    place, count, lost = 0, 0, []
    found = [passage for passage in passages(words) if bare(passage)]
    for passage in found:
        if _RIGHT_TO_LEFT.search(passage):
            continue
        wanted = _as_shown(passage)
        if not wanted:
            continue
        count += 1
        at = text.find(wanted, place)
        if at < 0:
            lost.append(passage)
        else:
            place = at + len(wanted)
    return lost if found else [""], count
