"""The words a renderer adds of its own, and the customs of the place: dates and paper."""

from __future__ import annotations

from collections.abc import Mapping

from doorframe.adapters.render.words import one_line, shorten
from doorframe.engines.assembly.document import Document

DEFAULTS: Mapping[str, str] = {
    "based_on": "Based on",
    "good_practice": "Good practice",
    "page": "Page",
    "of": "of",
    "draft_mark": "Draft: not in force",
    "where_from": "Where this comes from",
    "your_answer": "Your answer",
    "checked": "last read",
    "built_from": "Built from",
    "who_signs": "Who signs",
    "untitled": "Untitled",
    "printed_date": "",
}
"""Every label a Document may replace through its own `labels`. `printed_date` replaces the whole printed date.

An assembled Document brings all of them from content, in its own language; these serve one that was made by hand.
"""

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_LETTER_COUNTRIES = frozenset({"US", "CA"})
_PAPERS = frozenset({"a4", "us-letter"})
_RECORDS = frozenset({"decision"})
_QUIET_KINDS = frozenset({"summary", "notices"})


def label(document: Document, name: str) -> str:
    """One label in the document's language, else in English."""
    return one_line(document.labels.get(name, DEFAULTS[name]))


def title(document: Document) -> str:
    """The title on one line; never empty, since tagged formats refuse a document without one."""
    return one_line(document.title) or label(document, "untitled")


def region(document: Document) -> str:
    """The country of the document's language ("US"), or ""."""
    for part in document.language.split("-")[1:]:
        if len(part) == 2 and part.isalpha():
            return part.upper()
    return ""


def paper(document: Document) -> str:
    """ "a4" or "us-letter": what was asked, else what the country uses."""
    if document.paper in _PAPERS:
        return document.paper
    return "us-letter" if region(document) in _LETTER_COUNTRIES else "a4"


def printed_date(document: Document) -> str:
    """The date as people there write it; the ISO date itself where we do not know the language's months."""
    own = label(document, "printed_date")
    if own or not document.language.lower().startswith("en"):
        return own or one_line(document.dated)
    year, month, day = (int(part) for part in document.dated.split("-"))
    if region(document) == "US":
        return f"{_MONTHS[month - 1]} {day}, {year}"
    return f"{day} {_MONTHS[month - 1]} {year}"


def meta_line(document: Document) -> str:
    """ "Version 3 · 21 November 2026", under the title."""
    return " · ".join(part for part in (one_line(document.version), printed_date(document)) if part)


def draft_line(document: Document) -> str:
    """The line at the head of every page of a document that is not in force, else ""."""
    return label(document, "draft_mark") if document.draft else ""


def footer_line(document: Document) -> str:
    """The foot of each page, cut to what one line holds."""
    return shorten(document.footer, 110)


def built_from(document: Document) -> str:
    """What the words were built from, for the properties of the file; "" where the document does not say."""
    pack = one_line(document.pack)
    return f"{label(document, 'built_from')} {pack}" if pack else ""


def colophon(document: Document) -> str:
    """The same as a line at the very end, in a record that must prove what it was made with; else ""."""
    return built_from(document) if document.kind in _RECORDS else ""


def shows_sources(document: Document) -> bool:
    """Whether this kind of document carries citation lines."""
    return document.kind not in _QUIET_KINDS
