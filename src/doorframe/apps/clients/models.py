"""A client under a practice id, and the people who read and sign for that client."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from doorframe.apps.members.encryption import EncryptedTextField
from doorframe.apps.members.isolation import PracticeModel
from doorframe.apps.members.models import Membership


class Kind(models.TextChoices):
    """Who comes together under one practice id."""

    INDIVIDUAL = "individual", _("One person")
    COUPLE = "couple", _("Couple")
    FAMILY = "family", _("Family")
    GROUP = "group", _("Group")


class Status(models.TextChoices):
    """Where a client stands."""

    PROSPECTIVE = "prospective", _in("client", "Not yet a client")
    CURRENT = "current", _in("client", "Current")
    FORMER = "former", _in("client", "Former")


class Capacity(models.TextChoices):
    """As whom a person of this client reads and signs."""

    CLIENT = "client", _("Client")
    GUARDIAN = "guardian", _("Parent or guardian")


class CopyWay(models.TextChoices):
    """How a person gets the copy of what they signed."""

    EMAIL = "email", _("By e-mail")
    DOWNLOAD = "download", _("Saved from the page")
    PRINT = "print", _("On paper")
    NONE = "none", _("None wished for")


class Client(PracticeModel):
    """One client of the practice: a person, or a couple, family or group that comes together.

    `code` is the practice id: opaque, and all that lists, addresses and the trail ever say.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("practice id"), max_length=20)
    kind = models.CharField(_("who comes"), max_length=12, choices=Kind.choices, default=Kind.INDIVIDUAL)
    clinician = models.ForeignKey(Membership, verbose_name=_("clinician"), on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.PROSPECTIVE)
    first_session_on = models.DateField(_("first session"), null=True, blank=True)
    third_session_on = models.DateField(_("third session"), null=True, blank=True)
    reminders_paused = models.BooleanField(_("send no reminders"), default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "code"], name="clients_code_once")]
        indexes = [
            models.Index(fields=["practice", "status", "code"], name="clients_by_status"),
            models.Index(fields=["practice", "clinician", "status", "code"], name="clients_by_clinician"),
        ]

    def __str__(self) -> str:
        return self.code


class Person(PracticeModel):
    """Somebody who reads and signs for a client: the client, each partner, or a guardian. Names are optional."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="people")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    capacity = models.CharField(_("signs as"), max_length=12, choices=Capacity.choices, default=Capacity.CLIENT)
    name = EncryptedTextField(_("name"), blank=True, default="")
    email = EncryptedTextField(_("e-mail"), blank=True, default="")
    phone = EncryptedTextField(_("telephone"), blank=True, default="")
    is_minor = models.BooleanField(_("is a minor"), default=False)
    relationship = EncryptedTextField(_("relationship to the client"), blank=True, default="")
    authority = EncryptedTextField(_("why this person may sign"), blank=True, default="")
    copy_way = models.CharField(_("copy"), max_length=8, choices=CopyWay.choices, default=CopyWay.EMAIL)
    electronic = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["client", "position", "pk"]
        indexes = [models.Index(fields=["client", "position"], name="clients_people")]

    def __str__(self) -> str:
        return f"{self.client.code} {self.position}"
