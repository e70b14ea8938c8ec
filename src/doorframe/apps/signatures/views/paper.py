"""Paper: printing a sheet, entering one that came back, and the scan of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.adapters.render import RenderError
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import papers_print, queries, rules, scans
from doorframe.apps.signatures.actions import sheets
from doorframe.apps.signatures.forms_tablet import ReferenceForm, SheetForm
from doorframe.apps.signatures.models import Acknowledgement
from doorframe.apps.signatures.queries import sheets as rows
from doorframe.apps.signatures.states import Answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def came_back(request: MemberRequest) -> HttpResponse:
    """A signed sheet came back: its reference says whose it is."""
    permissions.check_can(request.member, Permission.ASK_CLIENTS)
    form = ReferenceForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "signatures/desk/came_back.html", {"form": form})
    if form.is_valid():
        found = rows.by_typed_reference(request.member, form.cleaned_data["reference"])
        if found is not None:
            return redirect("acks:paper", uid=found.uid)
        form.add_error("reference", _("No sheet of your clients has this reference. Look again at the foot of a page."))
    return render(request, "signatures/desk/came_back.html", {"form": form}, status=422)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: MemberRequest, uid: str) -> HttpResponse:
    """Print the sheet, and record what stands on it once it is back."""
    item = queries.acknowledgement(request.member, uid)
    rules.check_can_ask(request.member, item)
    people = [one for one in queries.signers(item) if one.member_id is None]
    left = [one for one in people if not (one.answer == Answer.AGREE and one.method)]
    today = timezone.localdate()
    if request.method != "POST":
        return _page(request, item, SheetForm(left, today=today))
    form = SheetForm(left, request.POST, request.FILES, today=today)
    if not form.is_valid():
        return _page(request, item, form, status=422)
    try:
        sheets.enter_sheet(
            item=item, actor=request.member, at=timezone.now(), on=form.cleaned_data["on"], answers=form.answers(),
            picture=form.cleaned_data["scan"],
        )  # fmt: skip
    except rules.NotNow as error:
        form.add_error(None, str(error))
        return _page(request, item, form, status=409)
    messages.success(request, _("The sheet is recorded."))
    return redirect("acks:paper", uid=uid)


@require_POST
def print_sheet(request: MemberRequest, uid: str) -> HttpResponse:
    """The sheet as a PDF; that it was printed is kept."""
    item = queries.acknowledgement(request.member, uid)
    rules.check_can_ask(request.member, item)
    try:
        data = papers_print.sheet(item, queries.signers(item))
    except RenderError as error:
        messages.error(request, str(error))
        return redirect("acks:paper", uid=uid)
    sheets.note_printed(item=item, actor=request.member, at=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{item.reference}.pdf"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


@never_cache
@require_safe
def scan(request: MemberRequest, uid: str) -> HttpResponse:
    """The scan of a sheet, as a file of its own kind: it is never shown inside a page."""
    found = rows.scan(request.member, uid)
    item = found.signer.acknowledgement
    rules.check_can_see_answers(request.member, item)
    if not found.data:
        messages.info(request, _("This scan was kept for as long as it had to be, and has been removed."))
        return redirect("acks:paper", uid=item.uid)
    sheets.note_scan_opened(scan=found, actor=request.member, at=timezone.now())
    name = f"{item.reference}.{scans.SUFFIXES[found.media_type]}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }  # fmt: skip
    return HttpResponse(bytes(found.data), content_type=found.media_type, headers=headers)


def _page(request: MemberRequest, item: Acknowledgement, form: SheetForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"item": item, "form": form, "may_see": rules.can_see_answers(request.member, item)}
    context["scans"] = rows.scans_of(item) if context["may_see"] else []
    return render(request, "signatures/desk/paper.html", context, status=status)
