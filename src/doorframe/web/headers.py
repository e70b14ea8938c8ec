"""Headers that every answer has and that no setting of Django writes."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PERMISSIONS = "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), browsing-topics=()"
"""What no page here ever asks a browser for. Passkeys are not among it."""


class PermissionsMiddleware:
    """Tells the browser to give no page the camera, the microphone or the place, whatever a script might ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
