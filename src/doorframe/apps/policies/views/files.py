"""Documents of a version, and what readers see without signing in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from doorframe.adapters.render import MEDIA_TYPES, RenderError
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.policies import addresses, documents, queries
from doorframe.apps.policies.forms import whole_number


@require_safe
def download(request: MemberRequest, uid: str, name: str, format: str) -> HttpResponse:
    """A file of a version: the kept bytes of an issued one, a draft made on the spot before that."""
    version = queries.version(request.member.practice, uid)
    permissions.check_can_view_policies(request.member, version)
    if version.is_issued or (name, format) not in {(n, f) for n, f, _ in documents.outputs()}:
        data = bytes(queries.file(version, name, format).data)
    else:
        try:
            data, _hash = documents.file(version, name, format)
        except RenderError as error:
            return render(request, "policies/cannot_render.html", {"version": version, "reason": error}, status=422)
    response = HttpResponse(data, content_type=MEDIA_TYPES.get(format, "application/octet-stream"))
    disposition = "inline" if format == "pdf" and "inline" in request.GET else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="{documents.file_name(version, name, format)}"'
    return response


@require_safe
def progress(request: MemberRequest, uid: str) -> HttpResponse:
    """How far the documents are: a part of the version's page that asks again by itself."""
    version = queries.version(request.member.practice, uid)
    permissions.check_can_view_policies(request.member, version)
    issue = queries.issue(version, len(documents.outputs()))
    return render(
        request,
        "policies/_documents.html",
        {
            "version": version,
            "issue": issue,
            "shelf": documents.shelf(issue.files),
            "may_reissue": permissions.can_publish_policies(request.member, version),
        },
    )


@require_safe
def embed(request: MemberRequest, uid: str) -> HttpResponse:
    """The address and the snippet for the practice's own website."""
    version = queries.version(request.member.practice, uid)
    permissions.check_can_view_policies(request.member, version)
    if not version.is_issued:
        return redirect("policies:version", uid=uid)
    address = addresses.public(request, version)
    context = {"version": version, "address": address, "reach": addresses.reach(address)}
    return render(request, "policies/embed.html", context)


@require_safe
def current(request: HttpRequest, slug: str) -> HttpResponse:
    """The version in force, at an address that stays."""
    return HttpResponse(queries.public_version(slug).public_page, content_type=MEDIA_TYPES["html"])


@require_safe
def permanent(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version as it was published, byte for byte."""
    return HttpResponse(queries.public_version(slug, number).public_page, content_type=MEDIA_TYPES["html"])


@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version with its dates and, in plain words, what changed."""
    after = whole_number(request.GET.get("after"))
    rows = queries.public_versions(slug, after=after)
    practice, more = rows[0].practice, len(rows) > queries.PUBLIC_PAGE
    context = {
        "versions": rows[: queries.PUBLIC_PAGE], "practice": practice, "after": after,
        "next": after + queries.PUBLIC_PAGE if more else None,
    }  # fmt: skip
    # The practice's own English and days, like the policy itself, whatever the reader's browser asks for.
    with translation.override(practice.language.lower()), timezone.override(ZoneInfo(practice.time_zone)):
        return render(request, "policies/public_versions.html", context)


@require_safe
def stylesheet(request: HttpRequest) -> HttpResponse:
    """The style of the public pages: that of the downloaded page, with its typefaces served from here."""
    return HttpResponse(
        documents.stylesheet(), content_type="text/css; charset=utf-8", headers={"Cache-Control": "max-age=3600"}
    )
