"""A picture: what its file tells is taken out, its words are screened, and nothing of it is kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from doorframe.adapters.image import Cleaned
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission
from doorframe.apps.posts import pictures, screening
from doorframe.apps.posts.actions import keeping
from doorframe.apps.posts.forms import PictureForm
from doorframe.apps.posts.views.common import private


@never_cache
@private
@require_http_methods(["GET", "HEAD", "POST"])
def picture(request: MemberRequest) -> HttpResponse:
    """Ask for a picture; answer with what it told, the words in it, what to look at, and the clean file."""
    permissions.check_can(request.member, Permission.WRITE_POSTS)
    if request.method != "POST":
        screening.warm()
        return render(request, "posts/picture.html", {"form": PictureForm()})
    form = PictureForm(request.POST, request.FILES)
    cleaned = form.cleaned if form.is_valid() else None
    if cleaned is None:
        return render(request, "posts/picture.html", {"form": form}, status=422)
    keeping.note_picture(actor=request.member, at=timezone.now(), found=[one.kind for one in cleaned.found])
    if request.POST.get("do") == "download":
        return _file(cleaned)
    report = pictures.report(request.member.practice, cleaned)
    context = {"report": report, "form": PictureForm()}
    return render(request, "posts/picture_result.html", context)


def _file(cleaned: Cleaned) -> HttpResponse:
    """The clean file under its neutral name."""
    headers = {"Content-Disposition": f'attachment; filename="{cleaned.name}"'}
    return HttpResponse(cleaned.data, content_type=pictures.media_type(cleaned), headers=headers)
