"""A policy, the record of a family that decided about it, and keys to seal it with."""

from __future__ import annotations

import hashlib
import re
import tomllib
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import doorframe
from doorframe.adapters import kept, seal_pdf
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.assembly.document import Document, Paragraph, Section, SignatureLine, Signatures
from doorframe.engines.text import Span
from tests.engines.practices import basics, pack

AT = datetime(2026, 11, 21, 17, 40, 2, tzinfo=UTC)
NAME = "Harbour Lane Therapy"
DISCLOSURE = (
    "You can read and sign this policy on a screen, or on paper: both count the same.\n"
    "You can change your mind at any time; tell me, and I give you paper from then on."
)
DRAWING = [
    [[60, 300], [140, 90], [210, 310], [120, 210], [190, 205]],
    [[260, 240], [300, 190], [340, 250], [330, 300], [400, 180], [430, 290], [520, 170], [560, 300]],
    [[640, 120]],
    [[600, 330], [940, 250]],
]


@cache
def words() -> dict[str, str]:
    file = Path(doorframe.__file__).parent / "content" / "signing" / "certificate.toml"
    found: dict[str, str] = tomllib.loads(file.read_text(encoding="utf-8"))["words"]
    return found


@cache
def policy(**more: object) -> Document:
    return assemble(pack(), {**basics(), **more}, "policy", Edition(dated="2026-11-21", version=3, draft=False))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _signer(number: int, capacity: str, name: str, choice: str, method: str, **more: Any) -> dict[str, Any]:
    signed = method != "none"
    return {
        "uid": f"00000000-0000-4000-8000-00000000000{number}", "capacity": capacity, "name": name,
        "relationship": "", "authority": "", "signs_for": "", "choice": choice, "method": method,
        "signed_name": name if method == "typed" else "", "drawing": None,
        "signed_at": f"2026-11-21T17:3{number}:04Z" if signed else None, "zone": "America/Los_Angeles",
        "disclosure_sha256": _sha(DISCLOSURE) if method in ("typed", "drawn") else "",
        "consented_at": "2026-11-21T17:20:00Z" if method in ("typed", "drawn") else None,
        "sent_at": None, "opened_at": None, "read_at": None,
        "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15",
        "ip": "", "understanding": None, "reason": "", **more,
    }  # fmt: skip


def _event(seq: int, at: str, name: str, who: str) -> dict[str, Any]:
    return {"seq": seq, "at": at, "name": name, "who": who, "data": {"state": "open"}, "hash": _sha(f"event {seq}")}


def record(document: Document | None = None) -> dict[str, Any]:
    """A mother signs for a child, the child's father draws, an interpreter and the therapist sign too."""
    document = document or policy()
    signers = [
        _signer(1, "guardian", "Ana Lima", "agree", "typed", relationship="mother", signs_for="HL-7K3M",
                authority="sole legal custody, court order of 3 May 2025", sent_at="2026-11-20T22:00:00Z",
                opened_at="2026-11-21T17:12:00Z", read_at="2026-11-21T17:18:00Z",
                understanding={"asked": 3, "right": 2}),
        _signer(2, "client", "João Lima", "agree-after-talk", "drawn", drawing=deepcopy(DRAWING)),
        _signer(3, "client", "Rui Lima", "decline", "none", reason="I would like to think about it."),
        _signer(4, "interpreter", "Carla Reis", "agree", "typed", relationship="Portuguese"),
        _signer(5, "therapist", "Dr Imani Cole", "countersign", "typed"),
    ]  # fmt: skip
    events = [
        _event(101, "2026-11-20T21:58:00Z", "signatures.acknowledgement.opened", "Dr Imani Cole"),
        _event(102, "2026-11-20T22:00:00Z", "signatures.link.sent", "Doorframe"),
        _event(115, "2026-11-21T17:12:00Z", "signatures.link.opened", "HL-7K3M"),
        _event(123, "2026-11-21T17:35:04Z", "signatures.acknowledgement.completed", "Dr Imani Cole"),
    ]
    return {
        "format": "doorframe-acknowledgement/1",
        "practice": {"uid": "6f1c0d2e-0000-4000-8000-000000000001", "name": NAME, "country": "US",
                     "time_zone": "America/Los_Angeles"},
        "acknowledgement": {"uid": "6f1c0d2e-0000-4000-8000-000000000002", "reference": "7KQ-M3F",
                            "state": "complete", "opened_at": "2026-11-20T21:58:00Z",
                            "closed_at": "2026-11-21T17:35:04Z"},
        "client": {"code": "HL-7K3M", "kind": "family"},
        "paper": {"kind": "policy", "number": 3, "title": document.title, "language": document.language,
                  "in_force_from": "2026-11-21", "text_sha256": kept.words_hash(document),
                  "pack": "doorframe-core 2026.11", "pack_sha256": _sha("pack")},
        "disclosures": [{"sha256": _sha(DISCLOSURE), "language": "en-US", "text": DISCLOSURE}],
        "signers": signers,
        "questions": [
            {"clause": "friending", "title": "Friend and contact requests", "asked_at": "2026-11-21T17:15:00Z",
             "closed_at": "2026-11-21T17:25:00Z", "how": "talked-about", "text_sha256": _sha("question")},
            {"clause": "email", "title": "E-mail", "asked_at": "2026-11-21T17:16:00Z", "closed_at": None,
             "how": "open", "text_sha256": _sha("another")},
        ],
        "events": events,
        "chain": {"seq": 123, "hash": _sha("event 123")},
        "sealed_at": "2026-11-21T17:40:02Z",
    }  # fmt: skip


def key(algorithm: str = "ec") -> seal_pdf.Key:
    return _key(algorithm)


@cache
def _key(algorithm: str) -> seal_pdf.Key:
    return seal_pdf.load_key(seal_pdf.new_key(NAME, AT, algorithm=algorithm))


@cache
def unsealed() -> bytes:
    return seal_pdf.paper(policy(), record(), words=words(), key=key())


@cache
def sealed() -> bytes:
    return seal_pdf.seal(unsealed(), key=key(), at=AT, name=NAME)


# A short policy, for the tests that look at a file again and again


@cache
def short_policy() -> Document:
    lede = (Paragraph("lede", (Span("I do not accept friend requests from clients. "), Span("Ask me why."))),)
    sign = Section("sign", "Signatures", (Signatures("signatures", ("I have read it.",), (SignatureLine("Client"),)),))
    return Document(
        kind="policy", title="Social media policy", subtitle=NAME, language="en-GB", author=NAME, dated="2026-11-21",
        version="Version 3", draft=False, footer=NAME, pack="doorframe-core 2026.11", lede=lede, sections=(sign,),
    )  # fmt: skip


def short_record() -> dict[str, Any]:
    found = record(short_policy())
    return {**found, "signers": found["signers"][:2], "questions": [], "events": found["events"][-1:]}


def paper_of(told: dict[str, Any], document: Document | None = None, algorithm: str = "ec") -> bytes:
    return seal_pdf.paper(document or short_policy(), told, words=words(), key=key(algorithm))


def short(algorithm: str = "ec") -> bytes:
    return _short(algorithm)


@cache
def _short(algorithm: str) -> bytes:
    return seal_pdf.seal(paper_of(short_record(), algorithm=algorithm), key=key(algorithm), at=AT, name=NAME)


def gap(data: bytes) -> tuple[int, int]:
    """Where the seal's own bytes begin and end: from its opening angle bracket to after the closing one."""
    found = re.findall(rb"/ByteRange \[0 (\d+) (\d+) \d+\]", data)[-1]
    return int(found[0]), int(found[1])
