"""A client's permission to tell a story, who signs it, and the device in their hands while they do."""

from __future__ import annotations

import uuid

from django.db import models

from doorframe.apps.authorisations.states import Answer, Method, State
from doorframe.apps.clients.models import Capacity, Client, Person
from doorframe.apps.members.encryption import EncryptedJSONField, EncryptedTextField
from doorframe.apps.members.isolation import PracticeModel
from doorframe.apps.members.models import Membership


class Authorisation(PracticeModel):
    """What may be told of whom, where, what for and until when.

    `reference` is opaque, and all that pages of other rooms and the trail say. `tree` is the form as everyone reads
    it, as plain values (adapters.kept), with the hash of its words; both are fixed when it is prepared. `asked` is
    what stood beside the buttons. Whether it has ended follows from the day.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    scope = EncryptedTextField(blank=True, default="")
    purpose = EncryptedTextField(blank=True, default="")
    platforms = models.JSONField(default=list)
    elsewhere = EncryptedTextField(blank=True, default="")
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)

    form = models.CharField(max_length=40, blank=True)
    pack = models.CharField(max_length=160, blank=True)
    language = models.CharField(max_length=12, blank=True)
    tree = EncryptedJSONField(null=True)
    asked = EncryptedJSONField(null=True)
    text_sha256 = models.CharField(max_length=64, blank=True)

    begun_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    prepared_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_reason = EncryptedTextField(blank=True, default="")
    followed_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "reference"], name="authorisations_reference_once"),
            models.CheckConstraint(
                condition=models.Q(last_on__isnull=True) | models.Q(last_on__gte=models.F("first_on")),
                name="authorisations_days_in_order",
            ),
        ]
        indexes = [models.Index(fields=["practice", "state", "last_on"], name="authorisations_by_state")]

    def __str__(self) -> str:
        return self.reference


class Signer(PracticeModel):
    """One person on an authorisation, and what they said.

    Names and authority are copied when it is prepared. A minor beside a guardian is not `required`, and their no
    counts all the same. `kept_where` says where a sheet of paper is filed.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authorisation = models.ForeignKey(Authorisation, on_delete=models.CASCADE, related_name="signers")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=12, choices=Capacity.choices)
    required = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=1)
    name = EncryptedTextField(blank=True, default="")
    relationship = EncryptedTextField(blank=True, default="")
    authority = EncryptedTextField(blank=True, default="")

    answer = models.CharField(max_length=4, choices=Answer.choices, blank=True, default="")
    method = models.CharField(max_length=6, choices=Method.choices, blank=True, default="")
    signed_name = EncryptedTextField(blank=True, default="")
    signed_on = models.DateField(null=True)
    kept_where = EncryptedTextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["authorisation", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["authorisation", "person"], name="authorisations_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.capacity} {self.position}"


class Turn(PracticeModel):
    """A device handed to the people of one authorisation. The browser holds a secret; only its hash is kept."""

    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="+")
    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, null=True, related_name="+")
    held_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    secret_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"turn {self.pk}"
