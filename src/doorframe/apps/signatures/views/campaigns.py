"""Asking again after a change: the list, how far it is, sending, pausing, stopping."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.apps.mail import names
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import boards, rules
from doorframe.apps.signatures.actions import campaigns as actions
from doorframe.apps.signatures.forms_leading import place
from doorframe.apps.signatures.queries import campaigns as queries
from doorframe.apps.signatures.states import State


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """Every asking there was, newest first."""
    permissions.check_can(request.member, Permission.VIEW_ANSWERS)
    return render(request, "signatures/campaigns/index.html", {"campaigns": queries.campaigns(request.member)})


@require_safe
def campaign(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    """How far one asking is, and where each client stands; clinicians see their own clients."""
    permissions.check_can(request.member, Permission.VIEW_ANSWERS)
    item = queries.campaign(request.member.practice, uid)
    state, after = request.GET.get("state", ""), place(request.GET.get("after"))
    board = queries.board(item, request.member)
    rows = queries.on_board(item, member=request.member, state=state, after=after)
    context = {
        "campaign": item, "board": board, "figures": boards.figures(board), "unsent": boards.unsent(board),
        "lines": boards.lines(rows[: queries.PAGE]), "tabs": boards.tabs(board, state), "state": state,
        "sees_all": permissions.can(request.member, Permission.VIEW_ALL_CLIENTS),
        "may_run": permissions.can(request.member, Permission.RUN_CAMPAIGNS), "goes_on": boards.goes_on(item),
        "after": after, "next": after + queries.PAGE if len(rows) > queries.PAGE else None,
        "before": max(after - queries.PAGE, 0), "known": state in State.values,
    }  # fmt: skip
    return render(request, "signatures/campaigns/campaign.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    """Say how many letters would go out and in whose name; then send them."""
    permissions.check_can(request.member, Permission.RUN_CAMPAIGNS)
    item = queries.campaign(request.member.practice, uid)
    if request.method == "POST":
        try:
            actions.start(campaign=item, actor=request.member, at=timezone.now())
        except rules.NotNow as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The letters are being written. Reminders follow by themselves."))
        return redirect("acks:campaign", uid=uid)
    context = {
        "campaign": item, "letters": queries.letters(item).count(), "filling": queries.is_filling(item),
        "board": queries.board(item, request.member), "sender": names.of_sender(item.practice, ""),
        "own": names.of_sender(item.practice, str(request.member.user)),
        "days": boards.reminder_days(item.practice), "goes_on": boards.goes_on(item),
    }  # fmt: skip
    return render(request, "signatures/campaigns/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask once more, then send nothing further."""
    permissions.check_can(request.member, Permission.RUN_CAMPAIGNS)
    item = queries.campaign(request.member.practice, uid)
    if request.method != "POST":
        return render(request, "signatures/campaigns/stop.html", {"campaign": item})
    actions.stop(campaign=item, actor=request.member, at=timezone.now())
    messages.success(request, _("Stopped. Nothing more is sent for this version, and every answer is kept."))
    return redirect("acks:campaign", uid=uid)


@require_POST
def reminders(request: MemberRequest, uid: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """Pause the letters to one client, or let them go on."""
    permissions.check_can(request.member, Permission.VIEW_ANSWERS)
    found = queries.on_campaign(queries.campaign(request.member.practice, uid), request.member, item)
    known: dict[str, Any] = {"item": found, "actor": request.member, "at": timezone.now()}
    try:
        if request.POST.get("paused") == "yes":
            actions.pause(**known)
            messages.success(request, _("Paused. This client gets no letter until you let them go on."))
        else:
            actions.resume(**known)
            messages.success(request, _("The letters to this client go on."))
    except boards.REFUSED as error:
        messages.error(request, str(error))
    return redirect("acks:campaign", uid=uid)
