"""The practice's tablet in a client's hands: whose turn it is, locking it, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.adapters import qr
from doorframe.apps.members.limits import is_too_often
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import letters, queries, reading, rules, sitting, tablet_rules
from doorframe.apps.signatures.actions import tablet, visits
from doorframe.apps.signatures.models import Signer
from doorframe.apps.signatures.queries import tablet as rows
from doorframe.apps.signatures.sitting import ReaderRequest, reader
from doorframe.apps.signatures.views.reader import frame

BACKEND = "doorframe.apps.members.backends.MemberBackend"


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def turns(request: ReaderRequest) -> HttpResponse:
    """Whose turn it is. To come here ends the turn before, and nobody sees what another asked or answered."""
    if not request.visit.is_kiosk:
        return redirect("signatures:read")
    people = rows.readers(request.visit)
    if request.method == "POST":
        return _take(request, people)
    if request.signer is not None:
        tablet.end_turn(visit=request.visit, at=timezone.now())
        request.signer = None
    return _turns(request, people)


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def own_phone(request: ReaderRequest) -> HttpResponse:
    """A square code that leads somebody's own phone here; the address stands nowhere on the page in words."""
    if not request.visit.is_kiosk or request.visit.locked_at is not None:
        return redirect("signatures:turns")
    if request.method != "POST":
        link = rows.shown_link(request.visit, at=timezone.now())
        if link is None:
            return redirect("signatures:turns")
        code = mark_safe(qr.svg(letters.address(link)))  # drawn from squares alone
        return render(request, "signatures/reader/own_phone.html", frame(request, code=code))
    people = rows.readers(request.visit)
    chosen = _chosen(request, people)
    if chosen is None:
        return _turns(request, people)
    try:
        tablet.show_link(visit=request.visit, signer=chosen, at=timezone.now())
    except rules.NotNow as error:
        return _turns(request, people, error=str(error), status=409)
    return redirect("signatures:own-phone")


@require_safe
@reader
def lock(request: ReaderRequest) -> HttpResponse:
    """Lock the tablet: nothing of anyone is shown. Asked for by the page itself after some minutes of silence."""
    if not request.visit.is_kiosk:
        return redirect("signatures:read")
    tablet.lock_tablet(visit=request.visit, at=timezone.now())
    return redirect("signatures:turns")


@require_POST
@reader
def awake(request: ReaderRequest) -> HttpResponse:
    """Somebody reads or writes on the tablet without asking for another page. The middleware has noted it."""
    return HttpResponse(status=204)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@reader
def take_back(request: ReaderRequest) -> HttpResponse:
    """The practice takes the tablet back, with the PIN of whoever handed it over."""
    if not request.visit.is_kiosk:
        return redirect("signatures:read")
    tablet.end_turn(visit=request.visit, at=timezone.now())
    request.signer = None
    if request.method != "POST":
        return render(request, "signatures/reader/back.html", frame(request))
    member = visits.take_back(visit=request.visit, pin=request.POST.get("pin", ""), at=timezone.now())
    if member is not None:
        return _return_to(request, member)
    if queries.visit_by_secret(sitting.secret_of(request)) is None:
        said = _("The PIN was wrong too often. Sign in, and set a new PIN before you hand the tablet over again.")
        messages.error(request, said)
        return sitting.end(redirect("account_login"))
    sentence = _("This is not the PIN. After five wrong ones only a full sign-in takes the tablet back.")
    return render(request, "signatures/reader/back.html", frame(request, error=sentence), status=422)


def _return_to(request: ReaderRequest, member: Membership) -> HttpResponse:
    """Sign in whoever handed over, in a session that never was; what asks for a fresh proof still asks for it."""
    request.session.flush()
    login(request, member.user, backend=BACKEND)
    request.session["membership"] = member.pk
    request.session.set_expiry(0)  # as after any sign-in here, the session ends with the browser
    return sitting.end(redirect("today"))


def _chosen(request: ReaderRequest, people: list[Signer]) -> Signer | None:
    return next((one for one in people if str(one.uid) == request.POST.get("signer")), None)


def _take(request: ReaderRequest, people: list[Signer]) -> HttpResponse:
    error = ""
    if request.visit.locked_at is None:
        chosen = _chosen(request, people)
    else:
        chosen, error = _named(request, people)
    if chosen is None:
        return _turns(request, people, error=error, status=422 if error else 200)
    try:
        tablet.take_turn(visit=request.visit, signer=chosen, at=timezone.now())
    except (rules.NotNow, PermissionDenied) as refusal:
        return _turns(request, people, error=str(refusal), status=409)
    return redirect("signatures:page", number=1)


def _named(request: ReaderRequest, people: list[Signer]) -> tuple[Signer | None, str]:
    """Whose name was typed on a locked tablet, or why nobody goes on."""
    if is_too_often(request, f"name-{request.visit.pk}", now=timezone.now(), most=tablet_rules.NAME_TRIES):
        return None, _("This was tried too often. What was sent is kept. Please hand the tablet back.")
    name = request.POST.get("name", "")
    found = [one for one in people if tablet_rules.can_take_turn(one) and tablet_rules.same_name(name, one)]
    if len(found) == 1:
        return found[0], ""
    return None, _("Nobody with this name has anything left to read here. Look at the spelling, or ask at the desk.")


def _turns(request: ReaderRequest, people: list[Signer], *, error: str = "", status: int = 200) -> HttpResponse:
    found = reading.reading(request.visit.acknowledgement.paper)
    context = frame(request, people=people, error=error, words=found.say("tablet"))
    if tablet_rules.is_over(request.visit.acknowledgement, people):
        context |= {"words": found.say("tablet-end"), "idle_minutes": 0}
        return render(request, "signatures/reader/thanks.html", context, status=status)
    if request.visit.locked_at is not None:
        context["idle_minutes"] = 0
        return render(request, "signatures/reader/locked.html", context, status=status)
    context["phones"] = [one.pk for one in people if tablet_rules.can_show(request.visit, one)]
    return render(request, "signatures/reader/turns.html", context, status=status)
