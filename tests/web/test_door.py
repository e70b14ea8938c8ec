"""Who gets in, who does not, and what a stranger sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from doorframe.apps.members import seed
from doorframe.apps.members.actions import add_member
from doorframe.apps.members.adapter import AccountAdapter
from doorframe.apps.members.middleware import SESSION_KEY, is_public
from doorframe.apps.members.models import Membership, User
from doorframe.apps.members.roles import Role

PASSWORD = "a quiet long password"


@pytest.fixture
def person(owner: Membership) -> Membership:
    """The owner, with a password."""
    owner.user.set_password(PASSWORD)
    owner.user.save()
    return owner


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/me/login/", {"login": email, "password": password})


def test_a_stranger_is_asked_to_sign_in_and_comes_back_after(client: Client, person: Membership) -> None:
    answer = client.get("/help/")
    assert answer.status_code == 302
    assert answer["Location"] == "/me/login/?next=/help/"
    answer = client.post("/me/login/", {"login": person.user.email, "password": PASSWORD, "next": "/help/"})
    assert answer["Location"] == "/help/"
    assert b"Dr Imani Cole" in client.get("/help/").content


def test_a_fragment_sends_the_whole_page_to_the_sign_in(client: Client, owner: Membership) -> None:
    answer = client.get("/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/me/login/?next=/")
    assert answer.content == b""


def paths(patterns: list[Any], prefix: str = "/") -> list[str]:
    found = []
    for pattern in patterns:
        text = prefix + str(pattern.pattern).lstrip("^").rstrip("$").rstrip("\\Z")
        if isinstance(pattern, URLResolver):
            found += paths(pattern.url_patterns, text)
        elif isinstance(pattern, URLPattern):
            found.append(text)
    return found


# Everything that opens without signing in; a new page is closed unless it is written here on purpose.
OPEN = {
    "/healthz", "/robots.txt", "/favicon.ico", "/me/login/", "/me/logout/", "/me/inactive/", "/me/signup/",
    "/begin/",
}  # fmt: skip
OPEN_BEGINNINGS = (
    "/p/", "/me/password/reset/", "/me/confirm-email/", "/me/2fa/authenticate/", "/me/2fa/webauthn/login/",
    "/me/login/", "/join/", "/api/", "/c/", "/read/", "/in-the-room/",
)  # fmt: skip


@pytest.mark.promise("L2")
def test_only_the_listed_pages_are_public() -> None:
    everything = paths(get_resolver().url_patterns)
    assert "/help/" in everything and "/healthz" in everything
    for path in everything:
        assert is_public(path) is (path in OPEN or path.startswith(OPEN_BEGINNINGS)), path


@pytest.mark.promise("L2")
def test_every_other_page_sends_a_stranger_to_the_sign_in(client: Client, owner: Membership) -> None:
    closed = [path for path in paths(get_resolver().url_patterns) if not is_public(path)]
    assert len(closed) > 10
    for path in closed:
        for method in ("get", "post", "delete"):
            answer = getattr(client, method)(path)
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/me/login/"), path


def test_a_path_that_only_looks_public_is_not() -> None:
    for path in ("/pages", "/p", "/accounts/", "/static", "/healthz/", "/healthz2", "/me/2fa/", "/me/email/", "//p/"):
        assert not is_public(path), path


def test_a_wrong_password_says_so_beside_the_form(client: Client, person: Membership) -> None:
    page = sign_in(client, person.user.email, "wrong").content.decode()
    assert "There is something to mend" in page
    assert "_auth_user_id" not in client.session


@pytest.mark.promise("L2")
def test_the_seventh_try_is_locked_out_and_the_right_password_waits_too(client: Client, person: Membership) -> None:
    codes = [sign_in(client, person.user.email, "wrong").status_code for _try in range(7)]
    assert codes[0] == 200
    assert codes[-1] == 429
    answer = sign_in(client, person.user.email)
    assert answer.status_code == 429
    assert "Wait fifteen minutes" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_by_themselves(client: Client, db: None) -> None:
    fields = {"email": "x@y.example", "password1": PASSWORD, "password2": PASSWORD}
    assert "A practice adds its own people" in client.post("/me/signup/", fields).content.decode()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_demo_opens_only_while_it_is_on(client: Client, now: datetime, settings: Any) -> None:
    settings.DEMO, settings.DEMO_PUT_AWAY_FILE = True, None
    seed.seed(password=PASSWORD, at=now)
    assert seed.OWNER_EMAIL in client.get("/me/login/").content.decode()
    sign_in(client, seed.OWNER_EMAIL)
    assert client.get("/").status_code == 200

    settings.DEMO = False
    assert client.get("/").status_code == 302, "a session that was open ends with the demo"
    assert seed.OWNER_EMAIL not in client.get("/me/login/").content.decode()
    another = Client()
    sign_in(another, seed.OWNER_EMAIL)
    assert "_auth_user_id" not in another.session
    request = RequestFactory().get("/")
    with pytest.raises(PermissionDenied, match="switched off"):
        AccountAdapter(request).pre_login(request, User.objects.get(), email_verification="none")


def test_a_person_of_two_practices_is_in_the_chosen_one(
    client: Client, owner: Membership, stranger: Membership, now: datetime
) -> None:
    second = add_member(actor=stranger, email=owner.user.email, name="", role=Role.CLINICIAN, at=now)
    client.force_login(owner.user, backend="doorframe.apps.members.backends.MemberBackend")
    assert "Harbour Lane" in client.get("/").content.decode()
    session = client.session
    session[SESSION_KEY] = second.pk
    session.save()
    assert "Mill Road" in client.get("/").content.decode()
    assert client.post("/practice/choose/", {"membership": owner.pk}).status_code == 302
    assert "Go to Mill Road" in client.get("/").content.decode()
    for wrong in (stranger.pk, "", "x", "1 or 1"):
        assert client.post("/practice/choose/", {"membership": wrong}).status_code == 404
    assert client.get("/practice/choose/").status_code == 405
    session = client.session
    session[SESSION_KEY] = stranger.pk
    session.save()
    assert "Harbour Lane" in client.get("/").content.decode(), "another person's membership cannot be chosen"


def test_without_a_practice_a_person_sees_why(client: Client, owner: Membership) -> None:
    Membership.objects.update(is_active=False)
    client.force_login(owner.user, backend="doorframe.apps.members.backends.MemberBackend")
    answer = client.get("/")
    assert answer.status_code == 403
    assert "no practice has added you yet" in answer.content.decode()
    assert client.get("/me/2fa/").status_code == 200


@pytest.mark.promise("L2")
def test_a_second_factor_is_asked_for_once_it_is_set_up(client: Client, person: Membership) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time

    secret = generate_totp_secret()
    TOTP.activate(person.user, secret)
    assert sign_in(client, person.user.email)["Location"] == "/me/2fa/authenticate/"
    assert client.get("/").status_code == 302
    assert "is protected" in client.get("/me/2fa/authenticate/").content.decode()
    code = hotp_value(secret, next(iter(yield_hotp_counters_from_time())))
    client.post("/me/2fa/authenticate/", {"code": f"{code:06}"})
    assert client.get("/").status_code == 200


def test_resetting_a_password_tells_a_stranger_nothing(client: Client, person: Membership, mailoutbox: Any) -> None:
    known = client.post("/me/password/reset/", {"email": person.user.email}, follow=True).content
    unknown = client.post("/me/password/reset/", {"email": "nobody@a.example"}, follow=True).content
    assert known.replace(b" ", b"") == unknown.replace(b" ", b"")
    assert mailoutbox


def test_seeded_people_may_set_up_a_second_factor(person: Membership) -> None:
    assert EmailAddress.objects.get(user=person.user).verified
    assert set(django_settings.MFA_SUPPORTED_TYPES) == {"totp", "webauthn", "recovery_codes"}
