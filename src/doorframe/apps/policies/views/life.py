"""The life of a version: list, check, review, publish, retire; answers in and out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doorframe.apps.library import queries as library
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.policies import actions, addresses, changes, documents, preview, queries, review, rules
from doorframe.apps.policies.forms import whole_number
from doorframe.apps.policies.models import Version
from doorframe.apps.policies.states import Verb
from doorframe.apps.signatures.queries import campaigns
from doorframe.engines.interview import answers as answers_engine
from doorframe.engines.interview import answers_file


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """Every version: the one in force, drafts with how far they are, and the past."""
    permissions.check_can_view_policies(request.member)
    after = whole_number(request.GET.get("after"))
    rows = queries.versions(request.member.practice, after=after)
    page, more = rows[: queries.PAGE], len(rows) > queries.PAGE
    context = {
        "drafts": [queries.draft_progress(row) for row in page if row.is_draft],
        "others": [row for row in page if not row.is_draft],
        "current": queries.current(request.member.practice),
        "next": after + queries.PAGE if more else None, "after": after,
        "may_edit": permissions.can_edit_policies(request.member),
    }  # fmt: skip
    return render(request, "policies/index.html", context)


@require_POST
def start(request: MemberRequest) -> HttpResponse:
    """Begin a new draft, from nothing or from an earlier version."""
    earlier = request.POST.get("based_on")
    based_on = queries.version(request.member.practice, earlier) if earlier else None
    version = actions.start_version(actor=request.member, at=timezone.now(), based_on=based_on)
    return redirect("policies:resume", uid=version.uid)


@require_safe
def check(request: MemberRequest, uid: str) -> HttpResponse:
    """Check your answers: each with its Change link, what is to settle, and how it reads."""
    version = queries.version(request.member.practice, uid)
    permissions.check_can_view_policies(request.member, version)
    return _check(request, version)


def _check(
    request: MemberRequest, version: Version, *, status: int = 200, note_missing: bool = False,
    kind_missing: bool = False,
) -> HttpResponse:  # fmt: skip
    to_settle = review.to_settle(version)
    context = {
        "version": version, "parts": review.parts(version), "grades": review.grades(version),
        "blocking": [item for item in to_settle if item.finding.blocks],
        "looks": [item for item in to_settle if not item.finding.blocks],
        "open": queries.next_screen(version), **_steps(request, version),
        "note_missing": note_missing, "kind_missing": kind_missing,
    }  # fmt: skip
    return render(request, "policies/check.html", context, status=status)


def _steps(request: MemberRequest, version: Version) -> dict[str, Any]:
    """What this person may do to this version now."""
    member = request.member
    two = version.practice.two_person_rule
    may = {verb.name.lower(): rules.can(member, version, verb) for verb in Verb}
    hurry = not two and version.state in {"draft", "in-review"} and permissions.can_publish_policies(member, version)
    may_publish = may["publish"] or hurry
    return {"may": may, "may_publish": may_publish, "two_person": two,
            **(_note(request, version) if may_publish else {}),
            "may_edit": permissions.can_edit_policies(member, version),
            "may_reissue": permissions.can_publish_policies(member, version)}  # fmt: skip


def _note(request: MemberRequest, version: Version) -> dict[str, Any]:
    """What changed, as it was typed or else as a comparison with the version before proposes it."""
    before = queries.last_issued(version.practice)
    if before is None:
        return {"follows": None}
    typed = request.POST.get("change_note", "").strip()
    return {"follows": before, "note": typed or changes.proposal(before, version),
            "kind": request.POST.get("material", ""), "changed": changes.side_by_side(before, version),
            "reach": campaigns.reach(version.practice)}  # fmt: skip


@require_safe
def version_page(request: MemberRequest, uid: str) -> HttpResponse:
    """One version that left the draft: its words, who did what when, its documents and its addresses."""
    version = queries.version(request.member.practice, uid)
    permissions.check_can_view_policies(request.member, version)
    if version.is_draft:
        return redirect("policies:check", uid=uid)
    issue = queries.issue(version, len(documents.outputs()))
    context = {"version": version, "issue": issue, "shelf": documents.shelf(issue.files),
               "reach": addresses.reach(addresses.public(request, version)), **_steps(request, version)}  # fmt: skip
    return render(request, "policies/version.html", context)


@require_safe
def draft(request: MemberRequest, uid: str) -> HttpResponse:
    """The whole text as it stands, each paragraph with where it comes from."""
    version = queries.version(request.member.practice, uid)
    permissions.check_can_view_policies(request.member, version)
    moved_on = version.is_issued and documents.text_hash(version) != version.text_sha256
    return render(
        request, "policies/draft.html", {"version": version, "body": preview.whole(version), "moved_on": moved_on}
    )


STEPS = frozenset({*Verb.values, "delete", "reissue", "rename"})
"""Every step that may be asked for by its address."""


@require_POST
def step(request: MemberRequest, uid: str, verb: str) -> HttpResponse:
    """Take one step of a version's life."""
    version = queries.version(request.member.practice, uid)
    if verb not in STEPS:
        raise Http404
    try:
        message = _take(request, version, verb)
    except rules.CannotPublish as error:
        messages.error(request, str(error))
        return _check(request, version, status=422)
    except rules.NoteMissing:
        return _check(request, version, status=422, note_missing=True)
    except rules.KindMissing:
        return _check(request, version, status=422, kind_missing=True)
    except (rules.NotNow, PermissionDenied) as error:
        messages.error(request, str(error))
        return redirect("policies:version", uid=uid)
    messages.success(request, message)
    return redirect("policies:index") if verb == "delete" else redirect("policies:version", uid=uid)


def _take(request: MemberRequest, version: Version, verb: str) -> str:
    known: dict[str, Any] = {"version": version, "actor": request.member, "at": timezone.now()}
    if verb == "submit":
        actions.submit_version(**known)
        return _("Sent for review. It stays as it is until somebody approves it or returns it.")
    if verb == "return":
        actions.return_version(**known)
        return _("Returned to draft. Its answers can be changed again.")
    if verb == "approve":
        actions.approve_version(**known)
        return _("Approved. It can be published now.")
    if verb == "retire":
        actions.retire_version(**known)
        return _("Taken out of force. Its page and its documents stay, and say which version they are.")
    if verb == "reissue":
        actions.issue_again(**known)
        return _("The documents are being written again.")
    if verb == "rename":
        actions.rename_version(**known, title=request.POST.get("title", ""))
        return _("The title is kept.")
    if verb == "delete":
        actions.delete_draft(**known)
        return _("The draft is deleted.")
    note = answers_engine.tidy(request.POST.get("change_note", ""))
    material = {"yes": True, "no": False}.get(request.POST.get("material", ""))
    actions.publish_version(**known, change_note=note[:2000], material=material)
    return _("Published. Its documents are being written now.")


@require_safe
def export(request: MemberRequest, uid: str) -> HttpResponse:
    """The answers as one file that can be imported here or built from the command line."""
    version = queries.version(request.member.practice, uid)
    permissions.check_can_view_policies(request.member, version)
    text = answers_file.write(library.pack(), version.answers, every_question=False)
    return HttpResponse(text, content_type="application/toml; charset=utf-8",
                        headers={"Content-Disposition": 'attachment; filename="answers.toml"'})  # fmt: skip


@require_POST
def bring(request: MemberRequest) -> HttpResponse:
    """Import an answers file as a new draft."""
    permissions.check_can_edit_policies(request.member)
    upload = request.FILES.get("answers")
    problems = [_("Choose the file first. It is called answers.toml unless you renamed it.")]
    if upload is not None and (upload.size or 0) > answers_engine.LARGEST_FILE:
        problems = [library.pack().say("file_too_large", size=(upload.size or 0) // 1000)]
    elif upload is not None:
        raw, found = answers_engine.read_toml(library.pack(), upload.read().decode("utf-8-sig", errors="replace"))
        answers, more = answers_engine.check(library.pack(), raw)
        problems = [item.message for item in (*found, *more)]
    if problems:
        return render(request, "policies/import.html", {"problems": problems[:20]}, status=422)
    version = actions.start_version(actor=request.member, at=timezone.now(), answers=answers,
                                    done=queries.answered_screens(answers))  # fmt: skip
    messages.success(request, _("Imported. Check the answers below."))
    return redirect("policies:check", uid=version.uid)
