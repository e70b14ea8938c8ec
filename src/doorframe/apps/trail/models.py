"""Events and, kept apart from them, the head of each practice's chain."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doorframe.apps.members.isolation import PracticeModel
from doorframe.engines.sealing import GENESIS, Json, Link


class Event(PracticeModel):
    """One thing that happened. Written once by `actions.record`; the database refuses any change."""

    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField(_("when"))
    # No constraint and no cascade: a person may go, what they did stays, and this row is never touched again.
    actor = models.ForeignKey(
        "members.User", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    actor_label = models.CharField(max_length=255)
    name = models.CharField(max_length=100)
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["practice", "seq"]
        constraints = [models.UniqueConstraint(fields=["practice", "seq"], name="trail_event_seq")]
        indexes = [
            models.Index(fields=["practice", "subject_type", "subject_id", "seq"], name="trail_event_subject"),
            models.Index(fields=["practice", "name", "seq"], name="trail_event_name"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.name}"

    def payload(self, *, practice_uid: str) -> Json:
        """What the hash covers: every column but the hashes themselves."""
        return {
            "practice": practice_uid,
            "seq": self.seq,
            "at": self.at.isoformat(timespec="microseconds"),
            "actor": self.actor_id,
            "actor_label": self.actor_label,
            "name": self.name,
            "subject_type": self.subject_type,
            "subject_id": self.subject_id,
            "data": self.data,
        }

    def link(self, *, practice_uid: str) -> Link:
        """This row as a link of the chain."""
        return Link(self.seq, self.payload(practice_uid=practice_uid), self.previous_hash, self.hash)


class Head(PracticeModel):
    """The number and hash of a practice's last event; locked while the next one is written."""

    practice = models.OneToOneField("members.Practice", on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"
