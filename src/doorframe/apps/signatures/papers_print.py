"""The paper to sign by hand: the words as they are in force, with a reference by which the sheet finds its way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _

from doorframe.adapters import kept, qr
from doorframe.adapters.render import render
from doorframe.apps.signatures.models import Acknowledgement, Signer
from doorframe.apps.signatures.states import Capacity
from doorframe.engines.assembly.document import Document, Mark, Paragraph, Section, SignatureLine, Signatures
from doorframe.engines.text import Span

_SQUARE = 9
"""The side of one square of the code, in units of the field of a Mark, whose pen is as wide."""


def sheet(item: Acknowledgement, people: Sequence[Signer]) -> bytes:
    """The PDF to print: one line for everyone who signs, the reference at the foot of each page and beside the lines.

    Raises RenderError.
    """
    with translation.override(item.paper.language.lower()):
        return render(document(item, people), "pdf")


def document(item: Acknowledgement, people: Sequence[Signer]) -> Document:
    """The same as a Document, in the language that is being spoken."""
    found = kept.from_plain(item.paper.tree)
    told = _("Reference %(reference)s") % {"reference": item.reference}
    sections = [section for section in found.sections if section.id != "sign"]
    empty = next((section for section in found.sections if section.id == "sign"), None)
    closing = _to_sign(empty, people, item.reference, told)
    # Whatever comes after the page to sign stays after it.
    place = len(sections) if empty is None else found.sections.index(empty)
    footer = f"{told} · {found.footer}" if found.footer else told
    return replace(found, sections=(*sections[:place], closing, *sections[place:]), footer=footer)


def _to_sign(empty: Section | None, people: Sequence[Signer], reference: str, told: str) -> Section:
    before = next((block for block in empty.blocks if isinstance(block, Signatures)), None) if empty else None
    fields = before.lines[0].fields if before and before.lines else (_("Name"), _("Signature"), _("Date"))
    lines = tuple(SignatureLine(str(Capacity(one.capacity).label), fields) for one in people)
    to_sign = Signatures("signatures", before.choices if before else (), lines)
    kept_blocks = tuple(block for block in empty.blocks if not isinstance(block, Signatures)) if empty else ()
    back = _("%(reference)s. When it is signed, this sheet is found again by it.") % {"reference": told}
    named = Paragraph("reference", (Span(back),))
    title = empty.title if empty else _("To sign")
    return Section(
        "sign", title, (*kept_blocks, to_sign, named, _square(reference, told)), new_page=True, topic=""
    )  # fmt: skip


def _square(reference: str, told: str) -> Mark:
    """The reference as a square code, drawn row by row. It is no address: it opens nothing for whoever scans it."""
    strokes = []
    for y, row in enumerate(qr.matrix(reference)):
        for start, end in _runs(row):
            strokes.append(((_middle(start), _middle(y)), (_middle(end), _middle(y))))
    return Mark("reference-square", strokes=tuple(strokes), spoken=told, lined=False)


def _middle(square: int) -> int:
    return square * _SQUARE + _SQUARE


def _runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    """The first and the last of the dark squares that stand together."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and found and found[-1][1] == x - 1:
            found[-1] = (found[-1][0], x)
        elif dark:
            found.append((x, x))
    return found
