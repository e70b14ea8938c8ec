"""The clients room in a real browser: a couple by the keyboard alone, a list that is brought in, names removed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from doorframe.apps.clients import actions, queries
from doorframe.apps.clients.models import Capacity, Client, Kind
from doorframe.apps.members.models import Membership
from tests.journeys.conftest import PASSWORD, Door, looks_right


def right(door: Door, page: Page, heading: str = "") -> None:
    """As `looks_right`, whose axe tries styles that the browser refuses and says so."""
    door.axe_runs = True
    looks_right(page, heading)
    page.evaluate("1")  # whatever axe made the browser say has arrived by now
    door.axe_runs = False


def press_to(page: Page, label: str) -> None:
    """Go on with the Tab key until the control of this name has the focus."""
    for _press in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and label in focused.evaluate("e => (e.labels?.[0] ?? e).textContent.trim()"):
            return
    raise AssertionError(f"the Tab key never came to {label}")


@pytest.mark.promise("L7")
def test_a_couple_is_entered_with_the_keyboard_alone(door: Door, owner: Membership) -> None:
    # Given an empty room
    page = door.open(owner)
    page.goto("/clients/")
    right(door, page, "Clients")
    page.set_viewport_size({"width": 360, "height": 740})
    # When a couple is entered without a mouse, first with half an e-mail address
    press_to(page, "Add the first client")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a client")
    press_to(page, "One person")
    page.keyboard.press("ArrowDown")
    press_to(page, "Name")
    page.keyboard.type("Kit Sample")
    press_to(page, "Add another person")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Person 2").get_by_label("Name")).to_be_focused()
    page.keyboard.type("Sam Sample")
    press_to(page, "E-mail")
    page.keyboard.type("sam@")
    press_to(page, "Practice id")
    page.keyboard.press("Control+a")
    page.keyboard.type("p4d-9wh")
    page.keyboard.press("Enter")
    # Then nothing is lost, and the summary leads to the field
    expect(page.get_by_role("alert")).to_be_focused()
    right(door, page)
    press_to(page, "E-mail: This is not a whole e-mail address.")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_value("sam@")
    page.keyboard.press("End")
    page.keyboard.type("client.example")
    page.keyboard.press("Enter")
    # Then the couple stands there
    expect(page.get_by_role("status")).to_contain_text("P4D-9WH is entered.")
    right(door, page, "P4D-9WH")
    client = Client.objects.get()
    assert client.kind == Kind.COUPLE
    assert [one.name for one in queries.people(client)] == ["Kit Sample", "Sam Sample"]


@pytest.mark.promise("C10")
def test_a_list_is_shown_then_brought_in(door: Door, owner: Membership, tmp_path: Path) -> None:
    # Given a list from elsewhere, with one mistake, on a phone that runs no scripts
    file = tmp_path / "clients.csv"
    file.write_text(
        "practice_id;who_comes;status;name;email;minor;signs_as;relationship\n"
        "HL-1;family;current;Mia Specimen;;yes;;\n"
        "HL-1;;;June Specimen;june@client.example;;guardian;mother\n"
        "HL-2;trio;current;Bo Example;;;;\n"
    )
    page = door.open(owner, width=360, java_script_enabled=False)
    page.goto("/clients/import/")
    # When it is shown
    page.get_by_label("A CSV file").set_input_files(file)
    page.get_by_role("button", name="Show what it would do").click()
    # Then nothing is written, and the mistake is named
    expect(page.get_by_role("heading", level=1)).to_have_text("1 client would be added or changed")
    expect(page.get_by_text("Line 4: “who_comes” can be one of these")).to_be_visible()
    expect(page.get_by_text("Mia Specimen, with June Specimen")).to_be_visible()
    assert not Client.objects.exists()
    # When it is confirmed, and later brought once more
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("status")).to_contain_text("1 client is brought in.")
    again = door.open(owner)
    again.goto("/clients/import/")
    right(door, again, "Bring in a list")
    again.get_by_label("A CSV file").set_input_files(file)
    again.get_by_role("button", name="Show what it would do").click()
    # Then nothing is doubled
    right(door, again, "Nothing would change")
    # And the list finds her by name, without the name in the address
    again.goto("/clients/")
    right(door, again, "1 current client")
    again.get_by_role("searchbox", name="Find by practice id or name").fill("june")
    again.get_by_role("button", name="Find").click()
    expect(again.get_by_text("What fits “june”.")).to_be_visible()
    assert "june" not in again.url
    right(door, again)
    again.get_by_role("link", name="HL-1").click()
    right(door, again, "HL-1")
    again.go_back()
    expect(again.get_by_text("What fits “june”.")).to_be_visible()


@pytest.mark.promise("C10")
def test_names_are_removed_on_request(door: Door, owner: Membership) -> None:
    # Given a minor with her mother
    people = [
        {"name": "Mia Specimen", "is_minor": True},
        {"name": "June Specimen", "email": "june@client.example", "capacity": Capacity.GUARDIAN},
    ]
    client = actions.add_client(actor=owner, at=timezone.now(), values={"code": "W2F-6NC"}, people=people)
    page = door.open(owner)
    page.goto(f"/clients/{client.uid}/")
    right(door, page, "W2F-6NC")
    # When her mother's entry is changed, a reminder paused
    page.get_by_role("link", name=re.compile("Change.*June Specimen")).click()
    right(door, page, "Change June Specimen")
    page.get_by_label("What they are to the client").fill("mother")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Mother")).to_be_visible()
    page.get_by_role("button", name="Send no reminders for now").click()
    expect(page.get_by_text("Paused")).to_be_visible()
    page.get_by_role("link", name="Change this entry").click()
    right(door, page, "Change W2F-6NC")
    page.get_by_role("link", name="Back").click()
    # And when the names are to go, after a proof of who asks
    page.get_by_role("link", name="Remove names and addresses").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    right(door, page, "Remove the names and addresses of W2F-6NC?")
    page.get_by_role("button", name="Remove them for good").click()
    # Then they are gone, and the practice id stays
    expect(page.get_by_role("status")).to_contain_text("Names and addresses are removed.")
    right(door, page, "W2F-6NC")
    expect(page.get_by_text("Specimen")).to_have_count(0)
    expect(page.get_by_role("link", name="Change this entry")).to_have_count(0)
    page.goto("/clients/")
    expect(page.get_by_text("Names removed")).to_be_visible()
    # And the list can be taken along, which is asked no second time
    page.get_by_role("link", name="Take the list along").click()
    right(door, page, "Take the list along")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Get it as CSV").click()
    assert b"W2F-6NC" in Path(taken.value.path()).read_bytes()
