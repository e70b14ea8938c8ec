"""The audit of a policy that a practice already has: words in, a report out, and nothing kept.

The buttons of the report send the words again from a hidden field of the page, and the audit runs once more. So
nothing has to wait on the server, in a session or in a file, for somebody to press one; what a browser sends back is
treated like any other pasted text; and when the page is closed, the words are gone.
"""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from doorframe.adapters.render import MEDIA_TYPES, RenderError
from doorframe.adapters.render import render as write
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.policies import actions, audit_paper, known
from doorframe.apps.policies.audit_forms import BODIES, AgainForm, AuditForm, place_of
from doorframe.apps.policies.audit_page import AuditPage
from doorframe.engines.coverage.report import as_data

_private = sensitive_post_parameters()
"""No part of what is sent here belongs in a report of a mistake."""


@_private
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: MemberRequest) -> HttpResponse:
    """Ask for a policy; answer with what it covers, what it lacks and what is wrong with it."""
    permissions.check_can_view_policies(request.member)
    if request.method != "POST":
        # The empty form may be kept by the browser, so that whoever goes back finds what was pasted into it.
        return _ask(request, AuditForm(initial=place_of(request.member)))
    return _report(request)


@never_cache
def _report(request: MemberRequest) -> HttpResponse:
    form = AuditForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, form, status=422)
    page = AuditPage(form.words, form.place, _bodies(request))
    again = AgainForm(initial={"words": form.words, **form.place}, auto_id=False)
    context = {"page": page, "again": again, "why_none": audit_paper.why_none(),
               "may_edit": permissions.can_edit_policies(request.member)}  # fmt: skip
    return render(request, "policies/audit/none.html" if page.is_none else "policies/audit/report.html", context)


@never_cache
@_private
@require_POST
def pdf(request: MemberRequest) -> HttpResponse:
    """The report as PDF."""
    permissions.check_can_view_policies(request.member)
    page = _again(request)
    if page is None:
        return _lost(request)
    document = audit_paper.paper(page, request.member.practice, timezone.localdate())
    try:
        data = write(document, "pdf")
    except RenderError as error:
        return render(request, "policies/audit/cannot_render.html", {"reason": error}, status=422)
    return _file(data, MEDIA_TYPES["pdf"], "policy-audit.pdf")


@never_cache
@_private
@require_POST
def as_json(request: MemberRequest) -> HttpResponse:
    """The report as the command line prints it."""
    permissions.check_can_view_policies(request.member)
    page = _again(request)
    if page is None:
        return _lost(request)
    text = json.dumps(as_data(page.report), ensure_ascii=False, indent=2)
    return _file(text.encode(), "application/json", "policy-audit.json")


@_private
@require_POST
def begin(request: MemberRequest) -> HttpResponse:
    """Begin a draft with what the audit found; what the practice has said of itself fills the rest."""
    permissions.check_can_edit_policies(request.member)
    page = _again(request)
    if page is None:
        return _lost(request)
    found = page.answers
    numbers = {"audited": True, "found": len(found), "topics": page.settled, "findings": len(page.report.findings)}
    version = actions.start_version(
        actor=request.member,
        at=timezone.now(),
        told=numbers,
        answers={**known.answers(request.member), **page.place, **found},
    )
    _say_begun(request, len(found))
    return redirect("policies:resume", uid=version.uid)


def _say_begun(request: MemberRequest, count: int) -> None:
    words = ngettext(
        "One answer comes from your old policy. Look at it when you come to it.",
        "%(count)s answers come from your old policy. Look at each when you come to it.",
        count,
    )
    if count:
        messages.success(request, words % {"count": count})


def _ask(request: MemberRequest, form: AuditForm, status: int = 200) -> HttpResponse:
    return render(request, "policies/audit/form.html", {"form": form}, status=status)


def _again(request: MemberRequest) -> AuditPage | None:
    """The report once more, from the words that the page sent back; None where they did not arrive whole."""
    form = AgainForm(request.POST)
    return AuditPage(form.cleaned_data["words"], form.place, _bodies(request)) if form.is_valid() else None


def _bodies(request: MemberRequest) -> list[str] | None:
    said = place_of(request.member).get(BODIES)
    return [*said] if isinstance(said, list) else None


def _lost(request: MemberRequest) -> HttpResponse:
    form = AuditForm({}, initial=place_of(request.member))
    form.errors.clear()
    form.add_error(None, _("The words of the report did not arrive. Send the policy once more."))
    return _ask(request, form, status=422)


def _file(data: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(data, content_type=media_type,
                        headers={"Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip
