"""What somebody looks for, carried in an address without a name standing in it."""

from __future__ import annotations

import base64
import binascii

from doorframe.apps.members import encryption
from doorframe.apps.members.models import Membership

LONGEST = 120


def seal(member: Membership, search: str) -> str:
    """The words of a search as signs that only this member can turn back."""
    sealed = encryption.seal_bytes(search[:LONGEST].encode(), _context(member))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def unseal(member: Membership, token: str) -> str:
    """The words again, or "" where the signs are not this member's or no longer fit."""
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return encryption.open_bytes(sealed, _context(member)).decode()
    except (encryption.DecryptError, encryption.KeyringError, binascii.Error, ValueError):
        return ""


def _context(member: Membership) -> str:
    return f"clients.search.{member.practice_id}.{member.pk}"
