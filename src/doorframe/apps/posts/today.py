"""What posts ask of a person today. No word of a text stands here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.members.today import Item
from doorframe.apps.posts import queries
from doorframe.apps.posts.models import Post
from doorframe.apps.posts.states import State

MOST = 3
LOOKED_AT = 99
"""More than so many are counted as so many."""


def items(member: Membership, *, now: datetime) -> Iterable[Item]:
    """Posts that wait for this approver, that came back, and that may go out today. One query."""
    if not permissions.can(member, Permission.WRITE_POSTS):
        return
    found = queries.for_today(member, now.date(), most=LOOKED_AT)
    yield from _waiting([post for post in found if post.state == State.WAITING])
    yield from [_came_back(post) for post in found if post.state == State.SENT_BACK][:MOST]
    yield from [_to_post(post, now) for post in found if post.state == State.APPROVED][:MOST]


def _waiting(found: list[Post]) -> Iterable[Item]:
    if len(found) > MOST:
        title = ngettext(
            "%(count)s post waits for your decision", "%(count)s posts wait for your decision", len(found)
        ) % {"count": len(found)}  # fmt: skip
        link = reverse("posts:index") + f"?state={State.WAITING}"
        yield Item(_("When you can"), title, _("Each was checked already."), link, _("See them"), order=4)
        return
    for post in found:
        yield Item(
            _("When you can"), _("A post by %(name)s waits for your decision") % {"name": post.author.user},
            _named(post), reverse("posts:approve", args=[post.uid]), _("Read it"), order=4,
        )  # fmt: skip


def _came_back(post: Post) -> Item:
    return Item(
        _("When you can"), _("A post of yours came back"), _named(post), reverse("posts:change", args=[post.uid]),
        _("Change it"), order=5,
    )  # fmt: skip


def _to_post(post: Post, now: datetime) -> Item:
    day = post.planned_for or now.date()
    return Item(
        _since(day, now), _("Your approved post may go out"), _named(post),
        reverse("posts:post", args=[post.uid]), _("Open it"), order=5,
    )  # fmt: skip


def _named(post: Post) -> str:
    """What it is and for where: “Caption of a picture, Instagram”."""
    place = queries.platform_name(post.platform) if post.platform else ""
    return f"{post.get_kind_display()}, {place}" if place else str(post.get_kind_display())


def _since(day: date, now: datetime) -> str:
    return date_format(day, "j F") if day < now.date() else _("Today")
