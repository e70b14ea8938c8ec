"""docs/reference/promises.md: every promise, and the command that shows it.

The marks are read from the source of the tests, so that the page can be written without running one.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doorframe.web.reference import markdown

SHOWN_BY = ("tests", "benchmarks", "evaluation")
"""The folders of a checkout whose Python files may carry `@pytest.mark.promise`."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One test that shows a promise. `file` is relative to the checkout."""

    promise: str
    file: str
    test: str


def page(checkout: Path) -> str:
    """Every row, in the order of the table; a row without a test is open."""
    table = read(checkout)
    marks = list(find(checkout))
    shown = {mark.promise for mark in marks}
    lines: list[str] = []
    for area in table["areas"]:
        lines += [f"## {area['id']}. {area['title']}", ""]
        for row in table["promises"]:
            if row["id"][0] == area["id"]:
                lines += _row(row, [mark for mark in marks if mark.promise == row["id"]])
    total = len(table["promises"])
    kept = sum(row["id"] in shown for row in table["promises"])
    intro = (
        f"Doorframe makes {total} promises. {kept} have tests that show at least a part of them; a row without one is "
        "open. The command below a row is the way to see it for yourself, from a checkout."
    )
    return markdown.page("Promises", intro, lines)


def read(checkout: Path) -> dict[str, Any]:
    """The table of promises: `areas` and `promises`, in order."""
    return tomllib.loads((checkout / "docs/reference/promises.toml").read_text(encoding="utf-8"))


def find(checkout: Path) -> Iterator[Mark]:
    """Every mark in the tests, by file and then in the order of the file."""
    for folder in SHOWN_BY:
        for path in sorted((checkout / folder).rglob("*.py")):
            name = path.relative_to(checkout).as_posix()
            tree = ast.parse(path.read_text(encoding="utf-8"), name)
            every = list(_ids(_module_marks(tree)))
            yield from (Mark(promise, name, test) for promise, test in _tests(tree, every))


def _module_marks(tree: ast.Module) -> list[ast.expr]:
    """`pytestmark = ...` counts for every test of the file."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets):
            return list(node.value.elts) if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
    return []


def _tests(node: ast.Module | ast.ClassDef, inherited: list[str]) -> Iterator[tuple[str, str]]:
    for inner in node.body:
        if isinstance(inner, ast.ClassDef):
            yield from _tests(inner, [*inherited, *_ids(inner.decorator_list)])
        elif isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and inner.name.startswith("test"):
            for promise in dict.fromkeys([*inherited, *_ids(inner.decorator_list)]):
                yield promise, inner.name


def _ids(expressions: list[ast.expr]) -> Iterator[str]:
    for node in expressions:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "promise"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value)


def _row(row: dict[str, str], marks: list[Mark]) -> list[str]:
    lines = [f"### {row['id']}", "", f"{row['promise']}.", "", f"Seen by: {row['check']}.", ""]
    if not marks:
        return [*lines, "**Open.**", ""]
    by_file: dict[str, list[str]] = {}
    for mark in marks:
        by_file.setdefault(mark.file, []).append(mark.test)
    commands = [_command(file, list(dict.fromkeys(tests))) for file, tests in by_file.items()]
    return [*lines, "```", *commands, "```", ""]


def _command(file: str, tests: list[str]) -> str:
    if file.startswith("benchmarks/"):
        return f"python3 run.py bench  # {', '.join(tests)}"
    return f'python3 run.py test {file} -k "{" or ".join(tests)}"'
