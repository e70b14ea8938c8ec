"""An export in whatever format: which it is, by what stands in it, and its conversations."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from doorframe.adapters.conversations import csv_file, discord, encoding, fields, json_file, mbox, slack, whatsapp
from doorframe.adapters.conversations.found import Conversation, Told, Unreadable

FORMATS = ("csv", "json", "discord", "slack", "whatsapp", "mbox")

SAID = {"csv": "a table", "json": "JSON", "discord": "a Discord channel", "slack": "a Slack workspace",
        "whatsapp": "a WhatsApp chat", "mbox": "a mailbox"}  # fmt: skip

LARGEST_PACKED = 1_000_000_000
"""Bytes of a chat that comes in a ZIP, unpacked."""

_READERS: dict[str, Callable[[BinaryIO, Told], Iterator[Conversation]]] = {
    "csv": csv_file.read,
    "json": json_file.read,
    "discord": discord.read,
    "whatsapp": whatsapp.read,
    "mbox": mbox.read,
}
_LOOKED_AT = 1 << 16


def read(place: Path, format: str, told: Told) -> Iterator[Conversation]:
    """The conversations of an export in one of FORMATS. Raises Unreadable."""
    _check(place)
    if format == "slack":
        yield from slack.read(place, told)
        return
    if place.is_dir():
        raise Unreadable("A folder can only be read as a Slack export.")
    if format == "whatsapp" and zipfile.is_zipfile(place):
        yield from _packed_chat(place, told)
        return
    with place.open("rb") as stream:
        yield from _READERS[format](stream, told)


def guess(place: Path) -> str:
    """The format of an export, by what stands in it and not by its name. Raises Unreadable."""
    _check(place)
    if place.is_dir():
        return "slack"
    with place.open("rb") as stream:
        head = stream.read(4)
        if head in (b"PK\x03\x04", b"PK\x05\x06"):
            return "whatsapp" if _chat(place) else "slack"
        stream.seek(0)
        beginning = encoding.opened(stream).read(_LOOKED_AT)
    return _by_words(beginning.lstrip("\ufeff \r\n\t"))


def read_once(place: Path) -> bool:
    """Whether what is there can be read once alone, such as a pipe. Every format is read at least twice."""
    return place.exists() and not place.is_file() and not place.is_dir()


def _check(place: Path) -> None:
    if read_once(place):
        raise Unreadable("This is no file that can be read twice. Save it first and name the file.")


def _by_words(beginning: str) -> str:
    if beginning.startswith("From "):
        return "mbox"
    if beginning.startswith(("{", "[{", "[\n", "[\r", "[ ", "[]")):
        discord_like = all(re.search(rf'"{key}"\s*:', beginning) for key in ("guild", "channel"))
        return "discord" if discord_like and beginning.startswith("{") else "json"
    lines = beginning.splitlines()[:50]
    if any(whatsapp.begins(line) for line in lines):
        return "whatsapp"
    if lines and "text" in fields.known(csv_file.header(lines).titles):
        return "csv"
    raise Unreadable(f"What kind of export this is cannot be told. Name it with --format: {', '.join(FORMATS)}.")


def _chat(place: Path) -> zipfile.ZipInfo | None:
    """The text of a chat in a ZIP."""
    try:
        with zipfile.ZipFile(place) as archive:
            texts = [one for one in archive.infolist() if _is_chat(one.filename)]
    except zipfile.BadZipFile as error:
        raise Unreadable("The ZIP is damaged, so it was not read. Export it again.") from error
    return texts[0] if len(texts) == 1 else None


def _is_chat(name: str) -> bool:
    return name.endswith(".txt") and not slack.macs_own(name)


def _packed_chat(place: Path, told: Told) -> Iterator[Conversation]:
    info = _chat(place)
    if info is None:
        raise Unreadable("This ZIP does not hold one chat as text, so it was not read.")
    if info.file_size > LARGEST_PACKED:
        raise Unreadable("Unpacked this chat would be larger than 1 GB, so it was not read.")
    try:
        with zipfile.ZipFile(place) as archive, archive.open(info) as stream:
            yield from whatsapp.read(stream, told)  # type: ignore[arg-type]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise Unreadable("The ZIP is damaged or locked, so it was not read to its end.") from error
