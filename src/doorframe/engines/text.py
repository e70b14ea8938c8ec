"""The shared word for a piece of text that remembers where it came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words, usually one sentence, with the answers that produced it.

    text     the words, with no markup; a renderer escapes them for its format
    answers  ids of the answers that chose or filled these words, in a stable order
    own      True where the words are the practice's own, not the library's
    strong   True where the words carry weight (a crisis number)
    link     a target (tel:, mailto:, https:) or "" for none
    """

    text: str
    answers: tuple[str, ...] = ()
    own: bool = False
    strong: bool = False
    link: str = ""


def plain(spans: tuple[Span, ...]) -> str:
    """The words alone, as every format must show them."""
    return "".join(span.text for span in spans)
