"""The text that was audited, with every passage that something rests on marked and linked.

Passages overlap and lie within each other. The text is therefore cut wherever one of them begins or ends, each piece
is marked by the gravest of those that cover it, and the links stand behind the last letter of their passage.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

GRAVEST = ("high", "medium", "low", "topic")
"""How a passage is marked, the strongest first."""

_GAP = re.compile(r"(?:[ \t]*\n){2,}|\f")
_HEADING = re.compile(r"#{1,6}[ \t]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage of the text, end not included, and what is said about it.

    kind   one of GRAVEST
    to     the anchor on this page where it is said
    label  what the link is called, in as few letters as can be
    title  what the link is called in full
    """

    start: int
    end: int
    kind: str
    to: str
    label: str
    title: str


Piece = tuple[SafeString, list[Mark]]
"""A piece of a paragraph, and the passages that end with it."""


def place(start: int) -> str:
    """The anchor of every passage that begins here."""
    return f"at-{start}"


def marked(text: str, marks: Iterable[Mark]) -> SafeString:
    """The whole text as paragraphs of HTML; every word of it escaped."""
    kept = sorted({one for one in marks if 0 <= one.start < one.end <= len(text)}, key=lambda one: one.start)
    sweep = _Sweep(text, kept)
    return mark_safe("".join(sweep.paragraph(start, end) for start, end in _paragraphs(text)))  # escaped piece by piece


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where each paragraph begins and ends."""
    start = 0
    for gap in _GAP.finditer(text):
        if text[start : gap.start()].strip():
            yield start, gap.start()
        start = gap.end()
    if text[start:].strip():
        yield start, len(text)


class _Sweep:
    """Goes over the text once, from its first letter to its last."""

    def __init__(self, text: str, marks: list[Mark]) -> None:
        self.text = text
        self.marks = marks
        self.cuts = sorted({one.start for one in marks} | {one.end for one in marks})
        self.open: list[Mark] = []
        self.next = 0

    def paragraph(self, start: int, end: int) -> str:
        # A passage can begin in the gap before; its anchor and its links move to where there are words.
        lead = _HEADING.match(self.text, start, end)
        begins = lead.end() if lead else start
        inner = self.cuts[bisect_right(self.cuts, begins) : bisect_right(self.cuts, end - 1)]
        edges = [begins, *inner, end]
        cut = [self._piece(low, high, last=high == end) for low, high in pairwise(edges)]
        pieces = [words + _links(ended) for words, ended in _once(cut)]
        kind = mark_safe(' class="title"') if lead else ""
        return format_html('<p dir="auto"{}>{}</p>\n', kind, mark_safe("".join(pieces)))

    def _piece(self, low: int, high: int, *, last: bool) -> Piece:
        fresh = []
        while self.next < len(self.marks) and self.marks[self.next].start <= low:
            fresh.append(self.marks[self.next])
            self.next += 1
        self.open = [one for one in (*self.open, *fresh) if one.end > low]
        anchors = _anchors(fresh)
        words = conditional_escape(self.text[low:high])
        if not self.open:
            return anchors + words, []
        kind = min((one.kind for one in self.open), key=GRAVEST.index)
        ended = [one for one in self.open if one.end <= high or (last and not self.text[high : one.end].strip())]
        return format_html('{}<mark class="{}">{}</mark>', anchors, kind, words), ended


def _anchors(fresh: list[Mark]) -> SafeString:
    starts = sorted({one.start for one in fresh})
    return format_html_join("", '<span class="place" id="{}"></span>', ((place(start),) for start in starts))


def _once(pieces: list[Piece]) -> list[Piece]:
    """A topic is named once a paragraph, behind the last of its passages there; a finding behind each."""
    named: set[str] = set()
    found: list[Piece] = []
    for words, ended in reversed(pieces):
        kept = [one for one in ended if one.kind != "topic" or one.to not in named]
        named |= {one.to for one in kept}
        found.append((words, kept))
    return found[::-1]


def _links(ended: list[Mark]) -> SafeString:
    ranked = sorted(ended, key=lambda one: GRAVEST.index(one.kind))
    told = dict.fromkeys((one.kind, one.to, one.title, one.label) for one in ranked)
    return format_html_join("", ' <a class="ref {}" href="#{}" aria-label="{}">{}</a>', told)
