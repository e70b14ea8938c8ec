"""A post with the steps that made it safe, each decision about it, and the practice's own names."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from doorframe.apps.members.encryption import EncryptedJSONField, EncryptedTextField
from doorframe.apps.members.isolation import PracticeModel
from doorframe.apps.members.models import Membership
from doorframe.apps.posts.states import ENDED, State, Verb
from doorframe.engines.screening import verdict as engine


class Kind(models.TextChoices):
    """What is written; the values are the engine's KINDS."""

    POST = "post", _in("kind of text", "Post")
    CAPTION = "caption", _in("kind of text", "Caption of a picture")
    REPLY = "reply", _in("kind of text", "Reply to a review or a message")
    COMMENT = "comment", _in("kind of text", "Comment")
    GROUP_QUESTION = "group-question", _in("kind of text", "Question in a group of colleagues")
    NEWSLETTER = "newsletter", _in("kind of text", "Newsletter")


class Outcome(models.TextChoices):
    """What screening said; the values are the engine's OUTCOMES."""

    DO_NOT_POST = engine.DO_NOT_POST, _("Do not post")
    ASK = engine.ASK, _("A person decides")
    NOTHING_FOUND = engine.NOTHING_FOUND, _("Nothing found")


class Post(PracticeModel):
    """Something that is to be posted, and where it stands.

    `permission` is the reference of a client's permission to tell their story, which the words rest on.
    `verdict` holds what was found in `text`, with its words (see `verdicts`); both go when the text goes, and so
    does `note`, why it was sent back. `sha256` stays: of the words as UTF-8. `release` says which program and which
    content screened. `editors` holds whoever wrote some of the words; none of them is a second person. `revision`
    goes up with every change, so that two windows never overwrite each other in silence.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    editors = models.JSONField(default=list)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.POST)
    platform = models.CharField(max_length=40, blank=True)
    permission = models.CharField(max_length=12, blank=True)
    text = EncryptedTextField()
    sha256 = models.CharField(max_length=64)
    planned_for = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)

    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    verdict = EncryptedJSONField()
    release = models.CharField(max_length=200)
    screened_at = models.DateTimeField()

    note = EncryptedTextField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    approved_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    published_on = models.DateField(null=True)
    text_deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "state", "-changed_at"], name="posts_by_state"),
            models.Index(fields=["practice", "planned_for"], name="posts_by_day"),
            models.Index(fields=["practice", "text_deleted_at", "changed_at"], name="posts_by_text"),
        ]

    def __str__(self) -> str:
        return f"post {self.pk}"

    @property
    def has_text(self) -> bool:
        return self.text_deleted_at is None

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def must_not_go_out(self) -> bool:
        return self.outcome == Outcome.DO_NOT_POST


class Step(PracticeModel):
    """One safer wording that was taken: the words before and after, until the text goes."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    family = models.CharField(max_length=40)
    step = models.CharField(max_length=20)
    label = EncryptedTextField()
    before = EncryptedTextField()
    after = EncryptedTextField()
    before_sha256 = models.CharField(max_length=64)
    after_sha256 = models.CharField(max_length=64)
    before_outcome = models.CharField(max_length=16, choices=Outcome.choices)
    after_outcome = models.CharField(max_length=16, choices=Outcome.choices)
    taken_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="posts_step_number")]
        ordering = ["post", "number"]

    def __str__(self) -> str:
        return f"step {self.number}"


class Decision(PracticeModel):
    """Who did what with a post, when, and what screening said of which words. It stays when the text goes.

    `by` is None where the clock did it. `reason` is why an approver let words pass that a person must decide about.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="decisions")
    what = models.CharField(max_length=12, choices=Verb.choices)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    platform = models.CharField(max_length=40, blank=True)
    permission = models.CharField(max_length=12, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    sha256 = models.CharField(max_length=64)
    release = models.CharField(max_length=200)
    reason = EncryptedTextField()

    class Meta:
        indexes = [
            models.Index(fields=["practice", "-at", "-id"], name="posts_log"),
            models.Index(fields=["practice", "outcome", "-at"], name="posts_log_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.post_id}"


class OwnNames(PracticeModel):
    """The practice's own words, which tell of no client: one a line. One row a practice, once it said so."""

    practice = models.OneToOneField("members.Practice", on_delete=models.PROTECT, related_name="+")
    lines = EncryptedTextField()
    changed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.practice)
