"""The practice's pages: the list, one permission, printing, paper that came back, and taking back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.adapters.render import RenderError
from doorframe.apps.authorisations import happening, queries, reading, rules, uses, wording
from doorframe.apps.authorisations.actions import answering, writing
from doorframe.apps.authorisations.forms import PaperForm, RevokeForm
from doorframe.apps.authorisations.models import Authorisation
from doorframe.apps.authorisations.states import Standing, State
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission

NOT_OVER = (Standing.DRAFT, Standing.PREPARED, Standing.LATER, Standing.IN_FORCE)


@never_cache
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """The permissions that this member may see: those that count now, or those that are over."""
    permissions.check_can(request.member, Permission.VIEW_AUTHORISATIONS)
    start, over = request.GET.get("after", ""), request.GET.get("over") == "yes"
    after = int(start) if start.isdecimal() and len(start) < 9 else 0
    found = queries.entries(request.member, timezone.now(), is_open=not over, after=after)
    context = {
        "entries": found[: queries.PAGE], "over": over, "any": queries.visible(request.member).exists(),
        "next": after + queries.PAGE if len(found) > queries.PAGE else None, "after": after,
        "may_edit": permissions.can(request.member, Permission.EDIT_AUTHORISATIONS),
    }  # fmt: skip
    return render(request, "authorisations/index.html", context)


@never_cache
@require_safe
def permission(request: MemberRequest, uid: str) -> HttpResponse:
    """One permission: where it stands, what it says, who answered, where it was used, and what happened."""
    item = queries.authorisation(request.member, uid)
    now = timezone.now()
    entry = queries.entry(item, now)
    may_edit = rules.can_edit(request.member, item)
    is_used = item.state in (State.SIGNED, State.REVOKED)
    context = {
        "entry": entry, "item": item, **reading.summary(item), "may_edit": may_edit,
        "notes": wording.notes(item.practice, now, current=entry.current) if entry.standing in NOT_OVER else (),
        "uses": uses.of(item) if is_used else [], "is_used": is_used, "uses_are_told": uses.are_told(),
        "answered": any(one.answer for one in entry.people), "happened": happening.told(queries.events(item)),
        "may_revoke": may_edit and item.state in (State.PREPARED, State.SIGNED),
        "follow_up": may_edit and item.state == State.REVOKED and item.followed_up_at is None,
    }  # fmt: skip
    return render(request, "authorisations/permission.html", context)


@never_cache
@require_POST
def print_form(request: MemberRequest, uid: str) -> HttpResponse:
    """The form as a PDF: to sign by hand, or with what was answered."""
    item = queries.authorisation(request.member, uid)
    try:
        data = reading.pdf(item)
        answering.note_printed(item=item, actor=request.member, at=timezone.now())
    except rules.NotNow as error:
        return _back(request, item, str(error))
    except RenderError:
        return _back(request, item, _("The PDF could not be made. Nothing was changed. Try again in a moment."))
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="permission-{item.reference}.pdf"'
    return response


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: MemberRequest, uid: str) -> HttpResponse:
    """Record what stands on a sheet that was signed by hand."""
    item = queries.authorisation(request.member, uid)
    rules.check_can_edit(request.member, item)
    try:
        rules.check_waiting(item)
        people = [one for one in queries.people(item) if rules.is_waited_for(one)]
        form = PaperForm(people, request.POST if request.method == "POST" else None, today=timezone.localdate())
        if request.method != "POST" or not form.is_valid():
            return _form(request, "paper", item, form)
        answering.record_paper(
            item=item, actor=request.member, at=timezone.now(), on=form.cleaned_data["on"], answers=form.answers(),
            kept_where=form.cleaned_data["kept_where"], rights=form.rights(),
        )  # fmt: skip
    except rules.NotNow as error:
        if request.method == "POST" and item.state == State.PREPARED:
            form.add_error(None, str(error))
            return _form(request, "paper", item, form)
        return _back(request, item, str(error))
    except ValidationError as error:
        explain(form, error)
        return _form(request, "paper", item, form)
    messages.success(request, _("Recorded. Keep the sheet where you wrote."))
    return redirect("authorisations:permission", uid=uid)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: MemberRequest, uid: str) -> HttpResponse:
    """Somebody takes their permission back; after saying what follows from it."""
    item = queries.authorisation(request.member, uid)
    rules.check_can_edit(request.member, item)
    try:
        rules.check_step(item, State.REVOKED)
        form = RevokeForm(request.POST if request.method == "POST" else None)
        if request.method != "POST" or not form.is_valid():
            return _form(request, "revoke", item, form)
        answering.revoke(
            item=item, actor=request.member, at=timezone.now(), reason=form.cleaned_data["reason"]
        )  # fmt: skip
    except rules.NotNow as error:
        return _back(request, item, str(error))
    messages.success(request, _("It is taken back. Nothing may rest on it any more."))
    return redirect("authorisations:permission", uid=uid)


@require_POST
def follow_up(request: MemberRequest, uid: str) -> HttpResponse:
    """Somebody went through the posts that used it."""
    item = queries.authorisation(request.member, uid)
    rules.check_can_edit(request.member, item)
    try:
        answering.follow_up(item=item, actor=request.member, at=timezone.now())
    except rules.NotNow as error:
        return _back(request, item, str(error))
    messages.success(request, _("Noted. It stands no longer on Today."))
    return redirect("authorisations:permission", uid=uid)


@require_POST
def reopen(request: MemberRequest, uid: str) -> HttpResponse:
    """Back to writing, as long as nobody has answered."""
    item = queries.authorisation(request.member, uid)
    rules.check_can_edit(request.member, item)
    try:
        writing.reopen(item=item, actor=request.member, at=timezone.now())
    except rules.NotNow as error:
        return _back(request, item, str(error))
    messages.success(request, _("You can change the words again. Sheets that you printed before no longer fit."))
    return redirect("authorisations:check", uid=uid)


@require_POST
def discard(request: MemberRequest, uid: str) -> HttpResponse:
    """Throw away what was being written."""
    item = queries.authorisation(request.member, uid)
    rules.check_can_edit(request.member, item)
    try:
        writing.discard(item=item, actor=request.member, at=timezone.now())
    except rules.NotNow as error:
        return _back(request, item, str(error))
    messages.success(request, _("Thrown away. Nobody was asked."))
    return redirect("authorisations:index")


def explain(form: Form, error: ValidationError) -> None:
    """A refusal of an action at the field it is about."""
    for name, said in (error.message_dict if hasattr(error, "error_dict") else {"": error.messages}).items():
        for sentence in said:
            form.add_error(name if name in form.fields else None, sentence)


def _form(request: MemberRequest, page: str, item: Authorisation, form: Form) -> HttpResponse:
    context: dict[str, Any] = {"item": item, "form": form, "entry": queries.entry(item, timezone.now())}
    return render(request, f"authorisations/{page}.html", context, status=422 if form.errors else 200)


def _back(request: MemberRequest, item: Authorisation, sentence: str) -> HttpResponse:
    messages.info(request, sentence)
    return redirect("authorisations:permission", uid=item.uid)
