"""What the other side does with a message, written from the Standard Webhooks specification alone."""

from __future__ import annotations

import base64
import hashlib
import hmac

from tests.apps.connections.program import Got

TOLERANCE = 5 * 60


def accepts(got: Got, secret: str, *, clock: float) -> bool:
    """Whether a receiver with this secret takes the message at this time (seconds since 1970)."""
    prefix, _underscore, encoded = secret.partition("_")
    if prefix != "whsec":
        return False
    moment = got.headers["webhook-timestamp"]
    if not moment.isdecimal() or abs(clock - int(moment)) > TOLERANCE:
        return False
    content = f"{got.headers['webhook-id']}.{moment}.".encode() + got.body
    expected = base64.b64encode(hmac.digest(base64.b64decode(encoded), content, hashlib.sha256)).decode()
    for signature in got.headers["webhook-signature"].split(" "):
        version, _comma, value = signature.partition(",")
        if version == "v1" and hmac.compare_digest(value, expected):
            return True
    return False
