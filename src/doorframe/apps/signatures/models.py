"""A paper to be acknowledged, who acknowledged it, the ways in, the questions, and the sealed proof."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from doorframe.apps.clients.models import Client, Person
from doorframe.apps.members.encryption import EncryptedBytesField, EncryptedJSONField, EncryptedTextField
from doorframe.apps.members.isolation import PracticeModel
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures.states import Answer, Capacity, Method, State


class Paper(PracticeModel):
    """One issued text that people read and sign: a version of the policy, kept as it was put in force.

    `tree` is the document as plain values (adapters.kept), `answers` the practice's own answers behind it,
    `changes` what is different from the paper before: a list of {"id", "title", "how"}, how being new, changed
    or gone. `key` says which paper of the practice it is: "policy". `generation` is the number of the last paper
    that changed materially: whoever agreed to any paper of the present generation need not be asked again.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=40, default="policy")
    number = models.PositiveIntegerField()
    generation = models.PositiveIntegerField()
    source = models.UUIDField()
    title = models.CharField(max_length=160)
    language = models.CharField(max_length=12)
    tree = models.JSONField()
    answers = models.JSONField(default=dict)
    text_sha256 = models.CharField(max_length=64)
    pack = models.CharField(max_length=120)
    pack_sha256 = models.CharField(max_length=64)
    in_force_from = models.DateField()
    material = models.BooleanField(default=False)
    change_note = models.TextField(blank=True)
    changes = models.JSONField(default=list)
    issued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "key", "number"], name="signatures_paper_number"),
            models.UniqueConstraint(
                fields=["practice", "key"], condition=models.Q(ended_at__isnull=True), name="signatures_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"

    @property
    def is_in_force(self) -> bool:
        return self.ended_at is None


class Preferences(PracticeModel):
    """How a practice asks and keeps. One row a practice, made when something differs from the usual."""

    practice = models.OneToOneField("members.Practice", on_delete=models.PROTECT, related_name="+")
    countersign = models.BooleanField(_("the therapist countersigns"), default=True)
    understanding = models.BooleanField(_("three questions to check understanding"), default=False)
    keep_ip = models.BooleanField(_("keep the IP address with a signature"), default=False)
    link_days = models.PositiveSmallIntegerField(_("days that a link works"), default=14)
    keep_years = models.PositiveSmallIntegerField(_("years that proof is kept"), default=6)
    reminder_days = models.JSONField(default=list)
    idle_minutes = models.PositiveSmallIntegerField(_("minutes until the tablet locks"), default=3)
    timestamp_url = models.URLField(_("time-stamp authority"), blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(keep_years__gte=6), name="signatures_six_years")]

    def __str__(self) -> str:
        return str(self.practice)


class Campaign(PracticeModel):
    """The asking of everyone on an older version, after a material change."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="campaign")
    opened_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"campaign {self.paper}"


class Acknowledgement(PracticeModel):
    """One client and one paper: who was asked, what they said, how it ended.

    `reference` is printed on the paper copy, so that a signed sheet finds its way back.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="acknowledgements")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="acknowledgements")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="acknowledgements")
    reference = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    opened_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    keep_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "paper"], name="signatures_one_per_client_and_paper"),
            models.UniqueConstraint(fields=["practice", "reference"], name="signatures_reference_once"),
        ]
        indexes = [
            models.Index(fields=["client", "-opened_at"], name="signatures_by_client"),
            models.Index(fields=["practice", "state", "-opened_at"], name="signatures_by_state"),
            models.Index(fields=["campaign", "state"], name="signatures_by_campaign"),
        ]

    def __str__(self) -> str:
        return self.reference


class Signer(PracticeModel):
    """One person on an acknowledgement: what they were shown, when, and what they said.

    Clients and guardians have a `person`, the therapist a `member`, interpreters and witnesses a name alone. Where it
    is not `required` (a minor beside a guardian, a witness), the acknowledgement is complete without this answer.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    acknowledgement = models.ForeignKey(Acknowledgement, on_delete=models.PROTECT, related_name="signers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=12, choices=Capacity.choices)
    position = models.PositiveSmallIntegerField(default=1)
    required = models.BooleanField(default=True)
    name = EncryptedTextField(blank=True, default="")
    relationship = EncryptedTextField(blank=True, default="")
    authority = EncryptedTextField(blank=True, default="")

    answer = models.CharField(max_length=20, choices=Answer.choices, blank=True, default="")
    method = models.CharField(max_length=12, choices=Method.choices, blank=True, default="")
    reason = EncryptedTextField(blank=True, default="")
    signed_name = EncryptedTextField(blank=True, default="")
    drawing = EncryptedJSONField(null=True)
    disclosure = models.TextField(blank=True)
    disclosure_sha256 = models.CharField(max_length=64, blank=True)
    understanding = models.JSONField(null=True)
    user_agent = EncryptedTextField(blank=True, default="")
    ip = EncryptedTextField(blank=True, default="")
    talked_on = models.DateField(null=True)

    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    consented_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    reminders = models.JSONField(default=list)
    next_reminder_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["acknowledgement", "position", "pk"]
        indexes = [models.Index(fields=["next_reminder_at"], name="signatures_reminders")]

    def __str__(self) -> str:
        return f"{self.capacity} {self.position}"


class Link(PracticeModel):
    """One remote link. The address itself is kept nowhere: it is made when the letter is made, from this row's id."""

    READ, COPY = "read", "copy"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=4, default=READ)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    code_hash = models.CharField(max_length=200, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link {self.pk}"


class Visit(PracticeModel):
    """One sitting of a reader: by a link on their own device, or in turn on the practice's tablet.

    The browser holds a secret of which only the hash is kept here. `held_by` is the member who handed over the
    tablet. `seen` is how many cards were read.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    acknowledgement = models.ForeignKey(Acknowledgement, on_delete=models.PROTECT, related_name="+")
    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(Link, on_delete=models.PROTECT, null=True, related_name="+")
    held_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    secret_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    copy_only = models.BooleanField(default=False)
    seen = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"visit {self.pk}"

    @property
    def is_kiosk(self) -> bool:
        """Whether this is the practice's tablet, handed over by a member."""
        return self.held_by_id is not None


class Pin(PracticeModel):
    """By which a member takes the tablet back. Too many wrong tries, and only a full sign-in does."""

    member = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="+")
    pin_hash = models.CharField(max_length=200)
    tries = models.PositiveSmallIntegerField(default=0)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"pin {self.pk}"


class Question(PracticeModel):
    """What a reader asked about a clause. Open until it is answered, or was talked about."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    acknowledgement = models.ForeignKey(Acknowledgement, on_delete=models.PROTECT, related_name="questions")
    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, related_name="questions")
    clause = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    text = EncryptedTextField()
    asked_at = models.DateTimeField()
    answer = EncryptedTextField(blank=True, default="")
    talked_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    clarify = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "closed_at", "asked_at"], name="signatures_open_questions"),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"


class Explanation(PracticeModel):
    """“Explained aloud on … by …”: a talk about the paper, on a day, by somebody."""

    acknowledgement = models.ForeignKey(Acknowledgement, on_delete=models.PROTECT, related_name="explanations")
    on = models.DateField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"explained on {self.on}"


class Prompt(PracticeModel):
    """To speak about the paper again: at the third session, and yearly. Closed with a day and a person."""

    class Kind(models.TextChoices):
        THIRD_SESSION = "third-session", _("Third session")
        YEARLY = "yearly", _("Once a year")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="prompts")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "kind", "due_on"], name="signatures_one_prompt_a_day")]
        indexes = [models.Index(fields=["practice", "done_on", "due_on"], name="signatures_prompts_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"


class SealKey(PracticeModel):
    """The key that seals a practice's documents: made here, or the practice's own PKCS#12. Encrypted with the rest."""

    practice = models.OneToOneField("members.Practice", on_delete=models.PROTECT, related_name="+")
    pkcs12 = EncryptedBytesField()
    passphrase = EncryptedTextField(blank=True, default="")
    fingerprint = models.CharField(max_length=64)
    own = models.BooleanField(default=False)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.fingerprint


class Seal(PracticeModel):
    """The sealed PDF of an acknowledgement, as it was given out."""

    acknowledgement = models.ForeignKey(Acknowledgement, on_delete=models.PROTECT, related_name="seals")
    data = EncryptedBytesField(null=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    chain_seq = models.PositiveBigIntegerField()
    chain_hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["acknowledgement"], name="signatures_one_seal"),
        ]

    def __str__(self) -> str:
        return self.sha256


class Scan(PracticeModel):
    """The picture or PDF of a signed sheet that came back on paper."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, related_name="scans")
    media_type = models.CharField(max_length=40)
    data = EncryptedBytesField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256


class EvidencePack(PracticeModel):
    """A pack that somebody asked for: made by a job, kept encrypted for a day, given to whoever asked alone.

    The file itself stands in no column: `packs` keeps it. `reference` is a client's practice id or a version's number.
    """

    class Kind(models.TextChoices):
        CLIENT = "client", _("One client")
        VERSION = "version", _("One version")
        PRACTICE = "practice", _("The whole practice")

    class Stage(models.TextChoices):
        WAITING = "waiting", _("Being made")
        READY = "ready", _("Ready")
        GONE = "gone", _("Removed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.WAITING)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "-asked_at"], name="signatures_packs")]

    def __str__(self) -> str:
        return f"pack {self.pk}"
