"""Which language a conversation is in, as far as it must be known: English, or another that is not covered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENGLISH = frozenset(
    re.findall(
        r"[\w']+",
        "the and but if not yes you you're you've you'll you'd youre she she's it it's they they're them us your "
        "yours his him our this that that's thats these those what what's whats who who's when where why how with "
        "from about does did didn't didnt doesn't doesnt don't dont have haven't could couldn't would wouldn't "
        "should shouldn't can't cant isn't isnt wasn't wasnt aren't weren't won't wont were been being i'm i've "
        "ive i'll i'd he's we're we've we'll there there's then than just like know knew get gets getting got here "
        "some something someone out now well thanks thank because cause think thought really want wanted need "
        "needed never always nothing anything everything anyone everyone nobody anybody everybody people good "
        "great right said says told tell see saw feel feeling feels felt make makes made take took going gonna "
        "wanna gotta kinda let's yeah yep yup nope maybe whatever sure please love much many very too only again "
        "back after before other another into down off which while through though tho already night today tomorrow "
        "yesterday way work thing things little long better keep went give gave look looks looking hope happy "
        "every each more up their theirs myself yourself aint ain't y'all yall bruh finna guess done wait mean "
        "meant called asked heard monday tuesday wednesday thursday friday saturday sunday idk btw cuz aye didnae "
        "yuh wetin dey nvm wat",
    )
)
"""Words of English talk that other languages hardly have. "a", "no", "me", "as", "do", "is", "in" or "was" are words of
Portuguese, Afrikaans, German and many more, so they tell nothing."""

ENOUGH = 0.18
"""Share of these words from which a text is English without a question, also with other words between."""

SOME = 0.06
"""Share from which a text is English unless another language is surely recognised: slang, dialect, typos, names."""

SURE = 0.7
"""Probability from which a language is named."""

FEW = 5
"""So few words in Latin letters tell nothing about a language; they pass as English, so that nothing short is lost."""


def language(texts: Sequence[str]) -> str:
    """ISO code of the language of these texts: "en" where it may be English, "" where nobody can tell."""
    plain = (unicodedata.normalize("NFKC", text[:4000]).lower() for text in texts)
    words = [word.replace("’", "'") for text in plain for word in _WORD.findall(text)][:600]
    said = " ".join(words)
    if not _latin(said):
        return _recognised(said, latin=False, english=False)
    if len(words) <= FEW:
        return "en"
    share = sum(word in _ENGLISH for word in words) / len(words)
    return "en" if share >= ENOUGH else _recognised(said, latin=True, english=share >= SOME)


def _latin(said: str) -> bool:
    """Whether the letters are mostly Latin; a wide letter of East Asia is most of a word and counts as three."""
    latin = other = 0
    for letter in said:
        if letter < "ɐ" or "ᴀ" <= letter <= "ỿ":
            latin += letter.isalpha()
        elif letter.isalpha():
            other += 3 if unicodedata.east_asian_width(letter) in "WF" else 1
    return latin >= other


def _recognised(said: str, *, latin: bool, english: bool) -> str:
    """What the identifier says; where it is not sure, English if that may be, else ""."""
    found, share = _identifier().classify(said)
    if found == "en":
        return "en" if latin else ""
    if share >= SURE:
        return str(found)
    return "en" if english else ""


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
