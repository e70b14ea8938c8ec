"""The policy beside the question: the part that this screen speaks about, with what it changed marked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from doorframe.adapters.render import html
from doorframe.apps.library import queries as library
from doorframe.apps.policies import documents
from doorframe.apps.policies.models import Version
from doorframe.engines.assembly.assemble import assemble
from doorframe.engines.assembly.compare import compare
from doorframe.engines.assembly.document import Document, ListBlock, Note, Paragraph, Section
from doorframe.engines.content.schema import Screen
from doorframe.engines.text import Span

Marks = frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Preview:
    """HTML of the part of the policy that belongs to a screen, and what changed in the whole of it."""

    html: str
    changed: tuple[str, ...]
    empty: bool


def beside(version: Version, screen: Screen, answers: dict[str, object]) -> Preview:
    """The preview for a screen with answers that may not be kept yet."""
    answers = {**version.answers, **answers}
    before = after = documents.document(version)
    if answers != version.answers:  # a page that is only opened assembles once
        after = assemble(library.pack(), answers, "policy", documents.edition(version))
    changes = compare(before, after)
    fields = {field.id for field in screen.fields}
    marks = changes.marks | _said_by(after, fields)
    part = _part(after, screen, marks)
    titles = tuple(section.title for _, section in after.walk() if section.id in changes.topics)
    body = html.fragment(part, level=2, heading=False, prefix="preview-", mark=marks)
    return Preview(body, titles, not part.sections and not part.lede)


def whole(version: Version) -> str:
    """The whole draft; every paragraph tells its answers, with a way to change them, and its clause."""
    pack = library.pack()

    def where(answer: str) -> tuple[str, str]:
        screen = pack.screen_of[answer]
        address = reverse("policies:screen", kwargs={"uid": version.uid, "screen_id": screen.id})
        return screen.name, address

    return html.fragment(documents.document(version), level=2, heading=False, prefix="", provenance=True, where=where)


def _said_by(document: Document, fields: set[str]) -> Marks:
    """Every sentence that one of these answers chose or filled."""
    found: set[tuple[str, int]] = set()
    for _, section in document.walk():
        for block in section.blocks:
            spans: list[Span] = []
            if isinstance(block, (Paragraph, Note)):
                spans = [*block.spans]
            elif isinstance(block, ListBlock):
                spans = [span for item in block.items for span in item]
            found |= {(block.id, index) for index, span in enumerate(spans) if fields & set(span.answers)}
    return frozenset(found)


def _part(document: Document, screen: Screen, marks: Marks) -> Document:
    """The sections that the screen's topics stand in; those with marks where it has no topic; else the beginning."""
    marked = {block for block, _ in marks}
    topics = set(screen.topics) or {
        section.topic for _, section in document.walk() if any(block.id in marked for block in section.blocks)
    }
    kept = []
    for section in document.sections:
        children = tuple(child for child in section.sections if child.topic in topics)
        if children:
            kept.append(replace(section, sections=children))
    if kept:
        return replace(document, lede=(), sections=tuple(kept[:3]), pack="")
    return replace(document, sections=_first(document.sections), pack="")


def _first(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    return tuple(section for section in sections if section.sections)[:1]
