"""The secrets of links and sittings. A link's is made again whenever its letter is made; it is kept nowhere."""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid

from django.contrib.auth.hashers import check_password, make_password
from django.utils.crypto import salted_hmac

from doorframe.apps.clients import codes


def link_token(uid: uuid.UUID) -> str:
    """The secret part of a link's address: 32 bytes that only this installation can make from the row's id."""
    made = salted_hmac("doorframe.signatures.link", str(uid), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).decode("ascii").rstrip("=")


def fresh() -> str:
    """A secret for a browser, by chance."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def fresh_code() -> str:
    """Six digits to be told apart from the letter."""
    return f"{secrets.randbelow(1_000_000):06}"


def keep_code(code: str) -> str:
    """A code or PIN as it is kept: hashed slowly, because it is short."""
    return make_password(code)


def is_code(code: str, kept: str) -> bool:
    """Whether this is the code that was kept."""
    return bool(kept) and check_password("".join(code.split()), kept)


def reference() -> str:
    """What is printed on a paper copy, such as "7KQM-3FTA"."""
    return codes.by_chance(4)
