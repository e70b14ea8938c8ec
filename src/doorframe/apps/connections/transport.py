"""The way out: one message over, or a sentence why not. What the other side writes back is never read."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping

from django.utils.translation import gettext as _

from doorframe.apps.connections import addresses

SECONDS = 10.0
"""How long all of it may take, from the first byte to the last."""

GONE = 410


class NotNow(Exception):
    """The message did not arrive this time; the message is a sentence without addresses."""


class Gone(Exception):
    """The other side says that it wants no more messages, ever."""


def deliver(url: str, *, body: bytes, headers: Mapping[str, str], seconds: float = SECONDS) -> int:
    """Hand a message over; the number of the answer, which is 200 to 299.

    No redirect is followed and no proxy is used. Raises NotNow, Gone.
    """
    try:
        target = addresses.parts(url)
        connection = _Connection(target, addresses.resolve(target), seconds)
    except addresses.Unfit as reason:
        raise NotNow(str(reason)) from None
    status = _status(connection, target, body, headers, seconds)
    if status == GONE:
        raise Gone(_("It says that it wants no more messages (answer 410)."))
    if 300 <= status < 400:
        raise NotNow(_("It sends on to another address (answer %(code)d). Enter that one here.") % {"code": status})
    if not 200 <= status < 300:
        raise NotNow(_("It did not take the message (answer %(code)d).") % {"code": status})
    return status


def _status(
    connection: _Connection, target: addresses.Target, body: bytes, headers: Mapping[str, str], seconds: float
) -> int:
    # The limit on each wait does not stop somebody who sends one byte at a time, so a clock cuts the line as well.
    clock = threading.Timer(seconds, connection.cut)
    clock.daemon = True
    clock.start()
    try:
        connection.request("POST", target.path, body=body, headers={**_OURS, **headers})
        status = connection.getresponse().status
    except ssl.SSLCertVerificationError:
        raise NotNow(_("Its certificate is not valid for this address.")) from None
    except TimeoutError:
        raise NotNow(_("It did not answer in time.")) from None
    except (http.client.HTTPException, OSError, ValueError):
        was_cut = connection.was_cut
        raise NotNow(_("It did not answer in time.") if was_cut else _("It could not be reached.")) from None
    finally:
        clock.cancel()
        connection.close()
    if connection.was_cut:  # in the middle of its headers, which then look as if they had ended
        raise NotNow(_("It did not answer in time."))
    return status


_OURS = {"Content-Type": "application/json", "User-Agent": "Doorframe", "Connection": "close", "Accept": "*/*"}


class _Connection(http.client.HTTPConnection):
    """A connection to the IP address that was checked, under the name that was typed."""

    def __init__(self, target: addresses.Target, address: str, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self.default_port = 443 if target.secure else 80
        self._target, self._address = target, address
        self.was_cut = False

    def connect(self) -> None:
        """Connect, and over TLS insist on a certificate for the name."""
        self.sock = socket.create_connection((self._address, self._target.port), self.timeout)
        if self._target.secure:
            context = ssl.create_default_context()
            # In two steps, so that the clock has a socket to cut while hands are being shaken.
            self.sock = context.wrap_socket(self.sock, server_hostname=self._target.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def cut(self) -> None:
        """End the connection from another thread, whatever it waits for."""
        self.was_cut = True
        if self.sock is not None:
            # Of the plain socket: the one of TLS would take its own state apart under a reader.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
