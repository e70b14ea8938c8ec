"""Where readers find a policy, and who can open that address."""

from __future__ import annotations

import ipaddress
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from doorframe.apps.policies.models import Version


class Reach(StrEnum):
    """Who can open an address."""

    HERE = "here"
    NEAR = "near"
    ANYWHERE = "anywhere"


def public(request: HttpRequest, version: Version) -> str:
    """The whole address of the version in force, as readers are given it."""
    path = reverse("public:current", kwargs={"slug": version.practice.slug})
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def reach(address: str) -> Reach:
    """Whether an address opens on this computer alone, on the network around it, or everywhere.

    Judged by its name only: nobody is asked, so a name that looks public may still lead nowhere.
    """
    host = (urlsplit(address).hostname or "").rstrip(".")
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return _reach_of_name(host)
    if number.is_loopback or number.is_unspecified:
        return Reach.HERE
    return Reach.ANYWHERE if number.is_global else Reach.NEAR


_NEAR = (".local", ".lan", ".internal", ".home.arpa", ".home", ".localdomain")


def _reach_of_name(host: str) -> Reach:
    if host == "localhost" or host.endswith(".localhost"):
        return Reach.HERE
    return Reach.NEAR if "." not in host or host.endswith(_NEAR) else Reach.ANYWHERE
