"""The list, one client, and the steps with its entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.apps.clients import actions, queries, rooms, rules, searching, words
from doorframe.apps.clients.forms import ClientForm, PeopleForm, SearchForm
from doorframe.apps.clients.models import Client, Status
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission

private = sensitive_post_parameters()
"""No part of what is sent here belongs in a report of a mistake."""


@never_cache
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """The clients that this member may see, by practice id."""
    permissions.check_can(request.member, Permission.VIEW_CLIENTS)
    status, start, token = (request.GET.get(name, "") for name in ("status", "after", "found"))
    status = status if status in Status.values else ""
    after = int(start) if start.isdecimal() and len(start) < 9 else 0
    search = searching.unseal(request.member, token) if token else ""
    found = queries.clients(request.member, status=status, search=search, after=after)
    shown, counts = found[: queries.PAGE], queries.counts(request.member)
    context = {
        "lines": _lines(shown), "status": status, "search": search, "token": token if search else "",
        "tabs": _tabs(counts, status), "total": sum(counts.values()), "current": counts[Status.CURRENT],
        "after": after, "before": max(after - queries.PAGE, 0),
        "next": after + queries.PAGE if len(found) > queries.PAGE else None,
        "may_edit": permissions.can(request.member, Permission.EDIT_CLIENTS),
        "may_export": permissions.can(request.member, Permission.EXPORT_EVIDENCE),
        "by_id_alone": bool(search) and not queries.names_are_searched(request.member),
    }  # fmt: skip
    return render(request, "clients/index.html", context)


def _lines(clients: list[Client]) -> list[dict[str, Any]]:
    standing = rooms.standing(clients)
    return [
        {"client": one, "names": words.names(queries.present(one)), "people": len(queries.present(one)),
         "standing": standing.get(one.pk, "")}
        for one in clients
    ]  # fmt: skip


def _tabs(counts: dict[str, int], status: str) -> list[dict[str, Any]]:
    every = [("", _("Everyone"), sum(counts.values()))]
    every += [(value, str(label), counts[value]) for value, label in Status.choices]
    return [
        {"value": value, "label": label, "count": count, "current": value == status} for value, label, count in every
    ]


@private
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: MemberRequest) -> HttpResponse:
    """Look for a client. The words go on sealed, so that no name stands in an address, a history or a log."""
    permissions.check_can(request.member, Permission.VIEW_CLIENTS)
    form = SearchForm(request.POST)
    wanted = form.cleaned_data["search"] if form.is_valid() else request.POST.get("search", "")[: searching.LONGEST]
    address = redirect("clients:index")
    if wanted:
        address["Location"] += f"?found={searching.seal(request.member, wanted)}"
    return address


@never_cache
@private
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: MemberRequest) -> HttpResponse:
    """Enter a client with the people who read and sign."""
    permissions.check_can(request.member, Permission.EDIT_CLIENTS)
    if request.method != "POST":
        return _add_form(request, ClientForm(member=request.member), PeopleForm())
    people = PeopleForm(request.POST)
    if "more" in request.POST or "less" in request.POST:
        form = ClientForm(member=request.member, initial=request.POST.dict())
        return _add_form(request, form, people.changed())
    form = ClientForm(request.POST, member=request.member)
    if not all([form.is_valid(), people.is_valid()]):
        return _add_form(request, form, people, status=422)
    try:
        client = actions.add_client(
            actor=request.member, at=timezone.now(), values=form.cleaned_data, people=people.values
        )
    except ValidationError as error:
        _explain(form, error)
        return _add_form(request, form, people, status=422)
    messages.success(request, _("%(code)s is entered.") % {"code": client.code})
    return redirect("clients:client", uid=client.uid)


def _add_form(request: MemberRequest, form: ClientForm, people: PeopleForm, status: int = 200) -> HttpResponse:
    return render(request, "clients/add.html", {"form": form, "people": people}, status=status)


def _explain(form: ClientForm, error: ValidationError) -> None:
    """A refusal of an action at the field it is about."""
    for name, said in (error.message_dict if hasattr(error, "error_dict") else {"": error.messages}).items():
        for sentence in said:
            form.add_error(name if name in form.fields else None, sentence)


@never_cache
@require_safe
def client(request: MemberRequest, uid: str) -> HttpResponse:
    """One client: the entry, the people, and what other rooms say of it."""
    found = queries.client(request.member, uid)
    people = queries.present(found)
    sections = rooms.sections(found, request.member)
    parts = [render_to_string(one.template, {**one.context, "client": found}, request) for one in sections]
    may_edit = rules.can_edit(request.member, found)
    context = {
        "client": found, "people": people, "names": words.names(people),
        "standing": rooms.standing([found]).get(found.pk, ""), "sections": parts,
        "stylesheets": [one.stylesheet for one in sections if one.stylesheet], "may_edit": may_edit,
        "may_erase": may_edit and permissions.can(request.member, Permission.EXPORT_EVIDENCE),
        "lacks_guardian": may_edit and words.guardian_is_missing(people),
        "steps": _steps(found) if may_edit else [],
    }  # fmt: skip
    return render(request, "clients/client.html", context)


def _steps(found: Client) -> Sequence[tuple[str, str]]:
    """Which status this client may be given next, and what the button says."""
    return {
        Status.PROSPECTIVE: [(Status.CURRENT, _("Is a client now")), (Status.FORMER, _("Will not come"))],
        Status.CURRENT: [(Status.FORMER, _("Has finished"))],
        Status.FORMER: [(Status.CURRENT, _("Has come back"))],
    }[Status(found.status)]


@never_cache
@private
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: MemberRequest, uid: str) -> HttpResponse:
    """Change the entry."""
    found = queries.client(request.member, uid)
    try:
        rules.check_can_edit(request.member, found)
    except rules.NotNow as error:
        return _back(request, found, str(error))
    if request.method != "POST":
        initial = {name: getattr(found, name) for name in actions.CLIENT_FIELDS}
        return _change_form(request, found, ClientForm(member=request.member, client=found, initial=initial))
    form = ClientForm(request.POST, member=request.member, client=found)
    if not form.is_valid():
        return _change_form(request, found, form, status=422)
    try:
        actions.change_client(client=found, actor=request.member, at=timezone.now(), values=form.cleaned_data)
    except rules.NotNow as error:
        return _back(request, found, str(error))
    except ValidationError as error:
        _explain(form, error)
        return _change_form(request, found, form, status=422)
    messages.success(request, _("The entry is changed."))
    return redirect("clients:client", uid=uid)


def _change_form(request: MemberRequest, found: Client, form: ClientForm, status: int = 200) -> HttpResponse:
    return render(request, "clients/change.html", {"client": found, "form": form}, status=status)


def _back(request: MemberRequest, found: Client, sentence: str) -> HttpResponse:
    messages.info(request, sentence)
    return redirect("clients:client", uid=found.uid)


@require_POST
def status(request: MemberRequest, uid: str) -> HttpResponse:
    """Say where the client stands now."""
    found = queries.client(request.member, uid)
    wanted = request.POST.get("status", "")
    if wanted not in Status.values:
        return _back(request, found, _("Nothing was changed. Choose one of the steps below."))
    try:
        actions.change_client(client=found, actor=request.member, at=timezone.now(), values={"status": wanted})
    except rules.NotNow as error:
        return _back(request, found, str(error))
    messages.success(request, _("Changed: %(status)s.") % {"status": Status(wanted).label})
    return redirect("clients:client", uid=uid)


@require_POST
def reminders(request: MemberRequest, uid: str) -> HttpResponse:
    """Send this client no reminders for now, or send them again."""
    found = queries.client(request.member, uid)
    paused = request.POST.get("paused") == "yes"
    try:
        actions.pause_reminders(client=found, actor=request.member, at=timezone.now(), paused=paused)
    except rules.NotNow as error:
        return _back(request, found, str(error))
    said = _("No reminders go out until you turn them on again.") if paused else _("Reminders go out again.")
    messages.success(request, said)
    return redirect("clients:client", uid=uid)


@never_cache
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: MemberRequest, uid: str) -> HttpResponse:
    """Remove names and addresses, after saying what goes and what stays."""
    found = queries.client(request.member, uid)
    permissions.check_can(request.member, Permission.EXPORT_EVIDENCE, found)
    try:
        rules.check_can_edit(request.member, found)
        if request.method != "POST":
            return render(request, "clients/erase.html", {"client": found, "people": queries.present(found)})
        actions.erase_contact(client=found, actor=request.member, at=timezone.now())
    except rules.NotNow as error:
        return _back(request, found, str(error))
    messages.success(request, _("Names and addresses are removed. The practice id stays, and so does what was signed."))
    return redirect("clients:client", uid=uid)
