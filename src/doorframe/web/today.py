"""Today: what needs a person now, and why."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.utils.translation import pgettext_lazy as _in
from django.views.decorators.http import require_safe

from doorframe.apps.members.models import Membership
from doorframe.apps.members.today import Item


def items(member: Membership, *, now: datetime) -> list[Item]:
    """What every room asks of this person, most pressing first."""
    found = [item for path in settings.DOORFRAME_TODAY for item in import_string(path)(member, now=now)]
    return sorted(found, key=lambda item: (not item.late, item.order))


def greeting(count: int, *, now: datetime) -> str:
    """The page's first line: “Saturday, two things need you”. `now` in the practice's time zone."""
    day = date_format(now, "l")
    if count == 0:
        return _("%(day)s, nothing needs you today") % {"day": day}
    sentence = ngettext("%(day)s, %(count)s thing needs you", "%(day)s, %(count)s things need you", count)
    return sentence % {"day": day, "count": number_word(count)}


def number_word(count: int) -> str:
    """Small numbers as words, as a person writes them; larger ones in digits."""
    return str(_WORDS[count - 1]) if 1 <= count <= len(_WORDS) else str(count)


_WORDS = (
    _in("number", "one"),
    _in("number", "two"),
    _in("number", "three"),
    _in("number", "four"),
    _in("number", "five"),
    _in("number", "six"),
    _in("number", "seven"),
    _in("number", "eight"),
    _in("number", "nine"),
    _in("number", "ten"),
)


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The home page."""
    now = timezone.localtime()
    found = items(request.member, now=now)  # type: ignore[attr-defined]
    return render(request, "web/today.html", {"items": found, "greeting": greeting(len(found), now=now)})
