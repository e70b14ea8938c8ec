"""A version of the practice's policy, from draft to retired, and the documents issued from it."""

from __future__ import annotations

import uuid

from django.db import models

from doorframe.apps.members.isolation import PracticeModel
from doorframe.apps.members.models import Membership
from doorframe.apps.policies.states import State


class Version(PracticeModel):
    """One version of the policy.

    While it is a draft its answers change; from review on they stand still. `done` holds the ids of the screens
    that were confirmed; `touched` holds for each answer the revision that last changed it, so that two tabs
    never overwrite each other in silence. `furthest` is the largest share of the interview that was ever done, in
    percent: an earlier answer that brings up more questions does not take back what a person has done.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=160)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    number = models.PositiveIntegerField(null=True, editable=False)
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=dict)
    done = models.JSONField(default=list)
    touched = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    screen = models.CharField(max_length=60, blank=True)
    furthest = models.PositiveSmallIntegerField(default=0)

    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    editors = models.JSONField(default=list)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    in_force_from = models.DateField(null=True)
    change_note = models.TextField(blank=True)
    material = models.BooleanField(default=False)
    pack_id = models.CharField(max_length=60, blank=True)
    pack_version = models.CharField(max_length=20, blank=True)
    pack_sha256 = models.CharField(max_length=64, blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    public_page = models.TextField(blank=True)
    public_fragment = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="policies_number_once_per_practice"),
            models.UniqueConstraint(
                fields=["practice"], condition=models.Q(state="published"), name="policies_one_published"
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "state", "-changed_at"], name="policies_by_state"),
            models.Index(fields=["practice", "-changed_at", "-id"], name="policies_by_change"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_issued(self) -> bool:
        """Whether its words were put in force: their documents stay as they are for good."""
        return self.state in {State.PUBLISHED, State.RETIRED}


class IssuedDocument(PracticeModel):
    """One file of a published version, kept as bytes: what was handed out can be shown again."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=40)
    format = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "name", "format"], name="policies_one_file_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.name}.{self.format}"
