"""From the first start to a practice of one's own, and to a second person in another browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from doorframe.apps.members import seed
from doorframe.apps.members.actions import create_practice
from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions as policies
from tests.journeys.conftest import looks_right

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
PASSWORD = "four quiet unrelated words"
COMPLETE: dict[str, Any] = {
    "country": "UK", "profession": "counsellor", "bodies": ["bacp"], "practice": "group",
    "practice_name": "Mill Road Counselling",
    "therapist_name": "Jo Reyes", "board_name": "British Association for Counselling and Psychotherapy",
    "board_contact": "bacp.co.uk", "clients": ["adults"], "phone": "020 7946 0018", "email": "office@b.example",
    "website": "https://b.example", "address": "3 Mill Road, Leeds", "response_time": "within two working days",
}  # fmt: skip
"""Answers with which nothing blocks publishing."""


@pytest.fixture(autouse=True)
def fresh(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    """An installation as after its first start: the fictional practice, and nothing else."""
    from django.core.management import call_command

    call_command("createcachetable", verbosity=0)
    settings.DEMO = True
    settings.DEMO_PUT_AWAY_FILE, settings.SETUP_CODE_FILE = tmp_path / "put-away", tmp_path / "code.txt"
    settings.JOBS_ENGINE = "db"
    seed.seed(password=PASSWORD, at=NOW)


@pytest.fixture
def second(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """Somebody else's browser."""
    context = browser.new_context(**browser_context_args)
    yield context
    context.close()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the wanted thing has the focus, as somebody without a mouse does."""
    expect(wanted).to_be_visible()
    for _press in range(60):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {wanted} on {page.url}")


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label, exact=True))
    page.keyboard.type(text)


def press(page: Page, wanted: Locator) -> None:
    tab_to(page, wanted)
    page.keyboard.press("Enter")


@pytest.mark.promise("L1")
@pytest.mark.promise("L7")
def test_from_the_first_start_to_the_first_question_by_keyboard(page: Page, live_server: Any) -> None:
    # Given the sign-in page of a first start, on a phone
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(live_server.url)
    looks_right(page)
    # When a therapist follows the quiet link and leaves something out
    press(page, page.get_by_role("link", name="Begin your own practice"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Begin your own practice")
    looks_right(page)
    write(page, "Name of the practice", "Mill Road Counselling")
    write(page, "Your name", "Jo Reyes")
    write(page, "E-mail address", "jo@b.example")
    press(page, page.get_by_role("button", name="Begin"))
    # Then the page says what, keeps the rest, and leads there
    expect(page.get_by_role("alert")).to_be_focused()
    looks_right(page)
    press(page, page.get_by_role("alert").get_by_role("link", name="Where you practise"))
    expect(page.get_by_label("Where you practise")).to_be_focused()
    page.keyboard.type("Engl")
    expect(page.get_by_label("Where you practise")).to_have_value("GB-ENG")
    expect(page.get_by_label("Your name")).to_have_value("Jo Reyes")
    write(page, "Password", PASSWORD)
    press(page, page.get_by_role("button", name="Begin"))
    # Then her practice has begun, and she is signed in
    expect(page.get_by_role("heading", level=1)).to_have_text("Mill Road Counselling has begun")
    expect(page.get_by_text("Europe/London")).to_be_visible()
    looks_right(page)
    # When she puts the fictional practice away
    press(page, page.get_by_role("button", name="Put it away"))
    expect(page.get_by_role("status")).to_contain_text("put away")
    looks_right(page)
    # Then Today asks first for the policy, last for a second way to sign in
    page.goto(live_server.url)
    titles = page.locator(".due b").all_text_contents()
    assert titles[-1] == "Add a second way to sign in" and len(titles) > 1, titles
    looks_right(page)
    # When she begins her policy
    press(page, page.get_by_role("link", name=re.compile("Begin.*Write your social media policy")))
    press(page, page.locator("main").get_by_role("button").first)
    # Then the first question of the interview stands there
    expect(page.get_by_role("heading", level=1)).to_have_text("Where do you practise?")


@pytest.mark.promise("L2")
def test_the_demo_is_refused_in_another_browser_once_it_is_put_away(
    page: Page, second: BrowserContext, live_server: Any
) -> None:
    # Given somebody who looks around in the fictional practice
    visitor = second.new_page()
    sign_in(visitor, live_server.url, seed.OWNER_EMAIL)
    expect(visitor.get_by_role("link", name="Begin your own practice")).to_be_visible()
    looks_right(visitor)
    # When a practice begins and its owner puts the fictional one away
    begin(page, live_server.url)
    page.get_by_role("button", name="Put it away").click()
    expect(page.get_by_role("status")).to_contain_text("put away")
    # Then the visitor is out, and cannot come back
    visitor.goto(f"{live_server.url}/help/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(visitor, live_server.url, seed.OWNER_EMAIL, fails=True)
    expect(visitor.get_by_text("The demonstration is switched off")).to_be_visible()
    # And nobody begins a second practice
    visitor.goto(f"{live_server.url}/begin/")
    expect(visitor.get_by_text("A practice has begun here already")).to_be_visible()
    looks_right(visitor)


def begin(page: Page, address: str) -> None:
    page.goto(f"{address}/begin/")
    page.get_by_label("Name of the practice").fill("Mill Road Counselling")
    page.get_by_label("Your name").fill("Jo Reyes")
    page.get_by_label("E-mail address").fill("jo@b.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Where you practise").select_option(label="England")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mill Road Counselling has begun")


def sign_in(page: Page, address: str, email: str, *, fails: bool = False) -> None:
    page.goto(f"{address}/me/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    if not fails:
        expect(page).to_have_url(f"{address}/")


@pytest.mark.promise("B4")
@pytest.mark.promise("L2")
def test_a_second_person_joins_in_another_browser_and_approves(
    page: Page, second: BrowserContext, live_server: Any
) -> None:
    # Given an owner who turns the two-person rule on
    owner = own_practice(live_server.url, page)
    page.get_by_text("Mill Road Counselling · Jo Reyes").click()
    page.get_by_role("link", name="Practice", exact=True).click()
    looks_right(page, "Practice")
    page.get_by_label("A second person approves each policy").check()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Nobody else can approve yet")).to_be_visible()
    looks_right(page)
    # When she invites a supervisor
    page.get_by_role("link", name="People and their roles").click()
    looks_right(page, "People")
    page.get_by_role("link", name="Invite a person").click()
    looks_right(page, "Invite a person")
    page.get_by_label("E-mail address").fill("sam@b.example")
    page.get_by_label("Supervisor").check()
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Copy this link now").input_value()
    looks_right(page)
    page.get_by_role("link", name="Back to people").click()
    looks_right(page, "People")
    # And he opens the link in his own browser
    his = second.new_page()
    his.goto(link)
    looks_right(his)
    his.get_by_label("Your name").fill("Sam Okoro")
    his.get_by_label("Password").fill(PASSWORD)
    his.get_by_role("button", name="Join").click()
    expect(his.get_by_text("Mill Road Counselling · Sam Okoro")).to_be_visible()
    # And she asks for review of what she wrote
    version = policies.start_version(actor=owner, at=NOW, answers=COMPLETE)
    page.goto(f"{live_server.url}/policy/{version.uid}/check/")
    page.get_by_role("button", name="Ask for review").click()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    # Then he, and not she, approves it
    his.goto(live_server.url)
    his.get_by_role("link", name="Read it").click()
    his.get_by_role("button", name="Approve").click()
    expect(his.get_by_text("Approved. It can be published now.")).to_be_visible()
    # And the link lets nobody in a second time
    third = second.browser.new_context().new_page()  # type: ignore[union-attr]
    third.goto(link)
    expect(third.get_by_text("works only once")).to_be_visible()
    looks_right(third)
    third.context.close()
    # When she shuts him out
    page.goto(f"{live_server.url}/practice/people/")
    page.get_by_role("link", name=re.compile("Change.*Sam Okoro")).click()
    looks_right(page, "Sam Okoro")
    page.get_by_role("button", name="Shut Sam Okoro out").click()
    expect(page.get_by_role("button", name=re.compile("Let in again.*Sam Okoro"))).to_be_visible()
    looks_right(page)
    # Then his next click leads to the sign-in
    his.goto(live_server.url)
    expect(his.get_by_role("heading", level=1)).to_have_text("Sign in")


def own_practice(address: str, page: Page) -> Membership:
    """The owner of a practice that has begun, signed in."""
    owner = create_practice(
        name="Mill Road Counselling", owner_email="jo@b.example", owner_name="Jo Reyes", password=PASSWORD,
        country="GB", region="ENG", language="en-GB", time_zone="Europe/London", at=NOW,
    )  # fmt: skip
    sign_in(page, address, "jo@b.example")
    return owner


@pytest.mark.promise("L2")
def test_without_a_demo_the_printed_address_begins_it(page: Page, live_server: Any, settings: Any) -> None:
    # Given a server without a demo, opened without its printed address
    settings.DEMO = False
    Path(settings.SETUP_CODE_FILE).write_text("the-printed-code")
    page.goto(live_server.url)
    looks_right(page)
    # When the code is wrong
    page.get_by_label("Set-up code").fill("guess")
    page.get_by_role("button", name="Go on").click()
    # Then it says so
    expect(page.get_by_role("alert")).to_contain_text("not the code")
    looks_right(page)
    # When it is right
    page.get_by_label("Set-up code").fill("the-printed-code")
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(f"{live_server.url}/begin/")
    begin(page, live_server.url)
    # Then nothing is said of a fictional practice
    expect(page.get_by_text("Harbour Lane")).to_have_count(0)
