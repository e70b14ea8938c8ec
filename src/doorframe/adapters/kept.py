"""A Document as plain values and back: how a text that was shown is kept, so that later content cannot change it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from doorframe.engines.assembly.document import (
    Block,
    Document,
    ListBlock,
    Note,
    Paragraph,
    Section,
    SignatureLine,
    Signatures,
    Table,
)
from doorframe.engines.citations import Citation
from doorframe.engines.sealing import Json, canonical_bytes
from doorframe.engines.text import Span

_BLOCKS: dict[str, type[Any]] = {kind.__name__: kind for kind in (Paragraph, ListBlock, Table, Note, Signatures)}


def words(document: Document) -> dict[str, Json]:
    """What a reader is asked to agree to: the lede and the sections, without edition, day and footer."""
    return {
        "lede": [_plain(asdict(block)) for block in document.lede],
        "sections": [_plain(asdict(section)) for section in document.sections],
    }


def words_hash(document: Document) -> str:
    """SHA-256, in hexadecimal, of the canonical bytes of the words."""
    return hashlib.sha256(canonical_bytes(words(document))).hexdigest()


def to_plain(document: Document) -> dict[str, Json]:
    """The whole document as plain values that `from_plain` turns back into an equal one."""
    kept = {item.name: _plain(getattr(document, item.name)) for item in fields(document)}
    kept["lede"] = [_block(block) for block in document.lede]
    kept["sections"] = [_section(section) for section in document.sections]
    return kept


def from_plain(kept: Mapping[str, Any]) -> Document:
    """The document that was kept. Raises KeyError or TypeError for values of another shape."""
    lede = tuple(_read_block(block) for block in kept["lede"])
    sections = tuple(_read_section(section) for section in kept["sections"])
    return Document(**{**kept, "lede": lede, "sections": sections})


def _plain(value: Any) -> Json:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    kept: Json = value
    return kept


def _section(section: Section) -> dict[str, Json]:
    return {
        "id": section.id,
        "title": section.title,
        "blocks": [_block(block) for block in section.blocks],
        "sections": [_section(child) for child in section.sections],
        "topic": section.topic,
        "new_page": section.new_page,
    }


def _block(block: Block) -> dict[str, Json]:
    kept = _plain(asdict(block))
    assert isinstance(kept, dict)
    return {"block": type(block).__name__, **kept}


def _read_section(kept: Mapping[str, Any]) -> Section:
    blocks = tuple(_read_block(block) for block in kept["blocks"])
    return Section(**{**kept, "blocks": blocks, "sections": tuple(_read_section(child) for child in kept["sections"])})


def _read_block(kept: Mapping[str, Any]) -> Any:
    kind = _BLOCKS[kept["block"]]
    values = {key: _READ.get(key, _same)(value) for key, value in kept.items() if key != "block"}
    return kind(**values)


def _same(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _spans(kept: list[Any]) -> tuple[Span, ...]:
    return tuple(Span(**{**span, "answers": tuple(span["answers"])}) for span in kept)


_READ: dict[str, Any] = {
    "spans": _spans,
    "items": lambda kept: tuple(_spans(item) for item in kept),
    "rows": lambda kept: tuple(tuple(_spans(cell) for cell in row) for row in kept),
    "cites": lambda kept: tuple(Citation(**cite) for cite in kept),
    "lines": lambda kept: tuple(SignatureLine(**{**line, "fields": tuple(line["fields"])}) for line in kept),
}
"""How the fields of blocks that hold more than text are read back."""
