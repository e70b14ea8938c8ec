"""What became of a message."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from doorframe.apps.connections import hearing, rules
from doorframe.apps.connections.models import Delivery, Endpoint
from doorframe.apps.connections.states import State, Verb, after
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.trail import actions as trail

KEPT = timedelta(days=30)
"""After that a settled message is let go: its body says no more than the trail does."""


@transaction.atomic
def keep_sent(*, delivery: Delivery, at: datetime) -> Delivery:
    """The other side took the message."""
    moved = _move(delivery, Verb.SEND, "connections.delivery.sent", at, "", sent_at=at)
    if moved.sent_at == at:
        Endpoint.objects.filter(pk=moved.endpoint_id).update(last_ok_at=at)
        _let_go_old(moved, at)
    return moved


@transaction.atomic
def keep_failed(*, delivery: Delivery, at: datetime, sentence: str, ever: bool = False) -> Delivery:
    """Nothing more is tried by itself. An endpoint that took nothing in the meantime is switched off.

    `ever`: the other side says that it wants no more, so it is switched off whatever arrived before.
    """
    moved = _move(delivery, Verb.FAIL, "connections.delivery.failed", at, sentence)
    if moved.state == State.FAILED:
        endpoint = Endpoint.objects.select_for_update().get(pk=moved.endpoint_id)
        alive = endpoint.last_ok_at is not None and endpoint.last_ok_at >= moved.waits_since
        if endpoint.enabled and (ever or not alive):
            endpoint.enabled, endpoint.gave_up_at = False, at
            endpoint.save(update_fields=["enabled", "gave_up_at"])
            _record("connections.endpoint.given-up", moved, None, at)
    return moved


@transaction.atomic
def cancel(*, delivery: Delivery, at: datetime, sentence: str) -> Delivery:
    """The message is not to be sent; nothing happens to one that arrived."""
    return _move(delivery, Verb.CANCEL, "connections.delivery.cancelled", at, sentence)


@transaction.atomic
def send_again(*, delivery: Delivery, actor: Membership, at: datetime) -> Delivery:
    """Let a message wait for its turn again, under its old id. Raises PermissionDenied, NotNow."""
    permissions.check_can_edit_practice(actor, delivery)
    delivery = _locked(delivery)
    rules.check_can_send(delivery)
    delivery.state, delivery.attempts, delivery.waits_since, delivery.error_sentence = State.WAITING, 0, at, ""
    delivery.save(update_fields=["state", "attempts", "waits_since", "error_sentence"])
    _record("connections.delivery.retried", delivery, actor, at)
    hearing.enqueue(delivery, at)
    return delivery


def _move(
    delivery: Delivery, verb: Verb, name: str, at: datetime, sentence: str, *, sent_at: datetime | None = None
) -> Delivery:
    """One step of a message with its line on the trail; nothing where another worker was quicker."""
    delivery = _locked(delivery)
    following = after(delivery.state, verb)
    if following is None:
        return delivery
    delivery.state, delivery.error_sentence, delivery.sent_at = following, sentence[:300], sent_at
    delivery.save(update_fields=["state", "error_sentence", "sent_at"])
    _record(name, delivery, None, at)
    return delivery


def _locked(delivery: Delivery) -> Delivery:
    rows = Delivery.objects.select_related("practice", "endpoint").select_for_update(of=("self",))
    return rows.get(pk=delivery.pk)


def _record(name: str, delivery: Delivery, actor: Membership | None, at: datetime) -> None:
    data = {"message": delivery.message_id, "type": delivery.event_type}
    trail.record(name, practice=delivery.practice, actor=actor, subject=delivery, at=at, data=data)


def _let_go_old(delivery: Delivery, at: datetime) -> None:
    old = Delivery.objects.filter(endpoint_id=delivery.endpoint_id, created_at__lt=at - KEPT)
    keys = old.exclude(state=State.WAITING).order_by("created_at").values_list("pk", flat=True)
    Delivery.objects.filter(pk__in=list(keys[:100])).delete()
