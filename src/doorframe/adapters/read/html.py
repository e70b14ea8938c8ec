"""A web page: what a reader of it sees, with its headings and lists. Nothing in it is run or fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_HIDDEN = " script style noscript template head svg iframe object select button nav textarea "
_ENDS = (
    " p div section article header footer main aside ul ol table tr blockquote dl dt dd form figure figcaption address"
    " pre hr td th fieldset details summary "
)
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}


def is_html(text: str) -> bool:
    """Whether a text is a web page or a piece of one."""
    start = text[:2000].lower()
    if re.search(r"<!doctype html|<html[\s>]|<body[\s>]", start):
        return True
    return len(re.findall(r"</(?:p|h[1-6]|li|div|section|ul|ol)>", text[:20_000].lower())) >= 2


def words(text: str) -> str:
    """The visible words, paragraphs apart."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    joined = "".join(reader.found).replace("\u00a0", " ")
    lines = [" ".join(line.split()) for line in joined.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if f" {tag} " in _HIDDEN:
            self._hidden += 1
        if tag in _HEADINGS:
            self.found.append(f"\n\n{_HEADINGS[tag]} ")
        elif tag == "li":
            self.found.append("\n- ")
        elif tag == "br":
            self.found.append("\n")
        elif f" {tag} " in _ENDS:
            self.found.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if f" {tag} " in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        if tag in _HEADINGS or f" {tag} " in _ENDS:
            self.found.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(re.sub(r"\s+", " ", data))
