"""Text as it came in, blocks and sentences with their places out.

What people keep is uneven: Markdown, plain lines, a PDF with a line end in every sentence, running heads and page
numbers. Nothing is changed in the text itself: every place counts characters of the text as it was given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

_STRAIGHT = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "′": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-"}
)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"}
_SOFT = "\u00ad\u200b\u200c\u200d\ufeff\u2060"

_BULLET = re.compile(r"\s*(?:[-*+•◦▪●○·–—]|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)](?!\d))\s+")
_DASH = re.compile(r"\s*[-*+•◦▪●○·–—]\s+")
_NUMBER = re.compile(r"\s*(?:§\s*|section\s+|article\s+|part\s+)?\d{1,2}(?:\.\d{1,2}){0,3}[.)]?\s+", re.IGNORECASE)
_MARK = re.compile(r"\s*(#{1,6})\s+")
_PAGE = re.compile(r"\s*(?:[-–—]?\s*(?:page|p\.)?\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\s*[-–—]?|\f)\s*", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:[-*_=~]\s*){3,}")
_END = re.compile(r"[.!?…]+[\"'”’)\]*_]*(?=\s|$)|[:;](?=\s*$)")
_SHORT = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|mx|prof|st|rev|e\.g|i\.e|eg|ie|etc|vs|cf|no|nos|approx|tel|ext|inc|ltd|co|jr|sr|fig|sec|art|para|"
    r"ph\.d|psy\.d|m\.a|m\.d|l\.c\.s\.w|u\.s|u\.k|a\.m|p\.m)|\b[a-z])\.$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:arts?|secs?|paras?|nos?|figs?|c\.f\.r|u\.s\.c)\.$", re.IGNORECASE)
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or one item of a list.

    start, end  its place in the text, end not included
    plain       the words as patterns read them: small letters, straight quotes, one space between words
    led         the plain words that led into an item of a list: "i do not" before "accept friend requests"
    """

    start: int
    end: int
    plain: str
    led: str = ""

    @property
    def whole(self) -> str:
        """The plain words with those that led into them."""
        return f"{self.led} {self.plain}" if self.led else self.plain


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a list item under its headings.

    headings  the headings above it, plain, the outermost first
    heading   True for a heading itself
    listed    True for an item of a list
    """

    sentences: tuple[Sentence, ...]
    headings: tuple[str, ...] = ()
    heading: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def read(text: str) -> tuple[Block, ...]:
    """The blocks of a text in reading order."""
    lines = _lines(text)
    width = max(sorted(len(line.text.rstrip()) for line in lines)[int(len(lines) * 0.9) :], default=0)
    blocks: list[Block] = []
    above: list[tuple[int, str]] = []
    led = ""
    for group in _groups(lines, width):
        first = group[0]
        level = _heading_level(group, width)
        if level:
            words = plain(_bare(first.text))
            above = [(rank, name) for rank, name in above if rank < level] + [(level, words)]
            led = words if first.text.rstrip().endswith(":") else ""
            blocks.append(Block((Sentence(first.start + _lead(first.text), _trimmed(first), words),),
                                tuple(name for _, name in above[:-1]), heading=True))  # fmt: skip
            continue
        sentences = _sentences(text, group)
        if not sentences:
            continue
        if _BULLET.match(first.text):
            sentences = (replace(sentences[0], led=led), *sentences[1:])
        else:
            last = sentences[-1].plain
            led = last.rstrip(":") if last.endswith(":") else ""
        listed = _DASH.match(first.text) is not None
        blocks.append(Block(sentences, tuple(name for _, name in above), listed=listed))
    return tuple(blocks)


def plain(text: str) -> str:
    """The words as patterns read them."""
    for sign, letters in _LIGATURES.items():
        text = text.replace(sign, letters)
    text = re.sub(rf"[{_SOFT}]", "", text.translate(_STRAIGHT)).lower()
    text = re.sub(r"(?<=[a-z])-\s*\n\s*(?=[a-z])", "", text)
    return " ".join(re.sub(r"[*_`]{1,3}(?=\w)|(?<=[\w.!?,;:])[*_`]{1,3}", "", text).split())


def closed(lines: Iterable[str]) -> str:
    """Lines as running text: one that ends without a sign, as an item of a list does, counts as a sentence."""
    return " ".join(line if line.endswith((".", "!", "?")) else f"{line}." for line in lines)


def _lines(text: str) -> list[_Line]:
    found, start = [], 0
    for piece in re.split(r"(\r\n|\n|\r|\f|\v|\u2028|\u2029)", text):
        if piece and piece not in "\r\n\f\v\u2028\u2029":
            found.append(_Line(start, piece))
        elif piece and found and found[-1].end < start:
            found.append(_Line(start, ""))
        start += len(piece)
    return _without_running_heads(found)


def _without_running_heads(lines: list[_Line]) -> list[_Line]:
    """Page numbers, and what stands at the head or foot of every page, are no part of a sentence."""
    common = Counter(re.sub(r"\d+", "#", line.text.strip().lower()) for line in lines if line.text.strip())
    kept: list[_Line] = []
    dropped = False
    for line in lines:
        words = line.text.strip()
        head = len(words) > 3 and len(words) < 90 and common[re.sub(r"\d+", "#", words.lower())] >= 3
        if words and (_PAGE.fullmatch(words) or (head and not _BULLET.match(line.text) and "?" not in words)):
            dropped = True
            continue
        if not words and dropped:
            continue  # the sentence goes on over the page
        dropped = False if words else dropped
        kept.append(line)
    return kept


def _groups(lines: list[_Line], width: int) -> list[list[_Line]]:
    """Lines that belong to one paragraph."""
    groups: list[list[_Line]] = []
    fresh = True
    for line in lines:
        if not line.text.strip() or _RULE.fullmatch(line.text):
            fresh = True
            continue
        if fresh or _begins(groups[-1], line, width):
            groups.append([])
        groups[-1].append(line)
        fresh = False
    return groups


def _begins(group: list[_Line], line: _Line, width: int) -> bool:
    """Whether a line begins a new paragraph, though no empty line stands before it."""
    last, words = group[-1].text.rstrip(), line.text.strip()
    if _MARK.match(line.text) or _MARK.match(group[-1].text) or _BULLET.match(line.text) or words.startswith("|"):
        return True
    ended = last.endswith((".", "!", "?", ":", '"', "”", ")"))
    if not ended and not words[:1].isupper():
        return False  # a sentence goes on
    if len(group) == 1 and _titled(group[0].text, width) and words[:1].isupper():
        return True
    if _titled(line.text, width) and ended and len(words) < 0.7 * width:
        return True
    return ended and len(last) < 0.75 * width


def _heading_level(group: list[_Line], width: int) -> int:
    """1 for the highest, 0 for no heading."""
    line = group[0].text
    mark = _MARK.match(line)
    if mark:
        return len(mark.group(1))
    if len(group) > 1:
        return 0
    bold = re.fullmatch(r"\s*(?:\*\*|__)(?=\S)(.+?)(?:\*\*|__):?\s*", line)
    if bold:
        return 5
    return 6 if _titled(line, width) else 0


def _titled(line: str, width: int) -> bool:
    """Whether a line looks like a heading: short, without an end, not in the middle of a sentence."""
    words = _bare(line)
    count = len(words.split())
    if (
        _DASH.match(line)
        or not words
        or count > 12
        or not words[0].isalnum()
        or not any(sign.isalpha() for sign in words)
    ):
        return False
    if words.endswith("?") and count <= 16:
        return True
    if line.rstrip().endswith(":") and count > 6:
        return False  # it leads into what follows
    if words.endswith((".", "!", ",", ";", "…")) or words[0].islower():
        return False
    if words.isupper():
        return True
    if re.search(r"[.!?]\s+[A-Z]", words) or re.match(r".{0,40}:\s+\S", words):
        return False
    return len(line.rstrip()) < max(0.7 * width, 24)


def _bare(line: str) -> str:
    """A line without the marks and numbers before it."""
    words = line.strip().strip("*_").strip()
    for leading in (_MARK, _NUMBER, _BULLET):
        words = leading.sub("", words, count=1) if leading.match(words) else words
    return words.strip("*_ \t").rstrip(":").strip()


def _lead(line: str) -> int:
    return len(line) - len(line.lstrip())


def _trimmed(line: _Line) -> int:
    return line.start + len(line.text.rstrip())


def _sentences(text: str, group: list[_Line]) -> tuple[Sentence, ...]:
    """The sentences of a paragraph; what lies between two lines is a space."""
    start, end = group[0].start, group[-1].end
    holes = [(one.end, two.start) for one, two in pairwise(group)]
    words = text[start:end]
    for low, high in holes:
        gap = text[low:high]
        if "\f" in gap or _WORD.search(gap):  # a running head that was left out
            words = words[: low - start] + "\n" + " " * (high - low - 1) + words[high - start :]
    bullet = _BULLET.match(words)
    place = bullet.end() if bullet else 0
    found = []
    for match in _END.finditer(words):
        piece = words[place : match.end()]
        if _SHORT.search(piece) and re.match(r"\s*[a-z(]|\s+[A-Z][a-z]+\s+[A-Z]", words[match.end() :]):
            continue
        if _SHORT.search(piece) and re.search(r"\b(?:dr|mr|mrs|ms|prof|st)\.$", piece, re.IGNORECASE):
            continue
        if _NUMBERED.search(piece) and re.match(r"\s*[\d§]", words[match.end() :]):
            continue
        if re.match(r"\s+[a-z]", words[match.end() :]) and not piece.rstrip().endswith(("!", "?")) and len(piece) < 12:
            continue
        found.append((place, match.end()))
        place = match.end()
    found.append((place, len(words)))
    return tuple(
        Sentence(start + low, start + high, plain(words[low:high]))
        for low, high in (_trim(words, *pair) for pair in found)
        if _WORD.search(words[low:high])
    )


def _trim(words: str, low: int, high: int) -> tuple[int, int]:
    piece = words[low:high]
    return low + len(piece) - len(piece.lstrip()), high - (len(piece) - len(piece.rstrip()))
