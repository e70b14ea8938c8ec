"""Secrets, and the signature under a message, as the Standard Webhooks specification has it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

TOKEN_PREFIX, SECRET_PREFIX = "doorframe_", "whsec_"


def fresh_token() -> str:
    """A key to read with: 32 random bytes, and a beginning by which it is known when it turns up somewhere."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def fresh_secret() -> str:
    """A secret to sign with: 32 random bytes."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def headers(message_id: str, body: bytes, *, at: datetime, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers of a message that is sent at this moment, with a signature for each secret."""
    moment = str(int(at.timestamp()))
    signed = b".".join((message_id.encode("ascii"), moment.encode("ascii"), body))
    signatures = [f"v1,{_signature(secret, signed)}" for secret in secrets]
    return {"webhook-id": message_id, "webhook-timestamp": moment, "webhook-signature": " ".join(signatures)}


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")
