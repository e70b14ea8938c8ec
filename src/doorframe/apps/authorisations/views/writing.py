"""Writing a permission, one decision a page: whose story, who signs, what, where, what for, until when, and a look."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from doorframe.apps.authorisations import queries, reading, rules, wording
from doorframe.apps.authorisations.actions import writing
from doorframe.apps.authorisations.forms import PeopleForm, WhoseForm, story_step
from doorframe.apps.authorisations.models import Authorisation
from doorframe.apps.authorisations.views.desk import explain
from doorframe.apps.clients.models import Status
from doorframe.apps.clients.queries import people as people_of
from doorframe.apps.clients.words import guardian_is_missing
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission
from doorframe.engines.assembly.authorisation import Incomplete

STEPS = {
    "people": gettext_lazy("Who is in the story"), "story": gettext_lazy("What may be told"),
    "places": gettext_lazy("Where it may go out"), "purpose": gettext_lazy("What it is for"),
    "until": gettext_lazy("From when until when"),
}  # fmt: skip
"""The pages in their order, with what each is called in the look at the end."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: MemberRequest) -> HttpResponse:
    """Whose story it is; before that, what a practice thinks about before it asks."""
    permissions.check_can(request.member, Permission.EDIT_AUTHORISATIONS)
    notes = wording.notes(request.member.practice, timezone.now(), current=True)
    if request.method != "POST":
        known = queries.clients(request.member, [request.GET.get("client", "")[:20]])
        form = WhoseForm(member=request.member, initial={"codes": ", ".join(known)})
        return render(request, "authorisations/begin.html", {"form": form, "notes": notes})
    form = WhoseForm(request.POST, member=request.member)
    if form.is_valid():
        try:
            item = writing.begin(actor=request.member, at=timezone.now(), clients=form.cleaned_data["codes"])
            return redirect("authorisations:write", uid=item.uid, step="people")
        except rules.NotNow as error:
            form.add_error("codes", str(error))
    return render(request, "authorisations/begin.html", {"form": form, "notes": notes}, status=422)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: MemberRequest, uid: str, step: str) -> HttpResponse:
    """One page of what is asked."""
    item = queries.authorisation(request.member, uid)
    rules.check_can_edit(request.member, item)
    if step not in STEPS:
        raise Http404(_("There is nothing here under this address."))
    try:
        rules.check_draft(item)
        form = _form(request, item, step)
        if request.method != "POST" or not form.is_valid():
            return _page(request, item, step, form)
        _keep(request, item, step, form)
    except rules.NotNow as error:
        messages.info(request, str(error))
        return redirect("authorisations:permission", uid=uid)
    except ValidationError as error:
        explain(form, error)
        return _page(request, item, step, form)
    return redirect(_next(step, item, back="back" in request.GET))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: MemberRequest, uid: str) -> HttpResponse:
    """The form as it will be read; Fix the words makes it ready to be signed."""
    item = queries.authorisation(request.member, uid)
    rules.check_can_edit(request.member, item)
    now = timezone.now()
    errors: dict[str, list[str]] = {}
    try:
        rules.check_draft(item)
        if request.method == "POST":
            writing.prepare(item=item, actor=request.member, at=now)
            messages.success(request, _("The words are fixed. Hand over the device, or print it."))
            return redirect("authorisations:permission", uid=uid)
    except rules.NotNow as error:
        messages.info(request, str(error))
        return redirect("authorisations:permission", uid=uid)
    except ValidationError as error:
        errors = error.message_dict
    entry = queries.entry(item, now)
    context = {
        "item": item, "entry": entry, "rows": _rows(item, errors), "wrong": errors, "form_html": _preview(item, now),
    }  # fmt: skip
    return render(request, "authorisations/check.html", context, status=422 if errors else 200)


def _form(request: MemberRequest, item: Authorisation, step: str) -> Form:
    data = request.POST if request.method == "POST" else None
    if step != "people":
        return story_step(step, item, data, today=queries.today(item.practice, timezone.now()))
    signers = queries.people(item)
    clients = {one.client_id: one.client for one in signers}.values()
    people = [one for client in clients for one in people_of(client)]
    for one in people:
        one.client = next(client for client in clients if client.pk == one.client_id)
    chosen = [str(one.person.uid) for one in signers]
    return PeopleForm(data, people=people, initial={"people": chosen})


def _keep(request: MemberRequest, item: Authorisation, step: str, form: Form) -> None:
    actor, at = request.member, timezone.now()
    if isinstance(form, PeopleForm):
        writing.choose_people(item=item, actor=actor, at=at, people=form.chosen)
    else:
        writing.write(item=item, actor=actor, at=at, values=form.cleaned_data)


def _page(request: MemberRequest, item: Authorisation, step: str, form: Form) -> HttpResponse:
    number = list(STEPS).index(step) + 1
    before = list(STEPS)[number - 2] if number > 1 else ""
    context: dict[str, Any] = {
        "item": item, "form": form, "step": step, "title": STEPS[step], "number": number, "whole": len(STEPS),
        "before": before, "back": "back" in request.GET,
    }  # fmt: skip
    if isinstance(form, PeopleForm):
        found = list(form.known.values())
        context["lacks_guardian"] = guardian_is_missing(found)
        context["current"] = any(one.client.status == Status.CURRENT for one in found)
        context["notes"] = wording.notes(item.practice, timezone.now(), current=context["current"])
    return render(request, "authorisations/write.html", context, status=422 if form.errors else 200)


def _next(step: str, item: Authorisation, *, back: bool) -> str:
    """The address of the page after this one; of the look at the end where somebody came from there."""
    following = list(STEPS)[list(STEPS).index(step) + 1 :]
    if back or not following:
        return reverse("authorisations:check", args=[item.uid])
    return reverse("authorisations:write", args=[item.uid, following[0]])


def _rows(item: Authorisation, errors: dict[str, list[str]]) -> list[dict[str, Any]]:
    """What was decided, with the page that changes it and what is wrong there."""
    told = reading.summary(item)
    columns = {
        "people": ("people",), "story": ("scope",), "places": ("platforms", "elsewhere"), "purpose": ("purpose",),
        "until": ("last_on", "first_on"),
    }  # fmt: skip
    said: dict[str, list[Any]] = {
        "people": [], "story": told["story"], "places": told["places"],
        "purpose": [item.purpose] if item.purpose else [], "until": [],
    }  # fmt: skip
    return [
        {"step": step, "label": label, "said": said[step],
         "wrong": [one for name in columns[step] for one in errors.get(name, [])]}
        for step, label in STEPS.items()
    ]  # fmt: skip


def _preview(item: Authorisation, at: datetime) -> str:
    try:
        document, asked, _form_id = wording.form(item, queries.people(item), at)
    except Incomplete:
        return ""
    return reading.preview(document, asked).html
