"""Error pages: what happened, what was kept, what to do next."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

READERS = "/p/"
"""Where the public pages are, which readers open without an account."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent something that makes no sense here."""
    return _page(request, HTTPStatus.BAD_REQUEST, too_large=isinstance(exception, RequestDataTooBig))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: a check refused, and its sentence says why."""
    return _page(request, HTTPStatus.FORBIDDEN, reason=str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing here, or nothing that this person may know of."""
    return _page(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our own mistake. Nothing is asked of the database here, for that may be what failed."""
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without its proof: kept open too long, or cookies are off."""
    expired = _("This page was open for so long, or in so many windows, that its form is no longer valid.")
    return _page(request, HTTPStatus.FORBIDDEN, reason=expired)


def locked_out(request: HttpRequest, original_response: Any = None, credentials: Any = None) -> HttpResponse:
    """429: too many tries to sign in."""
    return _page(request, HTTPStatus.TOO_MANY_REQUESTS)


class NotAllowedPageMiddleware:
    """405: gives a page to whoever opens an address that only takes forms; the empty answer of a view says nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = _page(request, HTTPStatus.METHOD_NOT_ALLOWED, takes_forms="POST" in response.headers["Allow"])
        page.headers["Allow"] = response.headers["Allow"]
        return page


def _page(request: HttpRequest, status: HTTPStatus, **more: Any) -> HttpResponse:
    # Who reads a policy has no account here, and neither Today nor anything saved.
    context = {"reader": request.path_info.startswith(READERS), **more}
    return render(request, f"{status.value}.html", context, status=status)
