"""The answers file: every question as TOML, with its choices as comments, ready to be edited by hand."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping

from doorframe.engines.content.conditions import names
from doorframe.engines.content.schema import Field, Pack, Screen
from doorframe.engines.interview.facts import Answers, applies, resolve

_WIDTH = 110


def write(pack: Pack, answers: Answers, *, every_question: bool = True) -> str:
    """An answers file that `read_toml` and `check` read back to the same answers.

    every_question  also writes the usual answer of each question that was not answered, with help as comments;
                    questions that do not apply to this practice are commented out.
    """
    facts = resolve(pack, answers)
    head = [*_comment(pack.say("answers_file")), *_comment(pack.say("answers_file_how"))]
    lines = [*head, f'pack = "{pack.id} {pack.version}"', ""]
    tables: list[str] = []
    section = ""
    for screen in pack.screens:
        if every_question and screen.section != section:
            section = screen.section
            title = next((item.name for item in pack.sections if item.id == section), section)
            lines += ["", f"# ---- {title} ----", ""]
        plain, rows = _screen(pack, screen, answers, facts, every_question)
        lines += plain
        tables += rows
    return "\n".join([*lines, *tables]).rstrip() + "\n"


def _screen(
    pack: Pack, screen: Screen, answers: Answers, facts: Mapping[str, object], every: bool
) -> tuple[list[str], list[str]]:
    lines: list[str] = []
    tables: list[str] = []
    for field in screen.fields:
        if not every and field.id not in answers:
            continue
        value = answers.get(field.id) if field.id in answers else facts.get(field.id)
        help = _help(pack, field) if every else []
        if field.kind == "rows" and field.id in answers and not value:
            # "None" is an answer of its own: left out, the usual rows would come back.
            lines += [*help, f"{field.id} = []"]
        elif field.kind == "rows":
            title = _comment(screen.title) if every else []
            tables += [*title, *help, *_rows(pack, field, value, given=field.id in answers), ""]
        elif every and field.id not in answers and not _is_settled(pack, field, answers, facts):
            lines += [*help, f"# {field.id} = {_literal(value or _empty(field))}"]
        else:
            lines += [*help, f"{field.id} = {_literal(_empty(field) if value is None else value)}"]
    if every and lines:
        lines = [*_comment(screen.title), *lines, ""]
    return lines, tables


def _is_settled(pack: Pack, field: Field, answers: Answers, facts: Mapping[str, object]) -> bool:
    """Whether the usual answer may be written down as if it were given: it applies, and no other answer moves it.

    Written down too early, the usual answer for a practice without e-mail would contradict the address given later.
    """
    if not applies(pack, field, facts):
        return False
    moving = {name for default in field.defaults for name in names(default.when)}
    return all(name in answers for name in moving) and (not field.default_from or "country" in answers)


def _help(pack: Pack, field: Field) -> list[str]:
    needed = f" ({pack.say('needed')})"
    label = f"{field.label}{needed if field.required else ''}" if field.label else ""
    lines = _comment("  ".join(part for part in (label, field.hint) if part)) if label or field.hint else []
    for option in field.options if len(field.options) <= 12 else ():
        lines += _comment(f"  {option.id}: {option.label}")
    if len(field.options) > 12:
        lines += _comment(f"  {pack.say('one_of')} " + ", ".join(option.id for option in field.options))
    return lines


def _comment(text: str) -> list[str]:
    indent = " " * (len(text) - len(text.lstrip()))
    return [f"# {indent}{line}" for line in textwrap.wrap(text.strip(), _WIDTH - 2)]


def _empty(field: Field) -> object:
    return [] if field.kind in {"choices", "rows"} else ""


def _literal(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    # JSON strings are TOML basic strings but for DEL, which tidy() has already removed.
    return json.dumps(str(value), ensure_ascii=False)


def _rows(pack: Pack, field: Field, value: object, given: bool) -> list[str]:
    """The rows as tables. Usual rows are commented out: written down, they would not follow a later change of place."""
    rows = value if isinstance(value, (list, tuple)) else []
    mark = "" if given else "# "
    lines: list[str] = []
    for row in rows:
        lines.append(f"{mark}[[{field.id}]]")
        lines += [f"{mark}{column.id} = {_literal(row.get(column.id, ''))}" for column in field.columns]
    if not rows:
        lines += [f"# [[{field.id}]]"]
        for column in field.columns:
            lines += _help(pack, column)
            lines += [f"# {column.id} = {_literal(column.defaults[0].value if column.defaults else '')}"]
    return lines
