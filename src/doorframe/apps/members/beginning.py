"""Who may begin the first practice of this installation from a browser.

Only while there is none besides the fictional one; afterwards owners invite people. While the demo is on, whoever
sits at the machine itself or is signed in to the demo may; else only who knows the code that was printed at start.
"""

from __future__ import annotations

import ipaddress
import secrets
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from doorframe.apps.members import demo, queries

SESSION_KEY = "may_begin"
_PROXIED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")


def is_open() -> bool:
    """Whether there is no practice yet besides the fictional one."""
    return not queries.any_practice()


def is_trusted(request: HttpRequest) -> bool:
    """Whether this browser may be the one that begins it."""
    if request.session.get(SESSION_KEY):
        return True
    if not demo.is_on():
        return False
    return is_the_machine_itself(request) or (request.user.is_authenticated and request.user.is_demo)


def keep_code(request: HttpRequest, code: str) -> bool:
    """Whether this is the code that was printed at start; if so this browser is trusted from now on."""
    expected = _code()
    if not expected or not secrets.compare_digest(code.encode(), expected.encode()):
        return False
    request.session[SESSION_KEY] = True
    return True


def forget_code() -> None:
    """The first practice has begun: its code is worth nothing any more."""
    _file().unlink(missing_ok=True)


def is_the_machine_itself(request: HttpRequest) -> bool:
    """Whether the browser runs on the computer that runs Doorframe, and nothing stands between."""
    if settings.PUBLIC_URL or settings.SESSION_COOKIE_SECURE or settings.SECURE_PROXY_SSL_HEADER:
        return False
    if any(name in request.headers for name in _PROXIED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _code() -> str:
    try:
        return _file().read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _file() -> Path:
    return Path(settings.SETUP_CODE_FILE)
