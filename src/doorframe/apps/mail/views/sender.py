"""Who the letters come from."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorframe.apps.mail import actions, names, queries
from doorframe.apps.mail.forms import SenderForm
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.views.errors import put_on


@require_http_methods(["GET", "HEAD", "POST"])
def sender(request: MemberRequest) -> HttpResponse:
    """The name and the address for answers that every letter of the practice carries."""
    permissions.check_can_edit_practice(request.member)
    practice = request.member.practice
    known = queries.sender(practice)
    initial = {"name": known.name, "reply_to": known.reply_to}
    form = SenderForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            actions.change_sender(actor=request.member, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_on(form, error)
        else:
            messages.success(request, _("Kept."))
            return redirect("mail:sender")
    context = {
        "form": form, "shown": names.of_sender(practice, request.member.user.display_name),
        "address": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    }  # fmt: skip
    return render(request, "mail/sender.html", context, status=422 if form.errors else 200)
