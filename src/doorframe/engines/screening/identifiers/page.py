"""A text made plain for reading: one kind of digit, hyphen and space, and small letters beside it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

_UNSEEN = frozenset({"Cf", "Mn", "Me", "Cs"})
_PICTURES = frozenset({"So", "Sk", "Co", "Cn", "Zs"})
_DOTS = "·․。｡‧"
_SLASHES = "⁄∕⧸"
_QUOTES = "’‘ʼ`´"
_MINUS = "−⁃"


class _Plain(dict[int, str]):
    """Code point -> what stands for it: one sign, or nothing for what cannot be seen. Made when first asked."""

    def __missing__(self, point: int) -> str:
        made = _plain(chr(point))
        self[point] = made
        return made


def _plain(sign: str) -> str:
    if sign in "\n\r\x0b\x0c\x85\u2028\u2029":
        return "\n"
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    for signs, stands in ((_DOTS, "."), (_SLASHES, "/"), (_QUOTES, "'"), (_MINUS, "-")):
        if sign in signs:
            return stands
    kind = unicodedata.category(sign)
    if kind == "Pd":
        return "-"
    # A picture between two digits parts them like a space; the marks that belong to it go.
    if kind in _PICTURES and not sign.isascii():
        return " "
    if kind in _UNSEEN:
        return ""
    wide = unicodedata.normalize("NFKC", sign)
    return wide if len(wide) == 1 else sign


_TABLE = _Plain({point: chr(point) for point in range(128)} | {9: " ", 13: "\n", 96: "'"})
_SMALL = {point: chr(point + 32) for point in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True)
class Page:
    """A text as it is read.

    plain    the text with one kind of digit, hyphen, space, dot and quotation mark, without signs that cannot be seen
    low      plain, with A to Z in small letters; as long as plain
    given    the place in the given text of each sign of plain, then its length; None where they are the same
    """

    plain: str
    given: tuple[int, ...] | None = None

    @cached_property
    def low(self) -> str:
        """The plain text in small letters."""
        return self.plain.translate(_SMALL) if not self.plain.isascii() else self.plain.lower()

    def before(self, start: int, length: int = 40) -> str:
        """Up to `length` signs before a place, in small letters, of the same line."""
        return self.low[max(0, start - length) : start].rpartition("\n")[2]

    def after(self, end: int, length: int = 30) -> str:
        """Up to `length` signs after a place, in small letters, of the same line."""
        return self.low[end : end + length].partition("\n")[0]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the plain text stands in the given one."""
        if self.given is None:
            return start, end
        return self.given[start], self.given[end]


def read(text: str) -> Page:
    """The page of a text."""
    plain = text.translate(_TABLE)
    if len(plain) == len(text):
        return Page(plain)
    return Page(plain, (*(place for place, sign in enumerate(text) if _TABLE[ord(sign)]), len(text)))
