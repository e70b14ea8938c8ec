"""Records of acknowledgements to export: one client, a couple, a guardian, a refusal, paper; and a trail that holds."""

from __future__ import annotations

import copy
import hashlib
from typing import Any
from uuid import UUID, uuid5

from doorframe.engines.sealing import GENESIS, Link, canonical_bytes, link_hash

PRACTICE = "5b0f1c58-6f5c-4b07-9a53-0f5a3b9f3c11"
WORDS = {"lede": [], "sections": [{"id": "friending", "title": "Friend requests", "blocks": ["I do not accept them."]}]}
DISCLOSURE = "You can have this on paper. You can take your consent back at any time."
POLICY = canonical_bytes(WORDS)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def signer(capacity: str, name: str, **changes: Any) -> dict[str, Any]:
    one: dict[str, Any] = {
        "uid": str(uuid5(UUID(PRACTICE), f"{capacity} {name}")),
        "capacity": capacity,
        "name": name,
        "relationship": "",
        "authority": "",
        "signs_for": "HL-7K3M",
        "choice": "countersign" if capacity == "therapist" else "agree",
        "method": "typed",
        "signed_name": name,
        "drawing": None,
        "signed_at": "2026-11-21T17:30:00Z",
        "zone": "America/Los_Angeles",
        "disclosure_sha256": sha(DISCLOSURE.encode()),
        "consented_at": "2026-11-21T17:21:00Z",
        "sent_at": "2026-11-20T18:00:00Z",
        "opened_at": "2026-11-21T17:20:00Z",
        "read_at": "2026-11-21T17:28:00Z",
        "user_agent": "Mozilla/5.0",
        "ip": "",
        "understanding": {"asked": 3, "right": 2},
        "reason": "",
    }
    return {**one, **changes}


def record(kind: str = "individual", *signers: dict[str, Any], state: str = "complete", code: str = "HL-7K3M") -> Any:
    return {
        "format": "doorframe-acknowledgement/1",
        "practice": {
            "uid": PRACTICE,
            "name": "Harbour Lane Therapy",
            "country": "US",
            "time_zone": "America/Los_Angeles",
        },
        "acknowledgement": {
            "uid": str(uuid5(UUID(PRACTICE), f"acknowledgement {code} {kind}")),
            "reference": "7KQ-M3F",
            "state": state,
            "opened_at": "2026-11-20T18:00:00Z",
            "closed_at": "2026-11-21T17:31:00Z",
        },
        "client": {"code": code, "kind": kind},
        "paper": {
            "kind": "policy",
            "number": 3,
            "title": "Social media policy",
            "language": "en-US",
            "in_force_from": "2026-11-21",
            "text_sha256": sha(POLICY),
            "pack": "doorframe-core 2026.11",
            "pack_sha256": sha(b"pack"),
        },
        "disclosures": [{"sha256": sha(DISCLOSURE.encode()), "language": "en-US", "text": DISCLOSURE}],
        "signers": list(signers) or [signer("client", "Ana Lima"), signer("therapist", "Dr Imani Cole")],
        "questions": [
            {
                "clause": "friending",
                "title": "Friend requests",
                "asked_at": "2026-11-21T17:25:00Z",
                "closed_at": "2026-11-21T17:27:00Z",
                "how": "answered",
                "text_sha256": sha(b"May I follow you?"),
            }
        ],
        "events": [],
        "chain": {"seq": 0, "hash": GENESIS},
        "sealed_at": "2026-11-21T17:32:00Z",
    }


DRAWN = [[[10, 20], [200, 300], [990, 5]], [[500, 200]]]

RECORDS: dict[str, Any] = {
    "one client": record(),
    "a couple": record(
        "couple",
        signer("client", "Ana Lima", method="drawn", drawing=DRAWN),
        signer("client", "Bo Lima", choice="agree-after-talk"),
        signer("therapist", "Dr Imani Cole"),
    ),
    "a guardian, an interpreter and a witness": record(
        "family",
        signer(
            "guardian",
            "Ana Lima",
            relationship="mother",
            authority="sole legal custody",
            signs_for="HL-CH1",
        ),
        signer("client", "Kim Lima", signs_for="HL-CH1"),
        signer("interpreter", "Ira Voss", relationship="interpreter, Portuguese", understanding=None),
        signer("witness", "Wil Amos", understanding=None),
        signer("therapist", "Dr Imani Cole"),
    ),
    "declined": record(
        "individual",
        signer("client", "Ana Lima", choice="decline", method="none", signed_name="", reason="I would rather not."),
        state="declined",
    ),
    "paper": record("individual", signer("client", "Ana Lima", choice="paper", method="paper", ip=""), state="paper"),
    "in words": record("individual", signer("client", "Ana Lima", choice="verbal", method="verbal"), state="verbal"),
    "withdrawn": record("individual", signer("client", "Ana Lima"), state="withdrawn"),
    "wants to talk": record(
        "couple", signer("client", "Ana Lima"), signer("client", "Bo Lima", choice="agree-after-talk", signed_at=None)
    ),
    "declined in a couple": record(
        "couple",
        signer(
            "client", "Ana Lima", choice="decline", method="none", signed_name="", signed_at=None, consented_at=None
        ),
        signer("client", "Bo Lima", choice="", method="none", signed_name="", signed_at=None, disclosure_sha256=""),
        state="declined",
    ),
    "nobody asked": {**record(), "signers": [], "questions": []},
}


def fresh(name: str = "one client") -> Any:
    """A copy that a test may change."""
    return copy.deepcopy(RECORDS[name])


def trail(count: int) -> list[Link]:
    """A chain of events as the trail writes them; every third belongs to another client."""
    links: list[Link] = []
    previous = GENESIS
    for seq in range(1, count + 1):
        payload = {
            "practice": PRACTICE,
            "seq": seq,
            "at": f"2026-11-21T17:{seq % 60:02d}:00.000000+00:00",
            "actor": 1,
            "actor_label": "Dr Imani Cole",
            "name": "signatures.link.sent",
            "subject_type": "signatures.signature",
            "subject_id": str(seq),
            "data": {"n": seq},
        }
        links.append(Link(seq, payload, previous, link_hash(previous, payload)))
        previous = links[-1].hash
    return links
