"""docs/reference/commands.md: every command of run.py, `doorframe` and `doorframe-admin`."""

from __future__ import annotations

import argparse
import ast
import contextlib
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from doorframe.web.reference import markdown

_SHARED = {action.dest for action in BaseCommand().create_parser("doorframe-admin", "help")._actions}
"""What every command of the framework takes; it would drown our own arguments."""

_DJANGO = ("migrate", "createcachetable", "changepassword", "clearsessions", "dbshell")


class _Caught(Exception):
    """Carries a parser out of the command that built it."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self.parser = parser


def page(checkout: Path) -> str:
    """Every command with its arguments."""
    lines = ["## run.py", "", "From a checkout, with Python's standard library alone.", ""]
    lines += ["```", _docstring(checkout / "run.py"), "```", ""]
    lines += ["## doorframe", "", "Needs no server and no database. Exit codes: 0 fine, 1 findings, 2 wrong use.", ""]
    for parser in client_parsers():
        lines += _command(parser, parser.prog, [*parser._actions])
    lines += [
        "## doorframe-admin",
        "",
        "Works on the data of an installation, and reads its [settings](settings.md).",
        "",
    ]
    for name, command in sorted(own_commands().items()):
        parser = command.create_parser("doorframe-admin", name)
        own = [action for action in parser._actions if action.dest not in _SHARED]
        lines += _command(parser, f"doorframe-admin {name}", own)
    also = ", ".join(f"`{name}`" for name in _DJANGO)
    lines += [f"It also takes the commands of Django, among them {also}.", ""]
    return markdown.page("Commands", "What can be typed.", lines)


def client_parsers() -> list[argparse.ArgumentParser]:
    """The parser of each command of `doorframe`, in the order of its help.

    The two doors never import each other, so this one asks the installed program, as a person would.
    """
    (program,) = entry_points(group="console_scripts", name="doorframe")
    main = program.load()
    found = []
    for group, name in sys.modules[main.__module__].COMMANDS:
        with _catching():
            try:
                main([group, name, "--help"])
            except _Caught as caught:
                found.append(caught.parser)
    return found


@contextlib.contextmanager
def _catching() -> Iterator[None]:
    def catch(parser: argparse.ArgumentParser, *args: Any, **options: Any) -> None:
        raise _Caught(parser)

    with patch.object(argparse.ArgumentParser, "parse_args", catch):
        yield


def own_commands() -> dict[str, BaseCommand]:
    """The commands of `doorframe-admin` that are ours, by name."""
    return {
        name: load_command_class(app, name)
        for name, app in get_commands().items()
        if isinstance(app, str) and app.startswith("doorframe.")
    }


def _command(parser: argparse.ArgumentParser, name: str, actions: list[argparse.Action]) -> list[str]:
    shown = [action for action in actions if not isinstance(action, argparse._HelpAction)]
    usage = " ".join(
        [name, *(_use(action) for action in sorted(shown, key=lambda action: bool(action.option_strings)))]
    )
    lines = [f"### {name}", "", parser.description or "", "", "```", usage, "```", ""]
    for action in shown:
        lines.append(f"- `{_signature(action)}`: {_help(action)}")
    lines += ["", parser.epilog] if parser.epilog else []
    return [*lines, ""]


def _signature(action: argparse.Action) -> str:
    names = ", ".join(action.option_strings)
    value = "" if action.nargs == 0 else _value(action)
    return f"{names} {value}".strip()


def _value(action: argparse.Action) -> str:
    if action.metavar:
        return str(action.metavar)
    if action.choices:
        return "|".join(str(choice) for choice in action.choices)
    return action.dest.upper()


def _use(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"[{_value(action)}]" if action.nargs == "?" else _value(action)
    value = "" if action.nargs == 0 else f" {_value(action)}"
    use = f"{action.option_strings[-1]}{value}"
    return use if action.required else f"[{use}]"


def _help(action: argparse.Action) -> str:
    said = (action.help or ("one of these" if action.choices else "")).strip()
    if action.required and action.option_strings:
        return f"{said} (needed)"
    if action.default in (None, "", False, argparse.SUPPRESS, []) or not action.option_strings:
        return said
    return f"{said} (if left out: {action.default})"


def _docstring(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").strip()
