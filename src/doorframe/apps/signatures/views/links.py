"""A link: its door, which opens once, and the ways on when it does not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.apps.mail import names
from doorframe.apps.members.limits import is_too_often
from doorframe.apps.signatures import queries, rules, sitting
from doorframe.apps.signatures.actions import asking, visits
from doorframe.apps.signatures.models import Link
from doorframe.apps.signatures.steady import steady


@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
@steady
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The door. Looking at it opens nothing: programs that check mail look at every address in it."""
    now = timezone.now()
    if is_too_often(request, "link", now=now, most=60):
        return render(request, "signatures/reader/too_often.html", status=429)
    found = queries.link_by_token(token)
    try:
        rules.check_link(found, at=now)
    except rules.LinkClosed as error:
        return _closed(request, error, token)
    assert found is not None  # check_link has refused
    if request.method != "POST":
        return _door(request, found)
    try:
        _visit, secret = visits.open_link(token=token, code=request.POST.get("code", ""), at=now)
    except rules.CodeNeeded as error:
        left = visits.count_wrong_code(token=token, at=now) if error.wrong else None
        return _door(request, found, error=str(error), left=left, status=422)
    except rules.LinkClosed as error:
        return _closed(request, error, token)
    return sitting.begin(redirect("signatures:read"), secret, tablet=False)


@sensitive_variables("token")
@require_POST
@steady
def again(request: HttpRequest, token: str) -> HttpResponse:
    """Send a new link to the address that is kept, in place of one that no longer opens."""
    now = timezone.now()
    found = queries.link_by_token(token)
    sent = False
    if found is not None and not is_too_often(request, "again", now=now, most=5):
        try:
            asking.send_again(link=found, at=now)
            sent = True
        except rules.NotNow as error:
            return render(request, "signatures/reader/closed.html", {"sentence": str(error)}, status=409)
    return sitting.private(render(request, "signatures/reader/sent.html", {"sent": sent}))


@require_safe
def ended(request: HttpRequest) -> HttpResponse:
    """A sitting is over: what was sent is kept, and how to go on."""
    return sitting.end(render(request, "signatures/reader/ended.html"))


def _door(
    request: HttpRequest, found: Link, *, error: str = "", left: int | None = None, status: int = 200
) -> HttpResponse:
    clinician = str(found.signer.acknowledgement.client.clinician.user)
    context = {
        "sender": names.of_sender(found.practice, clinician), "code": bool(found.code_hash), "error": error,
        "left": left, "copy": found.purpose == Link.COPY,
    }  # fmt: skip
    return sitting.private(render(request, "signatures/reader/door.html", context, status=status))


def _closed(request: HttpRequest, error: rules.LinkClosed, token: str) -> HttpResponse:
    context = {"sentence": str(error), "token": token if error.link is not None else ""}
    return sitting.private(render(request, "signatures/reader/closed.html", context, status=410))
