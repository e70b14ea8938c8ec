"""What a form of identifier is, and the pieces that expressions are built from.

Every expression is linear: no repetition stands inside another, and each that could run on is bounded or possessive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from doorframe.engines.screening.identifiers.page import Page

HARMLESS = ""
"""Kind of what looks like an identifier and is none: the number of a book, a known crisis line."""

BEFORE = r"(?<![^\W_])"
"""No letter or digit stands before."""
AFTER = r"(?![^\W_])"
"""No letter or digit follows."""
ALONE = BEFORE + r"(?<![$£€+])(?<!\d[.,/:\-])"
"""A number that begins here: not the tail of a price, a decimal or a longer number."""
ENDS = AFTER + r"(?![.,/:\-]\d)"

DIGIT, AT, DOT, LINK, COLONS, MONTH, AGE, SPELLED, REDDIT, HOUSE = (
    "digit", "at", "dot", "link", "colons", "month", "age", "spelled", "reddit", "house",
)  # fmt: skip
FOUR, FIVE, MANY, PARTED, NUMBERED = "four", "five", "many", "parted", "numbered"
"""What must stand in a text before a form is worth trying.

FOUR, FIVE  so many digits in one piece
MANY        six digits that belong together, with a few signs between them at most
PARTED      two digits with one sign between them
NUMBERED    a word for "number" and a digit after it
"""


class Found(NamedTuple):
    """What a form read. start and end are places in the plain text; sure where a label names its kind."""

    kind: str
    start: int
    end: int
    sure: bool = False


Reader = Callable[[Page, "re.Match[str]"], Found | None]


@dataclass(frozen=True, slots=True)
class Form:
    """One form that identifiers take.

    needs    one of the marks above
    pattern  tried on the text in small letters, or on the plain text where `cased`
    read     what a match is, or None
    """

    needs: str
    pattern: re.Pattern[str]
    read: Reader
    cased: bool = False


def spaced(count: int, between: str) -> str:
    """An expression for `count` digits, each with `between` before it."""
    return (between + r"\d") * count


def shape(words: str) -> tuple[int, ...]:
    """Lengths of the groups of digits: (3, 2, 4) of "123-45-6789"."""
    return tuple(len(group) for group in re.findall(r"\d+", words))


def digits(words: str) -> str:
    """The digits alone."""
    return "".join(sign for sign in words if sign.isdigit())


def compact(words: str) -> str:
    """Letters and digits alone, in capitals."""
    return "".join(sign for sign in words if sign.isalnum()).upper()


def words_of(names: Iterable[str]) -> re.Pattern[str]:
    """Finds any of some words or phrases as whole words."""
    return re.compile(rf"{BEFORE}(?:{'|'.join(names)}){AFTER}")


def whole(kind: str) -> Reader:
    """A match is what it seems, from end to end."""
    return lambda page, match: Found(kind, match.start(), match.end())


def either(words: str) -> frozenset[str]:
    """The words of a line, as a set."""
    return frozenset(words.split())
