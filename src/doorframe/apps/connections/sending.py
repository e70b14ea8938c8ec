"""Sending one message. The attempts noted here are the worker's own bookkeeping; what becomes of it is an action."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from doorframe.apps.connections import queries, signing, transport
from doorframe.apps.connections.actions import deliveries
from doorframe.apps.connections.models import Delivery, Endpoint
from doorframe.apps.connections.states import State

GIVE_UP_AFTER = timedelta(days=1)
LEAST_ATTEMPTS = 10
"""Both must be over before nothing more is tried: this computer itself may have been off for the day."""


class Later(Exception):
    """The message did not arrive and still waits; the message says why."""


def send(*, delivery_id: int, at: datetime) -> State | None:
    """Sign the message, hand it over, and keep what came of it; safe to run twice.

    None for one that is no longer kept. Raises Later while it is worth trying again. No transaction is open while the
    other side takes its time. A worker that dies in between sends the same message again under the same id.
    """
    delivery = queries.delivery_row(delivery_id)
    if delivery is None or delivery.state != State.WAITING:
        return State(delivery.state) if delivery else None
    with translation.override(delivery.practice.language.lower()):
        return State(_attempt(delivery, at).state)


def _attempt(delivery: Delivery, at: datetime) -> Delivery:
    endpoint = delivery.endpoint
    if delivery.practice.is_demo:
        # Its password is known to whoever reads it on the screen: it must not make this server call others.
        return deliveries.cancel(delivery=delivery, at=at, sentence=_("The fictional practice sends nothing."))
    if not endpoint.enabled:
        return deliveries.cancel(delivery=delivery, at=at, sentence=_("The connection was switched off."))
    # Before the attempt, so that one which a crash cuts short is counted too.
    Delivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1, tried_at=at)
    delivery.attempts += 1
    body = delivery.body.encode()
    headers = signing.headers(delivery.message_id, body, at=at, secrets=_secrets(endpoint, at))
    try:
        transport.deliver(endpoint.url, body=body, headers=headers)
    except transport.Gone as reason:
        return deliveries.keep_failed(delivery=delivery, at=at, sentence=str(reason), ever=True)
    except transport.NotNow as reason:
        return _postponed(delivery, at, str(reason))
    return deliveries.keep_sent(delivery=delivery, at=at)


def _secrets(endpoint: Endpoint, at: datetime) -> list[str]:
    until = endpoint.previous_until
    overlaps = bool(endpoint.previous_secret) and until is not None and at < until
    return [endpoint.secret, *([endpoint.previous_secret] if overlaps else [])]


def _postponed(delivery: Delivery, at: datetime, sentence: str) -> Delivery:
    if delivery.attempts >= LEAST_ATTEMPTS and at - delivery.waits_since >= GIVE_UP_AFTER:
        return deliveries.keep_failed(delivery=delivery, at=at, sentence=sentence)
    Delivery.objects.filter(pk=delivery.pk, state=State.WAITING).update(error_sentence=sentence[:300])
    raise Later(sentence)
