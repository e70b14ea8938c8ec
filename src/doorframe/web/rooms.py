"""The rooms of the main navigation; a room that is not installed is not shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Room:
    """One entry: its label, the name of its first page, and the app that must be installed for it."""

    label: str | Promise
    url_name: str
    app: str


TABLE = (
    Room(_("Today"), "today", "doorframe.web"),
    Room(_("Policy"), "policies:index", "doorframe.apps.policies"),
    Room(_("Accounts"), "accounts:index", "doorframe.apps.accounts"),
    Room(_("Help"), "help", "doorframe.web"),
)


def navigation(path: str) -> list[dict[str, object]]:
    """The entries to show, each with its address and whether the page at `path` is in it."""
    shown = [(room, reverse(room.url_name)) for room in TABLE if apps.is_installed(room.app)]
    return [{"label": room.label, "url": url, "current": _is_in(path, url)} for room, url in shown]


def _is_in(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
