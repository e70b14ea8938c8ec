"""One row for each piece of work, and one for each worker that is alive."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from doorframe.apps.members.isolation import PracticeModel


class State(models.TextChoices):
    """Where a job stands. Waiting jobs are taken when their time comes; the last two are ends."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


OPEN_STATES = (State.WAITING, State.RUNNING)


class Job(PracticeModel):
    """A piece of work that must happen. Its arguments are ids, never a client's words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    args = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=200, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    lease = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True)
    progress = models.PositiveSmallIntegerField(default=0)
    progress_sentence = models.CharField(max_length=300, blank=True)
    error_sentence = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "unique_key"],
                condition=models.Q(state__in=[State.WAITING, State.RUNNING]),
                name="jobs_one_open_per_key",
            ),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="jobs_progress_to_100"),
        ]
        indexes = [models.Index(fields=["state", "run_at"], name="jobs_next")]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in OPEN_STATES


class Worker(models.Model):
    """A worker process and when it last said that it is alive. Belongs to the machine, not to a practice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"worker {self.process}"
