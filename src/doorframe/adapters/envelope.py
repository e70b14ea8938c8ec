"""One encrypted file that is written and read in a stream: a passphrase, scrypt, AES-256-GCM in numbered chunks.

    line 1   DOORFRAME BACKUP
    line 2   the header: JSON with the format's number, the cost of scrypt, salt, nonce prefix and proof, in hexadecimal
    then     chunks of 65,536 bytes, each followed by its 16-byte tag; the last one is shorter

scrypt makes 64 bytes of the passphrase and the salt. The first half is the key. The second half proves the
passphrase: `proof` is its HMAC-SHA-256 over the header without the proof, so a wrong passphrase is known from a
damaged file, and no file opens under two passphrases. The nonce of a chunk is the prefix (7 bytes), its number
(4 bytes, from 0) and one byte that is 1 for the last chunk alone; every chunk is bound to lines 1 and 2. So no chunk
can be changed, moved, repeated or left out, and a file that was cut off never ends with a last chunk.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import unicodedata
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"DOORFRAME BACKUP\n"
FORMAT = 1
CHUNK_BYTES = 65_536
TAG_BYTES = 16
COST = 2**17
"""What scrypt costs: about 128 MB of memory and half a second, for us and for whoever guesses."""

_MOST_COST = 2**20
_LONGEST_HEADER = 1_000
_FIELDS = {"format", "n", "r", "p", "salt", "prefix", "proof"}


class EnvelopeError(Exception):
    """The file cannot be opened; the message is one sentence that says why."""


class WrongPassphrase(EnvelopeError):
    """The passphrase does not belong to this file."""


def plain_passphrase(passphrase: str) -> str:
    """The same passphrase whichever way a keyboard composes its letters."""
    return unicodedata.normalize("NFC", passphrase)


class Writer(io.RawIOBase):
    """Encrypts what is written to it into `file`; the envelope is whole only after `finish`."""

    def __init__(self, file: BinaryIO, passphrase: str, *, cost: int | None = None) -> None:
        super().__init__()
        self._file = file
        header, self._cipher = _new_header(passphrase, cost or COST)
        self._head = MAGIC + header
        self._prefix = bytes.fromhex(json.loads(header)["prefix"])
        self._number = 0
        self._waiting = bytearray()
        file.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._waiting += data
        # A full chunk waits until more comes: it may turn out to be the last.
        while len(self._waiting) > CHUNK_BYTES:
            self._put(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk. Merely closing does not, so that a failure never ends in a file that seems whole."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()
        self.close()

    def _put(self, data: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._prefix, self._number, last), data, self._head))
        self._number += 1


class Reader(io.RawIOBase):
    """Gives back what was written. Every byte that it gives has been proved; the end is reached only if it is whole.

    Raises EnvelopeError for a file that is none of ours, newer, damaged or cut off, WrongPassphrase for the passphrase.
    """

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        super().__init__()
        self._file = file
        self._head, fields = _read_header(file)
        self._cipher = _proved_cipher(fields, passphrase)
        self._prefix = bytes.fromhex(str(fields["prefix"]))
        self._number = 0
        self._next = file.read(CHUNK_BYTES + TAG_BYTES)
        self._ready = memoryview(b"")
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready and not self._ended:
            self._ready = memoryview(self._take())
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def drain(self) -> None:
        """Prove the rest of the file without keeping it."""
        while self.read(CHUNK_BYTES):
            pass

    def _take(self) -> bytes:
        """The next chunk, decrypted."""
        data, self._next = self._next, self._file.read(CHUNK_BYTES + TAG_BYTES)
        last = not self._next
        plain = self._open(data, last=last)
        if plain is None and last and self._open(data, last=False) is not None:
            raise EnvelopeError("The file ends too early: its last part is missing.")
        if plain is None:
            raise EnvelopeError(f"The file is damaged or was cut off, at or after byte {self._place()}.")
        self._number += 1
        self._ended = last
        return plain

    def _open(self, data: bytes, *, last: bool) -> bytes | None:
        try:
            return self._cipher.decrypt(_nonce(self._prefix, self._number, last), data, self._head)
        except (InvalidTag, ValueError):
            return None

    def _place(self) -> int:
        return len(self._head) + self._number * (CHUNK_BYTES + TAG_BYTES)


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _keys(passphrase: str, *, salt: bytes, n: int, r: int, p: int) -> tuple[bytes, bytes]:
    """The key of the chunks and the key of the proof."""
    made = Scrypt(salt=salt, length=64, n=n, r=r, p=p).derive(plain_passphrase(passphrase).encode("utf-8"))
    return made[:32], made[32:]


def _proof(key: bytes, fields: dict[str, object]) -> str:
    named = {name: value for name, value in fields.items() if name != "proof"}
    return hmac.new(key, MAGIC + _line(named), hashlib.sha256).hexdigest()


def _line(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"


def _new_header(passphrase: str, cost: int) -> tuple[bytes, AESGCM]:
    salt = os.urandom(16)
    key, proof_key = _keys(passphrase, salt=salt, n=cost, r=8, p=1)
    fields: dict[str, object] = {"format": FORMAT, "n": cost, "r": 8, "p": 1, "salt": salt.hex(),
                                 "prefix": os.urandom(7).hex()}  # fmt: skip
    return _line({**fields, "proof": _proof(proof_key, fields)}), AESGCM(key)


def _read_header(file: BinaryIO) -> tuple[bytes, dict[str, object]]:
    """Lines 1 and 2 as they stand, and the fields of line 2, each of its kind."""
    magic = file.read(len(MAGIC))
    if magic != MAGIC:
        raise EnvelopeError("This file is not a backup made by Doorframe, or its first bytes are damaged.")
    line = file.readline(_LONGEST_HEADER)
    try:
        fields = json.loads(line)
        number = fields["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise EnvelopeError("The beginning of the file is damaged.") from error
    if isinstance(number, int) and number > FORMAT:
        raise EnvelopeError("This backup was made by a newer Doorframe. Restore it with that version or a later one.")
    if not _is_sound(fields) or line != _line(fields):
        raise EnvelopeError("The beginning of the file is damaged.")
    return magic + line, fields


def _is_sound(fields: dict[str, object]) -> bool:
    """Whether the header has the right shape; a cost beyond reason would only keep the machine busy."""
    if set(fields) != _FIELDS or fields["format"] != FORMAT:
        return False
    n, r, p = fields["n"], fields["r"], fields["p"]
    if not (isinstance(n, int) and 2 <= n <= _MOST_COST and n & (n - 1) == 0 and (r, p) == (8, 1)):
        return False
    return all(_is_hex(fields[name], length) for name, length in (("salt", 16), ("prefix", 7), ("proof", 32)))


def _is_hex(value: object, length: int) -> bool:
    return isinstance(value, str) and len(value) == 2 * length and set(value) <= set("0123456789abcdef")


def _proved_cipher(fields: dict[str, object], passphrase: str) -> AESGCM:
    n, salt = fields["n"], bytes.fromhex(str(fields["salt"]))
    assert isinstance(n, int)
    key, proof_key = _keys(passphrase, salt=salt, n=n, r=8, p=1)
    if not hmac.compare_digest(_proof(proof_key, fields), str(fields["proof"])):
        raise WrongPassphrase("The passphrase does not open this file, or the beginning of the file was changed.")
    return AESGCM(key)
