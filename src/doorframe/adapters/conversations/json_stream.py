"""Objects of a large JSON file, one after another, in bounded memory."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, TextIO

LARGEST = 4_000_000
"""Letters of one object that are read."""

_CHUNK = 1 << 16
_SPACE = re.compile(r"[\s\ufeff]*")
_NEXT = re.compile(r"\}\s*,?\s*(?=\{)|\n\s*(?=\{)")
"""Where the next object begins after one that is broken."""


class _Ended(Exception):
    """The file ends in the middle of a value."""


class _Broken(Exception):
    """This is not JSON."""


class _Cursor:
    """A place in a text that is read piece by piece."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._decoder = json.JSONDecoder()
        self.text = ""
        self.at = 0
        self.over = False

    def fill(self, size: int = _CHUNK) -> bool:
        """Read on; False at the end of the file. What was used up is dropped."""
        more = self._stream.read(size)
        self.text = self.text[self.at :] + more
        self.at = 0
        self.over = not more
        return bool(more)

    def peek(self) -> str:
        """The next letter that is no space, "" at the end."""
        while True:
            space = _SPACE.match(self.text, self.at)
            self.at = space.end() if space else self.at
            if self.at < len(self.text) or not self.fill():
                return self.text[self.at : self.at + 1]

    def value(self) -> Any:
        """The value that begins here. Raises _Broken or _Ended."""
        self.peek()
        while True:
            try:
                found, end = self._decoder.raw_decode(self.text, self.at)
            except RecursionError as error:
                raise _Broken from error
            except ValueError as error:
                self._more(error)
                continue
            if end == len(self.text) and not self.over and self.fill():
                continue  # a number may go on
            self.at = end if self.text else self.at
            return found

    def _more(self, error: ValueError) -> None:
        """Read on where a value may only be cut by the end of what was read so far."""
        waiting = len(self.text) - self.at
        place = getattr(error, "pos", 0)
        if waiting > LARGEST or (len(self.text) - place > 32 and "Unterminated" not in str(error)):
            raise _Broken from error
        if not self.fill(max(_CHUNK, waiting)):
            raise _Ended from error

    def skip_broken(self) -> bool:
        """Go to where the next object seems to begin; False where there is none."""
        self.at += 1
        while True:
            found = _NEXT.search(self.text, self.at)
            if found:
                self.at = found.end()
                return True
            self.at = max(self.at, len(self.text) - 64)
            if not self.fill():
                return False


def items(stream: TextIO, broken: Callable[[], None], key: str = "messages") -> Iterator[tuple[dict[str, Any], Any]]:
    """(head, item): the items of a list; of an object's list under `key`, with what stood before it as head; or objects
    that stand one after another, one a line. `broken` is called for each that cannot be read."""
    cursor = _Cursor(stream)
    while sign := cursor.peek():
        try:
            if sign == "[":
                cursor.at += 1
                yield from (({}, item) for item in _list(cursor, broken))
            elif sign == "{":
                yield from _object(cursor, broken, key)
            else:
                raise _Broken
        except _Ended:
            broken()
            return
        except _Broken:
            broken()
            if not cursor.skip_broken():
                return


def _list(cursor: _Cursor, broken: Callable[[], None]) -> Iterator[Any]:
    """The items up to the closing bracket."""
    while (sign := cursor.peek()) != "]":
        if not sign:
            raise _Ended
        if sign == ",":
            cursor.at += 1
            continue
        try:
            yield cursor.value()
        except _Broken:
            broken()
            if not cursor.skip_broken():
                return
    cursor.at += 1


def _object(cursor: _Cursor, broken: Callable[[], None], key: str) -> Iterator[tuple[dict[str, Any], Any]]:
    """The items under `key`, or the object itself where it has none."""
    head: dict[str, Any] = {}
    cursor.at += 1
    listed = False
    while (sign := cursor.peek()) != "}":
        if sign == ",":
            cursor.at += 1
            continue
        if not sign:
            raise _Ended
        name = cursor.value()
        if not isinstance(name, str) or cursor.peek() != ":":
            raise _Broken
        cursor.at += 1
        if name == key and cursor.peek() == "[":
            cursor.at += 1
            listed = True
            yield from ((head, item) for item in _list(cursor, broken))
        else:
            head[name] = cursor.value()
    cursor.at += 1
    if not listed:
        yield {}, head
