"""A couple at the tablet: they read and sign in turn, and nothing of the practice, nor of each other, is in reach."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from doorframe.apps.clients import actions as clients
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import queries
from doorframe.apps.signatures.actions import asking, visits
from doorframe.apps.signatures.models import Acknowledgement, Preferences, Question, Visit
from tests.journeys.conftest import PASSWORD, Door, begin, fits, publish

PIN = "482915"
SECRET = "QX-77"
"""The practice id of another client: it stands on staff pages alone."""

TARGETS = "[...document.querySelectorAll('a[href], img, form')].map(one => one.href || one.src || one.action)"
TYPED = "[...document.querySelectorAll('textarea, input:not([type=hidden])')].map(one => one.value).join()"
KEPT = "fetch('/clients/', {cache: 'force-cache', redirect: 'manual'}).then(async one => one.type + await one.text())"


@pytest.fixture
def item(owner: Membership) -> Acknowledgement:
    """A couple was asked; another client stands on the list."""
    now = timezone.now()
    publish(begin(owner, clients=["adults", "couples"]), owner)
    people = [{"name": "Ana Lima", "email": "ana@post.example"}, {"name": "Ben Ortega"}]
    clients.add_client(actor=owner, at=now, values={"code": SECRET}, people=[{"name": "Carl Other"}])
    client = clients.add_client(actor=owner, at=now, values={"code": "C-2"}, people=people)
    visits.set_pin(actor=owner, pin=PIN, at=now)
    return asking.ask(client=client, paper=queries.current_paper(owner.practice), actor=owner, at=now)


def shows_no_staff(page: Page) -> None:
    said = page.content()
    assert SECRET not in said and "Carl Other" not in said and "Dr Imani Cole · " not in said, page.url


def go(page: Page, steps: int) -> None:
    """Back or Forward; at the end of the history nothing happens, so there is nothing to wait for but a moment."""
    page.evaluate("steps => void setTimeout(() => history.go(steps), 0)", steps)
    page.wait_for_timeout(500)
    page.wait_for_load_state("load")


def hand_over(page: Page, item: Acknowledgement) -> None:
    """From the list of clients, over the client, to the tablet in other hands."""
    page.goto("/clients/")
    expect(page.get_by_text(SECRET)).to_be_visible()
    page.goto(f"/acknowledgements/{item.uid}/hand-over/")
    page.get_by_role("button", name="Sign me out and hand it over").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Whose turn is it?")


def read_on(page: Page) -> None:
    for _page in range(40):
        last = page.get_by_role("button", name="I have read it")
        if last.count():
            last.click()
            break
        before = page.url
        page.get_by_role("button", name="Continue").click()
        expect(page).not_to_have_url(before)
    expect(page).to_have_url(re.compile("/read/answer/$"))


def sign(page: Page, name: str, axe: Any) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page).to_have_url(re.compile("/read/1/$"))
    axe(page)
    read_on(page)
    axe(page)
    page.get_by_label("I agree", exact=False).first.check()
    page.get_by_role("button", name="Continue").click()
    axe(page)
    page.locator("form button").first.click()
    expect(page).to_have_url(re.compile("/read/sign/$"))
    axe(page)
    page.get_by_role("textbox", name="Your name").fill(name)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page).to_have_url(re.compile("/read/done/$"))
    axe(page)
    page.get_by_role("button", name="Finish").click()
    expect(page).to_have_url(re.compile("/read/turns/$"))


@pytest.mark.promise("C5")
@pytest.mark.promise("C2")
@pytest.mark.parametrize("size", [(360, 780), (820, 1180)], ids=["phone", "tablet"])
def test_a_couple_signs_in_turn(
    door: Door, owner: Membership, item: Acknowledgement, axe: Any, size: tuple[int, int]
) -> None:
    # Given the tablet in the hands of whoever works here
    page = door.open(owner, width=size[0], viewport={"width": size[0], "height": size[1]}, has_touch=True)
    hand_over(page, item)
    axe(page)
    assert fits(page)
    # When both read and sign in turn
    for name in ("Ana Lima", "Ben Ortega"):
        sign(page, name, axe)
        assert fits(page)
        shows_no_staff(page)
    # Then a page thanks them, names nobody, and the PIN brings the practice back
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert "Ana Lima" not in page.content()
    axe(page)
    item.refresh_from_db()
    assert item.state == "signed"
    page.get_by_role("link", name="For the practice: take the tablet back").click()
    axe(page)
    page.get_by_label("Your PIN").fill("000000")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not the PIN")
    axe(page)
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Take it back").click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto("/clients/")
    expect(page.get_by_text(SECRET)).to_be_visible()


@pytest.mark.promise("C5")
def test_no_way_of_the_browser_leads_to_a_staff_page(door: Door, owner: Membership, item: Acknowledgement) -> None:
    # Given a tablet on which much of the practice was open just before, in two windows
    page = door.open(owner, width=820)
    behind = page.context.new_page()
    behind.goto("/clients/")
    page.goto("/")
    page.goto("/clients/")
    page.goto("/acknowledgements/")
    hand_over(page, item)
    # Then the window behind has left its page by itself
    expect(behind).to_have_url(re.compile("/read/turns/$"))
    shows_no_staff(behind)
    # and Back, as often as one likes, Forward and reload show nothing
    page.get_by_role("button", name="Ana Lima").click()
    expect(page).to_have_url(re.compile("/read/1/$"))
    for _step in range(6):
        go(page, -1)
        shows_no_staff(page)
    for step in (-4, 3, -2, 5):
        go(page, step)
        shows_no_staff(page)
    page.goto("/read/turns/")
    page.reload()
    shows_no_staff(page)
    # nor do the address bar, a new window and what a page could ask for from here
    for path in ("/", "/clients/", "/acknowledgements/", "/help/", "/me/login/", "/p/harbour-lane-therapy/", "/api/"):
        page.goto(path)
        expect(page).to_have_url(re.compile("/read/turns/$"))
        shows_no_staff(page)
    other = page.context.new_page()
    other.goto("/clients/")
    expect(other).to_have_url(re.compile("/read/turns/$"))
    kept = page.evaluate(KEPT)
    assert SECRET not in kept
    stored = page.evaluate("JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])")
    assert stored == '["",{},{}]'
    assert page.evaluate("caches.keys()") == []


@pytest.mark.promise("C5")
def test_after_it_came_back_and_went_out_again_back_shows_nothing(
    door: Door, owner: Membership, item: Acknowledgement
) -> None:
    page = door.open(owner, width=820)
    for _time in range(2):
        hand_over(page, item)
        page.goto("/read/back/")
        page.get_by_label("Your PIN").fill(PIN)
        page.get_by_role("button", name="Take it back").click()
        expect(page).to_have_url(re.compile(r"/$"))
    hand_over(page, item)
    for _step in range(8):
        go(page, -1)
        shows_no_staff(page)


@pytest.mark.promise("C5")
def test_a_press_that_lasts_finds_nothing_to_open_or_share(
    door: Door, owner: Membership, item: Acknowledgement
) -> None:
    page = door.open(owner, width=820, has_touch=True)
    hand_over(page, item)
    page.get_by_role("button", name="Ana Lima").click()
    expect(page).to_have_url(re.compile("/read/1/$"))
    page.goto("/read/whole/")
    # What a long press offers is the address behind a link or a picture: each stays on the reader's own pages
    targets = page.evaluate(TARGETS)
    assert targets and all(re.search(r"/read/", one) or "#" in one for one in targets), targets
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Page by page").click(button="middle")
    shows_no_staff(opened.value)


@pytest.mark.promise("C5")
def test_one_finds_nothing_that_the_other_typed(door: Door, owner: Membership, item: Acknowledgement) -> None:
    # Given Ana, who asked one thing, and began to ask another
    page = door.open(owner, width=820)
    hand_over(page, item)
    page.get_by_role("button", name="Ana Lima").click()
    page.goto("/read/ask/friending/")
    page.get_by_label("Your question").fill("Does he see this?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for asking")
    page.goto("/read/ask/friending/")
    page.get_by_label("Your question").fill("I am afraid of Ben")
    page.goto("/read/answer/")
    page.get_by_text("Say why, if you like").click()
    page.get_by_label("Your words").fill("I am afraid of Ben")
    page.get_by_role("link", name="Hand the tablet on").click()
    assert Question.objects.count() == 1
    # When Ben takes his turn, and goes Back as often as he likes
    page.get_by_role("button", name="Ben Ortega").click()
    expect(page).to_have_url(re.compile("/read/1/$"))
    for _step in range(9):
        go(page, -1)
        typed = page.evaluate(TYPED)
        assert "afraid" not in typed + page.content() and "see this" not in typed + page.content(), page.url
        if page.url.endswith("/read/turns/"):
            page.get_by_role("button", name="Ben Ortega").click()
            expect(page).to_have_url(re.compile("/read/1/$"))
            page.goto("/read/ask/friending/")
            assert page.get_by_label("Your question").input_value() == ""
            break


@pytest.mark.promise("C5")
def test_silence_locks_it_after_a_warning(door: Door, owner: Membership, item: Acknowledgement, axe: Any) -> None:
    # Given a tablet that locks after one quiet minute
    Preferences.objects.create(practice=owner.practice, idle_minutes=1)
    page = door.open(owner, width=820)
    page.clock.install()
    hand_over(page, item)
    page.get_by_role("button", name="Ana Lima").click()
    expect(page).to_have_url(re.compile("/read/1/$"))
    warning = page.get_by_role("alert")
    # When nobody touches it, it says so; a touch goes on
    page.clock.run_for(45_000)
    expect(warning).to_contain_text("about to lock itself")
    axe(page)
    with page.expect_response("**/read/awake/") as told:
        page.keyboard.press("Shift")
    assert told.value.status == 204
    expect(warning).to_be_hidden()
    # Then it locks, names nobody, and Back does not open it
    page.clock.run_for(62_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("This tablet has locked itself")
    assert Visit.objects.get().locked_at is not None
    assert "Ana Lima" not in page.content() and "Ben Ortega" not in page.content()
    axe(page)
    go(page, -1)
    expect(page.get_by_role("heading", level=1)).to_have_text("This tablet has locked itself")
    page.get_by_label("To read on, type your name").fill("ana lima")
    page.get_by_role("button", name="Read on").click()
    expect(page).to_have_url(re.compile("/read/1/$"))


@pytest.mark.promise("C5")
def test_without_javascript_it_locks_too(door: Door, owner: Membership, item: Acknowledgement) -> None:
    page = door.open(owner, width=820, java_script_enabled=False)
    hand_over(page, item)
    page.get_by_role("button", name="Ana Lima").click()
    expect(page).to_have_url(re.compile("/read/1/$"))
    told = page.locator("noscript meta[http-equiv=refresh], meta[http-equiv=refresh]").first
    assert told.get_attribute("content") == "180;url=/read/lock/"
    page.goto("/read/lock/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This tablet has locked itself")


@pytest.mark.promise("C6")
def test_the_square_is_seen_on_the_tablet_alone(
    door: Door, owner: Membership, item: Acknowledgement, axe: Any, settings: Any
) -> None:
    settings.PUBLIC_URL = door.address
    page = door.open(owner, width=360)
    hand_over(page, item)
    page.get_by_role("button", name="Ana Lima: Read it on your own phone").click()
    expect(page.locator(".square svg")).to_be_visible()
    axe(page)
    assert fits(page)
    assert "/c/" not in page.content()
    page.goto("/read/back/")
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Take it back").click()
    expect(page).to_have_url(re.compile(r"/$"))
    for _step in range(3):
        go(page, -1)
        assert page.locator(".square svg").count() == 0


@pytest.mark.promise("C4")
def test_a_sheet_is_printed_and_comes_back(door: Door, owner: Membership, item: Acknowledgement, axe: Any) -> None:
    page = door.open(owner, width=360)
    page.goto(f"/acknowledgements/{item.uid}/paper/")
    axe(page)
    assert fits(page)
    with page.expect_download() as printed:
        page.get_by_role("button", name="Print it").click()
    assert printed.value.suggested_filename == f"{item.reference}.pdf"
    page.goto("/acknowledgements/paper/")
    axe(page)
    page.get_by_label("Reference").fill(item.reference.lower().replace("-", " "))
    page.get_by_role("button", name="Find it").click()
    for group in page.locator("main fieldset").all():
        group.get_by_label("Signed").check()
    page.get_by_label("Scan").set_input_files(printed.value.path())
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("The sheet is recorded.")).to_be_visible()
    axe(page)
    with page.expect_download() as scan:
        page.get_by_role("link", name="Scan kept on").click()
    assert scan.value.suggested_filename == f"{item.reference}.pdf"
    item.refresh_from_db()
    assert item.state == "signed"


@pytest.mark.promise("C5")
def test_a_pin_is_set_on_the_way(door: Door, owner: Membership, item: Acknowledgement, axe: Any) -> None:
    from doorframe.apps.signatures.models import Pin

    Pin.objects.all().delete()
    page = door.open(owner, width=360)
    page.goto(f"/acknowledgements/{item.uid}/hand-over/")
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your PIN for the tablet")
    axe(page)
    page.get_by_label("Your PIN").fill("111111")
    page.get_by_label("The same PIN once more").fill("111111")
    page.get_by_role("button", name="Set the PIN").click()
    axe(page)
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_label("The same PIN once more").fill(PIN)
    page.get_by_role("button", name="Set the PIN").click()
    expect(page.get_by_role("button", name="Sign me out and hand it over")).to_be_visible()
    axe(page)
    assert fits(page)
