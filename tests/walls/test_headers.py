"""What every answer carries: no script or style of its own, nothing kept, nobody framed, no other host asked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.urls import path

from doorframe.web import errors, urls
from tests.walls.test_matrix import CLOSED, ask, named
from tests.walls.world import Address, World, addresses

pytestmark = [pytest.mark.django_db]

CLOSED_NAMES = {one.name for one in CLOSED}
READERS = ("reader of HL-1", "reader of HL-2")


def fail(request: HttpRequest) -> HttpResponse:
    raise ValueError("our own fault")


urlpatterns = [*urls.urlpatterns, path("fail/", fail)]
handler400, handler403, handler404, handler500 = (
    errors.bad_request,
    errors.forbidden,
    errors.not_found,
    errors.server_error,
)


def check_headers(answer: Any, said: str) -> None:
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy and "*" not in policy and re.search(r"default-src '(self|none)'", policy), said
    assert "frame-ancestors 'none'" in policy or "sandbox" in policy, said
    assert answer["X-Frame-Options"] == "DENY", said
    assert answer["X-Content-Type-Options"] == "nosniff", said
    assert answer["Referrer-Policy"] == "same-origin", said
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin", said
    for sense in ("camera", "microphone", "geolocation"):
        assert f"{sense}=()" in answer["Permissions-Policy"], said
    assert not {"Server", "X-Powered-By", "X-Runtime"} & set(answer.headers), said
    for name, cookie in answer.cookies.items():
        if cookie.value:
            assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), (said, name)


def check_page(answer: Any, said: str) -> None:
    if not answer.get("Content-Type", "").startswith("text/html") or answer.status_code in {301, 302}:
        return
    soup = BeautifulSoup(answer.seen, "html.parser")
    assert not soup.find("style"), said
    for script in soup.find_all("script"):
        assert script.get("type") == "application/json" or str(script.get("src", "")).startswith("/static/"), said
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"], (said, tag)
        for name in ("src", "srcset", "action", "formaction", "data", "poster"):
            assert not leads_out(tag.get(name, "")), (said, tag)
        if not leads_out(tag.get("href", "")):
            continue
        assert tag.name == "a" or tag.get("rel") == ["canonical"], (said, tag)
        # The policy of referrers, asserted above, tells the other host nothing of where somebody came from.
        assert "target" not in tag.attrs, (said, tag)


def leads_out(address: Any) -> bool:
    return bool(re.match(r"\s*([a-z]+:)?//|\s*(javascript|data|vbscript):", str(address), re.I)) and not str(
        address
    ).startswith("data:image/svg")


@pytest.mark.promise("L2")
@named(list(addresses()))
def test_every_answer(world: World, address: Address) -> None:
    place = world.filled(address)
    for who in ("owner", "moderator", "nobody", *READERS):
        if who in READERS and address.name in CLOSED_NAMES:
            continue
        for method in ("get", "post"):
            answer, _changes = ask(world, who, method, place)
            said = f"{who} {method} {place}: {answer.status_code}"
            check_headers(answer, said)
            check_page(answer, said)
            # A page for a member or a reader is kept by no browser: Back shows nothing once they are gone.
            if place.startswith(("/read/", "/c/")) and answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
                assert "no-store" in answer["Cache-Control"], said
            if address.name in CLOSED_NAMES and who in {"owner", "moderator"}:
                assert "no-store" in answer["Cache-Control"], said


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("place", "more", "status"),
    [
        ("/fail/", {}, 500),
        ("/nowhere/", {}, 404),
        ("/", {"headers": {"host": "evil.example"}}, 400),
        ("/%00", {}, 404),
        ("/static/nothing.css", {}, 404),
        ("/policy/start/", {}, 405),
        ("/p/nobody/", {}, 404),
    ],
)
def test_every_error_page(world: World, place: str, more: dict[str, Any], status: int) -> None:
    browser = world.browser("owner")
    answer: Any = browser.get(place, **more)
    answer.seen = answer.content
    assert answer.status_code == status
    check_headers(answer, place)
    check_page(answer, place)


@pytest.mark.promise("L2")
def test_a_file_of_ours_is_served_as_what_it_is(client: Browser) -> None:
    for place in ("/static/theme.css", "/static/vendor/htmx.min.js"):
        answer = client.get(place)
        assert answer.status_code == 200 and answer["X-Content-Type-Options"] == "nosniff"
        assert "Permissions-Policy" in answer


SETTINGS = """
from django.conf import settings as s
import django; django.setup()
print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.SESSION_COOKIE_HTTPONLY, s.DEBUG)
"""


@pytest.mark.promise("L2")
@pytest.mark.parametrize(
    ("https", "printed"), [("yes", "True True True True False"), ("", "False False False True False")]
)
def test_cookies_travel_by_https_alone_where_there_is_https(tmp_path: Path, https: str, printed: str) -> None:
    known = {
        **os.environ, "DOORFRAME_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "doorframe.web.settings",
    }  # fmt: skip
    known.pop("DOORFRAME_HTTPS", None)
    if https:
        known |= {"DOORFRAME_HTTPS": https, "DOORFRAME_PUBLIC_URL": "https://frame.example"}
    done = subprocess.run([sys.executable, "-c", SETTINGS], env=known, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == printed


@pytest.mark.promise("L2")
def test_the_readers_cookie_is_secure_where_there_is_https(world: World, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    browser = world.browser("nobody")
    place = f"/c/{world.things['token']}/"
    door = browser.get(place, secure=True)
    opened = browser.post(place, secure=True)
    assert opened.status_code == 302
    set_here = {**door.cookies, **opened.cookies}
    assert "doorframe_reader" in set_here
    for name, cookie in set_here.items():
        if cookie.value:
            assert cookie["secure"], name
