"""Who is reading: the sitting behind a browser's cookie, for the pages that no sign-in guards."""

from __future__ import annotations

import functools
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from doorframe.apps.signatures import queries, rules
from doorframe.apps.signatures.models import Signer, Visit
from doorframe.apps.signatures.steady import TABLET, steady

COOKIE = "doorframe_reader"
# TABLET is the same secret under another name: by it every other page of the tablet is known to be out of reach.
LARGE = "doorframe_text"


class ReaderRequest(HttpRequest):
    """The request of a page for readers: `visit` is their sitting, `signer` who reads now; None between two turns."""

    visit: Visit
    signer: Signer | None


View = Callable[..., HttpResponse]


def reader(view: View) -> View:
    """Only for somebody with a sitting that lasts; in the language of the practice, and never kept by a cache."""

    view = steady(view)  # here, so that it speaks the language of the paper

    @functools.wraps(view)
    @steady
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        visit = queries.visit_by_secret(secret_of(request))
        try:
            if visit is None:
                raise rules.NotNow("")
            rules.check_visit(visit, at=timezone.now())
        except rules.NotNow:
            return _ended(request)
        request.visit = visit  # type: ignore[attr-defined]
        request.signer = visit.signer  # type: ignore[attr-defined]
        with spoken(visit):
            return private(view(request, *args, **kwargs))

    return guarded


def secret_of(request: HttpRequest) -> str:
    """The secret that the browser holds, or ""."""
    return request.COOKIES.get(TABLET) or request.COOKIES.get(COOKIE) or ""


def begin(response: HttpResponse, secret: str, *, tablet: bool) -> HttpResponse:
    """Give the browser the secret of a sitting, until it is closed."""
    response.delete_cookie(COOKIE if tablet else TABLET)
    response.set_cookie(
        TABLET if tablet else COOKIE, secret, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return private(response)


def end(response: HttpResponse) -> HttpResponse:
    """Take the secret away, and whatever the browser kept of the pages."""
    response.delete_cookie(COOKIE)
    response.delete_cookie(TABLET)
    response.headers["Clear-Site-Data"] = '"cache"'
    return private(response)


def private(response: HttpResponse) -> HttpResponse:
    """Nothing of this page is kept by the browser, so that Back shows nothing of it later."""
    response.headers["Cache-Control"] = "no-store"
    return response


class spoken:
    """The language and the days of the practice, as long as this is open."""

    def __init__(self, visit: Visit) -> None:
        self._language = translation.override(visit.acknowledgement.paper.language.lower())
        self._zone = timezone.override(ZoneInfo(visit.practice.time_zone))

    def __enter__(self) -> None:
        self._language.__enter__()
        self._zone.__enter__()

    def __exit__(self, *error: object) -> None:
        self._zone.__exit__(*error)  # type: ignore[arg-type]
        self._language.__exit__(*error)  # type: ignore[arg-type]


def _ended(request: HttpRequest) -> HttpResponse:
    if request.method not in {"GET", "HEAD"} or not secret_of(request):
        return end(render(request, "signatures/reader/ended.html", status=410))
    return end(redirect("signatures:ended"))
