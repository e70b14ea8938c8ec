"""The decision record: first as words kept with the decision, then as a Document that any format shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from doorframe.adapters.render import html, render
from doorframe.apps.accounts import questions
from doorframe.apps.accounts.models import Worksheet
from doorframe.engines.assembly.document import Block, Document, Section, Table
from doorframe.engines.content.schema import Checklist, ChecklistItem, ChecklistSection, Field
from doorframe.engines.sealing import Json
from doorframe.engines.text import Span


def lines(checklist: Checklist, answers: Mapping[str, object]) -> list[dict[str, Json]]:
    """What was asked and answered, in words: one table or list of answers for each section with any."""
    found: list[dict[str, Json]] = []
    for section in checklist.sections:
        weighed = [_weighed(item, answers) for item in section.items if item.layout == "weigh"]
        asked = [_asked(item, answers) for item in section.items if item.layout == "ask"]
        rows: list[Json] = [row for row in weighed if row]
        pairs: list[Json] = [pair for pair in asked if pair]
        if rows or pairs:
            found.append({"id": section.id, "title": section.title, "header": _header(section),
                          "rows": rows, "answers": pairs})  # fmt: skip
    return found


def _header(section: ChecklistSection) -> list[Json]:
    """The table's header: the thing, how much, and what is done about it where the section asks that."""
    item = next((item for item in section.items if item.layout == "weigh"), None)
    if item is None:
        return []
    header: list[Json] = [section.named, item.fields[0].label]
    controls = next((field for item in section.items for field in item.fields if field.kind == "choices"), None)
    return [*header, controls.label] if controls else header


def _weighed(item: ChecklistItem, answers: Mapping[str, object]) -> list[Json]:
    """One row: title, weight, and controls with the remark below; [] where nothing was said."""
    said = [say(field, answers.get(field.id)) for field in item.fields]
    if not any(said):
        return []
    rest = "\n".join(words for words in said[1:] if words)
    return [item.title, said[0], rest] if len(item.fields) > 1 else [item.title, said[0]]


def _asked(item: ChecklistItem, answers: Mapping[str, object]) -> list[Json]:
    said = say(item.fields[0], answers.get(item.fields[0].id))
    return [item.title, said] if said else []


def say(field: Field, value: object) -> str:
    """An answer as a person reads it; "" where there is none. Several choices stand one below the other."""
    if field.kind in {"choice", "choices"}:
        chosen = value if isinstance(value, (list, tuple)) else [value]
        before = "• " if field.kind == "choices" else ""
        return "\n".join(f"{before}{option.label}" for option in field.options if option.id in chosen)
    return str(value or "")


def document(worksheet: Worksheet) -> Document:
    """The record of a decided worksheet, ready to render. Made from what was kept on the day."""
    practice, decided_at, who = worksheet.practice, worksheet.decided_at, worksheet.decided_by
    assert decided_at is not None and who is not None
    day = decided_at.astimezone(ZoneInfo(practice.time_zone)).date()
    name = questions.account_name(worksheet.platform, worksheet.handle)
    return Document(
        kind="decision", title=_("Decision record: %(account)s") % {"account": name}, subtitle=practice.name,
        language=practice.language, author=practice.name, dated=day.isoformat(),
        version=_("Decided by %(name)s") % {"name": who.user}, draft=False,
        footer=f"{practice.name} · {name}", pack=worksheet.pack,
        labels={"built_from": _("Asked with")}, sections=(_summary(worksheet), *_sections(worksheet.record)),
    )  # fmt: skip


def _summary(worksheet: Worksheet) -> Section:
    """The decision itself comes first: a reader in a hurry needs no more."""
    rows = [
        (_("Account"), questions.account_name(worksheet.platform, worksheet.handle)),
        (_("Whose account"), worksheet.get_kind_display()),
    ]
    chosen: list[tuple[str, str]] = []
    for section in worksheet.record:
        if section["id"] == "decision":
            chosen = [(label, words) for label, words in section["answers"]]
    table = Table("decision-table", "", (_("Question"), _("Answer")), tuple(_cells(pair) for pair in (*rows, *chosen)))
    return Section("decision", _("The decision"), (table,))


def _sections(kept: list[dict[str, Any]]) -> tuple[Section, ...]:
    return tuple(Section(part["id"], part["title"], tuple(_blocks(part))) for part in kept if part["id"] != "decision")


def _blocks(part: dict[str, Any]) -> list[Block]:
    found: list[Block] = []
    if part["rows"]:
        rows = tuple(_cells(row) for row in part["rows"])
        found.append(Table(f"{part['id']}-table", "", tuple(part["header"]), rows))
    if part["answers"]:
        rows = tuple(_cells(row) for row in part["answers"])
        found.append(Table(f"{part['id']}-answers", "", (_("Question"), _("Answer")), rows))
    return found


def _cells(row: tuple[str, ...] | list[str]) -> tuple[tuple[Span, ...], ...]:
    return tuple((Span(cell),) for cell in row)


def page(worksheet: Worksheet) -> str:
    """The record as HTML to stand inside a page that has its own heading."""
    return html.fragment(document(worksheet), level=2, heading=False, prefix="record-")


def file(worksheet: Worksheet) -> bytes:
    """The record as PDF. Raises RenderError."""
    return render(document(worksheet), "pdf")
