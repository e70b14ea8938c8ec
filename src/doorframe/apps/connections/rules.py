"""What may be done with keys, endpoints and messages: `check_x` raises with a sentence that a person can read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from doorframe.apps.connections import addresses
from doorframe.apps.connections.events import Told
from doorframe.apps.connections.models import ApiToken, Delivery, Endpoint
from doorframe.apps.connections.scopes import Scope
from doorframe.apps.connections.states import Verb, after
from doorframe.apps.members import permissions
from doorframe.apps.members.backends import may_sign_in

MOST_TOKENS = MOST_ENDPOINTS = 20
LONGEST_LIFE = timedelta(days=366)
OVERLAP = timedelta(days=1)
"""For how long the old secret signs beside the new one."""


class NotNow(Exception):
    """The step does not fit how things stand; the message says why."""


class NoToken(Exception):
    """Whoever asks showed no key, or none that opens anything (any more)."""


def check_token(token: ApiToken | None, *, at: datetime) -> ApiToken:
    """The key, if it opens. Raises NoToken, and PermissionDenied where it is its practice that says no.

    A key opens no more than its maker may: once they are no longer an owner, somebody else makes a new one.
    """
    if token is None or token.revoked_at is not None:
        raise NoToken(_("This key does not open anything. Ask the practice's owner for a new one."))
    if token.ends_at <= at:
        raise NoToken(_("This key has ended. Ask the practice's owner for a new one."))
    if not permissions.can_edit_practice(token.made_by) or not may_sign_in(token.made_by.user):
        raise PermissionDenied(_("Whoever made this key may no longer do so. Ask the practice's owner for a new one."))
    return token


def check_scope(token: ApiToken, scope: Scope) -> None:
    """Raise PermissionDenied unless the key was made for this."""
    if scope not in token.scopes:
        said = _("This key was made for something else: with it a program cannot %(what)s. Ask the practice's owner.")
        raise PermissionDenied(said % {"what": scope.label})


def check_new_token(*, ends_at: datetime, at: datetime, there: int, scopes: Collection[str]) -> None:
    """Raise NotNow for too many keys, ValueError for one that lasts no time or for ever, or that opens nothing."""
    if not scopes or not set(scopes) <= set(Scope.values):
        raise ValueError("A key is made for something that is known")
    if there >= MOST_TOKENS:
        raise NotNow(_("There are many keys already. Nothing was made. Revoke one that is not needed first."))
    if not at < ends_at <= at + LONGEST_LIFE:
        raise ValueError("A key lasts for at most a year")


def check_endpoint(*, url: str, events: Collection[str], there: int) -> None:
    """Raise ValidationError for an unfit address or no events, NotNow for too many endpoints."""
    if there >= MOST_ENDPOINTS:
        raise NotNow(_("There are many connections already. Nothing was made. Remove one that is not needed first."))
    try:
        addresses.parts(url)
    except addresses.Unfit as reason:
        raise ValidationError({"url": str(reason)}) from None
    if not events or not set(events) <= set(Told.values):
        raise ValidationError({"events": _("Choose at least one thing that the other program is told of.")})


def check_can_send(delivery: Delivery) -> None:
    """Raise NotNow unless this message failed or was let go, and its endpoint is on."""
    if after(delivery.state, Verb.RETRY) is None:
        raise NotNow(_("This message needs no further try. Nothing was changed."))
    check_is_on(delivery.endpoint)


def can_send(delivery: Delivery) -> bool:
    """Whether `check_can_send` would let this pass."""
    try:
        check_can_send(delivery)
    except NotNow:
        return False
    return True


def check_is_on(endpoint: Endpoint) -> None:
    """Raise NotNow for an endpoint that is switched off."""
    if not endpoint.enabled:
        raise NotNow(_("This connection is switched off, so nothing was sent. Switch it on first."))
