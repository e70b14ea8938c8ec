"""What a room tells Today: one thing that needs a person now, and why. And what the members themselves tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from doorframe.apps.members import permissions, queries
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.trail.models import Event

NOTICE = timedelta(days=30)
"""For how long a person is told that somebody changed their sign-in, if they do not set it up anew."""


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
    """What happened to one's sign-in; a second person where the practice asks for one, a second way to sign in."""
    practice = member.practice
    protected = queries.has_second_factor(member.user)
    reset = None if protected else queries.second_factor_reset(member, since=now - NOTICE)
    if reset is not None:
        yield _notice(reset)
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
    if member.role == Role.OWNER and not practice.is_demo and not protected and reset is None:
        yield Item(
            _("When you can"),
            _("Add a second way to sign in"),
            _("A passkey or an authenticator app keeps the practice yours even when a password is lost."),
            reverse("mfa_index"),
            _("Set it up"),
            order=90,
        )


def _notice(reset: Event) -> Item:
    """Who took one's second way to sign in away, and when."""
    said = _(
        "%(name)s took the old one away on %(day)s, so your password alone lets you in. If you did not ask for that, "
        "speak to them."
    )
    sentence = said % {"name": reset.actor_label, "day": date_format(localtime(reset.at), "j F")}
    title = _("Add your second way to sign in again")
    return Item(_("Today"), title, sentence, reverse("mfa_index"), _("Set it up"), order=2)
