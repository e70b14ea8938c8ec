"""One value, one sequence of bytes: the JSON that gets hashed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = bool | int | str | Sequence["Json"] | Mapping[str, "Json"] | None

# PostgreSQL's JSON keeps integers exactly, but other readers (JavaScript, spreadsheets) round beyond this.
_LARGEST_INTEGER = 2**53 - 1


class CanonicalError(ValueError):
    """The value cannot be written as canonical JSON; the message names the place."""


def canonical_bytes(value: Json) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces.

    Only null, true, false, whole numbers within ±(2**53 - 1), text, lists and objects with text keys are
    accepted. Fractions are refused because two writers may print them differently; send them as text.

    Raises CanonicalError naming the path of the first value that does not fit.
    """
    plain = _plain(value, "value")
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def _plain(value: object, path: str) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _whole_number(value, path)
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, Mapping):
        return {_key(key, path): _plain(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [_plain(item, f"{path}[{index}]") for index, item in enumerate(value)]
    raise CanonicalError(f"{path} is a {type(value).__name__}, which canonical JSON does not hold")


def _whole_number(value: int, path: str) -> int:
    if abs(value) > _LARGEST_INTEGER:
        raise CanonicalError(f"{path} is beyond ±(2**53 - 1); send it as text")
    return int(value)


def _text(value: str, path: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError(f"{path} holds half a character (a lone surrogate)") from error
    if "\x00" in value:
        raise CanonicalError(f"{path} holds a null character, which databases cannot keep")
    return str(value)


def _key(key: object, path: str) -> str:
    if not isinstance(key, str):
        raise CanonicalError(f"a key of {path} is a {type(key).__name__}; keys are text")
    return _text(key, f"a key of {path}")
