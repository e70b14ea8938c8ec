"""/help/: the documentation, for people who are signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from doorframe.web.help import library
from doorframe.web.help import render as pages
from doorframe.web.help import search as finder


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Where things are and how to get them back, then every page by kind."""
    context = {"data_folder": settings.DATA, "shelves": library.shelves()}
    return render(request, "web/help/index.html", context)


@require_safe
def page(request: HttpRequest, path: str) -> HttpResponse:
    """One page of the documentation."""
    found = library.pages().get(path)
    if found is None:
        raise Http404
    area = next(area for area in library.AREAS if area.id == found.area)
    beside = [other for other in library.pages().values() if other.area == found.area]
    context = {"page": found, "rendered": pages.render(found), "area": area, "beside": beside}
    return render(request, "web/help/page.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The sections that hold every word looked for."""
    query = " ".join(request.GET.get("q", "").split())[:200]
    hits = finder.search(query)
    context = {"query": query, "hits": hits, "most": finder.MOST}
    return render(request, "web/help/search.html", context)


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture of the documentation."""
    path = library.picture(name)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/png")
