"""Whether a text would tell a stranger of care, and a name that does not."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from doorframe.engines.content.mail import Revealing

LONGEST_NAME = 70
_ADDRESS = re.compile(r"https?://\S+")
_PARTS = re.compile(r"[,;|·•–—/]| - ")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def reveals(text: str, words: Revealing) -> list[str]:
    """The words of a text that would tell a stranger of care, as they stand in it without accents, each once.

    A text may be a sentence, a name, or an address such as `office@harbour-therapy.example`.
    """
    found = _pattern(words.words).findall(_plain(text)) if words.words else []
    return list(dict.fromkeys(found))


def example_problems(words: Revealing) -> list[str]:
    """What the examples beside the list show to be wrong with it, as sentences."""
    file = "mail/revealing.toml"
    found = [
        f"{file}: “{text}” must be found to tell, and is not" for text in words.matches if not reveals(text, words)
    ]
    for text in words.passes:
        found += [f"{file}: “{text}” must pass, and “{word}” stops it" for word in reveals(text, words)]
    return found


def without_addresses(text: str) -> str:
    """The text without the web addresses in it: the random part of a link may spell anything."""
    return _ADDRESS.sub("", text)


def plain_name(name: str, words: Revealing) -> str:
    """A person's name without titles, credentials and profession; "" where nothing is left that may be shown.

    “Dr Imani Cole, PhD, LMFT” is “Imani Cole”; “Harbour Lane Therapy” is "".
    """
    first, *others = _PARTS.split(_BRACKETS.sub(" ", one_line(name)))
    kept = [_without_credentials(part, words) for part in others if not reveals(part, words)]
    shown = ", ".join(filter(None, [_without_credentials(_without_titles(first, words), words), *kept]))
    shown = shown[:LONGEST_NAME].strip()
    return "" if reveals(shown, words) else shown


def one_line(text: str) -> str:
    """The text on one line: whatever breaks or steers a line becomes a space."""
    kept = "".join(" " if unicodedata.category(sign) in _UNSEEN else sign for sign in text)
    return " ".join(kept.split())


_UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Cs"}


def _without_titles(part: str, words: Revealing) -> str:
    said = part.split()
    while said and _bare(said[0]) in words.titles:
        said = said[1:]
    return " ".join(said)


def _without_credentials(part: str, words: Revealing) -> str:
    said = part.split()
    while said and _is_credential(said[-1], words):
        said = said[:-1]
    return " ".join(said)


def _is_credential(word: str, words: Revealing) -> bool:
    # “Ma” and “Do” are names, “MA” and “DO” are not.
    pieces = {_bare(word), *re.split(r"[-/&]", _bare(word))}
    return not re.fullmatch(r"[A-Z][a-z]+", word) and bool(pieces & words.credentials)


def _bare(word: str) -> str:
    return _plain(word).replace(".", "").strip(" -")


def _plain(text: str) -> str:
    """Small letters without accents and without what cannot be seen; "_" is no letter."""
    apart = unicodedata.normalize("NFKD", text)
    kept = "".join(sign for sign in apart if unicodedata.category(sign) not in {"Mn", "Cf"})
    return kept.casefold().replace("_", " ")


@lru_cache(maxsize=8)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_expression(word) for word in words))


def _expression(word: str) -> str:
    pieces = {"*": r"\w*", " ": r"[\W_]{0,2}", "-": r"[\W_]{0,2}"}
    inner = "".join(pieces.get(sign, re.escape(sign)) for sign in word)
    return rf"\b{inner}\b"
