"""Sealing: canonical bytes and the hash chain. Pure: values in, values out."""

from doorframe.engines.sealing.canonical import CanonicalError, Json, canonical_bytes
from doorframe.engines.sealing.chain import GENESIS, Break, Link, find_breaks, link_hash

__all__ = ["GENESIS", "Break", "CanonicalError", "Json", "Link", "canonical_bytes", "find_breaks", "link_hash"]
