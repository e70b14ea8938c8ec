"""Keys for other programs, places that are told of events, and one row for each message to such a place."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models

from doorframe.apps.connections import events
from doorframe.apps.connections.scopes import Scope, reading
from doorframe.apps.connections.states import State
from doorframe.apps.members.encryption import EncryptedTextField
from doorframe.apps.members.isolation import PracticeModel
from doorframe.apps.members.models import Membership

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ApiToken(PracticeModel):
    """A key with which another program reads where acknowledgements stand, or has drafts checked. Only its hash is
    kept. `scopes` holds what it opens."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    scopes = models.JSONField(default=reading)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "-made_at"], name="connections_tokens")]

    def __str__(self) -> str:
        return f"token {self.pk}"

    @property
    def uses(self) -> list[StrOrPromise]:
        """What a program can do with it, in words."""
        return [scope.label for scope in Scope if scope in self.scopes]


class Endpoint(PracticeModel):
    """An address of another program that is told of events.

    The address is encrypted like the secret, because such addresses often hold a secret of their own.
    `previous_secret` signs beside `secret` until `previous_until`, so that the other side can change in peace.
    `enabled` False with `gave_up_at` means: switched off by itself, after a day of messages in vain.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    url = EncryptedTextField()
    events = models.JSONField(default=list)
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(blank=True, default="")
    previous_until = models.DateTimeField(null=True)
    enabled = models.BooleanField(default=True)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    last_ok_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "enabled"], name="connections_listening")]

    def __str__(self) -> str:
        return f"endpoint {self.pk}"


class Delivery(PracticeModel):
    """One message to one endpoint, written in the transaction of the change that it tells of.

    `body` holds opaque ids and states alone and stays the same however often it is sent; so does `uid`, which the
    other side knows as `webhook-id`. `seq` is the event's number on the trail, None for a test.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="deliveries")
    event_type = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField(null=True)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    waits_since = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error_sentence = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "seq"], name="connections_event_once")]
        indexes = [
            models.Index(fields=["endpoint", "-created_at"], name="connections_latest"),
            models.Index(fields=["practice", "state"], name="connections_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.state}"

    @property
    def message_id(self) -> str:
        """The `webhook-id`: by it the other side knows a message that came twice."""
        return f"msg_{self.uid.hex}"

    @property
    def label(self) -> StrOrPromise:
        """What the message tells of, in words."""
        return events.label(self.event_type)
