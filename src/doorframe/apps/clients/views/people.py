"""The people of a client: add, change, take out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from doorframe.apps.clients import actions, queries, rules, words
from doorframe.apps.clients.forms import PersonForm
from doorframe.apps.clients.models import Capacity, Client, Person
from doorframe.apps.clients.views.entries import private
from doorframe.apps.members.requests import MemberRequest


@never_cache
@private
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: MemberRequest, uid: str, capacity: str) -> HttpResponse:
    """Add a client, or a parent or guardian, to an entry."""
    client = queries.client(request.member, uid)
    try:
        rules.check_can_edit(request.member, client)
        form = PersonForm(request.POST if request.method == "POST" else None, capacity=capacity, is_new=True)
        if request.method != "POST" or not form.is_valid():
            return _form(request, client, form)
        actions.add_person(client=client, actor=request.member, at=timezone.now(), values=form.values)
    except rules.NotNow as error:
        return _back(request, client, str(error))
    messages.success(request, _("Added."))
    return redirect("clients:client", uid=uid)


@never_cache
@private
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: MemberRequest, uid: str, person: str) -> HttpResponse:
    """Change what is kept of a person."""
    client = queries.client(request.member, uid)
    found = queries.person(client, person)
    try:
        rules.check_can_edit(request.member, client)
        if request.method != "POST":
            initial = {name: getattr(found, name) for name in actions.PERSON_FIELDS}
            return _form(request, client, PersonForm(capacity=found.capacity, initial=initial), found)
        form = PersonForm(request.POST, capacity=found.capacity)
        if not form.is_valid():
            return _form(request, client, form, found)
        actions.change_person(person=found, actor=request.member, at=timezone.now(), values=form.values)
    except rules.NotNow as error:
        return _back(request, client, str(error))
    messages.success(request, _("The entry is changed."))
    return redirect("clients:client", uid=uid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: MemberRequest, uid: str, person: str) -> HttpResponse:
    """Take somebody out, after saying what that means."""
    client = queries.client(request.member, uid)
    found = queries.person(client, person)
    try:
        rules.check_can_edit(request.member, client)
        rules.check_can_remove(found, others=len(queries.present(client)) - 1)
        if request.method != "POST":
            context = {"client": client, "person": found, "called": words.called(found)}
            return render(request, "clients/remove.html", context)
        actions.remove_person(person=found, actor=request.member, at=timezone.now())
    except rules.NotNow as error:
        return _back(request, client, str(error))
    messages.success(request, _("Taken out. What was signed before stays."))
    return redirect("clients:client", uid=uid)


def _form(request: MemberRequest, client: Client, form: PersonForm, found: Person | None = None) -> HttpResponse:
    context = {
        "client": client, "person": found, "form": form, "called": words.called(found) if found else "",
        "is_guardian": form.capacity == Capacity.GUARDIAN, "may_remove": found and len(queries.present(client)) > 1,
    }  # fmt: skip
    return render(request, "clients/person.html", context, status=422 if form.errors else 200)


def _back(request: MemberRequest, client: Client, sentence: str) -> HttpResponse:
    messages.info(request, sentence)
    return redirect("clients:client", uid=client.uid)
