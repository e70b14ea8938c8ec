"""The file that gets sealed: the pages, and beside them the record and the words of the policy as data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from doorframe.adapters import kept
from doorframe.adapters.seal_pdf.errors import SealError
from doorframe.adapters.seal_pdf.keys import Key
from doorframe.engines.assembly.certificate import SealFacts, certificate
from doorframe.engines.assembly.document import Document
from doorframe.engines.sealing import canonical_bytes

RECORD_FILE = "acknowledgement.json"
POLICY_FILE = "policy.json"
FORMAT = "doorframe-acknowledgement/1"
_JSON = "application/json"


def document(
    policy: Document, record: Mapping[str, Any], *, words: Mapping[str, str], key: Key, witnessed: bool = False
) -> Document:
    """What the pages show: the policy, the signatures and the certificate."""
    issuer = "" if key.self_signed else key.certificate.issuer.rfc4514_string()
    facts = SealFacts(record_hash(record), key.fingerprint, issuer, witnessed)
    zone = zone_of(record["practice"]["time_zone"])
    return certificate(policy, record, words=words, seal=facts, zone=zone)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name; UTC for one that this machine does not know, so that a record can always be shown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def paper(
    policy: Document, record: Mapping[str, Any], *, words: Mapping[str, str], key: Key, witnessed: bool = False
) -> bytes:
    """The PDF, not yet sealed, with the record and the words of the policy attached. Same input, same bytes.

    policy     as it was shown: the one whose hash the record holds
    record     plain values in the shape "doorframe-acknowledgement/1"
    words      of content/signing/certificate.toml
    key        the one that will seal it; its fingerprint is printed
    witnessed  True where a time-stamp authority will be asked

    Raises SealError where the record is of another format or tells of another text, CanonicalError for values that
    JSON does not hold exactly, and RenderError.
    """
    from doorframe.adapters.render import typst

    if record.get("format") != FORMAT:
        raise SealError(f"This record is not in the format {FORMAT}. Nothing was sealed.")
    if kept.words_hash(policy) != record["paper"]["text_sha256"]:
        raise SealError("The record tells of another text than this policy's. Nothing was sealed.")
    reference = record["acknowledgement"]["reference"]
    attachments = (
        typst.Attachment(RECORD_FILE, canonical_bytes(record).decode(), _JSON, f"The record {reference} as data"),
        typst.Attachment(POLICY_FILE, canonical_bytes(kept.words(policy)).decode(), _JSON, "The words of the policy"),
    )
    return typst.write(document(policy, record, words=words, key=key, witnessed=witnessed), attachments)


def record_hash(record: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the record's canonical bytes."""
    return hashlib.sha256(canonical_bytes(record)).hexdigest()
