"""Who holds the device: the turn behind a browser's cookie, for the pages that no sign-in guards."""

from __future__ import annotations

import functools
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from doorframe.apps.authorisations import queries
from doorframe.apps.authorisations.actions import answering
from doorframe.apps.authorisations.models import Turn

COOKIE = "doorframe_room"
PATH = "/in-the-room/"


class RoomRequest(HttpRequest):
    """The request of a page for whoever holds the device."""

    turn: Turn


View = Callable[..., HttpResponse]


def in_the_room(view: View) -> View:
    """Only for a browser that was handed over and is still in use; in the practice's language, kept by no cache."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        turn = queries.turn_by_secret(request.COOKIES.get(COOKIE, ""))
        turn = answering.touch(turn=turn, at=timezone.now()) if turn is not None else None
        if turn is None:
            return closed(request)
        request.turn = turn  # type: ignore[attr-defined]
        with translation.override(turn.practice.language), timezone.override(ZoneInfo(turn.practice.time_zone)):
            return private(view(request, *args, **kwargs))

    return guarded


def begin(response: HttpResponse, secret: str) -> HttpResponse:
    """Give the browser the secret of a turn, for these pages alone and until it is closed."""
    response.set_cookie(COOKIE, secret, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, path=PATH)
    return private(response)


def end(response: HttpResponse) -> HttpResponse:
    """Take the secret away, and whatever the browser kept of the pages."""
    response.delete_cookie(COOKIE, path=PATH)
    response.headers["Clear-Site-Data"] = '"cache"'
    return private(response)


def closed(request: HttpRequest) -> HttpResponse:
    """A page that says nothing of anyone."""
    return end(render(request, "authorisations/room/closed.html", status=410))


def private(response: HttpResponse) -> HttpResponse:
    """Nothing of this page is kept by the browser, so that Back shows nothing of it later."""
    response.headers["Cache-Control"] = "no-store"
    return response
