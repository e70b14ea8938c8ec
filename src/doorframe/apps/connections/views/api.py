"""The API: a key, one call, JSON. Every refusal is one sentence in the form of RFC 9457."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from doorframe.apps.connections import asking, limits, openapi, queries, reading, rules
from doorframe.apps.connections.actions import tokens
from doorframe.apps.connections.scopes import Scope
from doorframe.apps.members.models import Practice

Given = dict[str, list[str]]
Answer = Callable[..., dict[str, Any]]
_TITLES = {
    400: "Unclear", 401: "No key", 403: "Not allowed", 404: "Not found", 405: "Another way", 429: "Too often",
}  # fmt: skip


def _with_key(request: HttpRequest, scope: Scope, answer: Callable[[Practice], dict[str, Any]]) -> HttpResponse:
    """What `answer` gives for the practice behind the key, or the refusal."""
    now = timezone.now()
    try:
        token = rules.check_token(queries.token_by(_shown(request)), at=now)
        rules.check_scope(token, scope)
        seconds = limits.wait(token, now=now)
        if seconds:
            return _too_often(seconds)
        tokens.note_used(token=token, at=now, today=timezone.localdate(now))
        return _json(answer(token.practice))
    except rules.NoToken as reason:
        return _problem(401, str(reason), {"WWW-Authenticate": 'Bearer realm="Doorframe"'})
    except PermissionDenied as reason:
        return _problem(403, str(reason))
    except reading.Unclear as reason:
        return _problem(400, str(reason))
    except Http404:
        return _not_here()


def _read(answer: Answer) -> Callable[..., HttpResponse]:
    """A view that asks for a key and hands `answer` the practice behind it and the filters."""

    @csrf_exempt
    @wraps(answer)
    def view(request: HttpRequest, **address: str) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return _read_only()
        given = dict(request.GET.lists())
        return _with_key(request, Scope.READ, lambda practice: answer(practice, given, **address))

    return view


@csrf_exempt
@sensitive_post_parameters()
def screen(request: HttpRequest) -> HttpResponse:
    """Check a draft; nothing of it is kept."""
    if request.method != "POST":
        return _problem(405, _("Words are sent to this address, never asked for."), {"Allow": "POST"})
    return _with_key(request, Scope.SCREEN, lambda practice: asking.screened(practice, request.body))


@_read
def acknowledgements(practice: Practice, given: Given) -> dict[str, Any]:
    """A page of acknowledgements."""
    return reading.acknowledgements(practice, reading.wanted(given))


@_read
def acknowledgement(practice: Practice, given: Given, uid: str) -> dict[str, Any]:
    """One acknowledgement."""
    reading.nothing_else(given)
    return reading.acknowledgement(practice, uid)


@_read
def papers(practice: Practice, given: Given) -> dict[str, Any]:
    """A page of papers."""
    return reading.papers(practice, reading.place(given))


@_read
def paper(practice: Practice, given: Given, number: str) -> dict[str, Any]:
    """One paper."""
    reading.nothing_else(given)
    return reading.paper(practice, number)


@_read
def campaign(practice: Practice, given: Given, uid: str) -> dict[str, Any]:
    """One campaign."""
    reading.nothing_else(given)
    return reading.campaign(practice, uid)


@csrf_exempt
def description(request: HttpRequest) -> HttpResponse:
    """What the API can be asked, for programs and those who write them. It holds nothing of any practice."""
    if request.method not in {"GET", "HEAD"}:
        return _read_only()
    return _json(openapi.document())


@csrf_exempt
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address of the API."""
    return _not_here() if request.method in {"GET", "HEAD"} else _read_only()


def _shown(request: HttpRequest) -> str:
    """The key in the request's header, "" where there is none."""
    scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _json(values: dict[str, Any]) -> HttpResponse:
    return JsonResponse(values, headers=_KEPT_NOWHERE)


def _problem(status: int, sentence: str, more: dict[str, str] | None = None) -> HttpResponse:
    told = {"type": "about:blank", "title": _TITLES[status], "status": status, "detail": sentence}
    headers = {**_KEPT_NOWHERE, **(more or {})}
    return JsonResponse(told, status=status, content_type="application/problem+json", headers=headers)


def _not_here() -> HttpResponse:
    return _problem(404, _("There is nothing here under this address."))


def _read_only() -> HttpResponse:
    return _problem(405, _("This address can only be read."), {"Allow": "GET, HEAD"})


def _too_often(seconds: int) -> HttpResponse:
    said = _("This key asks too often. Try again in %(seconds)d seconds.") % {"seconds": seconds}
    return _problem(429, said, {"Retry-After": str(seconds)})


_KEPT_NOWHERE = {"Cache-Control": "no-store"}
