"""Which addresses a message may go to: never one that only this machine or this network can reach.

A practice's owner types the address, and the server connects to it; without this check an owner of one practice
could speak to whatever else runs beside the server. The setting DOORFRAME_WEBHOOKS_NEAR opens the own network.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST = 500
_SHARED = ipaddress.ip_network("100.64.0.0/10")
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


class Unfit(Exception):
    """No message goes to this address; the message is a sentence that says why and holds no address."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts. `path` begins with "/" and carries the query."""

    secure: bool
    host: str
    port: int
    path: str


def parts(url: str) -> Target:
    """The parts of an address, checked as far as it can be without asking for its name. Raises Unfit."""
    if len(url) > LONGEST or not url.isascii() or any(sign <= " " or sign == "\x7f" for sign in url):
        raise Unfit(_("This is not an address of the web. It looks like https://example.org/hook."))
    try:
        found = urlsplit(url)
        host, port = found.hostname or "", found.port
    except ValueError:
        host, port = "", None
    if not host or port == 0 or found.scheme not in {"https", "http"}:
        raise Unfit(_("This is not an address of the web. It looks like https://example.org/hook."))
    if found.username is not None or found.password is not None or found.fragment:
        raise Unfit(_("The address must not hold a user name, a password or a part after “#”."))
    if found.scheme == "http" and not (settings.WEBHOOKS_NEAR and host in _THIS_MACHINE):
        raise Unfit(_("The address must begin with https://, so that nobody on the way can read along."))
    literal = _literal(host)
    if host in _THIS_MACHINE or literal is not None:
        _check(literal or ipaddress.ip_address("127.0.0.1"))
    secure = found.scheme == "https"
    path = (found.path or "/") + (f"?{found.query}" if found.query else "")
    return Target(secure, host, port or (443 if secure else 80), path)


def resolve(target: Target) -> str:
    """The one IP address to connect to, checked: whoever asks the name again may be told another. Raises Unfit."""
    try:
        rows = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unfit(_("No computer was found under this address.")) from None
    found = [str(row[4][0]).partition("%")[0] for row in rows]
    for address in found:
        _check(ipaddress.ip_address(address))
    if not found:
        raise Unfit(_("No computer was found under this address."))
    return found[0]


def _literal(host: str) -> Ip | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _check(address: Ip) -> None:
    """Raise Unfit for an address that is not out in the world."""
    inner = _inner(address)
    if inner.is_link_local or inner.is_multicast or inner.is_unspecified:
        raise Unfit(_("No message goes to this kind of address."))
    near = inner.is_loopback or inner.is_private or (inner.version == 4 and inner in _SHARED)
    if near and settings.WEBHOOKS_NEAR:
        return
    if near or inner.is_reserved or not inner.is_global:
        raise Unfit(_("This address belongs to this machine or its own network, and this server sends nothing there."))


def _inner(address: Ip) -> Ip:
    """The IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(address.packed[-4:])
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)
