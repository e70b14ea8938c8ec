"""What the commands share: reading content and answers, and saying what went wrong in one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from doorframe.adapters import toml_cache
from doorframe.cli.errors import UserError, fail
from doorframe.engines.assembly.words import Words
from doorframe.engines.content import languages, loader
from doorframe.engines.content.schema import Pack
from doorframe.engines.interview import answers as answers_engine
from doorframe.engines.interview.facts import resolve

if TYPE_CHECKING:
    from doorframe.engines.content.audit import AuditRules
    from doorframe.engines.content.detection import DetectionContent

__all__ = [
    "UserError", "content_folders", "fail", "load_audit", "load_detection", "load_pack", "read_answers", "spoken",
]  # fmt: skip

_MOST_PROBLEMS = 20
"""Problems of one answers file that are listed; who has more has given the wrong file."""


def content_folders() -> list[Path]:
    """The practice's own content folder, where DOORFRAME_CONTENT names one."""
    own = os.environ.get("DOORFRAME_CONTENT", "")
    if own and not Path(own).is_dir():
        fail(f"The folder {own} named by DOORFRAME_CONTENT does not exist.")
    return [Path(own)] if own else []


def load_pack() -> Pack:
    """The pack in force, with the practice's own content folder (DOORFRAME_CONTENT) on top."""
    folders = content_folders()
    try:
        with toml_cache.parser(toml_cache.place()) as toml:
            return loader.load(*folders, toml=toml)
    except loader.ContentError as error:
        first = error.problems[0]
        fail(f"The content cannot be used: {first} ({len(error.problems)} in all; run: doorframe content check)")


def load_audit(pack: Pack) -> AuditRules:
    """What the audit knows, with the practice's own content folder on top."""
    try:
        with toml_cache.parser(toml_cache.place()) as toml:
            return loader.load_audit(pack, *content_folders(), toml=toml)
    except loader.ContentError as error:
        first = error.problems[0]
        fail(f"The content cannot be used: {first} ({len(error.problems)} in all; run: doorframe content check)")


def load_detection() -> DetectionContent:
    """The detector's tactics, with the practice's own content folder on top."""
    try:
        with toml_cache.parser(toml_cache.place()) as toml:
            return loader.load_detection(*content_folders(), toml=toml)
    except loader.ContentError as error:
        first = error.problems[0]
        fail(f"The content cannot be used: {first} ({len(error.problems)} in all; run: doorframe content check)")


def spoken(pack: Pack, answers: Mapping[str, object]) -> Pack:
    """The pack as it speaks to this practice: its questions and findings in the spelling of its documents."""
    return languages.spoken(pack, Words(pack, resolve(pack, answers), "2000-01-01").language)


def read_answers(name: str, pack: Pack) -> dict[str, object]:
    """The answers of a file, or of standard input for "-". Fails with one sentence for each problem."""
    raw, problems = answers_engine.read_toml(pack, _read(name))
    answers, more = answers_engine.check(pack, raw)
    problems += more
    if problems:
        lines = [problem.message for problem in problems[:_MOST_PROBLEMS]]
        left = len(problems) - len(lines)
        lines += [f"and {left} more."] if left else []
        fail("\n  ".join([f"{name}: these answers cannot be used, so nothing was written:", *lines]))
    return answers


def _read(name: str) -> str:
    limit = answers_engine.LARGEST_FILE
    if not name:
        fail("Name an answers file, or - for standard input.")
    try:
        if name == "-":
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with open(name, "rb") as file:
                data = file.read(limit + 1)
    except FileNotFoundError:
        fail(f"There is no file {name}. Make one with: doorframe policy new > answers.toml")
    except OSError as error:
        fail(f"{name} cannot be read: {error.strerror or error}.")
    if len(data) > limit:
        fail(f"{name} is larger than {limit // 1000} kB. An answers file is a few kilobytes, so nothing was read.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        fail(f"{name} is not UTF-8 text, so nothing was read. Save it as UTF-8.")
