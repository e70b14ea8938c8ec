"""The nine practices: their answers, and the documents that come of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from doorframe.adapters.render import render
from doorframe.cli.common import read_answers
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.assembly.document import Document, ListBlock, Paragraph, Section
from doorframe.engines.content import loader
from doorframe.engines.content.schema import Pack

HERE = Path(__file__).parent
EDITION = Edition(dated="2026-11-21", draft=False)
PROFILES = tuple(sorted(path.parent.name for path in HERE.glob("*/answers.toml")))
_HASH = re.compile(r"^(Built from .+) \([0-9a-f]+\)$", re.MULTILINE)


@cache
def pack() -> Pack:
    return loader.load()


@cache
def answers_of(profile: str) -> Mapping[str, object]:
    return read_answers(str(HERE / profile / "answers.toml"), pack())


def build(answers: Mapping[str, object], output: str = "policy") -> Document:
    return assemble(pack(), answers, output, EDITION)


@cache
def document(profile: str, output: str) -> Document:
    return build(answers_of(profile), output)


def markdown(profile: str, output: str) -> str:
    """The document as Markdown, without the hash of the pack: a new file elsewhere in it changes no word here."""
    text = render(document(profile, output), "md").decode()
    return _HASH.sub(r"\1", text)


def outputs() -> tuple[str, ...]:
    return tuple(pack().outputs)


def words_of_topics(found: Document) -> dict[str, str]:
    """Heading and words of each topic."""
    return {section.topic: _words(section) for _, section in found.walk() if section.topic}


def cites_of_topics(found: Document) -> dict[str, set[str]]:
    """The clauses that each topic names."""
    return {section.topic: _cites(section) for _, section in found.walk() if section.topic}


def _words(section: Section) -> str:
    return "\n".join([section.title, *(block.text for block in section.blocks)])


def _cites(section: Section) -> set[str]:
    return {
        citation.ref
        for block in section.blocks
        if isinstance(block, Paragraph | ListBlock)
        for citation in block.cites
    }  # fmt: skip
