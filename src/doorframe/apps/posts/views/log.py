"""The log: who decided what about which words, and the same as a table that leaves."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission
from doorframe.apps.posts import queries, register, screening
from doorframe.apps.posts.actions import keeping
from doorframe.apps.posts.forms import LogForm, place
from doorframe.apps.posts.models import Outcome
from doorframe.apps.posts.views.common import private


@never_cache
@private
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: MemberRequest) -> HttpResponse:
    """What was decided, newest first. A search is sent as a form: what is looked for stands in no address."""
    permissions.check_can(request.member, Permission.WRITE_POSTS)
    after = place(request.GET.get("after"))
    wanted = request.GET.get("outcome", "")
    form = LogForm(request.POST if request.method == "POST" else None, initial={"outcome": wanted})
    outcome, search = wanted if wanted in Outcome.values else "", ""
    if form.is_valid():
        outcome, search = form.cleaned_data["outcome"], form.cleaned_data["search"]
    rows = queries.log(request.member, outcome=outcome, search=search, words=screening.sha256(search))
    found = list(rows[after : after + queries.LOG_PAGE + 1])
    context = {
        "form": form, "lines": register.shown(found[: queries.LOG_PAGE]), "search": search, "outcome": outcome,
        "after": after, "before": max(after - queries.LOG_PAGE, 0),
        "next": after + queries.LOG_PAGE if len(found) > queries.LOG_PAGE else None,
        "may_export": permissions.can(request.member, Permission.APPROVE_POSTS),
    }  # fmt: skip
    return render(request, "posts/log.html", context, status=422 if form.errors else 200)


@never_cache
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: MemberRequest) -> HttpResponse:
    """The whole log as a table, without a word of any text."""
    permissions.check_can(request.member, Permission.APPROVE_POSTS)
    if request.method != "POST":
        return render(request, "posts/export.html", {"columns": register.HEADER})
    rows = list(queries.log(request.member))
    keeping.take_log(actor=request.member, at=timezone.now(), rows=len(rows))
    response = HttpResponse(register.as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="posts.csv"'
    return response
