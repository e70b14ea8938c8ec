"""An account in the register, and a worksheet with the decision it led to."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from doorframe.apps.members.isolation import PracticeModel
from doorframe.apps.members.models import Membership


class Kind(models.TextChoices):
    """Whose account it is."""

    PROFESSIONAL = "professional", _("Professional")
    PERSONAL = "personal", _("Personal")
    PSEUDONYMOUS = "pseudonymous", _("Under another name")


class TwoFactor(models.TextChoices):
    """Whether a second proof is asked for at sign-in."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not checked yet")


class Outcome(models.TextChoices):
    """How a worksheet ended."""

    OPEN = "open", _("Open it, or keep it")
    WAIT = "wait", _("Wait")
    NOT_OPEN = "not-open", _("Do not open it")
    CLOSE = "close", _("Close it")


class Account(PracticeModel):
    """One account, listing or page of the practice or of its people. Closed ones stay in the register.

    `handle_key` is the handle as two people would call it the same: without @, in small letters.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    platform = models.CharField(max_length=40)
    handle = models.CharField(max_length=120)
    handle_key = models.CharField(max_length=400, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    owner = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=160, blank=True)
    who_posts = models.CharField(max_length=160, blank=True)
    two_factor = models.CharField(max_length=10, choices=TwoFactor.choices, default=TwoFactor.UNKNOWN)
    recovery = models.CharField(max_length=200, blank=True)
    since = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    closing_note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "platform", "handle_key"],
                condition=models.Q(closed_on__isnull=True),
                name="accounts_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.handle}"

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class Worksheet(PracticeModel):
    """Thinking an account over: a draft until it is decided, a record that stands still from then on.

    `answers` holds field ids of the checklist; `touched` holds for each the revision that last changed it, so
    that two tabs never overwrite each other in silence. `record` is what was asked and answered, in words, as
    it was on the day: a later change of the questions does not change the record.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    platform = models.CharField(max_length=40)
    handle = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="worksheets")
    answers = models.JSONField(default=dict)
    touched = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)

    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    decided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    record = models.JSONField(default=list)
    pack = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "decided_at", "-changed_at"], name="accounts_by_decision")]

    def __str__(self) -> str:
        return f"{self.platform} {self.handle}".strip()

    @property
    def is_draft(self) -> bool:
        return self.decided_at is None
