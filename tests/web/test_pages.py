"""Every page: strict policy, no inline script or style, our look, and errors that help."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import translation

from doorframe.apps.members.models import Membership
from doorframe.apps.members.today import Item
from doorframe.web import errors, today, urls

MINE = [
    "/", "/help/", "/me/2fa/", "/me/2fa/totp/activate/", "/me/2fa/webauthn/add/", "/me/2fa/webauthn/",
    "/me/2fa/recovery-codes/generate/", "/me/sessions/", "/me/email/", "/me/password/change/", "/me/logout/",
    "/me/reauthenticate/", "/nothing-here/",
]  # fmt: skip
ANYONES = ["/me/login/", "/me/password/reset/", "/me/signup/", "/me/password/reset/done/", "/me/inactive/"]


def fail(request: Any) -> HttpResponse:
    raise ValueError("Jane Roe said something")


urlpatterns = [*urls.urlpatterns, path("fail/", fail)]
handler400, handler403, handler404, handler500 = (
    errors.bad_request,
    errors.forbidden,
    errors.not_found,
    errors.server_error,
)


@pytest.fixture
def signed_in(client: Client, owner: Membership) -> Client:
    """A browser in which the owner has just signed in."""
    owner.user.set_password("a quiet long password")
    owner.user.save()
    client.post("/me/login/", {"login": owner.user.email, "password": "a quiet long password"})
    return client


def check_page(answer: Any, address: str) -> None:
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    soup = BeautifulSoup(answer.content, "html.parser")
    assert len(soup.find_all("h1")) == 1, address
    assert soup.find("link", href=re.compile(r"^/static/theme\.css\?v=")), address
    assert soup.find("a", class_="skip"), address
    assert soup.html is not None and soup.html["lang"]
    for script in soup.find_all("script"):
        assert script.get("type") == "application/json" or str(script["src"]).startswith("/static/"), address
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"], (address, tag)
        for name in ("src", "href", "action"):
            assert not re.match(r"(https?:)?//", str(tag.get(name, ""))), (address, tag)
    assert not soup.find("style")
    for control in soup.select("input:not([type=hidden]):not([type=submit]), select, textarea"):
        assert soup.find("label", attrs={"for": control["id"]}), (address, control)


@pytest.mark.parametrize("address", ANYONES)
def test_pages_before_signing_in(client: Client, db: None, address: str) -> None:
    check_page(client.get(address), address)


@pytest.mark.parametrize("address", MINE)
def test_pages_after_signing_in(signed_in: Client, address: str) -> None:
    check_page(signed_in.get(address, follow=True), address)


def test_the_number_of_queries_of_today_is_small(signed_in: Client, django_assert_max_num_queries: Any) -> None:
    signed_in.get("/")
    with django_assert_max_num_queries(18):
        signed_in.get("/")


def test_public_answers_set_no_cookie(client: Client, db: None) -> None:
    for address in ("/robots.txt", "/static/theme.css", "/static/vendor/htmx.min.js"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert not answer.cookies, address


@pytest.mark.parametrize("name", ["theme.css", "vendor/pico.min.css"])
def test_style_sheets_ask_no_other_host(client: Client, name: str) -> None:
    text = b"".join(client.get(f"/static/{name}").streaming_content).decode()  # type: ignore[attr-defined]
    addresses = [one.strip("'\"") for one in re.findall(r"url\(([^)]*)\)", text)]
    assert addresses
    for address in addresses:
        assert address.startswith(("data:", "vendor/", "fonts/")), address
        if not address.startswith("data:"):
            assert client.get(f"/static/{address}").status_code == 200, address


@pytest.mark.urls(__name__)
def test_our_own_fault_says_what_was_kept_and_no_words_reach_the_log(
    signed_in: Client, caplog: pytest.LogCaptureFixture
) -> None:
    from doorframe.web.logs import QuietFormatter

    signed_in.raise_request_exception = False
    answer = signed_in.get("/fail/?client=Jane+Roe")
    assert answer.status_code == 500
    for words in ("What was kept", "What to do next", "The fault is in Doorframe"):
        assert words in answer.content.decode()
    lines = "\n".join(QuietFormatter().format(record) for record in caplog.records)
    assert "ValueError" in lines and "/fail/" in lines
    assert "Jane" not in lines and "said something" not in lines


@pytest.mark.parametrize(
    ("code", "heading"),
    [
        (400, "That request made no sense here"),
        (403, "This is not open to you"),
        (404, "There is nothing at this address"),
        (429, "Too many tries; please wait a little"),
    ],
)
def test_each_error_says_what_happened_what_was_kept_and_what_next(
    rf: Any, owner: Membership, code: int, heading: str
) -> None:
    request = rf.get("/")
    request.member = owner
    make = {
        400: lambda: errors.bad_request(request, Exception()),
        403: lambda: errors.forbidden(request, Exception("Your role does not let you do this. The owner can.")),
        404: lambda: errors.not_found(request, Exception()),
        429: lambda: errors.locked_out(request),
    }[code]
    answer = make()
    soup = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == code
    assert soup.h1 is not None and soup.h1.get_text() == heading
    assert [h2.get_text() for h2 in soup.find_all("h2")] == ["What was kept", "What to do next"]
    assert all(len(p.get_text(strip=True)) > 20 for p in soup.select("main p"))
    if code == 403:
        assert "Your role does not let you do this. The owner can." in soup.get_text()


def test_a_form_without_its_proof_is_refused_kindly(owner: Membership) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/me/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "its form is no longer valid" in answer.content.decode()


SATURDAY = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (0, "Saturday, nothing needs you today"),
        (1, "Saturday, one thing needs you"),
        (2, "Saturday, two things need you"),
        (10, "Saturday, ten things need you"),
        (11, "Saturday, 11 things need you"),
    ],
)
def test_the_first_line_of_today(count: int, sentence: str) -> None:
    with translation.override("en-gb"):
        assert today.greeting(count, now=SATURDAY) == sentence


def provide(member: Membership, *, now: datetime) -> list[Item]:
    return [
        Item("Monday", "Later", "It can wait.", "/help/", "Open", order=2),
        Item("2 days over", "Overdue <b>", "It waits for you.", "/help/", "Review", late=True, order=9),
        Item("Today", "Sooner", "It is due.", "/help/", "Answer", order=0),
    ]


def test_today_shows_what_rooms_ask_the_late_first(signed_in: Client, settings: Any) -> None:
    settings.DOORFRAME_TODAY = [f"{__name__}.provide"]
    soup = BeautifulSoup(signed_in.get("/").content, "html.parser")
    assert [b.get_text() for b in soup.select(".due b")] == ["Overdue <b>", "Sooner", "Later"]
    assert soup.h1 is not None and soup.h1.get_text().endswith(", three things need you")
    assert [one.get_text() for one in soup.select(".late")] == ["2 days over"]


def test_today_is_empty_in_words(signed_in: Client, settings: Any) -> None:
    settings.DOORFRAME_TODAY = []
    page = signed_in.get("/").content.decode()
    assert "nothing needs you today" in page
    assert "will be on this page" in page


@pytest.mark.promise("A11")
def test_a_page_speaks_the_practices_english(signed_in: Client, owner: Membership) -> None:
    for language in ("en-GB", "en-US"):
        owner.practice.language = language
        owner.practice.save()
        answer = signed_in.get("/", headers={"Accept-Language": "fr"})
        assert answer["Content-Language"] == language
        assert f'<html lang="{language.lower()}"' in answer.content.decode()
