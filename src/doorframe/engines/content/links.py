"""Names inside a pack: each is given once, and each that is used exists. The law tables are held to the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from doorframe.engines.citations import GOOD_PRACTICE
from doorframe.engines.content import schema as s
from doorframe.engines.content.conditions import Condition, parse

FORMATS: tuple[str, ...] = ("pdf", "docx", "html", "md")
"""What an output can be written as."""

_DEFAULTS_FROM = ("", "crisis", "emergency")
_OPTIONS_FROM = ("", "platforms")


def links(pack: s.Pack) -> Iterator[s.Problem]:
    """Every name that stands twice or leads nowhere."""
    yield from _twice(pack)
    yield from _contradictions(pack)
    yield from _sources_of_fields(pack)
    yield from _formats(pack)


def _twice(pack: s.Pack) -> Iterator[s.Problem]:
    frames = (passage for frame in pack.frames.values() for passage in frame)
    kinds: tuple[tuple[str, Iterable[tuple[str, str, int]]], ...] = (
        ("screen", ((item.id, item.file, 0) for item in pack.screens)),
        ("passage", ((item.id, item.file, item.line) for item in (*pack.passages, *frames))),
        ("contradiction", ((item.id, item.file, 0) for item in pack.contradictions)),
        ("notice", ((item.id, item.file, 0) for item in pack.notices)),
    )
    for kind, items in kinds:
        seen: set[str] = set()
        for id, file, line in items:
            if id in seen:
                yield s.Problem(file, line, f"there are two of the {kind} “{id}”; each needs an id of its own")
            seen.add(id)


def _contradictions(pack: s.Pack) -> Iterator[s.Problem]:
    for rule in pack.contradictions:
        for screen in rule.screens:
            if screen not in pack.screen:
                yield s.Problem(rule.file, 0, f"the contradiction “{rule.id}” leads to no screen “{screen}”")
        if not rule.screens:
            yield s.Problem(rule.file, 0, f"the contradiction “{rule.id}” must name the screens that mend it")
        for field in rule.fields:
            if field != "*" and field not in pack.fields:
                yield s.Problem(rule.file, 0, f"the contradiction “{rule.id}” reads “{field}”, which no screen asks")
        if (rule.says or rule.beside) and not rule.fields:
            message = f"the contradiction “{rule.id}” looks for words and must name the fields they stand in"
            yield s.Problem(rule.file, 0, message)


def _sources_of_fields(pack: s.Pack) -> Iterator[s.Problem]:
    for screen in pack.screens:
        for field in (inner for item in screen.fields for inner in (item, *item.columns)):
            if field.default_from not in _DEFAULTS_FROM:
                message = f"“{field.id}”: there are no usual answers called “{field.default_from}”"
                yield s.Problem(screen.file, 0, message)
            if field.options_from not in _OPTIONS_FROM:
                yield s.Problem(screen.file, 0, f"“{field.id}”: there are no options called “{field.options_from}”")


def _formats(pack: s.Pack) -> Iterator[s.Problem]:
    for output in pack.outputs.values():
        for format in output.formats:
            if format not in FORMATS:
                yield s.Problem(output.file, 0, f"nothing can be written as “{format}”; it can be {', '.join(FORMATS)}")


def law_conditions(pack: s.Pack) -> Iterator[tuple[str, int, str, Condition]]:
    """Every condition of a law table, with its file, for the check that its facts exist."""
    for name, regime in _regimes(pack):
        try:
            yield f"law/{name}.toml", 0, f"the regime “{regime.get('id')}”", parse(regime.get("when", []))
        except ValueError:
            continue  # `law` says so


def law(pack: s.Pack) -> Iterator[s.Problem]:
    """What is wrong in the law tables: conditions, regimes that do not exist, citations nobody has read."""
    regimes: dict[str, set[str]] = {}
    for name, regime in _regimes(pack):
        regimes.setdefault(name, set()).add(str(regime.get("id")))
        try:
            parse(regime.get("when", []))
        except ValueError as error:
            yield s.Problem(f"law/{name}.toml", 0, f"`when` of the regime “{regime.get('id')}”: {error}")
    for name, table in pack.law.items():
        known = regimes.get(name, set())
        for row in _rows(table):
            regime_id = row.get("regime")
            if regime_id is not None and regime_id not in known:
                yield s.Problem(f"law/{name}.toml", 0, f"there is no regime “{regime_id}”")
            for ref in _texts(row.get("cites")):
                yield from _citation(pack, f"law/{name}.toml", ref)


def _citation(pack: s.Pack, file: str, ref: str) -> Iterator[s.Problem]:
    if ref == GOOD_PRACTICE:
        return
    if ref not in pack.references:
        yield s.Problem(file, 0, f"the citation “{ref}” resolves to no clause in ethics/ or law/")
    elif not pack.references[ref].verified:
        yield s.Problem(file, 0, f"the citation “{ref}” is not verified: nobody has read its wording yet")


def _regimes(pack: s.Pack) -> Iterator[tuple[str, Mapping[str, object]]]:
    for name, table in pack.law.items():
        for regime in _tables(table, "regimes"):
            yield name, regime


def _rows(table: object) -> Iterator[Mapping[str, object]]:
    """Every row that can name a regime or cite: regimes, clocks, and the answers of each act."""
    yield from _tables(table, "regimes")
    yield from _tables(table, "clocks")
    for act in _tables(table, "acts"):
        yield from _tables(act, "answers")


def _tables(table: object, key: str) -> Iterator[Mapping[str, object]]:
    rows = table.get(key, []) if isinstance(table, Mapping) else []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Mapping):
            yield row


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
