"""Keeps a tablet that was handed over inside its one paper, and staff pages out of the browser's memory."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from doorframe.apps.signatures import queries, rules, sitting
from doorframe.apps.signatures.actions import tablet
from doorframe.apps.signatures.models import Visit
from doorframe.apps.signatures.steady import steady

OPEN = ("/read/", "/static/", "/favicon.ico")
"""What a tablet in a client's hands may ask for."""
LEFT_BEHIND = ("copy", "copy-pdf", "policy-pdf")
"""Pages for readers that would leave a file on a tablet that belongs to somebody else."""
WHILE_LOCKED = ("turns", "lock", "take-back", "text-size")


class TabletMiddleware:
    """While a browser holds the secret of a sitting at the tablet, every other address leads back to it.

    It stands before the sign-in is looked at: neither a session nor a public page gets past it. Once the sitting is
    over the secret goes, and the browser is like any other.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if sitting.TABLET not in request.COOKIES:
            return _forgotten(request, self.get_response(request))
        return steady(self._inside)(request)

    def _inside(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        visit = _living(request, now)
        if visit is None:
            request.COOKIES.pop(sitting.TABLET)
            response = _forgotten(request, self.get_response(request))
            if sitting.TABLET not in response.cookies:  # a new sitting may have begun just now
                response.delete_cookie(sitting.TABLET)
            return response
        if not _is_open(request.path_info):
            return _turned_back(request, visit)
        if request.path_info.startswith("/read/") and _is_locked(request, visit, now):
            return sitting.private(redirect("signatures:turns"))
        return _closed_in(self.get_response(request))


def _living(request: HttpRequest, now: datetime) -> Visit | None:
    """The sitting at the tablet that this browser holds the secret of, as long as it lasts."""
    visit = queries.visit_by_secret(request.COOKIES[sitting.TABLET])
    if visit is None or not visit.is_kiosk:
        return None
    try:
        rules.check_visit(visit, at=now)
    except rules.NotNow:
        return None
    return visit


def _is_open(path: str) -> bool:
    return path.startswith(OPEN) and path not in _named(LEFT_BEHIND)


def _named(names: tuple[str, ...]) -> set[str]:
    return {reverse(f"signatures:{name}") for name in names}


def _is_locked(request: HttpRequest, visit: Visit, now: datetime) -> bool:
    """Whether the tablet is locked, or locks now because nobody touched it; a touch is noted."""
    if request.path_info not in _named(("lock",)):
        visit = tablet.note_touch(visit=visit, at=now)
    return visit.locked_at is not None and request.path_info not in _named(WHILE_LOCKED)


def _turned_back(request: HttpRequest, visit: Visit) -> HttpResponse:
    # Pictures and the like that a browser asks for by itself must not end somebody's turn by following this.
    if request.method in {"GET", "HEAD"} and request.headers.get("Sec-Fetch-Dest", "document") == "document":
        return sitting.private(redirect("signatures:turns"))
    with sitting.spoken(visit):
        page = render(request, "signatures/reader/only_this.html", {"visit": visit}, status=403)
        return sitting.private(page)


def _closed_in(response: HttpResponse) -> HttpResponse:
    """The page without links that lead out of this server: the tablet is not a way into the rest of the world."""
    if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
        response.content = _LEADS_OUT.sub(rb"<span>\1</span>", response.content)
    return response


_LEADS_OUT = re.compile(rb'<a\b[^>]*?\bhref="(?!#|/(?!/))[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


def _forgotten(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page made for a member is kept by no browser, so that Back shows nothing of it once they are gone."""
    if getattr(request, "member", None) is not None and "no-store" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "no-store"
    return response
