"""The seal itself: which bytes it covers, whether they are those, and whose it is.

The library checks the signature. What it leaves open, because PDF does, is closed here: every byte that the signature
does not cover (the seal's own, between its angle brackets) has exactly one way to be written.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from doorframe.adapters.seal_pdf import der
from doorframe.adapters.seal_pdf.loops import outside_any_loop
from doorframe.adapters.seal_pdf.verdict import Check, Seal

if TYPE_CHECKING:
    from asn1crypto import cms
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus

_HEX = re.compile(rb"[0-9A-F]+\Z")
_TIME_STAMP = "signature_time_stamp_token"


class NoSeal(Exception):
    """The file can be read, and carries no seal."""


class Locked(Exception):
    """The file needs a password."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A seal that was looked at, and the reader of the file for those who look further."""

    reader: PdfFileReader
    checks: tuple[Check, ...]
    seal: Seal


def look(data: bytes) -> Looked:
    """Check the seal of a file. Raises NoSeal, Locked, or whatever the library raises for a broken file."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(data), strict=True)
    if reader.encrypted:
        raise Locked
    found = list(reader.embedded_signatures)
    if not found:
        raise NoSeal
    embedded = found[0]
    held = _contents(data, embedded)
    whole = len(found) == 1 and _covers_all(data, embedded)
    status = _status(embedded)
    # A file that went on after its seal is whole up to there: the two are told apart.
    intact = bool(status.intact and status.valid) and held is not None and _one_way(held)
    checks = (
        Check("seal", intact, "The seal fits the bytes that it covers." if intact
              else "The seal does not fit the bytes that it covers: something in them was changed."),
        Check("whole", whole, "It covers the whole file; nothing was added after it." if whole
              else "It does not cover the whole file: something was added after it was sealed, or it was cut."),
        *_time_stamp_check(status),
    )  # fmt: skip
    return Looked(reader, checks, _seal(embedded, status))


def _covers_all(data: bytes, embedded: EmbeddedPdfSignature) -> bool:
    """Whether only what stands between the angle brackets is left out."""
    start, before, after, rest = (int(value) for value in embedded.byte_range)
    return start == 0 and 0 < before < after and after + rest == len(data)


def _contents(data: bytes, embedded: EmbeddedPdfSignature) -> bytes | None:
    """The seal's DER, where its room holds it in capital hexadecimal and nothing but zeros after it; else None."""
    _, before, after, _ = (int(value) for value in embedded.byte_range)
    room = data[before:after]
    if room[:1] != b"<" or room[-1:] != b">" or not _HEX.match(room[1:-1]) or len(room) % 2:
        return None
    held = bytes.fromhex(room[1:-1].decode("ascii"))
    end = der.end_of(held, 0)
    return held[:end] if end and not any(held[end:]) else None


def _one_way(held: bytes) -> bool:
    """Whether the seal is written as we write it, so that no other bytes would mean the same."""
    from asn1crypto import cms

    content = cms.ContentInfo.load(held, strict=True)
    signed = content["content"]
    (signer,) = signed["signer_infos"]
    plain = (
        der.is_strict(held)
        and signed["version"].native == "v1"
        and signer["version"].native == "v1"
        and len(signed["digest_algorithms"]) == 1
        and signed["digest_algorithms"][0].dump() == signer["digest_algorithm"].dump()
        and signed["encap_content_info"]["content_type"].native == "data"
        and signed["encap_content_info"]["content"].native is None
        and not signed["crls"]
    )
    return plain and _names_its_certificate(signed, signer) and _only_a_time_stamp(signer)


def _names_its_certificate(signed: cms.SignedData, signer: cms.SignerInfo) -> bool:
    """Whether the certificates are the signer's own, by its hash in the seal, and those up to its root."""
    from asn1crypto import cms

    attributes = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
    found = [each.chosen for each in signed["certificates"]]
    if "signing_certificate_v2" not in attributes or not found:
        return False
    (wanted,) = attributes["signing_certificate_v2"][0]["certs"]
    own = [each for each in found if each.sha256 == wanted["cert_hash"].native]
    sid = cms.SignerIdentifier(
        "issuer_and_serial_number",
        cms.IssuerAndSerialNumber({"issuer": own[0].issuer, "serial_number": own[0].serial_number}),
    ) if own else None  # fmt: skip
    if sid is None or signer["sid"].dump() != sid.dump():
        return False
    return len(found) == 1 or _is_chain(own[0], [each for each in found if each is not own[0]])


def _is_chain(own: Any, others: list[Any]) -> bool:
    """Whether every other certificate stands on the way from the signer's own to a root that signed itself."""
    from cryptography.x509 import load_der_x509_certificate

    from doorframe.adapters.seal_pdf.keys import is_issued_by

    last, left = load_der_x509_certificate(own.dump()), [load_der_x509_certificate(each.dump()) for each in others]
    while left:
        above = next((each for each in left if is_issued_by(last, each)), None)
        if above is None:
            return False
        left.remove(above)
        last = above
    return is_issued_by(last, last)


def _only_a_time_stamp(signer: cms.SignerInfo) -> bool:
    """What the signature does not cover may hold a time-stamp, which has a signature of its own, and nothing else."""
    unsigned = signer["unsigned_attrs"]
    return not unsigned or [each["type"].native for each in unsigned] == [_TIME_STAMP]


def _status(embedded: EmbeddedPdfSignature) -> PdfSignatureStatus:
    """The library's own judgement of the signature, at the time it says it was made. No network is asked."""
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(
        trust_roots=[embedded.signer_cert], allow_fetching=False, moment=embedded.self_reported_timestamp
    )
    # Whether an authority is to be trusted is for people to say; here it is asked whether its stamp fits.
    times = ValidationContext(trust_roots=[], allow_fetching=False)
    return outside_any_loop(
        lambda: validate_pdf_signature(embedded, signer_validation_context=context, ts_validation_context=times)
    )


def _time_stamp_check(status: PdfSignatureStatus) -> tuple[Check, ...]:
    stamp = status.timestamp_validity
    if stamp is None:
        return ()
    ok = bool(stamp.intact and stamp.valid)
    said = (
        "The time-stamp fits the seal." if ok else "The time-stamp does not fit the seal: one of the two was changed."
    )
    return (Check("time", ok, said),)


def _seal(embedded: EmbeddedPdfSignature, status: PdfSignatureStatus) -> Seal:
    certificate = embedded.signer_cert
    stamp = status.timestamp_validity
    at = embedded.self_reported_timestamp
    return Seal(
        name=str(embedded.sig_object.get("/Name", "")),
        sealed_at=at.isoformat() if at else "",
        fingerprint=certificate.sha256.hex(),
        subject=certificate.subject.human_friendly,
        issuer=certificate.issuer.human_friendly,
        witness=stamp.signing_cert.subject.human_friendly if stamp else "",
        witnessed=stamp.timestamp.isoformat() if stamp and stamp.timestamp else "",
    )
