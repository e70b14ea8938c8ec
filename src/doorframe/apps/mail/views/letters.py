"""The list of letters, and trying again."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from doorframe.apps.mail import actions, checks, queries, rules
from doorframe.apps.mail.states import State
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """What went out, what waits and what did not arrive. No client is named."""
    permissions.check_can_view_mail(request.member)
    practice = request.member.practice
    state = request.GET.get("state", "")
    page = queries.entries(practice, state=state, page=request.GET.get("page", 1))
    counts = queries.counts(practice)
    context = {
        "page": page, "entries": queries.shown(page.object_list), "state": state, "total": sum(counts.values()),
        "states": [(one, one.label, counts[one]) for one in State if counts.get(one)],
        "failed": counts.get(State.FAILED, 0), "sends": settings.SENDS_MAIL and not practice.is_demo,
        "may_edit": permissions.can_edit_practice(request.member), "warnings": checks.warnings(settings),
    }  # fmt: skip
    return render(request, "mail/index.html", context)


@require_POST
def again(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    """Try one letter again."""
    permissions.check_can_view_mail(request.member)
    letter = queries.letter(request.member.practice, uid)
    try:
        actions.try_again(letter=letter, actor=request.member, at=timezone.now())
    except rules.NotNow as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("It waits for its turn again. This takes a minute or two."))
    return redirect("mail:index")


@require_POST
def all_again(request: MemberRequest) -> HttpResponse:
    """Try everything again that was given up."""
    permissions.check_can_view_mail(request.member)
    count = actions.try_all_again(actor=request.member, at=timezone.now())
    sentence = ngettext(
        "%(count)s e-mail waits for its turn again.", "%(count)s e-mails wait for their turn again.", count
    )
    messages.success(request, sentence % {"count": count})
    return redirect("mail:index")
