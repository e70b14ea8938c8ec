"""People, practices, and who is what in which practice."""

from __future__ import annotations

import uuid
import zoneinfo
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from doorframe.apps.members.isolation import PracticeModel
from doorframe.apps.members.roles import Role


class Language(models.TextChoices):
    """How a practice spells its English."""

    AMERICAN = "en-US", _("English (United States)")
    BRITISH = "en-GB", _("English (United Kingdom)")


def check_time_zone(value: str) -> None:
    """Raise ValidationError unless the value is a time zone that this machine knows."""
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise ValidationError(_("“%(value)s” is not a time zone."), params={"value": value}) from error


class UserManager(BaseUserManager["User"]):
    """Makes people; their e-mail address is what they sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person; without a password they cannot sign in with one."""
        if not email:
            raise ValueError("A person needs an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who can sign in. What they may do stands in their memberships, never here."""

    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(_("name"), max_length=200)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="members_user_email_any_case")]

    def __str__(self) -> str:
        return self.display_name or self.email

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


class Practice(models.Model):
    """One practice: solo or a group. Everything else in the database belongs to one."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name of the practice"), max_length=200)
    slug = models.SlugField(_("address on the web"), max_length=80, unique=True)
    country = models.CharField(_("country"), max_length=2, default="US")
    region = models.CharField(_("state, province or territory"), max_length=10, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.AMERICAN)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[check_time_zone])
    two_person_rule = models.BooleanField(_("a second person approves each policy"), default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Membership(PracticeModel):
    """What one person is in one practice. This is the `actor` of every action and `request.member`."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "user"], name="members_one_role_per_practice")]

    def __str__(self) -> str:
        return f"{self.user} · {self.practice}"


class FormerSlug(PracticeModel):
    """An address that a practice had before. It leads to the present one and is never given to anyone else."""

    slug = models.SlugField(max_length=80, unique=True)
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.slug


class Beginning(PracticeModel):
    """The one practice that was begun from the browser; a second beginning breaks the constraint."""

    only = models.PositiveSmallIntegerField(default=1, unique=True, editable=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(only=1), name="members_one_beginning")]

    def __str__(self) -> str:
        return str(self.practice)


class Invitation(PracticeModel):
    """A link by which one person joins a practice once. Of the link itself only the hash is kept."""

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    member = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "practice",
                Lower("email"),
                condition=models.Q(withdrawn_at=None, accepted_at=None),
                name="members_one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.role}"


Member = Membership
