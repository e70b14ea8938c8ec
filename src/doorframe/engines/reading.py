"""How hard a text is to read: the Flesch-Kincaid grade, without a word list and without the network.

Syllables are counted by rule. On our own clauses nearly every word gets the number that a pronouncing dictionary
gives, and the errors fall on both sides, so that grades are not flattered; a test holds this.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?:\s|$)")
_VOWELS = re.compile(r"[aeiouyà-æè-ïò-öù-ý]+")

# Vowels side by side that are spoken apart: "guardian", "client", "diary", "saying", "earlier".
_APART = re.compile(
    r"(?<![ct])ia(?!ge|l$|lly$|ment)|ciati|tiality|io(?!n|us|r|ur)|eo(?!us|ple)|iu|(?<![qg])ua(?!r)|uou|[aeoy]ing|^rea[cs]t|^creat"
    r"|[rc]iet|(?<![fst])lien|dien|cipien|uie|[^aeiout]ier|[^aeiou]y[aeo]|terial|nial|[eu]rious|rience|uence|oyer|suici"
    r"|^area|^reali[sz]|^hours?$|oever|[aeiou][ëï]"
)
# An "e" that is written and not spoken, at the end or inside a compound: "made", "someone", "statement".
_SILENT_END = re.compile(
    r"(?:[^aeiouyl]|[aeiouy]l)e$|(?:[^aeiouylscgzxh]|th|[aeiouy]l)es$|(?:[^aeiouytdl]|[aeiouyl]l)ed$"
)
_SILENT_INSIDE = re.compile(
    r"[aeiouy][^aeiouy]e(?:ly|less|ness|ment|ful|thing|times?|where|one|body|lines?|work|hold|book|style|guard|ty)"
    r"|[aeiouy]dge(?:ment|able)|every|several|evening|business|colleague"
)
# "Centre" and "title" are spoken with a vowel that is written after its consonant.
_SPOKEN_END = re.compile(r"[^aeiouy]res?$")


def syllables(word: str) -> int:
    """How many syllables a word has when spoken; at least one."""
    plain = word.lower().replace("’", "'").split("'")[0]
    count = len(_VOWELS.findall(plain)) + len(_APART.findall(plain))
    count -= len(_SILENT_INSIDE.findall(plain))
    if _SILENT_END.search(plain) and not _SPOKEN_END.search(plain):
        count -= 1
    return max(1, count)


def flesch_kincaid(text: str) -> float:
    """The school year in which the text is read with ease, 0 or more; 0 for a text without words."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = sum(1 for part in _SENTENCE_END.split(text) if _WORD.search(part))
    spoken = sum(syllables(word) for word in words)
    return max(0.0, 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59)
