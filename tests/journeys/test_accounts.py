"""The accounts room in a real browser: the register, a worksheet from beginning to print, and the way to the policy."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from doorframe.apps.accounts import seed
from doorframe.apps.members.actions import create_practice
from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions as policies
from tests.journeys.conftest import looks_right

PASSWORD = "a quiet long password"


@pytest.fixture
def person(transactional_db: None) -> Membership:
    """The owner of a practice without any account."""
    from django.core.management import call_command

    call_command("createcachetable", verbosity=0)
    return create_practice(
        name="Harbour Lane", owner_email="imani@a.example", owner_name="Dr Imani Cole", password=PASSWORD,
        language="en-GB", at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    )  # fmt: skip


@pytest.fixture
def room(page: Page, live_server: Any, person: Membership) -> Page:
    """The accounts room, just after signing in."""
    page.goto(f"{live_server.url}/me/login/?next=/accounts/")
    page.get_by_label("E-mail").fill(person.user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/accounts/")
    return page


@pytest.mark.promise("E1")
def test_an_account_is_entered_closed_and_opened_again(room: Page) -> None:
    # Given an empty register
    expect(room.get_by_role("heading", name="Nothing is in the register yet")).to_be_visible()
    looks_right(room)
    # When an account is added, first with a mistake
    room.get_by_role("link", name="Add the first account").click()
    room.get_by_label("Name or handle").fill("@harbourlane")
    room.get_by_role("button", name="Add it to the register").click()
    expect(room.get_by_role("alert")).to_be_visible()
    looks_right(room)
    room.get_by_role("link", name="Platform").click()
    expect(room.get_by_label("Name or handle")).to_have_value("@harbourlane")
    room.get_by_label("Platform").select_option(label="Instagram")
    room.get_by_role("group", name="Is two-factor sign-in on?").get_by_label("Yes").check()
    room.get_by_role("button", name="Add it to the register").click()
    # Then it stands in the register
    entry = room.get_by_role("listitem").filter(has_text="@harbourlane")
    expect(entry.get_by_role("heading")).to_contain_text("Instagram")
    looks_right(room)
    # When it is closed
    entry.get_by_role("link", name="Close").click()
    looks_right(room, "Close Instagram (@harbourlane)")
    room.get_by_role("button", name="Mark as closed").click()
    # Then it stays among the closed ones, and can be opened again
    expect(room.get_by_role("status").filter(has_text="Closed.")).to_be_visible()
    room.get_by_role("button", name="Open it again").click()
    expect(room.get_by_text("1 account is open.")).to_be_visible()


@pytest.mark.promise("A10")
def test_a_worksheet_is_left_half_way_resumed_decided_and_printed(room: Page, live_server: Any) -> None:
    # Given a worksheet about a new account
    room.get_by_role("link", name="Begin a worksheet").click()
    looks_right(room, "Which account are you thinking about?")
    room.get_by_label("Platform").select_option(label="TikTok")
    room.get_by_label("Name or handle").fill("@lane")
    room.get_by_role("button", name="Begin").click()
    # When something is written and the page is left without saving
    risk = room.locator(".weigh").filter(has=room.get_by_role("heading", name="Direct messages"))
    risk.get_by_label("Serious").check()
    risk.get_by_label("Say in the profile that messages are not read").check()
    expect(room.get_by_role("status").filter(has_text="Saved a moment ago")).to_be_visible()
    looks_right(room)
    room.goto(live_server.url)
    # Then Today leads back to it, and nothing is lost
    room.get_by_role("link", name="Decide about TikTok (@lane)").click()
    expect(risk.get_by_label("Serious")).to_be_checked()
    expect(risk.get_by_label("Say in the profile that messages are not read")).to_be_checked()
    # When it is decided, first without a reason
    room.get_by_role("group", name="What do you decide?").get_by_label("Open it, or keep it").check()
    room.get_by_role("button", name="Decide and keep the record").click()
    room.get_by_role("alert").get_by_role("link", name="Why").click()
    room.keyboard.type("Young people ask there.")
    room.get_by_label("What it is for").fill("short films about sleep")
    room.get_by_role("button", name="Decide and keep the record").click()
    # Then the record can be read and printed
    expect(room.get_by_role("heading", name="TikTok (@lane): open it, or keep it")).to_be_visible()
    looks_right(room)
    pdf = room.request.get(room.get_by_role("link", name="Open as PDF").evaluate("link => link.href"))
    assert pdf.body().startswith(b"%PDF-")
    room.emulate_media(media="print")
    expect(room.get_by_text("Young people ask there.")).to_be_visible()
    expect(room.get_by_role("navigation", name="Main")).to_be_hidden()
    room.emulate_media(media="screen")
    # And it becomes an entry of the register
    room.get_by_role("link", name="Add it to the register").click()
    expect(room.get_by_label("What it is for")).to_have_value("short films about sleep")
    looks_right(room)
    room.get_by_role("button", name="Add it to the register").click()
    expect(room.get_by_text("Short films about sleep")).to_be_visible()
    looks_right(room)


@pytest.mark.promise("E1")
def test_a_new_policy_begins_with_the_accounts_of_the_register(
    room: Page, live_server: Any, person: Membership
) -> None:
    # Given the register of the fictional practice
    seed.seed(practice=person.practice, actor=person, at=datetime(2026, 11, 21, 9, 40, tzinfo=UTC))
    # When a policy is begun and its accounts are shown
    room.goto(f"{live_server.url}/policy/")
    room.get_by_role("button", name="Begin").click()
    draft = room.url.split("/q/")[0]
    room.goto(f"{draft}/q/accounts/")
    # Then they are there, and the page says where they come from
    expect(room.get_by_text("This is the list of your account register")).to_be_visible()
    expect(room.get_by_label("Name or handle").first).to_have_value("@harbourlane")
    expect(room.get_by_label("Name or handle").nth(1)).to_have_value("Imani Cole")


@pytest.mark.promise("E1")
def test_the_register_takes_over_what_the_policy_names(room: Page, live_server: Any, person: Membership) -> None:
    # Given a policy that was written first
    named = {"platform": "instagram", "handle": "@harbourlane", "kind": "professional", "purpose": "articles"}
    at = datetime(2026, 11, 21, 9, 40, tzinfo=UTC)
    policies.start_version(actor=person, at=at, answers={"country": "UK", "accounts": [named]})
    # When the room offers its accounts
    room.goto(f"{live_server.url}/accounts/")
    expect(room.get_by_role("heading", name="Your policy names accounts that are not here")).to_be_visible()
    looks_right(room)
    room.get_by_role("button", name="Add them to the register").click()
    # Then they are there, and the page says what is still to note
    expect(room.get_by_role("status").filter(has_text="1 account is added.")).to_be_visible()
    entry = room.get_by_role("listitem").filter(has_text="@harbourlane")
    expect(entry.get_by_role("definition").first).to_have_text("Not noted yet")
    looks_right(room)
    # And closing takes it back
    entry.get_by_role("link", name="Close").click()
    room.get_by_role("button", name="Mark as closed").click()
    expect(room.get_by_role("status").filter(has_text="Closed.")).to_be_visible()
    expect(room.get_by_role("button", name="Add them to the register")).to_have_count(0)
