"""Run `doorframe` as people do: as a program of its own, with what it prints and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PREFIX = [sys.executable, "-m", "doorframe.cli.main"]


def run(
    *arguments: str | Path, stdin: str | bytes = "", cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """One command. Text goes in and out as UTF-8 whatever the machine speaks."""
    data = stdin if isinstance(stdin, bytes) else stdin.encode()
    done = subprocess.run(
        [*PREFIX, *(str(argument) for argument in arguments)],
        input=data, capture_output=True, cwd=cwd, env={**os.environ, **environment}, timeout=120, check=False,
    )  # fmt: skip
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def python(script: str, *arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A piece of Python in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", script, *(str(argument) for argument in arguments)],
        capture_output=True, text=True, encoding="utf-8", cwd=cwd, timeout=120, check=False,
    )  # fmt: skip


def one_sentence(text: str) -> str:
    """What went wrong, said in one line and without a traceback."""
    assert "Traceback" not in text
    lines = text.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("doorframe: "), text
    return lines[0].removeprefix("doorframe: ")
