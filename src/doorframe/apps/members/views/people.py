"""The people of a practice: inviting them, their roles, shutting them out and letting them in again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.apps.members import actions, links, permissions, queries, rules
from doorframe.apps.members.forms import InviteForm, RoleForm
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import EXPLAINED, Role
from doorframe.apps.members.views.errors import put_on, say_no


@require_safe
def people(request: MemberRequest) -> HttpResponse:
    """Everyone, with their role in words; who was here; who is invited."""
    permissions.check_can_manage_members(request.member)
    practice = request.member.practice
    context = {
        "people": queries.everyone_of(practice), "only_owner": queries.only_owner(practice), "now": timezone.now(),
        "roles": [(role.label, sentence) for role, sentence in EXPLAINED.items()],
        "nobody_else": practice.two_person_rule and not queries.can_two_people_decide(practice),
    }  # fmt: skip
    return render(request, "members/people.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: MemberRequest) -> HttpResponse:
    """Invite a person. The answer shows the link, this once: a page that is loaded again makes a new one."""
    permissions.check_can_manage_members(request.member)
    form = InviteForm(request.POST if request.method == "POST" else None, initial={"role": Role.CLINICIAN.value})
    if form.is_valid():
        email, role = form.cleaned_data["email"], form.cleaned_data["role"]
        try:
            invitation, token = actions.invite(actor=request.member, email=email, role=role, at=timezone.now())
        except ValidationError as error:
            put_on(form, error)
        except rules.NotNow as refusal:
            form.add_error("email", str(refusal))
        else:
            link = links.joining(request, token)
            context = {
                "invitation": invitation, "link": link, "role": Role(invitation.role).label,
                "only_here": links.is_only_here(link), "sent": links.send(invitation, link),
            }  # fmt: skip
            return render(request, "members/invited.html", context)
    return render(request, "members/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """End an invitation that was not used."""
    permissions.check_can_manage_members(request.member)
    invitation = queries.invitation_of(request.member.practice, pk)
    try:
        actions.withdraw_invitation(invitation=invitation, actor=request.member, at=timezone.now())
    except rules.NotNow as refusal:
        say_no(request, refusal)
    else:
        messages.success(request, _("The invitation is withdrawn; its link no longer works."))
    return redirect("members:people")


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: MemberRequest, pk: int) -> HttpResponse:
    """One person and their role."""
    permissions.check_can_manage_members(request.member)
    member = queries.member_of(request.member.practice, pk)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": member.role})
    if form.is_valid():
        try:
            actions.change_role(member=member, actor=request.member, role=form.cleaned_data["role"], at=timezone.now())
        except rules.NotNow as refusal:
            form.add_error("role", str(refusal))
        else:
            messages.success(request, _("Kept."))
            return redirect("members:people" if member.pk != request.member.pk else "today")
    only = queries.only_owner(request.member.practice)
    context = {
        "form": form, "person": member, "is_only_owner": only is not None and only.pk == member.pk,
        "may_reset": member.is_active and rules.can_reset_second_factor(request.member, member),
    }  # fmt: skip
    return render(request, "members/person.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def reset_second_factor(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask once more, then take a colleague's lost second way to sign in away."""
    permissions.check_can_manage_members(request.member)
    member = queries.member_of(request.member.practice, pk)
    try:
        rules.check_can_reset_second_factor(request.member, member)
        if request.method != "POST":
            return render(request, "members/second_factor.html", {"person": member})
        actions.reset_second_factor(member=member, actor=request.member, at=timezone.now())
    except rules.NotNow as refusal:
        say_no(request, refusal)
    else:
        done = _("%(name)s signs in with the password alone until they set up a new second way. Today tells them so.")
        messages.success(request, done % {"name": member.user})
    return redirect("members:person", pk=member.pk)


@require_POST
def deactivate(request: MemberRequest, pk: int) -> HttpResponse:
    """Shut a person out."""
    permissions.check_can_manage_members(request.member)
    member = queries.member_of(request.member.practice, pk)
    try:
        actions.deactivate_member(member=member, actor=request.member, at=timezone.now())
    except rules.NotNow as refusal:
        say_no(request, refusal)
    else:
        messages.success(request, _("%(name)s can no longer open this practice.") % {"name": member.user})
    return redirect("members:people")


@require_POST
def reactivate(request: MemberRequest, pk: int) -> HttpResponse:
    """Let a person in again."""
    permissions.check_can_manage_members(request.member)
    member = queries.member_of(request.member.practice, pk)
    actions.reactivate_member(member=member, actor=request.member, at=timezone.now())
    messages.success(request, _("%(name)s is back, in the role they had.") % {"name": member.user})
    return redirect("members:people")
