"""One unsafe thing."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`id` is for machines, `says` what is unsafe and why it matters, `do` what to do."""

    id: str
    says: str
    do: str


def is_here(host: str) -> bool:
    """Whether a host is this machine itself: the loopback, or a socket in the file system."""
    if host in {"", "localhost"} or host.startswith("/") or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
