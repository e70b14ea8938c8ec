"""The request of a page that needs a sign-in: it knows who acts, and in which practice."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from doorframe.apps.members.models import Membership


class MemberRequest(HttpRequest):
    """What MemberMiddleware hands to every page that is not public."""

    member: Membership


def client_address(request: HttpRequest) -> str:
    """The network address that a request came from, as the settings about proxies say; "" where there is none."""
    return str(get_adapter().get_client_ip(request) or "")
