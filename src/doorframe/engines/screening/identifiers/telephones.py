"""Telephone and fax numbers of the United States, Canada, the United Kingdom, Ireland, Australia and New Zealand.

A number counts when it is written the way one of these countries writes it, or has a country code, or stands after a
word such as "call". Freephone, shared-cost and service numbers (800, 0800, 0300, 1800, 13 ...) belong to organisations
and never to one person, so they are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from doorframe.engines.screening.identifiers.forms import (
    ALONE,
    BEFORE,
    ENDS,
    HARMLESS,
    MANY,
    Form,
    Found,
    digits,
    either,
    shape,
    spaced,
)
from doorframe.engines.screening.identifiers.page import Page

_S = r"[ .()\-]{0,4}"
_EXTENSION = r"(?:,? ?(?:ext|extn|extension|x)\.? ?\d{1,5})?"

_CUES = either(
    "phone phoned telephone tel cell mobile mob call called calling text texted ring rang whatsapp fax faxed reach ph "
    "number dial landline sms viber signal"
)
_BETWEEN = either("is me us him her them at on no the office my his their number num to or via direct line")
_FAX_AFTER = re.compile(r" ?\(?fax\b")

_FREEPHONE = re.compile(
    r"1?8(?:00|88|77|66|55|44|33|22)\d{7}|0(?:800|808|500|508)\d+|0(?:3\d\d|84\d|87\d)\d{7}|0818\d{6}"
)

_SHAPES = {
    11: {(11,), (5, 6), (5, 3, 3), (5, 2, 2, 2), (4, 3, 4), (4, 7), (3, 4, 4), (3, 8), (1,) * 11},
    10: {(10,), (4, 3, 3), (4, 2, 2, 2), (4, 6), (2, 4, 4), (2, 8), (3, 3, 4), (3, 7), (5, 5), (3, 4, 3), (1,) * 10},
    9: {(9,), (2, 3, 4), (2, 7), (3, 3, 3), (3, 6), (1,) * 9},
}
_NATIONAL = {
    11: re.compile(r"0[127]\d{9}"),
    10: re.compile(r"0[1-9]\d{8}"),
    9: re.compile(r"0[1-9]\d{7}"),
}
_UNCUED = {
    (11,): re.compile(r"0[127]\d{9}"),
    (10,): re.compile(r"0(?:4|8[35679]|2|7|3)\d+"),
    (9,): re.compile(r"02\d{7}"),
    (3, 3, 3): re.compile(r"0[2-9]\d{7}"),
}
"""Where the groups alone say too little, the numbers that need no word before them."""

_NORTH_AMERICAN = re.compile(r"1?[2-9][0-8]\d[2-9]\d{6}")
_NORTH_AMERICAN_SHAPES = {(3, 3, 4), (1, 3, 3, 4), (1,) * 10, (1,) * 11}


def cued(page: Page, start: int) -> bool:
    """Whether one of the last words before a place says that a telephone number comes."""
    for word in reversed(re.findall(r"[a-z]+", page.before(start, 28))):
        if word in _CUES:
            return True
        if word not in _BETWEEN:
            return False
    return False


def _kind(page: Page, start: int, end: int) -> str:
    before = page.before(start, 24)
    if _FAX_AFTER.match(page.after(end)):
        return "fax"
    place = before.rfind("fax")
    if place < 0 or sum(sign.isdigit() for sign in before[place:]):
        return "telephone"
    return "fax"


def _found(page: Page, match: re.Match[str], number: str) -> Found | None:
    if _FREEPHONE.fullmatch(number):
        return Found(HARMLESS, match.start(), match.end())
    return Found(_kind(page, match.start(), match.end()), match.start(), match.end(), cued(page, match.start()))


def _read_international(page: Page, match: re.Match[str]) -> Found | None:
    number = match["number"]
    bare = digits(number)
    if match["prefix"] != "+" and not bare.startswith(("1", "44", "353", "61", "64")):
        return None
    for code in ("44", "353", "64", "61"):
        if bare.startswith(code):
            return _found(page, match, "0" + bare[len(code) :].removeprefix("0"))
    if bare.startswith("1") and not _NORTH_AMERICAN.fullmatch(bare):
        return None
    return _found(page, match, bare)


def _read_national(page: Page, match: re.Match[str]) -> Found | None:
    number = digits(match.group())
    if not _NATIONAL[len(number)].fullmatch(number):
        return None
    groups = shape(match.group())
    if groups not in _SHAPES[len(number)]:
        return None
    plain = _UNCUED.get(groups)
    if plain and not plain.fullmatch(number) and not cued(page, match.start()):
        return None
    return _found(page, match, number)


def _read_north_american(page: Page, match: re.Match[str]) -> Found | None:
    number = match["number"]
    bare = digits(number)
    if not _NORTH_AMERICAN.fullmatch(bare) or bare[-10:-7].endswith("11"):
        return None
    if shape(number) not in _NORTH_AMERICAN_SHAPES and not cued(page, match.start()):
        return None
    return _found(page, match, bare)


def _read_local(page: Page, match: re.Match[str]) -> Found | None:
    return _found(page, match, digits(match.group())) if cued(page, match.start()) else None


_INTERNATIONAL = "|".join(
    (
        "1" + spaced(10, _S),
        rf"44{_S}(?:0{_S})?\d" + spaced(8, _S) + r"\d?",
        rf"353{_S}(?:0{_S})?\d" + spaced(6, _S) + r"\d{0,2}",
        rf"61{_S}(?:0{_S})?\d" + spaced(8, _S),
        rf"64{_S}(?:0{_S})?\d" + spaced(7, _S) + r"\d{0,2}",
        r"[2-9]\d" + spaced(7, _S) + r"\d{0,5}",
    )
)

FORMS = (
    Form(
        MANY,
        re.compile(
            rf"\(?(?P<prefix>\+|{BEFORE}00|{BEFORE}011(?=[ \-])){_S}(?P<number>{_INTERNATIONAL}){ENDS}{_EXTENSION}"
        ),
        _read_international,
    ),
    *(
        Form(MANY, re.compile(rf"{ALONE}\(?0{spaced(count - 1, _S)}{ENDS}"), _read_national)
        for count in sorted(_SHAPES, reverse=True)
    ),
    Form(
        MANY,
        re.compile(rf"{ALONE}(?P<number>(?:1[ .(\-]{{0,3}})?\(?[2-9]{spaced(9, _S)}){ENDS}{_EXTENSION}"),
        _read_north_american,
    ),
    Form(MANY, re.compile(rf"{ALONE}(?:[2-9]\d\d[ .\-]?\d{{4}}|\d{{4}} \d{{4}}){ENDS}"), _read_local),
)


def known_lines(page: Page, known: frozenset[str]) -> Iterator[Found]:
    """Where numbers stand that are everybody's to call, whatever stands between their digits."""
    for line in sorted(filter(None, map(digits, known))):
        expression = r"[ .()\-]{0,3}".join(line)
        for match in re.finditer(rf"(?<!\d){expression}(?!\d)", page.plain):
            yield Found(HARMLESS, match.start(), match.end())


def is_known(page: Page, found: Found, known: frozenset[str]) -> bool:
    """Whether a telephone number is one of some lines, with or without the code of its country."""
    if found.kind not in {"telephone", "fax"}:
        return False
    said = _ways_to_dial(digits(page.plain[found.start : found.end]))
    return any(not said.isdisjoint(_ways_to_dial(digits(line))) for line in known)


def _ways_to_dial(number: str) -> set[str]:
    """A number as it is, and as it is dialled inside its country."""
    number = number.removeprefix("00")
    if len(number) == 11 and number[0] == "1":
        return {number, number[1:]}
    for code in ("44", "353", "61", "64"):
        if number.startswith(code):
            return {number, "0" + number[len(code) :].removeprefix("0")}
    return {number}
