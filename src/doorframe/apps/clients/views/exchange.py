"""A list that is brought in, shown before anything is written; and the list taken along."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.adapters.export import tables
from doorframe.apps.clients import actions, exchange, queries, rules
from doorframe.apps.clients.forms import ImportForm
from doorframe.apps.clients.views.entries import private
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission


@never_cache
@private
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: MemberRequest) -> HttpResponse:
    """Ask for a table; answer with what it would do."""
    permissions.check_can(request.member, Permission.EDIT_CLIENTS)
    if request.method != "POST":
        return _ask(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, form, status=422)
    table = form.table
    plan = exchange.plan(request.member, table)
    if not plan.steps:
        for problem in plan.problems:
            form.add_error("file" if request.FILES else "text", problem.sentence)
        return _ask(request, form, status=422)
    return _show(request, table, plan)


def _ask(request: MemberRequest, form: ImportForm, status: int = 200) -> HttpResponse:
    return render(request, "clients/bring.html", {"form": form}, status=status)


def _show(request: MemberRequest, table: bytes, plan: exchange.Plan, status: int = 200) -> HttpResponse:
    counts = plan.counts
    context: dict[str, Any] = {
        "plan": plan, "counts": counts, "writes": counts["add"] + counts["change"],
        "groups": [(deed, [step for step in plan.steps if step.deed == deed]) for deed in _ORDER],
        "token": exchange.seal(request.member, table, plan.digest, timezone.now()) if plan.does_something else "",
    }  # fmt: skip
    return render(request, "clients/plan.html", context, status=status)


_ORDER = (exchange.Deed.LEAVE, exchange.Deed.CHANGE, exchange.Deed.ADD, exchange.Deed.SAME)
"""What wants a look comes first."""


@never_cache
@private
@require_POST
def confirm(request: MemberRequest) -> HttpResponse:
    """Bring in what was shown, all of it or nothing."""
    permissions.check_can(request.member, Permission.EDIT_CLIENTS)
    try:
        table, shown = exchange.unseal(request.member, request.POST.get("token", ""), timezone.now())
    except exchange.Expired:
        form = ImportForm()
        messages.info(
            request, _("This was shown more than an hour ago, so nothing was brought in. Give the table again.")
        )
        return _ask(request, form, status=422)
    plan = exchange.plan(request.member, table)
    if plan.digest != shown:
        return _again(request, table, plan)
    try:
        done = actions.import_clients(actor=request.member, at=timezone.now(), steps=plan.steps)
    except (rules.NotNow, ValidationError, PermissionDenied):
        return _again(request, table, exchange.plan(request.member, table))
    said = ngettext("%(count)s client is brought in.", "%(count)s clients are brought in.", done) % {"count": done}
    messages.success(request, said)
    return redirect("clients:index")


def _again(request: MemberRequest, table: bytes, plan: exchange.Plan) -> HttpResponse:
    messages.info(request, _("Something changed while you looked, so nothing was brought in. Please look once more."))
    return _show(request, table, plan, status=409)


@require_safe
def empty(request: MemberRequest) -> HttpResponse:
    """A table with the names of the columns alone, to be filled in."""
    permissions.check_can(request.member, Permission.EDIT_CLIENTS)
    return _file(tables.csv_bytes(exchange.HEADER, []), "text/csv; charset=utf-8", "clients-empty.csv")


@never_cache
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: MemberRequest) -> HttpResponse:
    """Take the list along, after a proof of who asks."""
    permissions.check_can(request.member, Permission.EXPORT_EVIDENCE)
    if request.method != "POST":
        return render(request, "clients/export.html", {"total": sum(queries.counts(request.member).values())})
    shape = "json" if request.POST.get("format") == "json" else "csv"
    clients = queries.everyone(request.member)
    actions.record_export(actor=request.member, at=timezone.now(), number=len(clients), shape=shape)
    if shape == "json":
        return _file(exchange.as_json(clients), "application/json", "clients.json")
    return _file(exchange.as_csv(clients), "text/csv; charset=utf-8", "clients.csv")


def _file(data: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(data, content_type=media_type,
                        headers={"Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip
