"""The topics a policy speaks about, and the screens that ask about them."""

from __future__ import annotations

from doorframe.cli.reference import words as w
from doorframe.engines.content.schema import Default, Field, Pack, Screen

_KINDS = {
    "choice": "one of these", "choices": "any of these", "text": "a line of text", "long-text": "a few sentences",
    "email": "an e-mail address", "phone": "a telephone number", "url": "a web address", "rows": "a list",
}  # fmt: skip


def topics(pack: Pack) -> str:
    """Every topic with the screen that asks and the passages that answer."""
    lines: list[str] = []
    for section in pack.sections:
        lines += [f"## {section.name}", ""]
        lines += w.table(("Topic", "What it is called", "Asked on", "Passages"), _topic_rows(pack, section.topics))
    intro = f"A policy speaks about {len(pack.topics)} topics, in this order."
    return w.page("Topics", intro, lines)


def _topic_rows(pack: Pack, ids: tuple[str, ...]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for id in ids:
        asked = ", ".join(_link(screen) for screen in pack.screens if id in screen.topics)
        rows.append((f"[`{id}`](clauses.md#{id})", pack.topics[id].name, asked, str(len(pack.passages_of[id]))))
    return rows


def _link(screen: Screen) -> str:
    return f"[{screen.name}](questions.md#{w.anchor(screen.name)})"


def questions(pack: Pack) -> str:
    """Every screen with its fields, choices and usual answers."""
    lines: list[str] = []
    for section in pack.sections:
        asked = [screen for screen in pack.screens if screen.section == section.id]
        if asked:
            lines += [f"## {section.name}", ""]
        for screen in asked:
            lines += _screen(pack, screen)
    intro = (
        f"The interview has {len(pack.screens)} screens. Nobody meets them all: each appears only where its condition "
        "holds. The name in code type is the one that stands in an answers file."
    )
    return w.page("Questions", intro, lines)


def _screen(pack: Pack, screen: Screen) -> list[str]:
    lines = [f"### {screen.name}", "", f"**{screen.title}**", ""]
    lines += [screen.help, ""] if screen.help else []
    lines += [f"Why we ask: {screen.why}", ""]
    facts = [f"Screen `{screen.id}`"]
    if screen.path != "main":
        facts.append("offered after the main way")
    if not w.is_always(screen.when):
        facts.append(f"asked when {w.say(screen.when)}")
    lines += ["; ".join(facts) + ".", ""]
    if screen.cites:
        lines += [f"Rests on {w.cites(pack, screen.cites)}.", ""]
    for field in screen.fields:
        lines += _field(field)
    return lines


def _field(field: Field) -> list[str]:
    lines = [f"- `{field.id}`: {w.cell(field.label) or 'the stance itself'} ({_nature(field)})"]
    # A country has dozens of regions; the page that lists them all would be read by nobody.
    if 0 < len(field.options) <= 16:
        for option in field.options:
            only = "" if w.is_always(option.when) else f" (only when {w.say(option.when)})"
            lines.append(f"  - `{option.id}`: {w.cell(option.label)}{only}")
    elif field.options:
        lines.append(f"  - one of {len(field.options)}: " + ", ".join(f"`{option.id}`" for option in field.options))
    for column in field.columns:
        lines.append(f"  - `{column.id}`: {w.cell(column.label)} ({_nature(column)})")
    for default in field.defaults:
        lines.append(f"  - {_default(default)}")
    return [*lines, ""]


def _nature(field: Field) -> str:
    parts = [_KINDS[field.kind]]
    if field.required:
        parts.append("needed")
    elif field.required_when is not None:
        parts.append(f"needed when {w.say(field.required_when)}")
    if not w.is_always(field.when):
        parts.append(f"asked when {w.say(field.when)}")
    if field.part == "fine":
        parts.append("under “Fine-tune this answer”")
    if field.default_from:
        parts.append(f"usual answer from the {field.default_from} table")
    return "; ".join(parts)


def _default(default: Default) -> str:
    value = default.value
    said = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
    usual = f"usual answer: {w.cell(said)}" if said else "usual answer: none"
    return usual if w.is_always(default.when) else f"{usual}, when {w.say(default.when)}"
