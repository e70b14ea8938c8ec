"""Through the front door: with a password and a code, and with a passkey."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from doorframe.apps.members.models import Membership
from tests.journeys.conftest import PASSWORD, Door


@pytest.fixture(autouse=True)
def somewhere_to_count_tries(transactional_db: None) -> None:
    """The table of the cache goes when the database is emptied between tests."""
    from django.core.management import call_command

    call_command("createcachetable", verbosity=0)


def by_password(page: Page, owner: Membership) -> None:
    page.goto("/me/login/")
    page.get_by_label("E-mail").or_(page.get_by_label("Email")).fill(owner.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.promise("L2")
def test_with_a_password_and_a_code(door: Door, owner: Membership, axe: Any) -> None:
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        generate_totp_secret,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    # Given somebody with an authenticator app
    secret = generate_totp_secret()
    TOTP.activate(owner.user, secret)
    page = door.open(width=360)
    # When they ask for a page, type their password and then the code
    page.goto("/policy/")
    axe(page)
    by_password(page, owner)
    expect(page).to_have_url(f"{door.address}/me/2fa/authenticate/")
    axe(page)
    page.get_by_role("textbox").first.fill("000000")
    page.get_by_role("button", name="Sign in").first.click()
    expect(page.locator(".errors, [role=alert]").first).to_be_visible()
    assert page.request.get("/policy/").url.endswith("/me/2fa/authenticate/"), "half a sign-in opens nothing"
    code = f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06}"
    page.get_by_role("textbox").first.fill(code)
    page.get_by_role("button", name="Sign in").first.click()
    # Then they are in
    expect(page.locator("header.bar")).to_contain_text("Dr Imani Cole")
    axe(page)


@pytest.mark.promise("L2")
def test_with_a_passkey(door: Door, owner: Membership, axe: Any) -> None:
    # Given a device that can hold passkeys, and somebody who has signed in with a password
    page = door.open(width=360)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )["authenticatorId"]  # fmt: skip
    by_password(page, owner)
    # When they add a passkey
    expect(page.locator("header.bar")).to_contain_text("Dr Imani Cole")
    page.goto("/me/2fa/webauthn/add/")
    axe(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page).to_have_url(f"{door.address}/me/2fa/webauthn/add/")
    axe(page)
    page.get_by_role("checkbox").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/me/2fa/**recovery**")
    axe(page)
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1
    # And sign out
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/policy/")
    expect(page).to_have_url(f"{door.address}/me/login/?next=/policy/")
    # Then the passkey alone opens the door, to the page that was asked for
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{door.address}/policy/")
    expect(page.locator("header.bar")).to_contain_text("Dr Imani Cole")
