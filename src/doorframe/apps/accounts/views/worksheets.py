"""The worksheet: begun, kept as a draft, decided, printed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.adapters.render import MEDIA_TYPES, RenderError
from doorframe.apps.accounts import actions, queries, questions, record, rules
from doorframe.apps.accounts.forms import WhichForm, WorksheetForm
from doorframe.apps.accounts.models import Worksheet
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """Say which account it is about, then go on to the worksheet."""
    permissions.check_can_edit_accounts(request.member)
    uid = request.GET.get("account")
    account = queries.account(request.member.practice, uid) if uid else None
    if account is not None and request.method == "POST":
        worksheet = actions.start_worksheet(
            actor=request.member, at=timezone.now(), platform=account.platform, handle=account.handle,
            kind=account.kind, account=account,
        )  # fmt: skip
        return redirect("accounts:worksheet", uid=worksheet.uid)
    form = WhichForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "entry": queries.entry(account) if account else None}
    if request.method != "POST":
        return render(request, "accounts/new.html", context)
    if not form.is_valid():
        return render(request, "accounts/new.html", context, status=422)
    worksheet = actions.start_worksheet(actor=request.member, at=timezone.now(), **form.cleaned_data)
    return redirect("accounts:worksheet", uid=worksheet.uid)


@require_http_methods(["GET", "HEAD", "POST"])
def worksheet(request: MemberRequest, uid: str) -> HttpResponse:
    """Show the worksheet; keep what is written; decide when asked to."""
    found = queries.worksheet(request.member.practice, uid)
    permissions.check_can_edit_accounts(request.member, found)
    if not found.is_draft:
        return redirect("accounts:decision", uid=uid)
    checklist = questions.checklist(found.practice)
    if request.method != "POST":
        return _show(request, found, WorksheetForm(checklist, found.answers))
    form = WorksheetForm(checklist, found.answers, request.POST)
    try:
        saved = _keep(request, found, form)
    except actions.Conflict as conflict:
        return _show(request, conflict.worksheet, form, conflict=conflict, status=409)
    except rules.NotNow as error:
        messages.info(request, str(error))
        return redirect("accounts:decision", uid=uid)
    if form.wrong:
        return _show(request, saved, form, status=422)
    if "decide" in request.POST:
        return _decide(request, saved, form)
    messages.success(request, _("Saved. It waits here until you decide."))
    return redirect("accounts:index")


def _keep(request: MemberRequest, found: Worksheet, form: WorksheetForm) -> Worksheet:
    shown = request.POST.get("revision", "")
    revision = int(shown) if shown.isdecimal() and len(shown) < 9 else 0
    return actions.save_worksheet(
        worksheet=found, actor=request.member, at=timezone.now(), answers=form.answers, revision=revision
    )


def _decide(request: MemberRequest, saved: Worksheet, form: WorksheetForm) -> HttpResponse:
    try:
        actions.decide(worksheet=saved, actor=request.member, at=timezone.now())
    except actions.NotDecided as error:
        form.require(error.missing)
        return _show(request, saved, form, status=422)
    messages.success(request, _("Decided. This is the record of it."))
    return redirect("accounts:decision", uid=saved.uid)


@require_POST
def autosave(request: MemberRequest, uid: str) -> HttpResponse:
    """Keep what has been typed so far: the page's own comfort, for scripts only."""
    found = queries.worksheet(request.member.practice, uid)
    form = WorksheetForm(questions.checklist(found.practice), found.answers, request.POST)
    context: dict[str, Any] = {"revision": request.POST.get("revision", "0")}
    try:
        context = {"revision": _keep(request, found, form).revision, "saved": True}
    except actions.Conflict:
        context["conflict"] = True
    except rules.NotNow as error:
        context["refused"] = str(error)
    return render(request, "accounts/_autosaved.html", context)


def _show(
    request: MemberRequest, found: Worksheet, form: WorksheetForm, *, conflict: actions.Conflict | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    labels = [cell.field.label for cell in form.cells if conflict and cell.field.id in conflict.fields]
    context = {
        "worksheet": found, "form": form, "name": questions.account_name(found.platform, found.handle),
        "conflict": labels, "revision": found.revision,
        "saved_just_now": timezone.now() - found.changed_at < timedelta(minutes=1),
    }  # fmt: skip
    return render(request, "accounts/worksheet.html", context, status=status)


@require_POST
def delete(request: MemberRequest, uid: str) -> HttpResponse:
    """Throw a draft away."""
    found = queries.worksheet(request.member.practice, uid)
    try:
        actions.delete_worksheet(worksheet=found, actor=request.member, at=timezone.now())
    except (rules.NotNow, PermissionDenied) as error:
        messages.error(request, str(error))
        return redirect("accounts:decision" if not found.is_draft else "accounts:index", **_uid(found))
    messages.success(request, _("The worksheet is deleted."))
    return redirect("accounts:index")


def _uid(found: Worksheet) -> dict[str, Any]:
    return {} if found.is_draft else {"uid": found.uid}


@require_safe
def decision(request: MemberRequest, uid: str) -> HttpResponse:
    """The record of a decision, to read and to print, with the step it leads to."""
    found = queries.worksheet(request.member.practice, uid)
    permissions.check_can_view_accounts(request.member, found)
    if found.is_draft:
        return redirect("accounts:worksheet", uid=uid)
    may_edit = permissions.can_edit_accounts(request.member, found)
    context = {
        "worksheet": found, "name": questions.account_name(found.platform, found.handle), "record": record.page(found),
        "may_open": may_edit and rules.may_open(found), "may_close": may_edit and rules.may_close(found),
        "may_edit": may_edit,
    }  # fmt: skip
    return render(request, "accounts/decision.html", context)


@require_POST
def again(request: MemberRequest, uid: str) -> HttpResponse:
    """A new worksheet about the same account, with the answers of an earlier one."""
    earlier = queries.worksheet(request.member.practice, uid)
    started = actions.start_worksheet(
        actor=request.member, at=timezone.now(), platform=earlier.platform, handle=earlier.handle, kind=earlier.kind,
        account=earlier.account, answers=queries.answers_to_rethink(earlier),
    )  # fmt: skip
    return redirect("accounts:worksheet", uid=started.uid)


@require_safe
def pdf(request: MemberRequest, uid: str) -> HttpResponse:
    """The record as a file."""
    found = queries.worksheet(request.member.practice, uid)
    permissions.check_can_view_accounts(request.member, found)
    if found.is_draft:
        return redirect("accounts:worksheet", uid=uid)
    try:
        data = record.file(found)
    except RenderError as error:
        messages.error(request, str(error))
        return redirect("accounts:decision", uid=uid)
    headers = {"Content-Disposition": 'inline; filename="decision.pdf"'}
    return HttpResponse(data, content_type=MEDIA_TYPES["pdf"], headers=headers)
