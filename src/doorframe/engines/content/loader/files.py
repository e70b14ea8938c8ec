"""Content files as bytes and sources. The only place that opens content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from doorframe.engines.content import schema as s
from doorframe.engines.content.reader import Parse, Source

OWN = Path(__file__).resolve().parents[3] / "content"
"""The content that ships with Doorframe."""


class ContentError(Exception):
    """The content cannot be used. `problems` says why, file by file."""

    def __init__(self, problems: list[s.Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


APART = ("audit/", "authorisation/", "detection/", "mail/", "screening/", "signing/")
"""Folders that are no part of the pack: no document is built from them."""


def apart(
    part: str, folders: tuple[Path, ...], toml: Parse
) -> tuple[dict[str, bytes], dict[str, Source], list[s.Problem]]:
    """One of these folders, the later ones laid over the earlier: bytes and sources by name, and the list that the
    sources write their problems to.
    """
    files: dict[str, bytes] = {}
    for folder in folders:
        files.update(files_of(folder, part=part))
    problems: list[s.Problem] = []
    sources = {name: Source(name, decode(name, data, problems), problems, toml) for name, data in files.items()}
    return files, sources, problems


def files_of(folder: Path, *, part: str = "") -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix in {".toml", ".md"} and part_of(name) == part and path.is_file():
            yield name, path.read_bytes()


def part_of(name: str) -> str:
    return next((folder for folder in APART if name.startswith(folder)), "")


def decode(name: str, data: bytes, problems: list[s.Problem]) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.append(s.Problem(name, line, "this file is not UTF-8 text; save it as UTF-8"))
        return ""


def digest(files: dict[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, data in sorted(files.items()):
        # Line ends differ between checkouts; the words do not.
        inner = hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()
        whole.update(f"{name}\0{inner}\n".encode())
    return whole.hexdigest()


def under(sources: dict[str, Source], folder: str) -> list[str]:
    return [name for name in sources if name.startswith(folder)]


def heads(folders: Iterable[Path], names: Iterable[str]) -> Iterator[str]:
    """The text before the first table of every TOML file in these subfolders, the folders in their order."""
    below = list(names)
    for folder in folders:
        for path in (path for name in below for path in sorted((folder / name).glob("*.toml"))):
            yield path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n").partition("\n[")[0]
