"""A workspace as Slack exports it: a ZIP or a folder with a folder a channel and a file a day."""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from doorframe.adapters.conversations import found
from doorframe.adapters.conversations.found import Conversation, Told, Unreadable
from doorframe.adapters.windows_file import moment
from doorframe.engines.detection.conversation import Message

LARGEST_DAY = 64_000_000
"""Bytes of one file that are read."""

LARGEST = 4_000_000_000
"""Bytes of all files together, unpacked."""

MOST = 200_000
"""Files of one export."""

_WRITTEN = {"", "bot_message", "file_share", "me_message", "thread_broadcast", "file_comment"}
_LINK = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


class Store(Protocol):
    """Where the files are."""

    def names(self) -> list[str]: ...

    def read(self, name: str) -> bytes | None: ...


class Folder:
    """An export that was unpacked. Links to elsewhere are not followed."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def names(self) -> list[str]:
        paths = (path for path in self._place.rglob("*.json") if path.is_file() and not path.is_symlink())
        return [path.relative_to(self._place).as_posix() for path in paths]

    def read(self, name: str) -> bytes | None:
        with (self._place / name).open("rb") as file:
            data = file.read(LARGEST_DAY + 1)
        return data if len(data) <= LARGEST_DAY else None


class Packed:
    """An export as it came. Nothing is unpacked to the disk, and a file says itself how large it is at most."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        if sum(one.file_size for one in archive.infolist()) > LARGEST:
            raise Unreadable("Unpacked this ZIP would be larger than 4 GB, so it was not read. Export less at once.")

    def names(self) -> list[str]:
        return [one.filename for one in self._archive.infolist() if one.filename.endswith(".json")]

    def read(self, name: str) -> bytes | None:
        try:
            with self._archive.open(name) as file:
                data = file.read(LARGEST_DAY + 1)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
            return None
        return data if len(data) <= LARGEST_DAY else None


def read(place: Path, told: Told) -> Iterator[Conversation]:
    """The conversations of a workspace: each channel, and each thread by itself. Memory holds a channel's day."""
    if place.is_dir():
        yield from found.stretches(_messages(Folder(place), told), told)
        return
    try:
        with zipfile.ZipFile(place) as archive:
            yield from found.stretches(_messages(Packed(archive), told), told)
    except zipfile.BadZipFile as error:
        raise Unreadable("The ZIP is damaged, so it was not read. Export it again.") from error


def _messages(store: Store, told: Told) -> Iterator[tuple[str, Message]]:
    names = sorted(name for name in store.names() if not macs_own(name))
    if len(names) > MOST:
        raise Unreadable(f"This export holds more than {MOST:,} files, so it was not read. Export less at once.")
    root = _root(names)
    members = _members(store, root)
    below = [name for name in names if PurePosixPath(name).is_relative_to(root)]
    days = [name for name in below if len(PurePosixPath(name).relative_to(root).parts) == 2]
    told.notes += [] if len(below) == len(names) else ["Files that lie beside the folder of the export were not read."]
    if not days:
        raise Unreadable("No channel with a file a day was found; a Slack export has a folder for each channel.")
    for name in days:
        yield from _day(store, name, members, told)


def macs_own(name: str) -> bool:
    """Whether a file is what a Mac keeps of its own beside each file, and nothing that somebody wrote."""
    path = PurePosixPath(name)
    return path.name.startswith("._") or "__MACOSX" in path.parts


def _root(names: list[str]) -> PurePosixPath:
    """The folder in which users.json or channels.json lies, or the one above the channels."""
    for name in names:
        if PurePosixPath(name).name in {"users.json", "channels.json"}:
            return PurePosixPath(name).parent
    depths = [len(PurePosixPath(name).parts) for name in names]
    first = PurePosixPath(names[0]) if names else PurePosixPath(".")
    return PurePosixPath(*first.parts[: max(0, min(depths, default=2) - 2)])


def _members(store: Store, root: PurePosixPath) -> dict[str, str]:
    """The name of each member."""
    data = _rows(store, (root / "users.json").as_posix()) if (root / "users.json").as_posix() in store.names() else []
    found_names: dict[str, str] = {}
    for one in data or []:
        given = one.get("profile")
        profile: dict[str, Any] = given if isinstance(given, dict) else {}
        names = (profile.get("display_name"), one.get("real_name"), profile.get("real_name"), one.get("name"))
        found_names[str(one.get("id"))] = next((str(name) for name in names if name), str(one.get("id")))
    return found_names


def _rows(store: Store, name: str) -> list[dict[str, Any]] | None:
    data = store.read(name)
    try:
        rows = json.loads(data.decode("utf-8-sig", "replace")) if data is not None else None
    except (ValueError, RecursionError):
        return None
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else None


def _day(store: Store, name: str, members: dict[str, str], told: Told) -> Iterator[tuple[str, Message]]:
    rows = _rows(store, name)
    if rows is None:
        told.left[found.BROKEN] += 1
        return
    channel = PurePosixPath(name).parent.name
    for place, row in enumerate(rows, 1):
        if row.get("type", "message") != "message" or str(row.get("subtype") or "") not in _WRITTEN:
            told.left[found.NOTICE] += 1
        elif not isinstance(row.get("text"), str):
            told.left[found.BROKEN] += 1
        else:
            stamp = str(row.get("ts", ""))
            thread = str(row.get("thread_ts") or "")
            yield (f"{channel}/{thread}" if thread else channel), Message(
                stamp or f"{PurePosixPath(name).stem}-{place}", _author(row, members), _plain(row["text"], members),
                _seconds(stamp),
            )  # fmt: skip


def _author(row: dict[str, Any], members: dict[str, str]) -> str:
    given = row.get("user_profile")
    profile: dict[str, Any] = given if isinstance(given, dict) else {}
    user = str(row.get("user") or row.get("bot_id") or "")
    names = (members.get(user), profile.get("display_name"), profile.get("real_name"), row.get("username"), user)
    return next((str(name) for name in names if name), "")


def _seconds(stamp: str) -> float | None:
    try:
        return moment(float(stamp))
    except ValueError:
        return None


def _plain(text: str, members: dict[str, str]) -> str:
    """Words as people see them: names for numbers, what a link is called, and the signs that Slack writes otherwise."""

    def shown(match: re.Match[str]) -> str:
        sign, target, label = match[1], match[2], match[3]
        if sign == "@":
            return f"@{label or members.get(target, target)}"
        return {"#": "#", "!": "@"}.get(sign, "") + (label or target)

    return html.unescape(_LINK.sub(shown, text))
