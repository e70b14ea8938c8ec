"""The calendar of what is planned, and the practice's own names."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission
from doorframe.apps.posts import queries, rules
from doorframe.apps.posts.actions import keeping
from doorframe.apps.posts.forms import NamesForm, month
from doorframe.apps.posts.views.common import place_of, private


@never_cache
@require_safe
def calendar(request: MemberRequest) -> HttpResponse:
    """One month, week by week. Whose words somebody may not read, of those they see only what is planned when."""
    permissions.check_can(request.member, Permission.WRITE_POSTS)
    today = timezone.localdate()
    first = month(request.GET.get("month"), today)
    weeks = [
        {"week": week, "has_today": week.first <= today <= week.last,
         "lines": [{"post": post, "place": place_of(post), "may_open": rules.can_see(request.member, post)}
                   for post in week.posts]}
        for week in queries.month(request.member.practice, first)
    ]  # fmt: skip
    context = {
        "first": first, "weeks": weeks, "today": today, "planned": any(week["lines"] for week in weeks),
        "before": queries.next_month(first, -1), "next": queries.next_month(first, 1),
    }  # fmt: skip
    return render(request, "posts/calendar.html", context)


@never_cache
@private
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: MemberRequest) -> HttpResponse:
    """Our own names: what tells of no client, however often it stands in a post."""
    permissions.check_can(request.member, Permission.WRITE_POSTS)
    practice = request.member.practice
    own, kept = queries.own_names(practice), queries.kept_names(practice)
    known = queries.known_elsewhere(practice)
    form = NamesForm(request.POST if request.method == "POST" else None, initial={"lines": "\n".join(own)})
    if form.is_valid():
        keeping.keep_names(actor=request.member, at=timezone.now(), lines=form.cleaned_data["lines"])
        messages.success(request, _("Kept. Posts are checked with these names from now on."))
        return redirect("posts:names")
    context = {"form": form, "kept": kept, "lacking": [name for name in known if name not in own]}
    return render(request, "posts/names.html", context, status=422 if form.errors else 200)
