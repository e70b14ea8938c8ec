"""Read one TOML table strictly: every key is known, every value has its type, every problem has a line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date as Day
from functools import cached_property
from typing import Any, TypeVar

from doorframe.engines.content.conditions import ALWAYS, Condition, parse
from doorframe.engines.content.schema import Problem

T = TypeVar("T")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")

Parse = Callable[[str], dict[str, Any]]
"""tomllib.loads, or what stands in for it: raises TOMLDecodeError."""


class Source:
    """One content file while it is read: its name, its text, and the problems found in it."""

    def __init__(self, name: str, text: str, problems: list[Problem], parse: Parse = tomllib.loads) -> None:
        self.name = name
        self.text = text
        self.problems = problems
        self.parse = parse

    def problem(self, message: str, line: int = 0) -> None:
        self.problems.append(Problem(self.name, line, message))

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def lines_of_tables(self, key: str, start: int = 1) -> list[int]:
        """The line of every [[key]] at or after `start`, in the order of the file."""
        pattern = re.compile(rf"^\s*\[\[\s*(?:[\w-]+\.)*{re.escape(key)}\s*\]\]")
        found = enumerate(self.lines[start - 1 :], start=start)
        return [number for number, line in found if key in line and pattern.match(line)]

    def line_of(self, key: str, start: int = 1) -> int:
        """The first line at or after `start` that sets `key` or opens a table of that name; `start` if none.

        With key in brackets, "[topics]", the table's own heading where it has one.
        """
        heading, key = key, key.strip("[]")
        if heading != key:
            return next(
                (n for n, line in enumerate(self.lines, start=1) if n >= start and heading in line),
                self.line_of(key, start),
            )
        pattern = None
        for number, line in enumerate(self.lines[start - 1 :], start=start):
            if key not in line:
                continue
            pattern = pattern or re.compile(rf"^\s*(?:\[+[\w.-]*\b)?{re.escape(key)}\b")
            if pattern.match(line):
                return number
        return start


class Table:
    """A TOML table being read. Take what is expected, then `done()` names whatever is left over."""

    def __init__(self, source: Source, raw: object, what: str, line: int = 1) -> None:
        self.source = source
        self.what = what
        self.line = line
        self.raw: dict[str, Any] = raw if isinstance(raw, dict) else {}
        self.taken: set[str] = set()
        if not isinstance(raw, dict):
            source.problem(f"{what} must be a table", line)

    def _take(self, key: str, kind: type[T], default: T, required: bool) -> T:
        self.taken.add(key)
        if key not in self.raw:
            if required:
                self.source.problem(f"{self.what} needs `{key}`", self.line)
            return default
        value = self.raw[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.source.problem(f"`{key}` of {self.what} must be {_WORDS[kind]}", self.source.line_of(key, self.line))
            return default
        return value

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        return self._take(key, str, default, required)

    def number(self, key: str, default: int = 0, *, required: bool = False) -> int:
        return self._take(key, int, default, required)

    def flag(self, key: str, default: bool = False) -> bool:
        return self._take(key, bool, default, False)

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._take(key, list, [], False)
        if any(not isinstance(value, str) for value in values):
            self.source.problem(f"`{key}` of {self.what} must be a list of texts", self.source.line_of(key, self.line))
            return ()
        return tuple(values)

    def word(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(key, default)
        if value not in allowed:
            known = ", ".join(allowed)
            self.source.problem(
                f"`{key}` of {self.what} is “{value}”; it can be {known}", self.source.line_of(key, self.line)
            )
            return default
        return value

    def date(self, key: str) -> str:
        """A date as ISO text, "" where there is none."""
        self.taken.add(key)
        value = self.raw.get(key, "")
        text = value.isoformat() if isinstance(value, Day) else value
        if not isinstance(text, str) or (text and not _DATE.fullmatch(text)):
            message = f"`{key}` of {self.what} must be a date, for example 2026-11-21"
            self.source.problem(message, self.source.line_of(key, self.line))
            return ""
        return text

    def any(self, key: str) -> object:
        self.taken.add(key)
        return self.raw.get(key)

    def condition(self, key: str = "when", default: Condition = ALWAYS) -> Condition:
        self.taken.add(key)
        if key not in self.raw:
            return default
        try:
            return parse(self.raw[key])
        except ValueError as error:
            self.source.problem(f"`{key}` of {self.what}: {error}", self.source.line_of(key, self.line))
            return default

    def tables(self, key: str, what: str) -> list[Table]:
        values = self._take(key, list, [], False)
        lines = self.source.lines_of_tables(key, self.line) if len(values) > 1 else []
        if len(lines) < len(values):  # one alone, or written inline
            lines = [self.source.line_of(key, self.line)] * len(values)
        return [Table(self.source, value, what, line) for value, line in zip(values, lines, strict=False)]

    def table(self, key: str, what: str) -> Table | None:
        if key not in self.raw:
            return None
        self.taken.add(key)
        return Table(self.source, self.raw[key], what, self.source.line_of(f"[{key}]", self.line))

    def done(self) -> None:
        for key in self.raw:
            if key not in self.taken:
                known = ", ".join(sorted(self.taken))
                line = self.source.line_of(key, self.line)
                self.source.problem(f"{self.what} has no `{key}`; it knows {known}", line)


_WORDS: dict[type, str] = {str: "text", int: "a whole number", bool: "true or false", list: "a list", dict: "a table"}
