"""The password is asked for once: right after signing in, a second way is set up without typing it again."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from doorframe.apps.members.models import Membership

Browse = Callable[[Membership], Client]
CHANGES = ["/me/2fa/totp/activate/", "/me/2fa/webauthn/add/"]


@pytest.mark.promise("L2")
@pytest.mark.parametrize("path", CHANGES)
def test_right_after_signing_in_nothing_is_asked_again(owner: Membership, browse: Browse, path: str) -> None:
    assert browse(owner).get(path).status_code == 200


@pytest.mark.promise("L2")
@pytest.mark.parametrize("path", CHANGES)
def test_a_sign_in_of_an_hour_ago_is_no_proof(
    owner: Membership, browse: Browse, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browse(owner)
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    answer = client.get(path)
    assert answer.status_code == 302 and answer["Location"].startswith("/me/reauthenticate/")


def test_a_session_without_any_sign_in_is_no_proof(owner: Membership, browse: Browse) -> None:
    client = browse(owner)
    session = client.session
    del session["account_authentication_methods"]
    session.save()
    assert client.get(CHANGES[0]).status_code == 302


def test_a_wrong_code_says_what_to_do_next(owner: Membership, browse: Browse) -> None:
    client = browse(owner)
    shown = BeautifulSoup(client.get(CHANGES[0]).content, "html.parser").select_one("#authenticator_secret")
    assert shown is not None and shown.name == "textarea", "a line would clip the secret on a phone"
    answer = client.post(CHANGES[0], {"code": "000000"})
    page = BeautifulSoup(answer.content, "html.parser")
    assert "Type the next code that your app shows." in page.select_one("[role=alert]").get_text()  # type: ignore[union-attr]
    assert page.select_one("#authenticator_secret").get_text() == shown.get_text()  # type: ignore[union-attr]


def test_a_wrong_password_says_what_to_do_next(owner: Membership, browse: Browse, client: Client) -> None:
    signed_in = browse(owner)
    page = signed_in.post("/me/reauthenticate/", {"password": "wrong"}).content.decode()
    assert "This is not your password. Nothing has changed; type it once more." in page
    page = client.post("/me/login/", {"login": owner.user.email, "password": "wrong"}).content.decode()
    assert "Check both, then try again." in page
