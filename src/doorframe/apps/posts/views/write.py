"""Write a post: screened while it is typed, mended step by step, kept as a draft. Works without a script as well."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission
from doorframe.apps.posts import queries, rules, screening, shown
from doorframe.apps.posts.actions import deciding, writing
from doorframe.apps.posts.forms import LONGEST, PostForm
from doorframe.apps.posts.models import Kind, Post
from doorframe.apps.posts.states import Verb
from doorframe.apps.posts.views.common import private, shown_steps
from doorframe.engines.interview.answers import tidy
from doorframe.engines.screening.verdict import Draft

FIELDS = ("kind", "platform", "text", "planned_for", "permission")
"""What a person fills in."""


@never_cache
@private
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """A new post."""
    permissions.check_can(request.member, Permission.WRITE_POSTS)
    if request.method != "POST":
        screening.warm()
        initial = {"kind": Kind.POST, "planned_for": _day(request.GET.get("on"))}
        return _page(request, PostForm(initial=initial))
    form = PostForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    if _only_checks(request):
        return _page(request, form, result=_result(request.member, form))
    post = writing.start_post(actor=request.member, at=timezone.now(), **form.values)
    return _go_on(request, post)


@never_cache
@private
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: MemberRequest, uid: str) -> HttpResponse:
    """Change a post that is kept."""
    post = queries.post(request.member, uid)
    if not rules.can(request.member, post, Verb.CHANGE):
        return redirect("posts:post", uid=uid)
    if request.method != "POST":
        initial = {name: getattr(post, name) for name in (*FIELDS, "revision")}
        found = screening.authorisation_for(post.practice, post.permission, platform=post.platform, at=timezone.now())
        verdict = screening.screen_post(post, at=timezone.now())
        result = shown.result(post.text, verdict, lacks_permission=bool(post.permission) and found is None)
        return _page(request, PostForm(initial=initial), post=post, result=result)
    form = PostForm(request.POST)
    if not form.is_valid():
        return _page(request, form, post=post, status=422)
    if _only_checks(request):
        return _page(request, form, post=post, result=_result(request.member, form))
    revision = form.cleaned_data["revision"] or 0
    try:
        post = writing.change_post(post=post, actor=request.member, at=timezone.now(), revision=revision, **form.values)
    except rules.Stale as error:
        return _page(request, form, post=post, result=_result(request.member, form), stale=str(error), status=409)
    except rules.NotNow as error:
        messages.error(request, str(error))
        return redirect("posts:post", uid=uid)
    return _go_on(request, post)


def _go_on(request: MemberRequest, post: Post) -> HttpResponse:
    """After the words are kept: take the step that was asked for, or show what was found."""
    known: dict[str, Any] = {"post": post, "actor": request.member, "at": timezone.now()}
    rewrite = request.POST.get("rewrite", "")
    try:
        if rewrite:
            writing.take_rewrite(**known, revision=post.revision, rewrite=rewrite)
            messages.success(request, _("The step is taken, and the words were checked again."))
        elif request.POST.get("do") == "submit":
            deciding.submit_post(**known)
            messages.success(request, _("Sent for approval. Whoever approves posts finds it on their page of today."))
            return redirect("posts:post", uid=post.uid)
        elif request.POST.get("do") == "decide" and rules.may_decide_alone(request.member, post):
            return redirect("posts:approve", uid=post.uid)
        else:
            messages.success(request, _("The draft is kept."))
    except (rules.NotNow, PermissionDenied) as error:
        messages.error(request, str(error))
    return redirect("posts:change", uid=post.uid)


@never_cache
@private
@require_POST
def undo(request: MemberRequest, uid: str) -> HttpResponse:
    """Take back the last step."""
    post = queries.post(request.member, uid)
    form = PostForm(request.POST)
    form.is_valid()
    revision = form.cleaned_data.get("revision") or 0
    try:
        writing.undo_step(post=post, actor=request.member, at=timezone.now(), revision=revision)
        messages.success(request, _("The step is undone, and the words were checked again."))
    except (rules.NotNow, PermissionDenied) as error:
        messages.error(request, str(error))
    return redirect("posts:change", uid=uid)


@never_cache
@private
@require_POST
def check(request: MemberRequest) -> HttpResponse:
    """What is found in the words so far, as a part of the page. Nothing is kept."""
    permissions.check_can(request.member, Permission.WRITE_POSTS)
    form = PostForm(request.POST)
    form.is_valid()
    result = _result(request.member, form) if form.can_be_screened else None
    refused = form.errors.get("text") if request.POST.get("text", "").strip() else None
    return render(request, "posts/_result.html", {"result": result, "refused": refused, "live": True})


@csrf_exempt
@never_cache
@private
@require_POST
def share(request: MemberRequest) -> HttpResponse:
    """Words that another app of the phone hands over: they stand in the form, and nothing is kept.

    A form of this site proves itself by a sign that a share cannot have; so the browser's own word is taken instead
    for where the share comes from. A page of another site is refused.
    """
    permissions.check_can(request.member, Permission.WRITE_POSTS)
    if not _is_from_here(request):
        raise PermissionDenied(_("Words can be handed over by your own phone alone, not by another website."))
    parts = [tidy(request.POST.get(name, "")) for name in ("title", "text", "url")]
    text = "\n".join(dict.fromkeys(part for part in parts if part))[:LONGEST]
    return _page(request, PostForm(initial={"kind": Kind.POST, "text": text}), shared=bool(text))


def _is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that the person themselves, or this site, sent it. Pages cannot write this header."""
    return request.headers.get("Sec-Fetch-Site", "") in {"none", "same-origin"}


def _only_checks(request: HttpRequest) -> bool:
    return request.POST.get("do") == "check"


def _result(member: Membership, form: PostForm) -> shown.Result:
    """What is found in the words of a form; whatever else of it is half-written."""
    values = form.cleaned_data
    draft = Draft(values["text"], kind=values["kind"], platform=values["platform"])
    reference = values.get("permission", "")
    found = screening.authorisation_for(member.practice, reference, platform=draft.platform, at=timezone.now())
    verdict = screening.screen(member.practice, draft, authorisation=found)
    return shown.result(draft.text, verdict, lacks_permission=bool(reference) and found is None)


def _page(
    request: MemberRequest, form: PostForm, *, post: Post | None = None, result: shown.Result | None = None,
    stale: str = "", shared: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form, "post": post, "result": result, "stale": stale, "shared": shared,
        "steps": shown_steps(queries.steps(post)) if post else [],
        "undoable": queries.last_step(post) if post else None,
        "alone": rules.works_alone(request.member),
    }  # fmt: skip
    return render(request, "posts/write.html", context, status=status)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
