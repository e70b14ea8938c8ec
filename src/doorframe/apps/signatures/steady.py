"""When the database keeps nothing just now: a page for readers that holds what they typed, to send once more."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)

TYPED = ("text", "reason")
"""What a reader writes in words; whatever else a form holds goes along unseen."""

TABLET = "doorframe_tablet"
IDLE_MINUTES = 3
"""After which the page on a tablet locks itself; what the practice has set may be out of reach just now."""

View = Callable[..., HttpResponse]


def steady(view: View) -> View:
    """A database that is held by somebody else, full or away is no fault of a reader: they lose nothing by it.

    Whatever the view had begun was taken back with its transaction.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError):
            log.exception("the database did not take what a reader sent")
            return _once_more(request)

    return guarded


def _once_more(request: HttpRequest) -> HttpResponse:
    fields = [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
    context = {
        "typed": [(name, value) for name, value in fields if name in TYPED],
        "unseen": [(name, value) for name, value in fields if name not in TYPED],
        "sent": request.method == "POST",
        "idle_minutes": IDLE_MINUTES if TABLET in request.COOKIES else 0,
    }
    response = render(request, "signatures/reader/once_more.html", context, status=503)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = "60"
    return response
