"""Identifiers that stand in a text by their form: all of 45 CFR 164.514(b)(2)(i) but names, towns, faces and voices.

    find("Call 07700 900123")  ->  [Identifier(kind="telephone", start=5, end=17)]

Forms come first, then check digits where a number has them; a number without a label or a form is no identifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from doorframe.engines.screening.identifiers import forms, internet, labels, numbers, page, places, telephones, times

LETTERS = {
    "street-address": "B",
    "postcode": "B",
    "date": "C",
    "age-over-89": "C",
    "telephone": "D",
    "fax": "E",
    "email": "F",
    "us-ssn": "G",
    "ca-sin": "G",
    "uk-ni-number": "G",
    "ie-pps": "G",
    "medical-record": "H",
    "uk-nhs-number": "H",
    "au-ihi": "H",
    "nz-nhi": "H",
    "health-plan": "I",
    "health-card": "I",
    "us-mbi": "I",
    "au-medicare": "I",
    "account": "J",
    "card": "J",
    "iban": "J",
    "licence": "K",
    "plate": "L",
    "vin": "L",
    "device": "M",
    "imei": "M",
    "mac-address": "M",
    "url": "N",
    "ip-address": "O",
    "handle": "R",
    "au-tfn": "R",
    "nz-ird": "R",
    "passport": "R",
    "case-number": "R",
    "unique-code": "R",
}
"""Kind -> letter of 45 CFR 164.514(b)(2)(i). National insurance numbers count with (G), tax numbers with (R).

A (names), P (biometric) and Q (photographs) are not read from the form of a text.
"""

FORMS = (*numbers.FORMS, *telephones.FORMS, *labels.FORMS, *places.FORMS, *times.FORMS, *internet.FORMS)

_DIGIT = re.compile(r"[0-9]")
_WIDE_DIGIT = re.compile("[0-9０-９𝟎-𝟿٠-٩۰-۹०-९]")
_WORDS = (
    (forms.LINK, ("://",)),
    (forms.COLONS, ("::",)),
    (forms.REDDIT, ("u/",)),
    (forms.SPELLED, (" dot ", "(dot", "[dot", "{dot", "(at", "[at", "{at", "<at", "( at", "[ at")),
    (forms.AGE, ("ninety", "hundred", "centenarian")),
)
# Each begins with plain signs, so that it passes over a post quickly.
_SIGNS = (
    (forms.DOT, re.compile(r"\.[A-Za-z]")),
    (forms.HOUSE, places.HOUSE_STREET),
    (forms.MONTH, re.compile(rf" of (?:{times.MONTHS})")),
    (forms.MONTH, re.compile(rf" the (?:{times.ORDINALS})")),
)
_RUNS = re.compile(r"\d+")
_TOGETHER = (
    (forms.MANY, re.compile(r"\d(?:[^\w\n]{0,5}\d){5}")),
    (forms.PARTED, re.compile(r"\d ?[/.\- ] ?\d")),
    (forms.NUMBERED, re.compile(rf"(?:{forms.BEFORE}(?:num|nbr|no|id|ref|code|pin)|#)[^\n]{{0,60}}?\d")),
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier. kind is a key of LETTERS; start and end are code points of the text as given."""

    kind: str
    start: int
    end: int


def find(text: str, known: frozenset[str] = frozenset()) -> list[Identifier]:
    """The identifiers of a text, in order and apart from each other; where two overlap the longer stays.

    known  telephone numbers that everybody may call, such as crisis lines, as strings of digits
    """
    marks = marks_of(text)
    if not marks:
        return []
    read = page.read(text)
    if forms.DIGIT in marks:
        marks |= _of_digits(read.low)
    found = _apart(_candidates(read, marks, known), len(read.plain))
    return [Identifier(one.kind, *read.place(one.start, one.end)) for one in found]


def marks_of(text: str) -> frozenset[str]:
    """What stands in a text that could be part of an identifier. Cheap, because most posts hold nothing of the kind."""
    if not text.isascii():
        text = text.replace("\xa0", " ").replace("\u202f", " ")
    low = text.lower()
    marks = {mark for mark, words in _WORDS if any(word in low for word in words)}
    marks |= {mark for mark, sign in _SIGNS if sign.search(low if mark != forms.HOUSE else text)}
    if (_DIGIT if text.isascii() else _WIDE_DIGIT).search(text):
        marks.add(forms.DIGIT)
    if "@" in text or "＠" in text:
        marks |= {forms.DIGIT, forms.AT}
    if text.count(":") >= 5:
        marks.add(forms.COLONS)
    return frozenset(marks)


def _of_digits(low: str) -> set[str]:
    """How the digits of a page stand together, so that forms with more of them are not tried in vain."""
    longest = max(map(len, _RUNS.findall(low)), default=0)
    marks = {mark for mark, least in ((forms.FOUR, 4), (forms.FIVE, 5)) if longest >= least}
    return marks | {mark for mark, sign in _TOGETHER if sign.search(low)}


def _candidates(read: page.Page, marks: frozenset[str], known: frozenset[str]) -> Iterator[forms.Found]:
    if known and forms.DIGIT in marks:
        yield from telephones.known_lines(read, known)
    for form in FORMS:
        if form.needs in marks:
            for found in matches(form, read):
                yield found._replace(kind=forms.HARMLESS) if telephones.is_known(read, found, known) else found


def matches(form: forms.Form, read: page.Page) -> Iterator[forms.Found]:
    """What one form reads on a page. After a match that is none, the search goes on one sign later."""
    words = read.plain if form.cased else read.low
    match = form.pattern.search(words)
    while match:
        found = form.read(read, match)
        if found:
            yield found
        match = form.pattern.search(words, max(found.end, match.start() + 1) if found else match.start() + 1)


def _apart(candidates: Iterable[forms.Found], length: int) -> list[forms.Found]:
    """Those that stay: longer before shorter, harmless before labelled before others, then as FORMS are ordered."""
    ranked = sorted(candidates, key=lambda one: (one.start - one.end, one.kind != forms.HARMLESS, not one.sure))
    taken, kept = bytearray(length), []
    for one in ranked:
        if taken.find(1, one.start, one.end) < 0:
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            kept.append(one)
    return sorted((one for one in kept if one.kind != forms.HARMLESS), key=lambda one: one.start)
