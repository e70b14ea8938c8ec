"""`doorframe`: the commands that need no server. Exit codes: 0 fine, 1 findings, 2 wrong use."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from importlib import import_module

from doorframe import __version__
from doorframe.cli.errors import UserError

COMMANDS: dict[tuple[str, str], tuple[str, str]] = {
    ("policy", "new"): ("doorframe.cli.policy_new", "print every question as an answers file"),
    ("policy", "build"): ("doorframe.cli.policy_build", "turn an answers file into documents"),
    ("policy", "check"): ("doorframe.cli.policy_check", "say what keeps a policy from being published"),
    ("policy", "audit"): ("doorframe.cli.policy_audit", "say what a policy that exists already covers and lacks"),
    ("content", "check"): ("doorframe.cli.content_check", "check every content file, citation and example"),
    ("content", "docs"): ("doorframe.cli.content_docs", "write the reference pages that come from content"),
    ("image", "clean"): (
        "doorframe.cli.image_clean",
        "take out of a picture what its file tells, and check that it is gone",
    ),
    ("detect", "archive"): ("doorframe.cli.detect_archive", "score an archive of any size, part by part"),
    ("detect", ""): ("doorframe.cli.detect", "say which messages of a support group deserve a moderator's look"),
    ("detect", "evaluate"): ("doorframe.cli.detect_evaluate", "how alerts fit labels"),
    ("detect", "backtest"): ("doorframe.cli.detect_backtest", "what a change of a rule would alter, before it counts"),
    ("detect", "report"): ("doorframe.cli.detect_report", "a report with pictures for the moderators of a group"),
    ("detect", "audio"): ("doorframe.cli.detect_audio", "hear a recording, and say which seconds deserve a look"),
    ("screen", ""): ("doorframe.cli.screen", "say whether a draft may be posted, and how to say it safely"),
    ("verify", ""): ("doorframe.cli.verify", "say whether a sealed PDF or an evidence pack is as it was made"),
}
"""Each command with the module that holds it, so that --help imports none of them. "" is a command of one word."""

_GROUPS = {
    "policy": "answers in, documents out",
    "content": "the clauses, questions and citations",
    "image": "pictures before they are posted",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    _open_what_is_closed()
    _speak_utf8()
    known, rest = _found(arguments)
    if not known:
        return _without_command(arguments)
    try:
        code = _run(known, rest)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _say_no_more()
        return 0
    except KeyboardInterrupt:
        print("\nStopped. Files that were already written are complete.", file=sys.stderr)
        return 2
    except OSError as error:
        _say_no_more()
        print(f"doorframe: {error.filename or 'The output'}: {error.strerror or error}.", file=sys.stderr)
        return 2


def _found(arguments: list[str]) -> tuple[str, list[str]]:
    """The module of the command that these words begin with, and the words after it; "" for none."""
    # An empty word after a command of one word is its argument, not the second word of a command.
    if len(arguments) > 1 and arguments[1] and (arguments[0], arguments[1]) in COMMANDS:
        return COMMANDS[arguments[0], arguments[1]][0], arguments[2:]
    if arguments and (arguments[0], "") in COMMANDS:
        return COMMANDS[arguments[0], ""][0], arguments[1:]
    return "", arguments


def _say_no_more() -> None:
    """Nobody takes what we print; Python must not try once more at its end and print a traceback."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(module: str, arguments: list[str]) -> int:
    """One command; what it cannot do is said in a sentence on standard error."""
    command = import_module(module)
    try:
        return int(command.run(arguments))
    except UserError as error:
        print(f"doorframe: {error}", file=sys.stderr)
        return 2
    except SystemExit as exit:
        return int(exit.code or 0)


def _open_what_is_closed() -> None:
    """A stream that the caller closed is None; reading from it gives nothing, and writing to it goes nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def _speak_utf8() -> None:
    """Names hold every script; a Windows console would refuse them otherwise."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _without_command(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="doorframe",
        description="Write a practice's social media policy and check it.",
        epilog="The environment variable DOORFRAME_CONTENT names a content folder of your own, laid over ours.",
    )
    parser.add_argument("--version", action="version", version=f"doorframe {__version__}")
    groups = parser.add_subparsers(title="commands", metavar="COMMAND")
    for (name, command), (_, what) in COMMANDS.items():
        if name not in _GROUPS:
            groups.add_parser(f"{name} {command}".strip(), help=what)
    for group, words in _GROUPS.items():
        inner = groups.add_parser(group, help=words, description=words).add_subparsers(metavar="COMMAND", required=True)
        for (name, command), (_, what) in COMMANDS.items():
            if name == group:
                inner.add_parser(command, help=what)
    try:
        parser.parse_args(arguments)
    except SystemExit as exit:
        return int(exit.code or 0)
    parser.print_help()
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
