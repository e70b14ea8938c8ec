"""The register: list, add, change, close, reopen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.apps.accounts import actions, queries, rules
from doorframe.apps.accounts.forms import AccountForm, CloseForm
from doorframe.apps.accounts.models import Account, Worksheet
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """The register, and beside it what was thought over and decided."""
    permissions.check_can_view_accounts(request.member)
    practice = request.member.practice
    start = request.GET.get("after", "")
    after = int(start) if start.isdecimal() and len(start) < 9 else 0
    entries, decided = queries.entries(practice), queries.decisions(practice, after=after)
    may_edit = permissions.can_edit_accounts(request.member)
    context = {
        "open": [entry for entry in entries if entry.account.is_open],
        "closed": [entry for entry in entries if not entry.account.is_open],
        "drafts": queries.drafts(practice), "decided": decided[: queries.PAGE], "after": after,
        "next": after + queries.PAGE if len(decided) > queries.PAGE else None,
        "may_edit": may_edit, "named_only": queries.names_lacking(practice) if may_edit else [],
    }  # fmt: skip
    return render(request, "accounts/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: MemberRequest) -> HttpResponse:
    """Enter an account; from a decision to open one, with what the worksheet says about it."""
    permissions.check_can_edit_accounts(request.member)
    uid = request.GET.get("from")
    source = queries.worksheet(request.member.practice, uid) if uid else None
    if source is not None and not rules.may_open(source):
        return redirect("accounts:decision", uid=source.uid)
    today = timezone.localdate()
    if request.method != "POST":
        initial = {**queries.entry_from(source), "since": today} if source else {}
        return _form(request, AccountForm(today=today, initial=initial), source=source)
    form = AccountForm(request.POST, today=today)
    if not form.is_valid():
        return _form(request, form, source=source, status=422)
    try:
        actions.add_account(actor=request.member, at=timezone.now(), values=form.cleaned_data, worksheet=source)
    except rules.NotNow as error:
        form.add_error("handle", str(error))
        return _form(request, form, source=source, status=422)
    messages.success(request, _("Added to the register."))
    return redirect("accounts:index")


@require_POST
def take_over(request: MemberRequest) -> HttpResponse:
    """Enter the accounts that the latest policy names and the register lacks."""
    try:
        taken = actions.take_over_accounts(actor=request.member, at=timezone.now())
    except rules.NotNow as error:
        messages.info(request, str(error))
    else:
        sentence = ngettext(
            "%(count)s account is added. Note who posts and how the sign-in is secured. If it is wrong, close it.",
            "%(count)s accounts are added. Note who posts and how each sign-in is secured. If one is wrong, close it.",
            len(taken),
        )
        messages.success(request, sentence % {"count": len(taken)})
    return redirect("accounts:index")


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: MemberRequest, uid: str) -> HttpResponse:
    """Correct an entry."""
    account = queries.account(request.member.practice, uid)
    permissions.check_can_edit_accounts(request.member, account)
    today = timezone.localdate()
    if request.method != "POST":
        initial = {name: getattr(account, name) for name in actions.FIELDS}
        return _form(request, AccountForm(today=today, initial=initial), account=account)
    form = AccountForm(request.POST, today=today)
    if not form.is_valid():
        return _form(request, form, account=account, status=422)
    try:
        actions.change_account(account=account, actor=request.member, at=timezone.now(), values=form.cleaned_data)
    except rules.AlreadyListed as error:
        form.add_error("handle", str(error))
        return _form(request, form, account=account, status=422)
    messages.success(request, _("The entry is changed."))
    return redirect("accounts:index")


def _form(
    request: MemberRequest, form: AccountForm, *, account: Account | None = None, source: Worksheet | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    return render(request, "accounts/account.html", {"form": form, "account": account, "source": source}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: MemberRequest, uid: str) -> HttpResponse:
    """Mark an account as closed."""
    account = queries.account(request.member.practice, uid)
    permissions.check_can_edit_accounts(request.member, account)
    form = CloseForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    context: dict[str, Any] = {"form": form, "entry": queries.entry(account)}
    if request.method != "POST":
        return render(request, "accounts/close.html", context)
    if not form.is_valid():
        return render(request, "accounts/close.html", context, status=422)
    try:
        actions.close_account(account=account, actor=request.member, at=timezone.now(), **form.cleaned_data)
    except rules.NotNow as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("Closed. It stays in the register, and can be opened again there."))
    return redirect("accounts:index")


@require_POST
def reopen(request: MemberRequest, uid: str) -> HttpResponse:
    """Take a closing back."""
    account = queries.account(request.member.practice, uid)
    try:
        actions.reopen_account(account=account, actor=request.member, at=timezone.now())
    except rules.NotNow as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("It is open again."))
    return redirect("accounts:index")
