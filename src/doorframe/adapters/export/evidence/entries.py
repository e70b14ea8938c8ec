"""What goes into a pack: files under safe names, and the trail with others' events closed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from doorframe.adapters.export.tables import json_bytes
from doorframe.engines.sealing import Json, Link, Withheld, canonical_bytes

FORMAT = "doorframe-evidence/1"
MANIFEST = "manifest.json"
README = "README.txt"
TRAIL = "trail.jsonl"

_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)", re.IGNORECASE)
_LONGEST_PATH = 240


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a pack. `data` is its bytes, or parts of them that are written one after the other."""

    path: str
    data: bytes | Iterable[bytes]


@dataclass(frozen=True, slots=True)
class About:
    """What a pack is about.

    kind         "client", "version" or "practice"
    reference    a client's code or a version's number; never a name; "" for a whole practice
    made_at      when, in UTC, as text ending in Z
    head         number and hash of the last event of the trail when the pack was made
    certificate  SHA-256 fingerprint of the certificate that the practice seals with, "" where there is none
    """

    kind: str
    reference: str
    practice_uid: str
    practice_name: str
    made_at: str
    head: tuple[int, str]
    certificate: str = ""


def is_safe(path: str) -> bool:
    """A path that stays below its folder on every system: plain letters, no way up, no device of Windows."""
    parts = path.split("/")
    if len(path) > _LONGEST_PATH or not all(map(_SEGMENT.match, parts)):
        return False
    return not any(part.endswith(".") or _RESERVED.match(part) for part in parts)


def acknowledgement(
    record: Mapping[str, Any],
    *,
    sealed_pdf: bytes | None = None,
    policy: Json = None,
    fhir: Mapping[str, Any] | None = None,
) -> Iterator[Entry]:
    """The files of one acknowledgement, in a folder that is named by its reference.

    `policy` is the words whose hash stands in the record ({"lede", "sections"}); `fhir` the bundle.
    """
    folder = f"acknowledgements/{record['acknowledgement']['reference']}"
    yield Entry(f"{folder}/record.json", canonical_bytes(dict(record)))
    if policy is not None:
        yield Entry(f"{folder}/policy.json", canonical_bytes(policy))
    if sealed_pdf is not None:
        yield Entry(f"{folder}/sealed.pdf", sealed_pdf)
    if fhir is not None:
        yield Entry(f"{folder}/fhir.json", json_bytes(fhir))


def trail_lines(links: Iterable[Link], *, is_open: Callable[[Link], bool] = lambda link: True) -> Iterator[bytes]:
    """The trail, one canonical JSON object a line, from its first event to its head.

    An event for which `is_open` is false, or whose payload is WITHHELD, is shown by its number and hashes alone.
    """
    for link in links:
        line: dict[str, Json] = {"seq": link.seq, "previous_hash": link.previous_hash, "hash": link.hash}
        if not isinstance(link.payload, Withheld) and is_open(link):
            line["payload"] = link.payload
        yield canonical_bytes(line) + b"\n"
