"""Codes and laws with their clauses, and the tables that differ by place."""

from __future__ import annotations

from collections.abc import Mapping

from doorframe.cli.reference import words as w
from doorframe.engines.content.conditions import parse
from doorframe.engines.content.schema import CrisisLine, Pack, Reference


def citations(pack: Pack) -> str:
    """Every clause of every code, those that may be shown and those that nobody has read yet."""
    verified = sum(reference.verified for reference in pack.references.values())
    lines: list[str] = []
    by_pack: dict[str, list[Reference]] = {}
    for reference in pack.references.values():
        by_pack.setdefault(reference.pack, []).append(reference)
    for name in sorted(by_pack):
        lines += _code(name, by_pack[name])
    intro = (
        f"{len(pack.references)} clauses of {len(by_pack)} codes and laws, {verified} of them verified. Only a "
        "verified clause is ever shown as a citation. The summaries are in our own words. What verified means stands "
        "in [how citations are checked](../explanation/citations.md)."
    )
    return w.page("Citations", intro, lines)


def _code(name: str, references: list[Reference]) -> list[str]:
    first = references[0]
    binds = "everybody" if w.is_always(first.when) else f"those for whom {w.say(first.when)}"
    lines = [f"## {name}", "", f"[{first.short}]({first.link}). It binds {binds}.", ""]
    rows = [(one.clause, one.summary, one.checked) for one in references if one.verified]
    lines += w.table(("Clause", "What it says, in short", "Checked"), rows)
    waiting = ", ".join(one.clause for one in references if not one.verified)
    return lines + ([f"Not read yet, or no longer in force, so never cited: {waiting}.", ""] if waiting else [])


def law(pack: Pack) -> str:
    """Testimonials, searching, breach clocks, crisis lines and complaint bodies, place by place."""
    lines: list[str] = []
    for name in ("testimonials", "search"):
        lines += _acts(pack, _mapping(pack.law.get(name)))
    lines += _clocks(pack, _mapping(pack.law.get("clocks")))
    lines += _crisis(pack.crisis)
    lines += _retention(pack, _mapping(pack.law.get("retention")))
    lines += _boards(_mapping(pack.law.get("boards")))
    intro = (
        "The same act has different answers in different places. Every set of rules whose condition holds applies; "
        "the one marked “where no other applies” speaks only then. None of this is legal advice."
    )
    return w.page("Rules that differ by place", intro, lines)


def _acts(pack: Pack, table: Mapping[str, object]) -> list[str]:
    regimes = {_text(row, "id"): row for row in _rows(table, "regimes")}
    lines = [f"## {_text(table, 'title')}", "", *_regimes(regimes)]
    for act in _rows(table, "acts"):
        lines += [
            f"### {_text(act, 'title')}",
            "",
            f"Topic: [`{_text(act, 'topic')}`](clauses.md#{_text(act, 'topic')}).",
            "",
        ]
        rows = [
            (
                _text(regimes.get(_text(answer, "regime"), {}), "name"),
                _text(answer, "answer"),
                _text(answer, "sentence"),
                w.cites(pack, _texts(answer, "cites")),
            )
            for answer in _rows(act, "answers")
        ]
        lines += w.table(("Rules", "Answer", "In words", "Rests on"), rows)
    words = [(f"`{key}`", str(value)) for key, value in _mapping(table.get("vocabulary")).items()]
    return lines + (["### What the answers mean", "", *w.table(("Answer", "Meaning"), words)] if words else [])


def _regimes(regimes: Mapping[str, Mapping[str, object]]) -> list[str]:
    return w.table(("Rules", "They apply when"), [(_text(row, "name"), _applies(row)) for row in regimes.values()])


def _applies(row: Mapping[str, object]) -> str:
    return "where no other applies" if row.get("fallback") else w.say(parse(row.get("when", [])))


def _clocks(pack: Pack, table: Mapping[str, object]) -> list[str]:
    lines = [f"## {_text(table, 'title')}", ""]
    regimes = {_text(row, "id"): row for row in _rows(table, "regimes")}
    rows = [
        (_text(row, "name"), _applies(row), _text(row, "client"), w.cites(pack, _texts(row, "cites")))
        for row in regimes.values()
    ]
    lines += w.table(("Rules", "They apply when", "What clients are told", "Rests on"), rows)
    lines += ["### Deadlines", ""]
    deadlines = [
        (
            _text(regimes.get(_text(row, "regime"), {}), "name"),
            _text(row, "to"),
            _text(row, "rule"),
            _text(row, "trap"),
            w.cites(pack, _texts(row, "cites")),
        )
        for row in _rows(table, "clocks")
    ]
    return lines + w.table(("Rules", "Who is told", "The rule", "Easy to get wrong", "Rests on"), deadlines)


def _crisis(crisis: tuple[CrisisLine, ...]) -> list[str]:
    rows = [
        (line.country, line.name, f"{line.how} {line.number}".strip(), "yes" if line.emergency else "")
        for line in crisis
    ]
    intro = "The usual lines of each country. A practice can change them; elsewhere it must give its own."
    return ["## Crisis lines", "", intro, "", *w.table(("Country", "Line", "How", "Emergency number"), rows)]


def _retention(pack: Pack, table: Mapping[str, object]) -> list[str]:
    rows = [
        (_text(row, "name"), _applies(row), str(row.get("years", "")), _text(row, "staff"),
         w.cites(pack, _texts(row, "cites")))
        for row in _rows(table, "regimes")
    ]  # fmt: skip
    header = ("Rules", "They apply when", "Years", "In short", "Rests on")
    return [f"## {_text(table, 'title')}", "", *w.table(header, rows)]


def _boards(table: Mapping[str, object]) -> list[str]:
    rows = [
        (
            f"[{_text(row, 'name')}]({_text(row, 'website')})" if _text(row, "website") else _text(row, "name"),
            _text(row, "kind"),
            w.say(parse(row.get("when", []))),
            _text(row, "checked"),
        )
        for row in _rows(table, "boards")
        if row.get("verified")
    ]
    waiting = sum(not row.get("verified") for row in _rows(table, "boards"))
    intro = f"The practice always confirms its own. {waiting} more wait to be checked and are not suggested until then."
    header = ("Body", "Kind", "For whom", "Checked")
    return [f"## {_text(table, 'title') or 'Where to complain'}", "", intro, "", *w.table(header, rows)]


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _rows(table: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    rows = table.get(key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _text(row: Mapping[str, object], key: str) -> str:
    return str(row.get(key, ""))


def _texts(row: Mapping[str, object], key: str) -> list[str]:
    values = row.get(key)
    return [str(value) for value in values] if isinstance(values, list) else []
