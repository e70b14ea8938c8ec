"""The addresses. A room's own addresses stand in its `urls.py` and are included where it is installed."""

from __future__ import annotations

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView

from doorframe.apps.members.views.choose import choose_practice
from doorframe.web import errors, health, today


def robots(request: HttpRequest) -> HttpResponse:
    """Only published policies are for search engines."""
    return HttpResponse("User-agent: *\nAllow: /p/\nDisallow: /\n", content_type="text/plain")


urlpatterns = [
    path("", today.today, name="today"),
    path("help/", include("doorframe.web.help.urls")),
    path("practice/choose/", choose_practice, name="choose-practice"),
    path("", include("doorframe.apps.members.urls")),
    path("me/", include("allauth.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("robots.txt", robots),
    path("favicon.ico", RedirectView.as_view(url="/static/doorframe.svg", permanent=True)),
]

# (app, prefix): a room brings its own addresses once it is installed.
_ROOM_PREFIXES = (
    ("doorframe.apps.clients", "clients/"),
    ("doorframe.apps.signatures", "acknowledgements/"),
    ("doorframe.apps.authorisations", "permissions/"),
    ("doorframe.apps.policies", "policy/"),
    ("doorframe.apps.accounts", "accounts/"),
    ("doorframe.apps.posts", "posts/"),
    ("doorframe.apps.mail", "mail/"),
    ("doorframe.apps.connections", "connections/"),
)
for _app, _prefix in _ROOM_PREFIXES:
    if apps.is_installed(_app):
        urlpatterns.append(path(_prefix, include(f"{_app}.urls")))
if apps.is_installed("doorframe.apps.signatures"):
    urlpatterns.append(path("", include("doorframe.apps.signatures.reader_urls")))
if apps.is_installed("doorframe.apps.authorisations"):
    urlpatterns.append(path("in-the-room/", include("doorframe.apps.authorisations.room_urls")))
if apps.is_installed("doorframe.apps.policies"):
    urlpatterns.append(path("p/", include("doorframe.apps.policies.public_urls")))
if apps.is_installed("doorframe.apps.connections"):
    urlpatterns.append(path("api/", include("doorframe.apps.connections.api_urls")))

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
