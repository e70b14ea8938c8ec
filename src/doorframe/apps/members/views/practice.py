"""The practice itself, as its owner sees and changes it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doorframe.apps.members import actions, demo, links, permissions, places, queries, rules
from doorframe.apps.members.forms import PracticeForm
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.views.errors import put_on


@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: MemberRequest) -> HttpResponse:
    """Name, place, time, spelling, two-person rule and address on the web."""
    permissions.check_can_edit_practice(request.member)
    known = request.member.practice
    initial = {
        "name": known.name, "slug": known.slug, "place": places.place(known.country, known.region).id,
        "time_zone": known.time_zone, "language": known.language, "two_person_rule": known.two_person_rule,
    }  # fmt: skip
    form = PracticeForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in actions.PRACTICE_FIELDS}
        try:
            changed = actions.change_practice(actor=request.member, at=timezone.now(), values=values)
        except ValidationError as error:
            put_on(form, error)
        else:
            messages.success(request, _("Kept."))
            if changed.two_person_rule and not queries.can_two_people_decide(changed):
                messages.warning(request, _("Nobody else can approve yet. Invite an owner or a supervisor."))
            return redirect("members:practice")
    context = {
        "form": form, "address": links.absolute(request, reverse("public:current", args=[known.slug])),
        "former": queries.former_slugs(known), "may_switch_demo": rules.can_switch_demo(request.member),
        "demo_is_on": demo.is_on(),
    }  # fmt: skip
    return render(request, "members/practice.html", context, status=422 if form.errors else 200)


@require_POST
def switch_demo(request: MemberRequest) -> HttpResponse:
    """Put the fictional practice away, or bring it back; the button says which."""
    now = timezone.now()
    if request.POST.get("demo") == "keep":
        actions.bring_demo_back(actor=request.member, at=now)
        messages.success(request, _("The fictional practice can be signed in to, to look around."))
    else:
        actions.put_demo_away(actor=request.member, at=now)
        messages.success(request, _("The fictional practice is put away: nobody can sign in to it."))
    return redirect("members:begun" if request.POST.get("from") == "begun" else "members:practice")
