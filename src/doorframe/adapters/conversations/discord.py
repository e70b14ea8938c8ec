"""A channel as DiscordChatExporter writes it (JSON)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from doorframe.adapters.conversations import encoding, found, json_stream
from doorframe.adapters.conversations.found import Conversation, Latest, Told
from doorframe.adapters.windows_file import moment
from doorframe.engines.detection.conversation import Message

_WRITTEN = {"Default", "Reply", "19", "0", "ThreadStarterMessage"}
"""Kinds of message that somebody wrote; the others are notices."""

MEMBERS = 100_000


def read(stream: BinaryIO, told: Told) -> Iterator[Conversation]:
    """The conversation of a channel. Memory holds one message. What bots post is read: people speak through them."""
    return found.stretches(_messages(stream, told), told)


def _messages(stream: BinaryIO, told: Told) -> Iterator[tuple[str, Message]]:
    def broken() -> None:
        told.left[found.BROKEN] += 1

    called = _Called()
    for head, item in json_stream.items(encoding.opened(stream), broken):
        if not isinstance(item, dict) or not isinstance(item.get("content"), str):
            broken()
        elif str(item.get("type", "Default")) not in _WRITTEN:
            told.left[found.NOTICE] += 1
        else:
            author = called.name(item.get("author"))
            yield (
                _channel(head, told.name),
                Message(str(item.get("id", "")), author, item["content"], moment(item.get("timestamp"))),
            )


def _channel(head: dict[str, Any], otherwise: str) -> str:
    channel = head.get("channel")
    name = channel.get("name") or channel.get("id") if isinstance(channel, dict) else channel
    return str(name or otherwise)


class _Called:
    """One name a member: the nickname, since others use it; with the account where two have the same."""

    def __init__(self) -> None:
        self._names: Latest[str, str] = Latest(MEMBERS)
        self._owners: Latest[str, str] = Latest(MEMBERS)

    def name(self, author: object) -> str:
        if not isinstance(author, dict):
            return ""
        account = str(author.get("name") or "")
        key = str(author.get("id") or account)
        if key not in self._names:
            wished = str(author.get("nickname") or account)
            taken = self._owners.get(wished, key) != key
            self._names.keep(key, f"{wished} ({account})" if taken else wished)
            if not taken:
                self._owners.keep(wished, key)
        return self._names[key]
