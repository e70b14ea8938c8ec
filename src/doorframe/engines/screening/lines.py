"""A draft as sentences of plain words, each word knowing where it stood: what the patterns are tried on.

Words are heard as a reader hears them: small letters, no signs of disguise, hashtags taken apart, letters that emoji or
dots keep apart put together, figures that stand for letters read as letters, a row of
stars read as “five stars”. Offsets stay those of the draft.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"\w+(?:['&]\w+)*[+%]*|[⭐★🌟]{3,5}")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_SPECIAL = re.compile(r"[#_⭐★🌟]")
_STARS = frozenset("⭐★🌟")
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|\n+|[•●▪]|(?<=\s)[-–—](?=\s)")
_DASHES = frozenset("-–—")
_APART = re.compile(r"(?<!\w)[^\W\d_](?:[^\w\s]{1,3}[^\W\d_]){3,40}(?!\w)|(?<!\w)[^\W\d_](?: [^\W\d_]){4,40}(?!\w)")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z']+|\d+|[^\W\da-zA-Z_]+")
_SPELT = str.maketrans({"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "1": "i"})
_FIGURED = re.compile(r"[a-z]+[0134578@$!][a-z0134578@$!]*[a-z]|[a-z]+[@$!][a-z]+")
_FIGURE = re.compile(r"[a-z][0134578@$!]")
_LOOKS = str.maketrans("аеорсухіјѕԁһԛԝЅАВЕКМНОРСТХ’‘ʼ＇´`‐‑‒–—", "aeopcyxijsdhqwsabekmhopctx''''''-----")
_ABBREVIATIONS = {"dr", "mr", "mrs", "ms", "st", "vs", "approx", "no", "fig", "prof", "rev", "y", "o", "a", "p", "m"}


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence. words as they are heard; starts and ends are code points of the draft, one a word."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def lines(text: str, known: Callable[[str], bool] | None = None) -> list[Line]:
    """The sentences of a draft, in order. `known` says whether letters are a word that rules speak of: it decides where
    a hashtag in small letters comes apart, and whether figures stand for letters.
    """
    heard, back = _heard(text)
    found: list[Line] = []
    begin = 0
    for match in _END.finditer(heard):
        if _abbreviated(heard, match):
            continue
        found += _line(text, heard, back, begin, match.start(), known)
        begin = match.end()
    return found + _line(text, heard, back, begin, len(heard), known)


def ends_of(text: str) -> Iterator[int]:
    """Where each sentence of a text ends, its full stop with it, save the last. A dash ends none: who said a quotation
    goes with it."""
    heard = text.lower() if len(text.lower()) == len(text) else text
    for match in _END.finditer(heard):
        if match.end() < len(text) and match.group() not in _DASHES and not _abbreviated(heard, match):
            yield match.end()


def _abbreviated(heard: str, match: re.Match[str]) -> bool:
    if match.group() != ".":
        return False
    before = heard[max(0, match.start() - 6) : match.start()]
    word = re.split(r"[^a-z]", before)[-1]
    return word in _ABBREVIATIONS and bool(re.match(r"\s+[a-z0-9(]", heard[match.end() : match.end() + 4]))


def _heard(text: str) -> tuple[str, list[int] | None]:
    """The text in small letters and plain signs, and for each sign its place in the draft (None: the same places)."""
    if text.isascii():
        heard = text.lower()
        return (heard, None) if not _APART.search(heard) else _joined(heard, None)
    signs: list[str] = []
    back: list[int] = []
    position = 0
    for match in _FOREIGN.finditer(text):
        place = match.start()
        plain = _plain(match.group())
        signs += (text[position:place].lower(), plain)
        back += range(position, place)
        back += [place] * len(plain)
        position = place + 1
    signs.append(text[position:].lower())
    back += range(position, len(text))
    heard = "".join(signs)
    return _joined(heard, back) if _APART.search(heard) else (heard, back)


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    """What one sign is heard as; "" for one that is not heard at all."""
    if sign.isascii():
        return sign.lower()
    kind = unicodedata.category(sign)
    if kind in {"Cf", "Mn", "Me"}:
        return ""
    plain = unicodedata.normalize("NFKC", sign).translate(_LOOKS).lower()
    return plain.translate(_LOOKS)


def _joined(heard: str, back: list[int] | None) -> tuple[str, list[int]]:
    """Letters that stand apart ("c.l.i.e.n.t") put together."""
    places = back if back is not None else list(range(len(heard)))
    signs: list[str] = []
    kept: list[int] = []
    position = 0
    for match in _APART.finditer(heard):
        signs.append(heard[position : match.start()])
        kept += places[position : match.start()]
        for place in range(match.start(), match.end()):
            if heard[place].isalpha():
                signs.append(heard[place])
                kept.append(places[place])
        position = match.end()
    signs.append(heard[position:])
    return "".join(signs), kept + places[position:]


def _line(
    text: str, heard: str, back: list[int] | None, begin: int, end: int, known: Callable[[str], bool] | None
) -> list[Line]:
    found = list(_words(text, heard, back, begin, end, known))
    if not found:
        return []
    words, starts, stops = zip(*found, strict=True)
    if back is None:
        return [Line(words, starts, stops)]
    return [Line(words, tuple(back[start] for start in starts), tuple(back[stop - 1] + 1 for stop in stops))]


def _words(
    text: str, heard: str, back: list[int] | None, begin: int, end: int, known: Callable[[str], bool] | None
) -> Iterator[tuple[str, int, int]]:
    """(word, start, end) in places of `heard`."""
    figured = {}
    if known is not None and _FIGURE.search(heard, begin, end):
        for match in _FIGURED.finditer(heard, begin, end):
            if (read := _read(match.group(), known)) is not None:
                figured[match.start()] = (read, match.end())
    if not figured and not _SPECIAL.search(heard, begin, end):
        for match in _WORD.finditer(heard, begin, end):
            start, stop = match.span()
            yield heard[start:stop], start, stop
        return
    skip = begin
    for match in _WORD.finditer(heard, begin, end):
        start, stop = match.span()
        if start < skip:
            continue
        if start in figured:
            word, skip = figured[start]
            yield word, start, skip
        elif start > begin and heard[start - 1] == "#":
            yield from _hashtag(text, match.group(), start, back, known)
        elif heard[start] in _STARS:
            yield "five", start, stop - 1
            yield "stars", stop - 1, stop
        elif "_" in match.group():
            for piece in re.finditer(r"[^_]+", match.group()):
                yield piece.group(), start + piece.start(), start + piece.end()
        else:
            yield match.group(), start, stop


def _read(word: str, known: Callable[[str], bool]) -> str | None:
    for spelt in (word.translate(_SPELT), word.replace("1", "l").translate(_SPELT)):
        if known(spelt):
            return spelt
    return None


def _hashtag(
    text: str, word: str, start: int, back: list[int] | None, known: Callable[[str], bool] | None
) -> Iterator[tuple[str, int, int]]:
    first = back[start] if back is not None else start
    written = text[first : first + len(word)]
    pieces = [match.span() for match in _CAMEL.finditer(written)] if written.lower() == word else []
    if len(pieces) > 1:
        for begin, end in pieces:
            yield word[begin:end], start + begin, start + end
        return
    for cut in range(len(word) - 3, 2, -1):
        if known is not None and known(word[:cut]) and known(word[cut:]):
            yield word[:cut], start, start + cut
            yield word[cut:], start + cut, start + len(word)
            return
    yield word, start, start + len(word)
