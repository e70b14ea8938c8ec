"""Through the front door: with a password and a code, and with a passkey."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from tests.journeys.conftest import PASSWORD, Door, looks_right


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
    expect(page.get_by_role("alert")).to_contain_text("Type the next code that your app shows.")
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
    # Then the password that was typed a moment ago is not asked for again
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


def clean(door: Door, page: Page, heading: str = "") -> None:
    """looks_right, without taking for a fault what axe makes the browser say."""
    door.axe_runs = True
    looks_right(page, heading)
    page.evaluate("1")  # whatever axe made the browser say has arrived by now
    door.axe_runs = False


@pytest.mark.promise("L2")
def test_an_authenticator_app_is_set_up_on_a_phone(door: Door, owner: Membership) -> None:
    from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time

    page = door.open(width=360)
    by_password(page, owner)
    expect(page.locator("header.bar")).to_contain_text("Dr Imani Cole")
    page.goto("/me/2fa/totp/activate/")
    clean(door, page, "Set up an authenticator app")
    # Given the secret, which can be read whole
    page.set_viewport_size({"width": 360, "height": 900})
    secret = page.get_by_label("Secret, to type in by hand")
    assert secret.evaluate("box => box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight + 1")
    # When the first code is wrong
    page.get_by_label("Authenticator code").fill("000000")
    page.get_by_role("button", name="Set it up").click()
    # Then it says what to do, and the secret is still the same
    expect(page.get_by_role("alert")).to_contain_text("Type the next code that your app shows.")
    clean(door, page)
    code = f"{hotp_value(secret.input_value(), next(iter(yield_hotp_counters_from_time()))):06}"
    page.get_by_label("Authenticator code").fill(code)
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_url("**/me/2fa/**recovery**")


@pytest.mark.promise("L2")
def test_a_lost_phone_is_mended_by_an_owner(door: Door, owner: Membership) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    # Given a colleague whose phone, with the app on it, is lost
    sam = add_member(
        actor=owner, email="sam@a.example", name="Sam", role=Role.CLINICIAN, password=PASSWORD, at=timezone.now()
    )
    TOTP.activate(sam.user, generate_totp_secret())
    his, hers = door.open(), door.open(owner)
    by_password(his, sam)
    expect(his.get_by_text("An owner of your practice can take the second step away")).to_be_visible()
    clean(door, his)
    # When the owner takes the second step away, after a page that asks once more
    hers.goto(f"/practice/people/{sam.pk}/")
    clean(door, hers, "Sam")
    hers.get_by_role("link", name="Take the second way away").click()
    clean(door, hers, "Take Sam’s second way to sign in away")
    hers.get_by_role("button", name="Take it away").click()
    expect(hers.get_by_text("Sam signs in with the password alone")).to_be_visible()
    # Then the password alone lets him in, and Today says who did what
    by_password(his, sam)
    expect(his.get_by_text("Dr Imani Cole took the old one away")).to_be_visible()
    clean(door, his)
    # And under his menu he finds his own page, where he changes his name
    his.locator("details.who summary").click()
    his.get_by_role("link", name="Your name").click()
    clean(door, his, "Sam")
    his.get_by_label("Your name").fill("")
    his.get_by_role("button", name="Keep").click()
    expect(his.get_by_role("alert")).to_contain_text("Enter your name, as others know you.")
    clean(door, his)
    his.get_by_label("Your name").fill("Dr Sam Okoro")
    his.get_by_role("button", name="Keep").click()
    expect(his.get_by_role("heading", level=1)).to_have_text("Dr Sam Okoro")
