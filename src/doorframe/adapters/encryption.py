"""Sealing single values under one of several keys: AES-256-GCM, each value bound to the place it belongs to.

A sealed value is: one version byte, eight bytes of the key's id, a random nonce of twelve bytes, and the sealed words
with their tag. The header and the context are authenticated: a value that was altered, or moved to another column,
does not open. A random nonce is safe for some four thousand million values a key.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
KEY_BYTES = 32
ID_BYTES = 8
NONCE_BYTES = 12
PREFIX_BYTES = len(VERSION) + ID_BYTES
HEADER_BYTES = PREFIX_BYTES + NONCE_BYTES
_TAG_BYTES = 16
_FORMAT = "doorframe-field-keys-1"


class DecryptError(Exception):
    """A sealed value cannot be opened; the message is one sentence and holds nothing of the value."""


class UnknownKey(DecryptError):
    """The value was sealed with a key that this keyring does not hold. `key_id` names it."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"This was encrypted with the key {key_id}, which is not in the key file."
            " Nothing was changed. Put the key file back from a backup."
        )
        self.key_id = key_id


class KeyringError(Exception):
    """The text is no keyring; the message is one sentence and holds no key."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its id (sixteen hexadecimal digits), its 32 bytes, and when it was made (ISO 8601)."""

    id: str
    secret: bytes
    made_at: str

    def __repr__(self) -> str:
        return f"Key({self.id})"  # never the secret: a log or an error may print this

    @property
    def prefix(self) -> bytes:
        """What every value sealed with this key begins with."""
        return VERSION + bytes.fromhex(self.id)


def new_key(at: datetime) -> Key:
    """A fresh random key, made at `at`."""
    return Key(os.urandom(ID_BYTES).hex(), os.urandom(KEY_BYTES), at.isoformat(timespec="seconds"))


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys in the order they were made; the last seals, all of them open."""

    keys: Mapping[str, Key]

    @classmethod
    def of(cls, *keys: Key) -> Keyring:
        """A ring of these keys, the last being the primary one. Raises KeyringError for none, or two of one id."""
        ring = {key.id: key for key in keys}
        if not ring or len(ring) != len(keys):
            raise KeyringError("A keyring holds at least one key, and each of them once.")
        return cls(ring)

    @classmethod
    def read(cls, text: str) -> Keyring:
        """The ring that `write` wrote. Raises KeyringError."""
        try:
            table = json.loads(text)
            if table["format"] != _FORMAT:
                raise KeyringError("The key file is of a kind that this version of Doorframe does not know.")
            ring = cls.of(*(_key(row) for row in table["keys"]))
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            # Not `from error`: a message of the parser could quote the file.
            raise KeyringError(f"The key file cannot be read ({type(error).__name__}).") from None
        return ring

    def write(self) -> str:
        """The ring as JSON text. This holds the keys themselves."""
        rows = [
            {"id": key.id, "made_at": key.made_at, "key": base64.b64encode(key.secret).decode()}
            for key in self.keys.values()
        ]
        return json.dumps({"format": _FORMAT, "keys": rows}, indent=2) + "\n"

    @property
    def primary(self) -> Key:
        """The key that seals: the one made last."""
        return list(self.keys.values())[-1]

    @property
    def older(self) -> tuple[Key, ...]:
        """The keys that only open."""
        return tuple(self.keys.values())[:-1]

    def with_key(self, key: Key) -> Keyring:
        """This ring with a new primary key. Raises KeyringError if a key of this id is there."""
        return Keyring.of(*self.keys.values(), key)

    def only_primary(self) -> Keyring:
        """This ring without the keys that only open."""
        return Keyring.of(self.primary)

    def encrypt(self, plain: bytes, *, context: str) -> bytes:
        """Seal `plain` for one place, such as "clients.person.name", under the primary key."""
        key = self.primary
        nonce = os.urandom(NONCE_BYTES)
        header = key.prefix + nonce
        return header + AESGCM(key.secret).encrypt(nonce, plain, header + context.encode())

    def decrypt(self, sealed: bytes, *, context: str) -> bytes:
        """What was sealed for this place. Raises DecryptError: unknown key, altered, or from another place."""
        header = sealed[:HEADER_BYTES]
        key_id = key_id_of(sealed)
        key = self.keys.get(key_id)
        if key is None:
            raise UnknownKey(key_id)
        try:
            return AESGCM(key.secret).decrypt(header[PREFIX_BYTES:], sealed[HEADER_BYTES:], header + context.encode())
        except InvalidTag:
            raise DecryptError(
                "This encrypted value was altered, or belongs to another place. Nothing was changed."
                " Put the database back from a backup."
            ) from None


def key_id_of(sealed: bytes) -> str:
    """The id of the key that a value was sealed with. Raises DecryptError for what is no sealed value."""
    if len(sealed) < HEADER_BYTES + _TAG_BYTES or sealed[:1] != VERSION:
        raise DecryptError("This is no encrypted value that Doorframe wrote. Nothing was changed.")
    return sealed[1:PREFIX_BYTES].hex()


def _key(row: Mapping[str, str]) -> Key:
    secret = base64.b64decode(row["key"], validate=True)
    if len(secret) != KEY_BYTES or len(bytes.fromhex(row["id"])) != ID_BYTES or row["id"] != row["id"].lower():
        raise KeyringError("The key file holds a key of the wrong length.")
    return Key(row["id"], secret, str(row["made_at"]))
