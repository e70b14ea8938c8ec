"""The help in a real browser: found by keyboard, clean on a phone and a desk, by day and by night."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from doorframe.apps.members.actions import create_practice
from doorframe.apps.trail.testing import flush_allowed

PASSWORD = "a quiet long password"
LOOKED_AT = ["", "tutorial/1-in-the-browser/", "how-to/change-a-clause/", "reference/law/", "reference/states/",
             "reference/contradictions/", "search/?q=crisis"]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def tables_may_be_emptied() -> Iterator[None]:
    """A test with a live server ends by emptying every table; the trail's guards step aside for that alone."""
    with flush_allowed():
        yield


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
        for width in (360, 1280):
            for scheme in ("light", "dark"):
                reader.set_viewport_size({"width": width, "height": 900})
                reader.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
                assert reader.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
                found = Axe().run(reader).response["violations"]
                assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], (path, width, scheme)


@pytest.mark.promise("L7")
def test_an_answer_is_found_by_keyboard_alone(reader: Page, live_server: Any) -> None:
    # Given the help, with the search box in focus
    box = reader.get_by_role("searchbox")
    box.focus()
    # When somebody types what they look for, and goes on with the keyboard
    reader.keyboard.type("restore backup")
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("heading", level=1)).to_contain_text("restore backup")
    hit = reader.get_by_role("link", name="Back up and restore").first
    hit.focus()
    reader.keyboard.press("Enter")
    # Then the page is there, at its heading
    expect(reader).to_have_url(re.compile(rf"^{live_server.url}/help/how-to/back-up/"))
    expect(reader.get_by_role("heading", level=1, name="Back up and restore")).to_be_visible()
