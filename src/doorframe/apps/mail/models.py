"""One row for each letter, and one for the name that a practice's letters come from."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from doorframe.apps.mail.states import State
from doorframe.apps.members.isolation import PracticeModel


class Letter(PracticeModel):
    """A letter that must go out once. It holds no address, no words and no link: they are made when it is sent."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=100)
    args = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=200, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=300, blank=True)
    run_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error_sentence = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "unique_key"], name="mail_one_letter_per_key")]
        indexes = [
            models.Index(fields=["practice", "state", "-created_at"], name="mail_by_state"),
            models.Index(fields=["practice", "-created_at"], name="mail_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Sender(PracticeModel):
    """What the practice's letters say about who sends them, where its owner wants something else than usual."""

    practice = models.OneToOneField("members.Practice", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name of the sender"), max_length=70, blank=True)
    reply_to = models.EmailField(_("address for answers"), blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
