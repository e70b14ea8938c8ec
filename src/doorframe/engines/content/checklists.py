"""Read a checklist: sections of things to weigh and questions to answer, each checked as it is read."""

from __future__ import annotations

from doorframe.engines.content import schema as s
from doorframe.engines.content.parts import field, option, toml_table
from doorframe.engines.content.reader import Source, Table

DECISION = "open-account"
"""The checklist whose last answer decides about an account."""

REMARK_LENGTH = 600


def checklist(source: Source) -> s.Checklist | None:
    """The checklist in a file, or None after noting why it cannot be read."""
    table = toml_table(source, "a checklist")
    if table is None:
        return None
    found = s.Checklist(
        id=table.text("id", required=True), title=table.text("title", required=True), intro=table.text("intro"),
        sections=tuple(_section(row) for row in table.tables("sections", "a section")), file=source.name,
    )  # fmt: skip
    table.done()
    _check(source, found)
    return found


def _section(row: Table) -> s.ChecklistSection:
    """A section. Its `weights`, `asked`, `controls` and `remark` belong to each of its items."""
    id = row.text("id", required=True)
    row.what = f"the section “{id}”"
    weights = tuple(option(item) for item in row.tables("weights", f"a weight of “{id}”"))
    asked, controls, remark = row.text("asked"), row.text("controls"), row.text("remark")
    items = [_weighed(item, weights, asked, controls, remark) for item in row.tables("items", f"an item of “{id}”")]
    for question in row.tables("fields", f"a question of “{id}”"):
        asks = field(question)
        items.append(s.ChecklistItem(asks.id, asks.label, (asks,), asks.hint))
    found = s.ChecklistSection(id, row.text("title", required=True), tuple(items), row.text("help"),
                               row.text("named", required=bool(weights)))  # fmt: skip
    row.done()
    return found


def _weighed(row: Table, weights: tuple[s.Option, ...], asked: str, controls: str, remark: str) -> s.ChecklistItem:
    """A thing to weigh becomes up to three fields: how much, what is done about it, and a remark."""
    id, title = row.text("id", required=True), row.text("title", required=True)
    row.what = f"the item “{id}”"
    if not weights:
        row.source.problem(f"{row.what} cannot be weighed: its section needs weights", row.line)
    fields = [s.Field(id, "choice", asked or title, options=weights)]
    options = tuple(option(item) for item in row.tables("controls", f"a control of “{id}”"))
    if options:
        fields.append(s.Field(f"{id}_controls", "choices", controls or title, options=options))
    if remark:
        fields.append(s.Field(f"{id}_remark", "long-text", remark, max_length=REMARK_LENGTH))
    found = s.ChecklistItem(id, title, tuple(fields), row.text("explain"), "weigh")
    row.done()
    return found


def _check(source: Source, found: s.Checklist) -> None:
    seen: set[str] = set()
    for section in found.sections:
        if not section.items:
            source.problem(f"the section “{section.id}” asks nothing: it needs items or fields")
        for item in (inner for asked in section.items for inner in asked.fields):
            if item.id in seen:
                source.problem(f"the field “{item.id}” stands twice", source.line_of("id"))
            seen.add(item.id)
            if item.kind in {"choice", "choices"} and not item.options:
                source.problem(f"the field “{item.id}” needs options")
            if item.kind == "rows":
                source.problem(f"the field “{item.id}” cannot be a list of rows in a checklist")
    if found.id == DECISION:
        _check_decision(source, found)


def _check_decision(source: Source, found: s.Checklist) -> None:
    """The decision must end in a way that the account register understands, and say why."""
    fields = found.fields
    outcomes = {item.id for item in fields["outcome"].options} if "outcome" in fields else set()
    if outcomes != set(s.OUTCOMES):
        source.problem(f"the question “outcome” needs exactly these options: {', '.join(s.OUTCOMES)}")
    for id in ("outcome", "reason"):
        if id not in fields or not fields[id].required:
            source.problem(f"the question “{id}” must be there and be required: without it nothing is decided")
