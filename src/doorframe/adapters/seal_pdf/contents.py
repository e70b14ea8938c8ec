"""What a sealed file holds: whether the record, the words of the policy and the pages agree with each other."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from doorframe.adapters.seal_pdf import pages
from doorframe.adapters.seal_pdf.verdict import Check
from doorframe.adapters.seal_pdf.writing import FORMAT, POLICY_FILE, RECORD_FILE
from doorframe.engines.sealing import CanonicalError, canonical_bytes

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

LARGEST = 20_000_000
"""Bytes of one attachment; a record has some thousand."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The checks in order, and what the record is about by name."""

    checks: tuple[Check, ...]
    about: tuple[tuple[str, str], ...] = ()


def look(data: bytes, reader: PdfFileReader, fingerprint: str) -> Contents:
    """Compare what is inside. Whatever is in the file, this gives checks and raises nothing."""
    files = _attachments(reader)
    record, policy = _read(files.get(RECORD_FILE)), _read(files.get(POLICY_FILE))
    if record is None or record.get("format") != FORMAT:
        said = f"It holds no record that this version of Doorframe can read ({RECORD_FILE})."
        return Contents((Check("record", False, said),))
    try:
        checks = tuple(_checks(data, record, policy, files, fingerprint))
        return Contents(checks, tuple(_about(record)))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        said = f"The record inside ({RECORD_FILE}) lacks something that every record has."
        return Contents((Check("record", False, said),))


def _attachments(reader: PdfFileReader) -> dict[str, bytes]:
    """The files that the document names as its own, by name; a name that comes twice is left out."""
    try:
        names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
        pairs = [(str(names[at]), names[at + 1]) for at in range(0, len(names), 2)]
        found = {name: _unpacked(given["/EF"]["/F"]) for name, given in pairs}
    except Exception:  # whatever a file may hold in their place, there are no attachments in it
        return {}
    return found if len(found) == len(pairs) else {}


def _unpacked(stream: Any) -> bytes:
    """The bytes of an attachment, at most LARGEST of them."""
    packed = bytes(stream.encoded_data)
    if stream.get("/Filter") is None:
        return packed[:LARGEST]
    if stream["/Filter"] not in ("/FlateDecode", ["/FlateDecode"]):
        raise ValueError("an attachment is packed in a way that is not read")
    return zlib.decompressobj().decompress(packed, LARGEST)


def _read(data: bytes | None) -> dict[str, Any] | None:
    """The object, where the bytes are the one way to write it; else None."""
    if data is None:
        return None
    try:
        found = json.loads(data)
        same = isinstance(found, dict) and canonical_bytes(found) == data
    except (ValueError, RecursionError, CanonicalError):
        return None
    return found if same else None


def _checks(
    data: bytes, record: Mapping[str, Any], policy: Mapping[str, Any] | None, files: Mapping[str, bytes], key: str
) -> Iterator[Check]:
    yield Check(
        "record", True, f"The record of the acknowledgement is inside ({RECORD_FILE}), written as it should be."
    )
    text_hash = record["paper"]["text_sha256"]
    own = _sha256(files[POLICY_FILE]) == text_hash if policy is not None else False
    yield Check(
        "policy", own,
        f"The words of the policy are inside ({POLICY_FILE}), and their hash is the one in the record." if own
        else f"The words of the policy inside ({POLICY_FILE}) are not those that the record names.",
    )  # fmt: skip
    yield _disclosures(record)
    yield _events(record)
    yield from _pages(data, record, policy or {"lede": [], "sections": []}, files, key)


def _disclosures(record: Mapping[str, Any]) -> Check:
    """Each text that was shown before signing has its hash, and each signer's hash has its text."""
    found = {each["sha256"] for each in record["disclosures"] if _sha256(each["text"].encode()) == each["sha256"]}
    asked = {signer["disclosure_sha256"] for signer in record["signers"] if signer["disclosure_sha256"]}
    ok = len(found) == len(record["disclosures"]) and asked <= found
    return Check(
        "disclosure", ok,
        "The words about signing on a screen are inside, and their hash is the one that each signer agreed to." if ok
        else "The words about signing on a screen are not those that a signer agreed to.",
    )  # fmt: skip


def _events(record: Mapping[str, Any]) -> Check:
    """The events stand in the order of the trail, none after its head, and the last agrees with the head."""
    head, numbers = record["chain"], [event["seq"] for event in record["events"]]
    ok = numbers == sorted(set(numbers)) and all(number <= head["seq"] for number in numbers)
    at_head = [event["hash"] for event in record["events"] if event["seq"] == head["seq"]]
    ok = ok and all(found == head["hash"] for found in at_head)
    return Check(
        "events", ok,
        "What happened is listed in the order of the practice’s trail, and agrees with the trail’s last hash." if ok
        else "What happened is not listed in the order of the practice’s trail, or does not agree with its last hash.",
    )  # fmt: skip


def _pages(
    data: bytes, record: Mapping[str, Any], policy: Mapping[str, Any], files: Mapping[str, bytes], key: str
) -> Iterator[Check]:
    """The pages that people read say what the data says."""
    text = _shown(data)
    lost, count = pages.missing(policy, text) if text else (["all"], 0)
    yield Check(
        "pages", not lost,
        f"The pages show these words of the policy: {count} of {count} passages." if not lost
        else f"The pages do not show the words of the policy: {len(lost)} of {count or 'all'} passages are not there.",
    )  # fmt: skip
    wanted = [record["paper"]["text_sha256"], _sha256(files[RECORD_FILE]), key, record["chain"]["hash"]]
    wanted += [each["sha256"] for each in record["disclosures"]]
    wanted += [record["acknowledgement"]["reference"], *(signer["signed_name"] for signer in record["signers"])]
    ok = all(pages.has(text, str(words)) for words in wanted)
    yield Check(
        "certificate", ok,
        "The certificate on the pages prints this record’s hashes, its names and this seal’s fingerprint." if ok
        else "The certificate on the pages prints another hash, name or fingerprint than those of this record.",
    )  # fmt: skip


def _shown(data: bytes) -> str:
    try:
        return pages.shown(data)
    except Exception:  # a reader of words may stumble over anything; then the pages show nothing to compare
        return ""


def _about(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    paper = record["paper"]
    yield "practice", str(record["practice"]["name"])
    yield "reference", str(record["acknowledgement"]["reference"])
    yield "client", str(record["client"]["code"])
    yield "state", str(record["acknowledgement"]["state"])
    yield "policy", f"{paper['title']}, version {paper['number']}"
    yield "sealed_at", str(record["sealed_at"])


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
