"""The report of an audit as a Document, which the renderers write as PDF like every other.

It stands here and not beside the engine: engines stand side by side, and its few words of its own go through the
catalogue of the interface.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from doorframe.apps.members.models import Practice
from doorframe.apps.policies.audit_page import AuditPage, Cites, Shown, ShownFinding, ShownTopic
from doorframe.engines.assembly.document import Block, Document, ListBlock, Note, Paragraph, Section
from doorframe.engines.citations import Citation
from doorframe.engines.text import Span

KIND = "audit"
_LABELS = ("based_on", "good_practice", "page", "of", "checked", "built_from", "untitled")


def paper(page: AuditPage, practice: Practice, day: date) -> Document:
    """The whole report without the text itself, which the practice has."""
    lede = [_paragraph("heading", page.heading + "."), _paragraph("summary", page.summary),
            _paragraph("read-as", f"{page.read_as} {page.facts}.")]  # fmt: skip
    if page.is_none:
        lede = [_paragraph("heading", page.heading + "."), _paragraph("why", why_none())]
    title = _("What this policy covers, and what it lacks")
    return Document(
        kind=KIND, title=title, subtitle=practice.name, language=practice.language, author=practice.name,
        dated=day.isoformat(), version="", draft=False, footer=f"{practice.name} · {title}", pack=page.pack.label,
        lede=tuple(lede), sections=tuple(_sections(page)),
        labels={name: page.pack.labels[name] for name in _LABELS if name in page.pack.labels},
    )  # fmt: skip


def why_none() -> str:
    """Why a text was not judged."""
    return _(
        "It speaks of hardly any of the things that such a policy settles, or it is some other kind of text. A list of "
        "all that it lacks would say nothing true about it, so nothing was judged."
    )


def _sections(page: AuditPage) -> Iterable[Section]:
    for group in page.to_mend:
        yield Section(f"mend-{group.key}", group.name, sections=tuple(_finding(one) for one in group.items))  # type: ignore[arg-type]
    for group in page.topics:
        yield Section(f"status-{group.key}", group.name, sections=tuple(_topic(one) for one in group.items))  # type: ignore[arg-type]


def _finding(one: ShownFinding) -> Section:
    quotes = [shown for shown in (one.other, one.quote) if shown]
    blocks: list[Block] = [_quoted(f"{one.id}-quote-{count}", shown) for count, shown in enumerate(quotes)]
    blocks.append(_paragraph(f"{one.id}-why", one.why))
    mend = Span(one.mend, strong=True)
    blocks.append(Paragraph(f"{one.id}-mend", (mend,), cites=_clauses(one.cites)))
    return Section(one.id, f"{one.number}. {one.title}", tuple(blocks))


def _topic(one: ShownTopic) -> Section:
    blocks: list[Block] = []
    if one.stance:
        blocks.append(_paragraph(f"{one.id}-stance", _("Your rule: %(stance)s.") % {"stance": one.stance}))
    found = [f"{name}: “{shown.text}”" if shown else name for name, shown in one.found]
    found += [f"“{shown.text}”" for shown in one.quotes]
    blocks += _listed(f"{one.id}-found", found)
    if one.lacks:
        blocks.append(_paragraph(f"{one.id}-not-said", _("Not said yet:")))
        blocks += _listed(f"{one.id}-lacks", [advice for _name, advice in one.lacks])
    if one.cites or not found:
        blocks.append(Paragraph(f"{one.id}-why", (Span(one.why),), cites=_clauses(one.cites)))
    return Section(one.id, one.title, tuple(blocks))


def _clauses(cites: Cites) -> tuple[Citation, ...]:
    """As a line of sources names them; one of a body to which the practice may not belong says so."""
    words = _("%(clause)s, if you are a member")
    return tuple(
        replace(cite.clause, short=words % {"clause": cite.clause.short}) if cite.members else cite.clause
        for cite in cites
    )


def _listed(id: str, lines: list[str]) -> list[Block]:
    return [ListBlock(id, tuple((Span(line),) for line in lines))] if lines else []


def _quoted(id: str, shown: Shown) -> Note:
    return Note(id, "info", (Span(f"“{shown.text}”", own=True),))


def _paragraph(id: str, text: str) -> Paragraph:
    return Paragraph(id, (Span(text),))
