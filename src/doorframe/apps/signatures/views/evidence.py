"""Evidence for a board: packs, the register, one record as a bundle; and the trail to look through."""

from __future__ import annotations

import uuid

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.adapters.export import fhir, tables
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import packs, registers, rules, trail_words
from doorframe.apps.signatures import queries as rows
from doorframe.apps.signatures.actions import evidence as actions
from doorframe.apps.signatures.forms_leading import NarrowForm, PackForm, place
from doorframe.apps.signatures.queries import evidence as queries
from doorframe.apps.signatures.record import record


@never_cache
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """What can leave the practice, and the packs that this person asked for."""
    permissions.check_can(request.member, Permission.EXPORT_EVIDENCE)
    context = {"packs": queries.packs(request.member), "now": timezone.now()}
    return render(request, "signatures/evidence/index.html", context)


@never_cache
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """Choose what a pack is about, after a proof of who asks."""
    permissions.check_can(request.member, Permission.EXPORT_EVIDENCE)
    given = request.POST if request.method == "POST" else None
    initial = {"kind": request.GET.get("kind", "client"), "code": request.GET.get("code", "")}
    form = PackForm(given, member=request.member, papers=rows.papers(request.member.practice), initial=initial)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "signatures/evidence/new.html", {"form": form}, status=status)
    pack = actions.ask_for_pack(actor=request.member, at=timezone.now(), **form.wanted)
    return redirect("acks:evidence-pack", uid=pack.uid)


@never_cache
@require_safe
def pack(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    """One pack: how far it is, or the button to take it."""
    return _pack(request, uid, "signatures/evidence/pack.html")


@never_cache
@require_safe
def progress(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    """The part of that page that asks again by itself."""
    return _pack(request, uid, "signatures/evidence/_pack.html")


def _pack(request: MemberRequest, uid: uuid.UUID, template: str) -> HttpResponse:
    permissions.check_can(request.member, Permission.EXPORT_EVIDENCE)
    found = queries.pack(request.member, uid)
    over = found.expires_at is not None and timezone.now() >= found.expires_at
    return render(request, template, {"pack": found, "work": queries.work_on(found), "over": over})


@never_cache
@require_POST
def take(request: MemberRequest, uid: uuid.UUID) -> HttpResponse | StreamingHttpResponse:
    """The file, part by part."""
    permissions.check_can(request.member, Permission.EXPORT_EVIDENCE)
    found = queries.pack(request.member, uid)
    try:
        actions.take_pack(pack=found, actor=request.member, at=timezone.now())
    except rules.NotNow as error:
        messages.error(request, str(error))
        return redirect("acks:evidence-pack", uid=uid)
    name = f"evidence-{found.kind}-{found.reference}.zip" if found.reference else f"evidence-{found.kind}.zip"
    response = StreamingHttpResponse(packs.parts(found), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Length"] = str(found.size)
    return response


@never_cache
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: MemberRequest) -> HttpResponse | StreamingHttpResponse:
    """Every acknowledgement as a table, without names."""
    permissions.check_can(request.member, Permission.EXPORT_EVIDENCE)
    if request.method != "POST":
        return render(request, "signatures/evidence/register.html", {"columns": registers.HEADER})
    shape = "json" if request.POST.get("format") == "json" else "csv"
    actions.take_register(actor=request.member, at=timezone.now(), shape=shape)
    lines = registers.as_json(request.member) if shape == "json" else registers.as_csv(request.member)
    kind = "application/json" if shape == "json" else "text/csv; charset=utf-8"
    response = StreamingHttpResponse(lines, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="acknowledgements.{shape}"'
    return response


@never_cache
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def bundle(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    """One record as a FHIR bundle, with names only where they are asked for."""
    permissions.check_can(request.member, Permission.EXPORT_EVIDENCE)
    item = rows.acknowledgement(request.member, uid)
    if request.method != "POST":
        return render(request, "signatures/evidence/bundle.html", {"item": item})
    names = request.POST.get("names") == "yes"
    actions.take_bundle(item=item, actor=request.member, at=timezone.now(), names=names)
    told = packs.sealed_record(rows.seal_of(item)) or record(item, at=timezone.now())
    data = tables.json_bytes(fhir.bundle(told, policy_pdf=None, names=names))
    response = HttpResponse(data, content_type="application/fhir+json")
    response["Content-Disposition"] = f'attachment; filename="{item.reference}.fhir.json"'
    return response


@never_cache
@require_safe
def trail(request: MemberRequest) -> HttpResponse:
    """Who did what and when, newest first."""
    permissions.check_can(request.member, Permission.VIEW_TRAIL)
    form = NarrowForm(request.GET or None)
    before = place(request.GET.get("before"))
    found = queries.trail_page(request.member.practice, form.narrowed, before=before)
    page = found[: queries.PAGE]
    context = {
        "form": form, "events": trail_words.told(page), "before": before,
        "next": page[-1].seq if len(found) > queries.PAGE else None,
        "verdict": queries.last_verdict(request.member.practice),
    }  # fmt: skip
    return render(request, "signatures/evidence/trail.html", context, status=422 if form.errors else 200)


@require_POST
def verify(request: MemberRequest) -> HttpResponse:
    """Compute the whole chain again."""
    actions.ask_to_verify(actor=request.member, at=timezone.now())
    messages.success(request, _("The trail is being checked. What came of it stands below in a moment."))
    return redirect("acks:trail")
