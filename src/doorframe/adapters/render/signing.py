"""The signature page as a table, the same in every format."""

from __future__ import annotations

from dataclasses import dataclass

from doorframe.adapters.render.words import one_line
from doorframe.engines.assembly.document import SignatureLine, Signatures


@dataclass(frozen=True, slots=True)
class SigningTable:
    """Signers who fill the same fields. Every row is a role and leaves the fields empty to write in."""

    fields: tuple[str, ...]
    roles: tuple[str, ...]


def choices(block: Signatures) -> list[str]:
    """The sentences to tick."""
    return [words for words in map(one_line, block.choices) if words]


def tables(block: Signatures) -> list[SigningTable]:
    """The lines in order, put together while their fields stay the same."""
    grouped: list[tuple[tuple[str, ...], list[str]]] = []
    for line in block.lines:
        fields = tuple(one_line(name) for name in line.fields)
        if not grouped or grouped[-1][0] != fields:
            grouped.append((fields, []))
        grouped[-1][1].append(_role(line))
    return [SigningTable(fields, tuple(roles)) for fields, roles in grouped]


def _role(line: SignatureLine) -> str:
    return one_line(line.role)
