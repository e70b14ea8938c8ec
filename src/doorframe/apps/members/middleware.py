"""Asks for a sign-in, finds the current member, speaks the practice's language, and follows former addresses."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from doorframe.apps.members import demo, queries
from doorframe.apps.members.models import Membership

SESSION_KEY = "membership"


def is_public(path: str) -> bool:
    """Whether a page may be opened without signing in. The list stands in the settings, and is short."""
    return path in settings.PUBLIC_PATHS or path.startswith(tuple(settings.PUBLIC_PREFIXES))


class MemberMiddleware:
    """Sets `request.member`, the current Membership or None, and `request.memberships`, all that the person holds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_public(request.path_info):
            # A public page is the same for everyone: its reader costs no session query and gets no cookie.
            request.member = None  # type: ignore[attr-defined]
            return self.get_response(request)
        if not request.user.is_authenticated:
            request.member = None  # type: ignore[attr-defined]
            return self._ask_to_sign_in(request)
        held = list(queries.memberships_of(request.user))
        member = queries.current_of(held, request.session.get(SESSION_KEY))
        request.memberships = held  # type: ignore[attr-defined]
        request.member = member  # type: ignore[attr-defined]
        if member is None:
            return self._without_practice(request)
        with translation.override(member.practice.language.lower()), timezone.override(_zone(member)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", member.practice.language)
            return response

    def _ask_to_sign_in(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/" and not demo.is_on() and not queries.any_practice():
            return redirect("members:begin")
        wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
        answer = redirect_to_login(wanted, resolve_url(settings.LOGIN_URL))
        if request.headers.get("HX-Request"):
            # A fragment must not become a sign-in page inside a page.
            return HttpResponse(headers={"HX-Redirect": answer["Location"]})
        return answer

    def _without_practice(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/me/"):
            return self.get_response(request)
        raise PermissionDenied(
            _("You are signed in, but no practice has added you yet. Ask its owner to add your e-mail address.")
        )


class FormerAddressMiddleware:
    """Leads from an address that a practice had before to the one it has now. Costs nothing but where nothing is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND or request.method not in {"GET", "HEAD"}:
            return response
        found = _PUBLIC.fullmatch(request.path_info)
        present = queries.present_slug(found["slug"]) if found else None
        if found is None or present is None:
            return response
        query = request.META.get("QUERY_STRING", "")
        # Not for good: the practice may take its former address back, and browsers never forget a 301.
        return redirect(f"/p/{present}/{found['rest']}{'?' if query else ''}{query}")


_PUBLIC = re.compile(r"/p/(?P<slug>[-a-zA-Z0-9_]+)/(?P<rest>.*)")


def _zone(member: Membership) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(member.practice.time_zone)
