"""What every format does with words before it escapes them in its own way.

The words of a clause must be the same in every format, so the few characters that some format cannot hold
(controls, broken surrogates, marks that reverse the reading direction) leave here, once, for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from doorframe.engines.text import Span

_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_SPACES = re.compile("[ \t\v\f]+")
_AROUND_BREAK = re.compile(" ?\n[ \n]*")
_UNFIT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls
    "\u202a-\u202e\u2066-\u2069"  # direction overrides: words must read as they are written
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"  # noncharacters and in-line annotations
    "\ud800-\udfff"  # halves of surrogate pairs
    + "".join(f"{chr(0x10000 * plane + 0xFFFE)}{chr(0x10000 * plane + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_NEEDS_CARE = re.compile(r"[^\x20-\x7e\xa0-\u01ff\u2010-\u2027]|  ")
_SAFE_SCHEMES = ("https://", "http://", "mailto:", "tel:", "sms:")
_LONGEST_LINK = 1500


def clean(text: str) -> str:
    """The words without what no document may hold; a line break stays one line break."""
    if not _NEEDS_CARE.search(text):
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _UNFIT.sub("", text)
    text = _SPACES.sub(" ", text)
    return _AROUND_BREAK.sub("\n", text)


def one_line(text: str) -> str:
    """The words for a place that holds one line: a heading, a table's header, a name in the properties."""
    return " ".join(clean(text).split())


def shorten(text: str, limit: int) -> str:
    """The words for a place of fixed size, with an ellipsis where they were cut."""
    line = one_line(text)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def safe_link(link: str) -> str:
    """The target as it may stand in a document, or "" for a scheme that could run something.

    Accepted: https, http, mailto, tel, sms and "#place" in the same document.
    """
    target = clean(link).strip()
    if not target or len(target) > _LONGEST_LINK:
        return ""
    if not target.startswith("#") and not target.lower().startswith(_SAFE_SCHEMES):
        return ""
    return quote(target, safe="%/:=&?~#+!$,;'@()*[]-._")


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring words that look the same."""

    text: str
    strong: bool = False
    link: str = ""


def runs(spans: Iterable[Span]) -> list[Run]:
    """The spans as few runs as possible, cleaned, without spaces at either end of the whole."""
    found: list[Run] = []
    for span in spans:
        text = clean(span.text)
        if not text:
            continue
        link = safe_link(span.link) if span.link else ""
        last = found[-1] if found else None
        if last and last.strong == span.strong and last.link == link:
            found[-1] = Run(last.text + text, span.strong, link)
        else:
            found.append(Run(text, span.strong, link))
    return _trimmed(found)


def blank(spans: Iterable[Span]) -> bool:
    """Whether nothing of these words would be seen."""
    return not any(clean(span.text).strip(" \n") for span in spans)


def _trimmed(found: list[Run]) -> list[Run]:
    while found and not found[0].text.strip(" \n"):
        found.pop(0)
    while found and not found[-1].text.strip(" \n"):
        found.pop()
    if not found:
        return found
    first = found[0]
    if first.text[0] in " \n":
        found[0] = Run(first.text.lstrip(" \n"), first.strong, first.link)
    last = found[-1]
    if last.text[-1] in " \n":
        found[-1] = Run(last.text.rstrip(" \n"), last.strong, last.link)
    return found
