"""Which language a conversation is in, as far as it must be known: English, or another that is not covered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_COMMON = frozenset(
    re.findall(
        r"[\w']+",
        "the a an and or but if so not no yes is are was were be been am i you he she it we they me him her us them my "
        "your his their our this that these those what who when where why how to of in on at for with from by about as "
        "do does did have has had can could will would should may im i'm it's don't that's you're just like know get "
        "got go all there here then than more some any one up out now well ok okay thanks",
    )
)
"""The words that every English talk is made of."""

ENOUGH = 0.18
"""Share of common words from which a text is English without a question, also with other words between."""

SURE = 0.7
"""Probability from which a language is named."""

FEW = 5
"""So few words tell nothing about a language; they pass as English, so that nothing short is lost."""


def language(texts: Sequence[str]) -> str:
    """ISO code of the language of these texts: "en" where it may be English, "" where nobody can tell."""
    words = [word.lower() for text in texts for word in _WORD.findall(text[:4000])][:600]
    if len(words) <= FEW:
        return "en"
    if sum(word.replace("’", "'") in _COMMON for word in words) >= ENOUGH * len(words):
        return "en"
    return _recognised(" ".join(words))


def _recognised(text: str) -> str:
    found, share = _identifier().classify(text)
    return str(found) if share >= SURE else ""


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
