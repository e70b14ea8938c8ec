"""Whether bytes are DER, in which every value has one way to be written; readers forgive more than that."""

from __future__ import annotations

_DEEPEST = 40
_CONSTRUCTED, _LONG_TAG = 0x20, 0x1F


def end_of(data: bytes, start: int) -> int:
    """Where the value that begins here ends; 0 where none does, or its length is not written in the one way."""
    head = _head(data, start)
    return head[1] if head and head[1] <= len(data) else 0


def is_strict(data: bytes, depth: int = 0) -> bool:
    """Whether the bytes are values one after the other, and what they hold is too, to the last byte."""
    place = 0
    while place < len(data):
        head = _head(data, place)
        if head is None or head[1] > len(data) or depth > _DEEPEST:
            return False
        begin, end = head
        if data[place] & _CONSTRUCTED and not is_strict(data[begin:end], depth + 1):
            return False
        place = end
    return True


def _head(data: bytes, start: int) -> tuple[int, int] | None:
    """Where the content of a value begins and ends; None where its head is not as DER has it."""
    if len(data) < start + 2 or data[start] & _LONG_TAG == _LONG_TAG:
        return None
    first = data[start + 1]
    if first < 0x80:
        return start + 2, start + 2 + first
    count = first & 0x7F
    length = int.from_bytes(data[start + 2 : start + 2 + count], "big")
    shortest = 0 < count <= 4 and length >= 0x80 and length >> (8 * (count - 1)) > 0
    return (start + 2 + count, start + 2 + count + length) if shortest else None
