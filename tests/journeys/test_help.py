"""The help in a real browser: found by keyboard, clean on a phone and a desk, by day and by night."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from doorframe.apps.members.actions import create_practice
from tests.journeys.conftest import looks_right

PASSWORD = "a quiet long password"
LOOKED_AT = ["", "tutorial/1-in-the-browser/", "how-to/sign-in/", "how-to/change-a-clause/", "reference/law/",
             "reference/states/", "reference/contradictions/", "search/?q=crisis"]  # fmt: skip


@pytest.fixture
def reader(page: Page, live_server: Any, transactional_db: None) -> Page:
    """The help, just after signing in."""
    from django.core.management import call_command

    call_command("createcachetable", verbosity=0)
    create_practice(
        name="Harbour Lane", owner_email="imani@a.example", owner_name="Dr Imani Cole", password=PASSWORD,
        language="en-GB", at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    )  # fmt: skip
    page.goto(f"{live_server.url}/me/login/?next=/help/")
    page.get_by_label("E-mail").fill("imani@a.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/help/")
    return page


@pytest.mark.promise("L7")
def test_the_help_is_clean_at_every_width_and_in_the_dark(reader: Page, live_server: Any) -> None:
    for path in LOOKED_AT:
        reader.goto(f"{live_server.url}/help/{path}")
        looks_right(reader)


@pytest.mark.promise("L7")
def test_an_answer_is_found_by_keyboard_alone(reader: Page, live_server: Any) -> None:
    # Given the help, with the search box in focus
    box = reader.get_by_role("searchbox")
    box.focus()
    # When somebody types what they look for, and goes on with the keyboard
    reader.keyboard.type("restore backup")
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("heading", level=1)).to_contain_text("restore backup")
    hit = reader.get_by_role("link", name="Restore").first
    hit.focus()
    reader.keyboard.press("Enter")
    # Then the page is there, at its heading
    expect(reader).to_have_url(re.compile(rf"^{live_server.url}/help/how-to/restore/"))
    expect(reader.get_by_role("heading", level=1, name="Restore")).to_be_visible()
