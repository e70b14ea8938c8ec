"""Practice ids: short, opaque, and easy to say over the telephone."""

from __future__ import annotations

import secrets

ALPHABET = "234679ACDEFGHJKMNPQRTWXYZ"
"""Without letters and digits that look or sound alike in print: 0 O, 1 I L, 5 S, 8 B, U V."""


def suggest() -> str:
    """A fresh practice id such as "K7M-3QT": six signs by chance, so it tells nothing of the client or the order."""
    return by_chance(3)


def by_chance(half: int) -> str:
    """Two halves of so many signs each, such as "K7M-3QT" for three."""
    first, second = ("".join(secrets.choice(ALPHABET) for _ in range(half)) for _ in range(2))
    return f"{first}-{second}"


def tidy(code: str) -> str:
    """A practice id as it is kept: capitals, without space around it."""
    return code.strip().upper()
