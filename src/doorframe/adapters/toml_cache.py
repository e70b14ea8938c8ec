"""What our content's TOML says, kept between starts, since parsing it is a good part of a cold command.

Each table is kept under the SHA-256 of the very text it was parsed from, so a changed file is never answered with what
it said before. The tables still pass every check of the loader. Whatever is wrong with the cache, the text is parsed.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from doorframe.adapters import toml_plain
from doorframe.engines.content.reader import Parse

_DAY = "\0day"
"""The only key of an object that stands for a date. No TOML file can hold it unescaped, and none of ours does."""


def place() -> Path | None:
    """The file for this person, who may have no home to keep it in."""
    given = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME")
    try:
        return (Path(given) if given else Path.home() / ".cache") / "doorframe" / "tables.json"
    except RuntimeError:
        return None


@contextmanager
def parser(path: Path | None) -> Iterator[Parse]:
    """A stand-in for tomllib.loads that remembers. What it had to parse anew is kept when the block ends well."""
    known = _read(path) if path else {}
    used: dict[str, dict[str, Any]] = {}

    def parse(text: str) -> dict[str, Any]:
        key = sha256(text.encode()).hexdigest()
        if key not in used:
            used[key] = known[key] if key in known else toml_plain.loads(text)
        return used[key]

    yield parse
    if path and used.keys() - known.keys():
        _write(path, used)


def _read(path: Path) -> dict[str, dict[str, Any]]:
    """The kept tables; none where the file is missing, torn, or could have been written by somebody else."""
    try:
        with open(path, "rb") as file:
            if not _is_ours(os.fstat(file.fileno())):
                return {}
            seal, _, body = file.read().partition(b"\n")
        if seal.decode() != sha256(body).hexdigest():
            return {}
        found: dict[str, dict[str, Any]] = json.loads(body, object_hook=_with_days)
        return found
    except (OSError, ValueError, TypeError):
        return {}


def _is_ours(status: os.stat_result) -> bool:
    if os.name == "nt":  # the folder belongs to one person there
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _write(path: Path, tables: dict[str, dict[str, Any]]) -> None:
    """Replace the file in one step: two commands at once leave one whole file. Silent where we may not write."""
    try:
        body = json.dumps(tables, ensure_ascii=False, separators=(",", ":"), default=_as_day).encode()
    except TypeError:  # a kind of value that JSON does not know: then nothing is kept
        return
    part = path.with_name(f"tables-{os.getpid()}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(part, "wb", opener=_for_us_alone) as file:
            file.write(sha256(body).hexdigest().encode() + b"\n" + body)
        os.replace(part, path)
    except OSError:
        with suppress(OSError):
            part.unlink()


def _for_us_alone(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _as_day(value: object) -> dict[str, str]:
    if isinstance(value, date) and not isinstance(value, datetime):
        return {_DAY: value.isoformat()}
    raise TypeError


def _with_days(found: dict[str, Any]) -> Any:
    return date.fromisoformat(found[_DAY]) if _DAY in found else found
