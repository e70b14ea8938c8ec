"""The plain part of TOML, fast: headings, and keys with a string, a number, a date or a list of strings.

Parsing our content was a third of a first start. Most of it is plain; a statement that is not is given to tomllib, and
the whole text where the order of tables is at stake or anything is wrong. So every answer and every error is tomllib's.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import Any

_STRING = r'"[^"\\\x00-\x08\x0a-\x1f\x7f]*"'
_NAMES = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
_GAP = r"(?:[ \t]*(?:\#[^\x00-\x08\x0a-\x1f\x7f]*)?\n)"
_STATEMENT = re.compile(
    rf"""
    (?P<blank>{_GAP}+)
    |\[(?P<table>{_NAMES})\][ \t]*\n
    |\[\[(?P<row>{_NAMES})\]\][ \t]*\n
    |(?P<key>[A-Za-z0-9_-]+)[ \t]*=[ \t]*(?:
        (?P<string>{_STRING})
        |(?P<list>\[[ \t\n]*(?:{_STRING}[ \t\n]*,[ \t\n]*)*(?:{_STRING}[ \t\n]*)?\])
        |(?P<flag>true|false)
        |(?P<number>0|[1-9][0-9]{{0,15}})
        |(?P<day>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})
    )[ \t]*\n
    """,
    re.VERBOSE,
)
_INSIDE = re.compile(r'"([^"]*)"')
_KEY = re.compile(r"[A-Za-z0-9_-]+[ \t]*=")
_NEXT = re.compile(r"\n(?=[A-Za-z0-9_\[-])")
"""Where the next statement can begin: a line that is not indented."""


class _NotPlain(Exception):
    """The tables of this text are for tomllib to understand."""


def loads(text: str) -> dict[str, Any]:
    """What tomllib.loads gives. Raises its TOMLDecodeError."""
    try:
        return _read(text if text.endswith("\n") else f"{text}\n")
    except (_NotPlain, ValueError):  # a TOMLDecodeError of one statement is a ValueError, and names the wrong line
        return tomllib.loads(text)


def _read(text: str) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    here, at = whole, 0
    while at < len(text):
        found = _STATEMENT.match(text, at)
        if found is None:
            at = _other(text, at, here)
            continue
        at, kind = found.end(), found.lastgroup
        if kind == "blank":
            continue
        if kind in {"table", "row"}:
            here = _opened(whole, found[kind], several=kind == "row")
        elif found["key"] in here:
            raise _NotPlain
        else:
            here[found["key"]] = _value(kind, found)
    return whole


def _value(kind: str | None, found: re.Match[str]) -> Any:
    words = found[kind or "key"]
    if kind == "string":
        return words[1:-1]
    if kind == "list":
        return _INSIDE.findall(words)
    if kind == "flag":
        return words == "true"
    return int(words) if kind == "number" else date.fromisoformat(words)


def _opened(whole: dict[str, Any], names: str, *, several: bool) -> dict[str, Any]:
    """A new table of this name. What it stands in was opened before, and nothing of its name but rows like itself."""
    *above, name = names.split(".")
    place: Any = whole
    for step in above:
        place = place.get(step)
        place = place[-1] if isinstance(place, _Rows) else place
        if not isinstance(place, _Opened):
            raise _NotPlain
    if not several and name in place:
        raise _NotPlain
    table = _Opened()
    if not several:
        place[name] = table
        return table
    rows = place.setdefault(name, _Rows())
    if not isinstance(rows, _Rows):
        raise _NotPlain
    rows.append(table)
    return table


class _Opened(dict[str, Any]):
    """A table that a heading began: one that was written as a value takes no more."""


class _Rows(list[_Opened]):
    """Rows that a heading began: to a list that was written as a value, none may be added."""


def _other(text: str, at: int, here: dict[str, Any]) -> int:
    """A statement that is not plain, read by tomllib into the table that is open; gives where it ends."""
    after = _NEXT.search(text, at)
    end = after.end() if after else len(text)
    words = text[at:end]
    made = tomllib.loads(words)
    # A heading, a dotted or quoted key, or two statements at once: then the order of tables is at stake.
    plain = len(made) == 1 and _KEY.match(words)
    if not plain or not here.keys().isdisjoint(made):
        raise _NotPlain
    here.update(made)
    return end
