"""Sealing: canonical bytes and the hash chain. Pure: values in, values out."""

from doorframe.engines.sealing.canonical import CanonicalError, Json, canonical_bytes
from doorframe.engines.sealing.chain import GENESIS, WITHHELD, Break, Link, Withheld, find_breaks, link_hash

__all__ = [
    "GENESIS",
    "WITHHELD",
    "Break",
    "CanonicalError",
    "Json",
    "Link",
    "Withheld",
    "canonical_bytes",
    "find_breaks",
    "link_hash",
]
