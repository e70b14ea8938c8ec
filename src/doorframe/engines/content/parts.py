"""Turn checked TOML tables into the classes of `schema.py`, one function for each kind of file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace

from doorframe.engines.content import schema as s
from doorframe.engines.content.conditions import All, Atom
from doorframe.engines.content.reader import Source, Table

Scopes = Mapping[str, tuple[s.Option, ...]]
Said = Mapping[str, str]

_FENCE = re.compile(r"^\+\+\+\s*$")
_LINE = re.compile(r"\s*\(at [^)]*\)$")


def toml_table(source: Source, what: str) -> Table | None:
    """The file as one table, or None after noting why it cannot be read."""
    try:
        return Table(source, source.parse(source.text), what)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        source.problem(f"this is not valid TOML: {error}", int(line.group(1)) if line else 0)
    except (RecursionError, ValueError):
        source.problem("this cannot be read: it is nested too deeply, or a number in it is far too long")
    return None


def references(source: Source) -> list[s.Reference]:
    table = toml_table(source, "an ethics or law pack")
    if table is None or "clauses" not in table.raw:
        return []
    pack, short, kind = table.text("id", required=True), table.text("short", required=True), table.text("kind", "code")
    link, when = table.text("link", required=True), table.condition()
    for key in ("body", "title", "edition"):
        table.text(key, required=True)
    found = []
    for row in table.tables("clauses", "a clause"):
        clause = row.text("id", required=True)
        row.line = _line_of_value(source, clause, row.line)
        found.append(
            s.Reference(
                ref=f"{pack}/{clause}", pack=pack, clause=clause, short=short, kind=kind,
                summary=row.text("summary", required=True), topics=row.texts("topics"), when=when,
                verified=row.flag("verified"), checked=row.date("checked"), link=row.text("link", link),
                source_url=row.text("source_url"), note=row.text("note"),
            )
        )  # fmt: skip
        for key in ("fact", "confidence"):
            row.text(key)
        row.done()
    table.done()
    return found


def _line_of_value(source: Source, value: str, default: int) -> int:
    quoted = f'"{value}"'
    for number, line in enumerate(source.lines, start=1):
        if quoted in line and line.lstrip().startswith("id"):
            return number
    return default


def option(row: Table) -> s.Option:
    found = s.Option(
        row.text("id", required=True), row.text("label", required=True), row.text("hint"), row.text("phrase"),
        row.condition(), row.texts("aliases"),
    )  # fmt: skip
    row.done()
    return found


def field(row: Table) -> s.Field:
    id = row.text("id", required=True)
    row.what = f"the field “{id}”"
    defaults = [s.Default(item.any("value"), item.condition()) for item in row.tables("defaults", "a default")]
    if "default" in row.raw:
        defaults.append(s.Default(row.any("default")))
    options = tuple(option(item) for item in row.tables("options", f"an option of “{id}”"))
    required_when = row.condition("required_when") if "required_when" in row.raw else None
    found = s.Field(
        id=id, kind=row.word("kind", s.KINDS, "text"), label=row.text("label", required=True), hint=row.text("hint"),
        options=options, columns=tuple(field(item) for item in row.tables("columns", f"a column of “{id}”")),
        defaults=tuple(defaults), default_from=row.text("default_from"),
        options_from=row.text("options_from"), required=row.flag("required"),
        required_when=required_when, when=row.condition(), part=row.word("part", ("main", "fine"), "main"),
        max_length=row.number("max_length", 300), autocomplete=row.text("autocomplete"),
        why_required=row.text("why_required"),
    )  # fmt: skip
    row.done()
    return found


def screen(source: Source, scopes: Scopes, said: Said) -> s.Screen | None:
    table = toml_table(source, "a screen")
    if table is None:
        return None
    id = table.text("id", required=True)
    fields: list[s.Field] = []
    stance = table.table("stance", "the stance")
    if stance is not None:
        fields += stance_fields(stance, scopes, said)
    fields += [field(row) for row in table.tables("fields", "a field")]
    found = s.Screen(
        id=id, section=table.text("section", required=True), title=table.text("title", required=True),
        name=table.text("name", required=True), order=table.number("order", required=True), fields=tuple(fields),
        topics=table.texts("topics"), path=table.word("path", ("main", "more"), "main"), help=table.text("help"),
        why=table.text("why", required=True), cites=table.texts("cites"), when=table.condition(), file=source.name,
    )  # fmt: skip
    table.done()
    return found


def stance_fields(row: Table, scopes: Scopes, said: Said) -> list[s.Field]:
    """One stance becomes the fields that qualify it: for whom, on which accounts, what happens, except, because.

    said  how these are asked: policy/messages.toml
    """
    key = row.text("key", required=True)
    defaults = [s.Default(item.any("value"), item.condition()) for item in row.tables("defaults", "a default")]
    if "default" in row.raw:
        defaults.append(s.Default(row.any("default")))
    options = tuple(option(item) for item in row.tables("options", f"an option of “{key}”"))
    fields = [s.Field(key, "choice", row.text("label"), options=options, defaults=tuple(defaults), required=True)]
    active = row.condition("fine_when")
    for name in ("clients", "accounts"):
        chosen, label = row.text(name), said.get(f"fine_{name}", name)
        if chosen:
            fields.append(
                s.Field(f"{key}_{name}", "choice", label, options=scopes[name], defaults=(s.Default(chosen),),
                        when=active, part="fine")
            )  # fmt: skip
    happens = row.texts("happens")
    if happens:
        known = {item.id: item for item in scopes["happens"]}
        for missing in (item for item in happens if item not in known):
            row.source.problem(f"`happens` of the stance knows {', '.join(known)}; not “{missing}”", row.line)
        chosen_options = tuple(known[item] for item in happens if item in known)
        fields.append(
            s.Field(f"{key}_happens", "choice", said.get("fine_happens", "happens"), options=chosen_options,
                    defaults=(s.Default(happens[0]),), when=active, part="fine")
        )  # fmt: skip
    for name in ("exception", "reason"):
        if row.flag(name):
            label, hint = said.get(f"fine_{name}", name), said.get(f"fine_{name}_hint", "")
            fields.append(s.Field(f"{key}_{name}", "long-text", label, hint, part="fine", max_length=600, when=active))
    row.done()
    return fields


def passages(source: Source, topic: str | None) -> list[s.Passage]:
    """Read a clause file: TOML front matter between +++ lines, prose below, as often as the topic needs.

    One line of prose is one sentence. An empty line starts a new paragraph. Lines that begin with "- " are
    items of a list. topic is None for a frame, whose passages belong to no topic.
    """
    lines = source.lines
    found: list[s.Passage] = []
    fences = [number for number, line in enumerate(lines) if _FENCE.match(line)]
    if len(fences) % 2 or not fences or any(line.strip() for line in lines[: fences[0]]):
        source.problem("a clause file begins with +++, and each front matter is closed by +++", 1)
        return []
    for start in range(0, len(fences), 2):
        opening, closing = fences[start], fences[start + 1]
        end = fences[start + 2] if start + 2 < len(fences) else len(lines)
        passage = _passage(source, lines, opening, closing, end, topic)
        if passage is not None:
            found.append(passage)
    return found


def _passage(
    source: Source, lines: list[str], opening: int, closing: int, end: int, topic: str | None
) -> s.Passage | None:
    try:
        raw = source.parse("\n".join(lines[opening + 1 : closing]))
    except tomllib.TOMLDecodeError as error:
        inner = re.search(r"line (\d+)", str(error))
        line = opening + 1 + (int(inner.group(1)) if inner else 0)
        source.problem(f"this front matter is not valid TOML: {_LINE.sub('', str(error))}", line)
        return None
    except (RecursionError, ValueError):
        source.problem("this front matter is nested too deeply, or a number in it is far too long", opening + 1)
        return None
    row = Table(source, raw, "a passage", opening + 1)
    id = row.text("id", required=True)
    row.what = f"the passage “{id}”"
    body = lines[closing + 1 : end]
    listed = [line for line in body if line.strip()]
    is_list = bool(listed) and all(line.startswith("- ") for line in listed)
    passage = s.Passage(
        id=f"{topic}/{id}" if topic else f"{source.name.rsplit('/', 1)[-1].removesuffix('.md')}/{id}",
        topic=topic or "", audience=row.word("audience", s.AUDIENCES, "client"), role=row.word("role", s.ROLES, "info"),
        paragraphs=paragraphs(body), listed=is_list, when=row.condition(), cites=row.texts("cites"),
        tone=row.word("tone", ("", "help", "info"), ""), join=row.flag("join"), file=source.name, line=opening + 1,
    )  # fmt: skip
    if not passage.paragraphs:
        source.problem(f"the passage “{id}” has no words", closing + 1)
    row.done()
    return passage


def paragraphs(body: list[str]) -> tuple[tuple[str, ...], ...]:
    found: list[list[str]] = [[]]
    for line in body:
        words = line.strip().removeprefix("- ").strip()
        if words:
            found[-1].append(words)
        elif found[-1]:
            found.append([])
    return tuple(tuple(sentences) for sentences in found if sentences)


def contradiction(source: Source) -> list[s.Contradiction]:
    table = toml_table(source, "a file of contradictions")
    if table is None:
        return []
    found = []
    for row in table.tables("contradictions", "a contradiction"):
        id = row.text("id", required=True)
        row.what = f"the contradiction “{id}”"
        found.append(
            s.Contradiction(
                id=id, message=row.text("message", required=True), why=row.text("why"), screens=row.texts("screens"),
                when=row.condition(), says=row.texts("says"), beside=_beside(row), fields=row.texts("fields"),
                blocks=row.flag("blocks", True),
                matches=_examples(row, "matches"), passes=_examples(row, "passes"), file=source.name,
            )
        )  # fmt: skip
        row.done()
    table.done()
    return found


def _beside(row: Table) -> s.Beside | None:
    table = row.table("beside", f"`beside` of {row.what}")
    if table is None:
        return None
    found = s.Beside(table.texts("says"), table.texts("cues"), table.texts("spares"))
    table.done()
    if not found.says or not found.cues:
        row.source.problem(f"`beside` of {row.what} needs both `says` and `cues`", table.line)
    return found


def _examples(row: Table, key: str) -> tuple[dict[str, object], ...]:
    values = row.any(key)
    if not isinstance(values, list) or not values or any(not isinstance(value, dict) for value in values):
        row.source.problem(f"{row.what} needs `{key}`: a list of answers that show it", row.line)
        return ()
    return tuple(values)


def output(source: Source) -> s.Output | None:
    table = toml_table(source, "an output")
    if table is None:
        return None
    parts = []
    for row in table.tables("parts", "a part of an output"):
        kinds = ("frame", "topics", "audience", "sources", "signatures", "notices", "crisis")
        parts.append(s.OutputPart(row.word("kind", kinds, "frame"), row.text("frame"), row.text("title")))
        row.done()
    found = s.Output(
        id=table.text("id", required=True), title=table.text("title", required=True),
        audience=table.word("audience", s.AUDIENCES, "client"), formats=table.texts("formats"), parts=tuple(parts),
        numbered=table.flag("numbered"), order=table.number("order", required=True), file=source.name,
    )  # fmt: skip
    table.done()
    return found


def notices(source: Source) -> list[s.Notice]:
    table = toml_table(source, "a file of notices")
    if table is None:
        return []
    found = []
    for row in table.tables("notices", "a notice"):
        found.append(
            s.Notice(
                id=row.text("id", required=True), title=row.text("title", required=True), where=row.text("where"),
                text=row.text("text", required=True), limit=row.number("limit"), when=row.condition(),
                cites=row.texts("cites"), file=source.name,
            )
        )  # fmt: skip
        row.done()
    table.done()
    return found


def crisis_lines(source: Source) -> list[s.CrisisLine]:
    table = toml_table(source, "the crisis table")
    if table is None:
        return []
    found = []
    for row in table.tables("lines", "a crisis line"):
        line = s.CrisisLine(
            country=row.text("country", required=True), name=row.text("name", required=True),
            number=row.text("number", required=True), how=row.text("how"), tel=row.text("tel"),
            emergency=row.flag("emergency"), when=row.condition(),
        )  # fmt: skip
        for key in ("hours", "note", "source_url", "link"):
            row.text(key)
        row.date("checked")
        row.done()
        found.append(replace(line, when=All((Atom("country", line.country), line.when))))
    return found
