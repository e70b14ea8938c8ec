"""Where the content's cues stand in a text, and the sentence that a moderator sees. Cues explain and never decide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from doorframe.engines.content.detection import DetectionContent
from doorframe.engines.detection.conversation import UNCLEAR
from doorframe.engines.patterns import Index, pattern

Found = tuple[str, str, int, int]
"""(id of the cue, tactic, start, end): code points of the text."""

STRETCH = 80
"""Words that are looked at together, at most: what is spoken has no full stops, and a sentence may have no end."""

_STEP = STRETCH // 2
"""A new stretch begins after so many words, so that what crosses an end is seen in the next."""

_LONGEST = 40
"""Signs of one word that are looked at; no word of a pattern is longer."""

# Signs that are not seen, and marks that sit on a letter, belong to the word around them.
_LETTER = r"[^\W_\u0300-\u036f]"
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff\ufe0e\ufe0f\u0300-\u036f"
# Neither looks twice at a long run of signs: each begins where the run does, or reads one sign at a time.
_WORD = re.compile(rf"{_LETTER}(?:[{_UNSEEN}]|['’ʼ＇`´]?{_LETTER})*")
_END = re.compile(r"(?<![.!?…])[.!?…]++(?=[\s\"'”’)\]*_]|$)|[\n\r\u2028\u2029]+|[•●▪]")
_HIDDEN = re.compile(f"[{_UNSEEN}]")
_SIGNS = str.maketrans({"’": "'", "ʼ": "'", "＇": "'", "`": "'", "´": "'"})
_BEFORE = "~"
"""Stands before a stretch that does not begin its sentence: no pattern holds it."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words that stand together, with a space before and after each in `flat`; starts and ends are of the text."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @property
    def flat(self) -> str:
        return f" {' '.join(self.words)} "

    def span(self, start: int, end: int, flat: str) -> tuple[int, int]:
        """Code points of the text for a stretch of `flat`."""
        first = flat.count(" ", 0, start + 1) - 1
        last = first + len(flat[start:end].split()) - 1
        return self.starts[first], self.ends[last]


class Cues:
    """The cues made ready. Make it once; safe to share between threads."""

    def __init__(self, content: DetectionContent) -> None:
        self._content = content
        self._index = Index(
            (pattern(words, content.classes), (cue.id, tactic.id))
            for tactic in content.tactics.values()
            for cue in tactic.cues
            for words in cue.patterns
        )

    def find(self, text: str) -> list[Found]:
        """Every cue that stands in a text, in the order of the text. Time grows with the text as its length does."""
        found: dict[Found, None] = {}
        for stretch in _stretches(text):
            flat = stretch.flat
            for (id, tactic), match in self._index.find(stretch.words, flat):
                found[(id, tactic, *stretch.span(match.start(), match.end(), flat))] = None
        return list(_apart(sorted(found, key=lambda one: (one[2], -one[3], one[1], one[0]))))

    def why(self, tactics: Sequence[str], direction: str) -> str:
        """The sentence that a moderator sees for tactics, the likeliest first, and one of DIRECTIONS; two for two.

        Where unclear comes first it gives no reason that it does not have, and says what comes nearest.

        Raises KeyError for a direction that is none.
        """
        ask = self._content.ask
        if direction != "towards":
            return (ask.directions or {})[direction]
        known = [self._content.tactics[name] for name in tactics if name in self._content.tactics]
        if known and tactics[0] != UNCLEAR:
            return f" {ask.joined} ".join(one.why for one in known)
        if not known:
            return ask.unclear
        titles = ", ".join(f"“{one.title[:1].lower()}{one.title[1:]}”" for one in known)
        return f"{ask.unclear} {ask.nearest.format(titles=titles)}"


def _apart(found: Sequence[Found]) -> Iterator[Found]:
    """Without those of a cue that begin inside an earlier one of the same cue."""
    ends: dict[tuple[str, str], int] = {}
    for one in found:
        if one[2] >= ends.get(one[:2], 0):
            ends[one[:2]] = one[3]
            yield one


def _stretches(text: str) -> Iterator[_Stretch]:
    """Sentences, and long ones in pieces that overlap by half."""
    begin = 0
    for match in _END.finditer(text):
        yield from _pieces(text, begin, match.start())
        begin = match.end()
    yield from _pieces(text, begin, len(text))


def _pieces(text: str, begin: int, end: int) -> Iterator[_Stretch]:
    places = [match.span() for match in _WORD.finditer(text, begin, end)]
    words = [_plain(text[start : min(stop, start + _LONGEST)]) for start, stop in places]
    for first in range(0, max(1, len(words) - _STEP), _STEP):
        here = places[first : first + STRETCH]
        if not here:
            return
        starts, ends = tuple(start for start, _ in here), tuple(stop for _, stop in here)
        if first == 0:
            yield _Stretch(tuple(words[:STRETCH]), starts, ends)
        else:
            led = (_BEFORE, *words[first : first + STRETCH])
            yield _Stretch(led, (starts[0], *starts), (ends[0], *ends))


def _plain(word: str) -> str:
    """One word in small letters and plain signs, without spaces whatever it was written with."""
    if word.isascii():
        return word.lower().translate(_SIGNS)
    seen = _HIDDEN.sub("", unicodedata.normalize("NFKC", word)).translate(_SIGNS).lower()
    return "".join(seen.split()) or _BEFORE
