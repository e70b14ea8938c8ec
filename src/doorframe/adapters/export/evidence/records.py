"""One record against what lies beside it, and what it says about the trail."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from doorframe.engines.sealing import CanonicalError, Link, canonical_bytes

ATTACHED = "acknowledgement.json"
"""The name of the record inside a sealed PDF."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not hold: the file in which it shows, and a sentence."""

    path: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What one record says about one event: its hash, and its name and time where the record tells them."""

    path: str
    hash: object
    name: object = None
    at: object = None

    def against(self, link: Link) -> str:
        """What does not fit between the claim and the event, as a sentence; "" where it fits."""
        if self.hash != link.hash:
            return f"This record does not fit the trail: event {link.seq} has another hash there."
        payload = link.payload
        if self.name is None or not isinstance(payload, Mapping):
            return ""
        if self.name != payload.get("name") or _instant(self.at) != _instant(payload.get("at")):
            return f"This record tells event {link.seq} in another way than the trail."
        return ""


Claims: TypeAlias = dict[int, list[Claim]]


def claims_of(path: str, record: Mapping[str, Any]) -> Iterator[tuple[int, Claim]]:
    """Every event that a record names, and the head of the chain when it was sealed."""
    chain = record.get("chain")
    if isinstance(chain, Mapping) and isinstance(chain.get("seq"), int) and chain["seq"] > 0:
        yield chain["seq"], Claim(path, chain.get("hash"))
    events = record.get("events")
    for event in events if isinstance(events, list) else ():
        if isinstance(event, Mapping) and isinstance(event.get("seq"), int):
            yield event["seq"], Claim(path, event.get("hash"), event.get("name"), event.get("at"))


def record_findings(record: Mapping[str, Any], data: bytes, policy: bytes | None, practice: str) -> Iterator[str]:
    """What does not hold in a record: its form, the practice, the words of the policy and of the disclosures."""
    if not _is_canonical(record, data):
        yield "This record is not written in the one form that can be hashed."
    if _inside(record, "practice", "uid") != practice:
        yield "This record is of another practice than the pack."
    if not isinstance(record.get("chain"), Mapping) or not isinstance(record["chain"].get("seq"), int):
        yield "This record names no place in the trail."
    if policy is not None and hashlib.sha256(policy).hexdigest() != _inside(record, "paper", "text_sha256"):
        yield "The words in policy.json are not those whose hash stands in this record."
    disclosures = record.get("disclosures")
    for one in disclosures if isinstance(disclosures, list) else ():
        text = one.get("text") if isinstance(one, Mapping) else None
        if not isinstance(text, str) or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != one.get(
            "sha256"
        ):
            yield "The words of a disclosure are not those whose hash stands with them."


def attached_record(pdf: bytes | None) -> bytes | None:
    """The record that a PDF carries; None where there is none or the PDF cannot be read."""
    from pypdf import PdfReader  # slow to import, and many packs hold no PDF

    try:
        found = PdfReader(io.BytesIO(pdf or b"")).attachments.get(ATTACHED)
    except Exception:  # a broken PDF fails in as many ways as there are bytes
        return None
    return bytes(found[0]) if found else None


def _is_canonical(record: Mapping[str, Any], data: bytes) -> bool:
    try:
        return canonical_bytes(dict(record)) == data
    except (CanonicalError, RecursionError):
        return False


def _inside(record: Mapping[str, Any], part: str, key: str) -> object:
    found = record.get(part)
    return found.get(key) if isinstance(found, Mapping) else None


def _instant(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None
