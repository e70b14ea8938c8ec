"""Search in the help: every word must stand in the section; no index on disk, no script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from markdown_it.token import Token

from doorframe.web.help import library, render
from doorframe.web.help.library import Page

MOST = 30
"""Sections shown. Whoever needs more needs another word."""

AROUND = 90
"""Characters shown on each side of the first word found."""

_SMALL = frozenset(
    ["a", "an", "the", "i", "my", "me", "we", "our", "how", "do", "does", "can", "to", "is", "are", "what", "where"]
)
"""Words of a whole question, which say nothing of what is looked for."""

_SHELF = {"tutorial": 0, "how-to": 0, "explanation": 1, "reference": 2, "evaluation": 3, "decisions": 4}
"""What to do comes before why it is so, and that before lists to look things up in and how Doorframe was built."""


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with the words below it."""

    page: Page
    heading: str
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One section that was found; excerpt is in pieces, each with whether it is a word that was looked for."""

    section: Section
    excerpt: tuple[tuple[str, bool], ...]


def search(query: str) -> list[Hit]:
    """The best sections for a query, best first within their kind of page; an empty query finds nothing."""
    words = list(dict.fromkeys(re.findall(r"\w+", query.casefold())))
    words = ([word for word in words if word not in _SMALL] or words)[:8]
    if not words:
        return []
    # A word is found from its beginning: "sign" finds "signature", "ign" does not.
    patterns = [re.compile(rf"\b{re.escape(word)}", re.IGNORECASE) for word in words]
    scored = [(score, section) for section in sections() if (score := _score(section, patterns))]
    scored.sort(key=lambda pair: (_SHELF[pair[1].page.area], -pair[0]))
    return [Hit(section, _excerpt(section.words, patterns)) for _score_, section in scored[:MOST]]


def sections() -> tuple[Section, ...]:
    """Every section of every page."""
    return _sections(tuple(library.pages().values()))


@lru_cache(maxsize=2)
def _sections(pages: tuple[Page, ...]) -> tuple[Section, ...]:
    return tuple(
        Section(page, heading.text, "" if heading.level == 1 else heading.anchor, _words(tokens))
        for page in pages
        for heading, tokens in render.sections(page.text)
    )


def _words(tokens: Iterable[Token]) -> str:
    parts = [render.plain(token) if token.type == "inline" else token.content for token in tokens]
    return " ".join(" ".join(part.split()) for part in parts if part.strip())


def _score(section: Section, patterns: list[re.Pattern[str]]) -> int:
    """0 unless every word is there; a word in a heading counts for more than one in the text, a whole word for more."""
    total = 0
    for pattern in patterns:
        in_heading = 12 if pattern.search(section.heading) else 0
        in_title = 6 if pattern.search(section.page.title) else 0
        in_words = min(len(pattern.findall(section.words)), 5)
        if not in_heading + in_title + in_words:
            return 0
        # "sign" means signing in rather than a signature.
        whole = re.compile(pattern.pattern + r"\b", re.IGNORECASE)
        total += in_heading + in_title + in_words + 6 * bool(whole.search(section.heading))
    return total


def _excerpt(words: str, patterns: list[re.Pattern[str]]) -> tuple[tuple[str, bool], ...]:
    first = min((match.start() for pattern in patterns if (match := pattern.search(words))), default=0)
    start, end = max(0, first - AROUND), min(len(words), first + 2 * AROUND)
    start = words.rfind(" ", 0, start) + 1 if start else 0
    end = (words.find(" ", end) + len(words) + 1) % (len(words) + 1) if end < len(words) else end
    shown = ("… " if start else "") + words[start:end] + (" …" if end < len(words) else "")
    every = re.compile("|".join(f"(?:{pattern.pattern}\\w*)" for pattern in patterns), re.IGNORECASE)
    pieces: list[tuple[str, bool]] = []
    position = 0
    for match in every.finditer(shown):
        pieces += [(shown[position : match.start()], False), (match.group(), True)]
        position = match.end()
    return tuple(piece for piece in (*pieces, (shown[position:], False)) if piece[0])
