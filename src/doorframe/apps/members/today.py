"""What a room tells Today: one thing that needs a person now, and why. And what the members themselves tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.urls import reverse
from django.utils.translation import gettext as _

from doorframe.apps.members import permissions, queries
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role


@dataclass(frozen=True, slots=True)
class Item:
    """One line of Today.

    `when` as people say it ("2 days over", "Today", "Monday"); `late` marks it; `order` sorts, most pressing
    first (days until due is a good number); `link` is a path of this site; `verb` is the button ("Review").
    """

    when: str
    title: str
    sentence: str
    link: str
    verb: str
    late: bool = False
    order: int = 0


class Provider(Protocol):
    """What stands in the setting DOORFRAME_TODAY: a function of the signed-in member and the time."""

    def __call__(self, member: Membership, *, now: datetime) -> Iterable[Item]: ...


def items(member: Membership, *, now: datetime) -> Iterable[Item]:
    """A second person where the practice asks for one, and a second way to sign in; both can wait."""
    practice = member.practice
    alone = practice.two_person_rule and not queries.can_two_people_decide(practice)
    if alone and permissions.can_manage_members(member):
        yield Item(
            _("When you can"),
            _("Invite a second person"),
            _("Your practice wants two people for each policy, and nobody else can approve what you write."),
            reverse("members:people"),
            _("Invite"),
            order=8,
        )
    if member.role == Role.OWNER and not practice.is_demo and not queries.has_second_factor(member.user):
        yield Item(
            _("When you can"),
            _("Add a second way to sign in"),
            _("A passkey or an authenticator app keeps the practice yours even when a password is lost."),
            reverse("mfa_index"),
            _("Set it up"),
            order=90,
        )
