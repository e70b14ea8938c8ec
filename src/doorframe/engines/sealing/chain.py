"""The hash chain: each link is hashed together with the hash before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from doorframe.engines.sealing.canonical import CanonicalError, Json, canonical_bytes

GENESIS = "0" * 64
"""What the first link of a chain names as the hash before it."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """In place of what a link says, where only its place in the chain is shown."""


WITHHELD: Final = Withheld()


@dataclass(frozen=True, slots=True)
class Link:
    """One link as it was stored: its number, what it says, and the two hashes kept with it.

    A link whose payload is WITHHELD shows its place alone; nobody can tell from it whether its words were altered.
    """

    seq: int
    payload: Json | Withheld
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold, and what is wrong there, as a sentence."""

    seq: int
    sentence: str


def link_hash(previous_hash: str, payload: Json) -> str:
    """SHA-256, in lower-case hexadecimal, of the previous hash, a line feed and the payload's canonical bytes."""
    return hashlib.sha256(previous_hash.encode("ascii") + b"\n" + canonical_bytes(payload)).hexdigest()


def find_breaks(
    links: Iterable[Link], *, head: tuple[int, str] | None, after: tuple[int, str] = (0, GENESIS)
) -> Iterator[Break]:
    """Yield every place where the chain does not hold.

    `links` come in the order of their stored numbers. `head` is the number and hash that the last link must
    have ((0, GENESIS) for an empty chain), kept apart from the links; None when no head was kept. `after` is the number
    and hash of the link before the first of these, for a chain that is read in parts.
    """
    expected_seq, expected_previous = after[0] + 1, after[1]
    last = after
    for link in links:
        yield from _link_breaks(link, expected_seq, expected_previous)
        expected_seq, expected_previous = link.seq + 1, link.hash
        last = (link.seq, link.hash)
    yield from _head_breaks(last, head)


def _link_breaks(link: Link, expected_seq: int, expected_previous: str) -> Iterator[Break]:
    if link.seq > expected_seq:
        count = link.seq - expected_seq
        missing = f"record {expected_seq} is" if count == 1 else f"records {expected_seq} to {link.seq - 1} are"
        yield Break(link.seq, f"{missing} missing")
    elif link.seq < expected_seq:
        yield Break(link.seq, f"record {link.seq} stands out of order")
    if link.previous_hash != expected_previous:
        yield Break(link.seq, f"record {link.seq} does not follow the record before it")
    if not _is_own_hash(link):
        yield Break(link.seq, f"record {link.seq} was altered after it was written")


def _is_own_hash(link: Link) -> bool:
    if isinstance(link.payload, Withheld):
        return True
    try:
        return link_hash(link.previous_hash, link.payload) == link.hash
    except (CanonicalError, UnicodeEncodeError):
        return False


def _head_breaks(last: tuple[int, str], head: tuple[int, str] | None) -> Iterator[Break]:
    if head is None:
        yield Break(last[0], "the head of the chain is missing, so its end cannot be proved")
        return
    if last[0] < head[0]:
        yield Break(last[0] + 1, f"the chain ends at record {last[0]}, but its head names record {head[0]}")
    elif last[0] > head[0]:
        yield Break(last[0], f"the chain ends at record {last[0]}, but its head names only record {head[0]}")
    elif last[1] != head[1]:
        yield Break(last[0], "the hash of the last record is not the one its head names")
