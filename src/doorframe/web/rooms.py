"""The rooms of the main navigation; a room that is not installed is not shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission


@dataclass(frozen=True, slots=True)
class Room:
    """One entry: its label, the name of its first page, the app that must be installed, and who is shown it."""

    label: str | Promise
    url_name: str
    app: str
    permission: Permission | None = None


TABLE = (
    Room(_("Today"), "today", "doorframe.web"),
    Room(_("Clients"), "clients:index", "doorframe.apps.clients", Permission.VIEW_CLIENTS),
    Room(_("Acknowledgements"), "acks:index", "doorframe.apps.signatures", Permission.ASK_CLIENTS),
    Room(_("Permissions"), "authorisations:index", "doorframe.apps.authorisations", Permission.VIEW_AUTHORISATIONS),
    Room(_("Policy"), "policies:index", "doorframe.apps.policies"),
    Room(_("Posts"), "posts:index", "doorframe.apps.posts", Permission.WRITE_POSTS),
    Room(_("Accounts"), "accounts:index", "doorframe.apps.accounts"),
    Room(_("Help"), "help", "doorframe.web"),
)


def navigation(path: str, member: Membership) -> list[dict[str, object]]:
    """The entries this member is shown, each with its address and whether the page at `path` is in it."""
    shown = [(room, reverse(room.url_name)) for room in TABLE if _is_shown(room, member)]
    return [{"label": room.label, "url": url, "current": _is_in(path, url)} for room, url in shown]


def _is_shown(room: Room, member: Membership) -> bool:
    if not apps.is_installed(room.app):
        return False
    return room.permission is None or permissions.can(member, room.permission)


def _is_in(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
