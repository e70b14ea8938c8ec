"""How hard a document is to read: the Flesch-Kincaid grade of each section and of the whole."""

from __future__ import annotations

from dataclasses import dataclass

from doorframe.engines import reading
from doorframe.engines.assembly.document import Document, ListBlock, Note, Paragraph, Section


@dataclass(frozen=True, slots=True)
class Grades:
    """Grades in school years; sections pairs each section's title with its grade, in reading order."""

    whole: float
    sections: tuple[tuple[str, float], ...]


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text, 0 or more; 0 for a text without words."""
    if not any(sign.isalpha() for sign in text):
        return 0.0
    return max(0.0, round(reading.flesch_kincaid(text), 1))


def grades(document: Document) -> Grades:
    """The grade of every section with prose, and of the whole."""
    lede = " ".join(block.text for block in document.lede)
    sections = tuple((section.title, grade(text)) for _, section in document.walk() if (text := _prose(section)))
    whole = " ".join([lede, *(_prose(section) for _, section in document.walk())])
    return Grades(grade(whole), sections)


def _prose(section: Section) -> str:
    parts = []
    for block in section.blocks:
        if isinstance(block, (Paragraph, Note)):
            parts.append(block.text)
        if isinstance(block, ListBlock):
            parts += [line if line.endswith((".", "?", "!")) else f"{line}." for line in block.text.split("\n")]
    return " ".join(parts)
