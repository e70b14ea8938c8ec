"""The list of posts, one post, and the steps of its life."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission
from doorframe.apps.posts import queries, register, rules
from doorframe.apps.posts.actions import deciding, keeping, writing
from doorframe.apps.posts.forms import DecideForm, PublishForm, place
from doorframe.apps.posts.models import Post
from doorframe.apps.posts.states import State
from doorframe.apps.posts.views.common import may, place_of, private, result_of, shown_steps


@never_cache
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """The posts that this member may read, by where they stand."""
    permissions.check_can(request.member, Permission.WRITE_POSTS)
    state, after = request.GET.get("state", ""), place(request.GET.get("after"))
    state = state if state in State.values else ""
    found, counts = queries.posts(request.member, state=state, after=after), queries.counts(request.member)
    every = [("", _("All"), sum(counts.values())), *((value, label, counts[value]) for value, label in State.choices)]
    context = {
        "lines": [{"post": post, "place": place_of(post)} for post in found[: queries.PAGE]],
        "tabs": [{"value": value, "label": label, "count": count, "current": value == state}
                 for value, label, count in every if count or not value or value == state],
        "total": sum(counts.values()), "state": state, "after": after, "before": max(after - queries.PAGE, 0),
        "next": after + queries.PAGE if len(found) > queries.PAGE else None,
        "waiting": counts[State.WAITING] if permissions.can(request.member, Permission.APPROVE_POSTS) else 0,
    }  # fmt: skip
    return render(request, "posts/index.html", context)


@never_cache
@require_safe
def post(request: MemberRequest, uid: str) -> HttpResponse:
    """One post: its words with what was found, what was done, and what can be done now."""
    return render(request, "posts/post.html", _about(request, queries.post(request.member, uid)))


def _about(request: MemberRequest, item: Post) -> dict[str, Any]:
    return {
        "post": item, "place": place_of(item), "result": result_of(item), "may": may(request.member, item),
        "steps": shown_steps(queries.steps(item)), "decisions": register.shown(queries.decisions(item)),
        "goes_on": queries.goes_on(item),
    }  # fmt: skip


@never_cache
@private
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: MemberRequest, uid: str) -> HttpResponse:
    """Read it, and let it go out or send it back."""
    permissions.check_can(request.member, Permission.APPROVE_POSTS)
    item = queries.post(request.member, uid)
    if request.method != "POST":
        return _approve(request, item, DecideForm(outcome=item.outcome, initial={"sha256": item.sha256}))
    form = DecideForm(request.POST, outcome=item.outcome)
    if not form.is_valid():
        return _approve(request, item, form, status=422)
    known: dict[str, Any] = {"post": item, "actor": request.member, "at": timezone.now(),
                             "sha256": form.cleaned_data["sha256"]}  # fmt: skip
    try:
        if form.sends_back:
            deciding.send_back(**known, note=form.cleaned_data["note"])
            messages.success(request, _("Sent back with your note."))
        else:
            deciding.approve_post(**known, reason=form.cleaned_data.get("reason", ""))
            messages.success(request, _("Approved. It can be posted now, in these words."))
    except rules.NotNow as error:
        return _refused(request, item, error)
    except PermissionDenied as error:
        messages.error(request, str(error))
    return redirect("posts:post", uid=uid)


def _approve(request: MemberRequest, item: Post, form: DecideForm, *, status: int = 200) -> HttpResponse:
    context = {**_about(request, item), "form": form}
    return render(request, "posts/approve.html", context, status=status)


def _refused(request: MemberRequest, item: Post, error: rules.NotNow) -> HttpResponse:
    """The words did not pass as they stood; they are checked by the content of today, and shown again."""
    messages.error(request, str(error))
    if isinstance(error, rules.MustNotGoOut | rules.ReasonMissing):
        writing.check_again(post=item, actor=request.member, at=timezone.now())
    return redirect("posts:post", uid=item.uid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: MemberRequest, uid: str) -> HttpResponse:
    """Note the day on which it was posted by hand."""
    item = queries.post(request.member, uid)
    form = PublishForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if not form.is_valid():
        context = {**_about(request, item), "form": form}
        return render(request, "posts/publish.html", context, status=422 if form.errors else 200)
    try:
        deciding.publish_post(post=item, actor=request.member, at=timezone.now(), on=form.cleaned_data["on"])
    except rules.NotNow as error:
        return _refused(request, item, error)
    messages.success(request, _("Noted. The words are kept for a while, then they go; the log stays."))
    return redirect("posts:post", uid=uid)


STEPS = frozenset({"submit", "withdraw", "let-go"})
"""Every step that needs nothing but a button."""


@never_cache
@require_POST
def step(request: MemberRequest, uid: str, verb: str) -> HttpResponse:
    """Take one step of a post's life."""
    item = queries.post(request.member, uid)
    if verb not in STEPS:
        raise Http404
    known: dict[str, Any] = {"post": item, "actor": request.member, "at": timezone.now()}
    try:
        if verb == "submit":
            deciding.submit_post(**known)
            said = _("Sent for approval. Whoever approves posts finds it on their page of today.")
        elif verb == "withdraw":
            deciding.withdraw_post(**known)
            said = _("Withdrawn. It will not be posted.")
        else:
            keeping.remove_text(**known)
            said = _("The words are gone. What was decided stays in the log.")
    except rules.NotNow as error:
        return _refused(request, item, error)
    except PermissionDenied as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("posts:post", uid=uid)
