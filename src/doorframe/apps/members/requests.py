"""The request of a page that needs a sign-in: it knows who acts, and in which practice."""

from __future__ import annotations

from django.http import HttpRequest

from doorframe.apps.members.models import Membership


class MemberRequest(HttpRequest):
    """What MemberMiddleware hands to every page that is not public."""

    member: Membership
