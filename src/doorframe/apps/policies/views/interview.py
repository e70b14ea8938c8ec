"""The interview: one decision a screen, the policy beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.apps.library import queries as library
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.policies import actions, preview, queries, review, rules
from doorframe.apps.policies.forms import ScreenForm, whole_number
from doorframe.apps.policies.models import Version
from doorframe.engines.content.schema import Screen
from doorframe.engines.interview import path


@require_safe
def resume(request: MemberRequest, uid: str) -> HttpResponse:
    """Go on where the draft was left: at the same screen, or at the check."""
    version = queries.version(request.member.practice, uid)
    permissions.check_can_view_policies(request.member, version)
    if not version.is_draft:
        return redirect("policies:version", uid=uid)
    screen = queries.place(version)
    if screen is None or not permissions.can_edit_policies(request.member, version):
        return redirect("policies:check", uid=uid)
    return redirect("policies:screen", uid=uid, screen_id=screen.id)


@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: MemberRequest, uid: str, screen_id: str) -> HttpResponse:
    """Show one screen, or keep its answers and go on."""
    version = queries.version(request.member.practice, uid)
    permissions.check_can_edit_policies(request.member, version)
    found = library.pack().screen.get(screen_id)
    if found is None:
        return redirect("policies:resume", uid=uid)
    if not version.is_draft:
        messages.info(request, _("This version is no longer a draft, so its answers stand still."))
        return redirect("policies:version", uid=uid)
    if request.method != "POST":
        return _show(request, version, found, ScreenForm(version, found))
    return _keep(request, version, found)


def _keep(request: MemberRequest, version: Version, found: Screen) -> HttpResponse:
    form = ScreenForm(version, found, request.POST)
    goes_on = "continue" in request.POST
    if goes_on:
        form.require()
    try:
        saved = actions.save_answers(
            version=version, actor=request.member, at=timezone.now(), screen=found.id, answers=form.answers,
            revision=whole_number(request.POST.get("revision")), unread=form.unread,
            finished=goes_on and form.is_complete(),
        )  # fmt: skip
    except actions.Conflict as conflict:
        return _show(request, conflict.version, found, form, conflict=conflict, status=409)
    except rules.NotNow as error:
        messages.warning(request, str(error))
        return redirect("policies:resume", uid=version.uid)
    if not goes_on or not form.is_complete():
        return _show(request, saved, found, form, status=422 if form.errors else 200)
    return _go_on(request, saved, found)


def _go_on(request: MemberRequest, version: Version, found: Screen) -> HttpResponse:
    if request.GET.get("to") == "check":
        return redirect("policies:check", uid=version.uid)
    following = path.screen_after(library.pack(), version.answers, found, version.done)
    if following is None:
        return redirect("policies:check", uid=version.uid)
    return redirect("policies:screen", uid=version.uid, screen_id=following.id)


@require_POST
def autosave(request: MemberRequest, uid: str, screen_id: str) -> HttpResponse:
    """Keep what has been typed so far and send the preview back: the page's own comfort, for scripts only."""
    version = queries.version(request.member.practice, uid)
    permissions.check_can_edit_policies(request.member, version)
    found = library.pack().screen.get(screen_id)
    if found is None:
        raise Http404
    form = ScreenForm(version, found, request.POST)
    shown = whole_number(request.POST.get("revision"))
    beside = preview.beside(version, found, form.answers)
    context: dict[str, Any] = {"preview": beside, "revision": shown, "version": version, "screen": found}
    try:
        saved = actions.save_answers(
            version=version,
            actor=request.member,
            at=timezone.now(),
            screen=found.id,
            answers=form.answers,
            revision=shown,
            unread=form.unread,
        )
        context |= {"revision": saved.revision, "saved": True, "settle": review.beside(saved, found)}
    except (actions.Conflict, rules.NotNow):
        context |= {"conflict": True, "settle": review.beside(version, found)}
    return render(request, "policies/_autosaved.html", context)


def _show(
    request: MemberRequest, version: Version, found: Screen, form: ScreenForm, *,
    conflict: actions.Conflict | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    pack = library.pack()
    back = path.screen_before(pack, version.answers, found)
    state = path.progress(pack, version.answers, version.done, found)
    context = {
        "version": version, "screen": found, "form": form, "back": back, "revision": version.revision,
        "progress": state, "share": max(version.furthest, 100 * state.done // max(state.total, 1)),
        "where": _("%(number)s of %(total)s") % {"number": state.number, "total": state.total},
        "preview": preview.beside(version, found, form.answers), "why_cites": review.citations(version, found),
        "settle": review.beside(version, found), "to_check": request.GET.get("to") == "check",
        "saved_just_now": timezone.now() - version.changed_at < timedelta(minutes=1),
        "conflict": review.conflict(conflict, found) if conflict else [],
        "came_up": form.came_up and not form.errors and "continue" in request.POST,
        "from_register": queries.is_from_register(version, found),
        "from_practice": [] if form.errors else queries.from_practice(version, found, request.member),
    }  # fmt: skip
    return render(request, "policies/screen.html", context, status=status)
