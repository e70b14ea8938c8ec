"""Permissions in a real browser: asked for page by page, signed by a couple in the room, taken back, and a no."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from doorframe.apps.authorisations import queries
from doorframe.apps.authorisations.models import Authorisation
from doorframe.apps.authorisations.states import State
from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Capacity, Client, Kind, Status
from doorframe.apps.members.models import Membership
from tests.journeys.conftest import Door, looks_right


def right(door: Door, page: Page, heading: str = "") -> None:
    """As `looks_right`, whose axe tries styles that the browser refuses and says so; and a picture, if wished."""
    door.axe_runs = True
    looks_right(page, heading)
    page.evaluate("1")  # whatever axe made the browser say has arrived by now
    door.axe_runs = False
    _picture(page)


def _picture(page: Page) -> None:
    folder = os.environ.get("DOORFRAME_LOOK_AT")
    if not folder:
        return
    name = re.sub(r"\W+", "-", page.locator("h1").first.inner_text())[:40]
    number = len(list(Path(folder).glob("*.png")))
    for width, scheme in ((360, "light"), (1280, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.screenshot(path=f"{folder}/{number:03}-{name}-{width}-{scheme}.png", full_page=True)


def couple(owner: Membership) -> Client:
    """Two who came together, and have finished."""
    people = [{"name": "Kit Sample"}, {"name": "Sam Sample"}]
    values = {"code": "P4D-9WH", "kind": Kind.COUPLE, "status": Status.FORMER}
    return clients.add_client(actor=owner, at=timezone.now(), values=values, people=people)


def write(page: Page, door: Door) -> None:
    """From the first page to the last, with one mistake on the way."""
    page.get_by_label("Whose story is it?").fill("p4d-9wh")
    page.get_by_role("button", name="Continue").click()
    right(door, page, "Who is in the story")
    expect(page.get_by_role("checkbox", name=re.compile("Kit Sample"))).to_be_checked()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What may be told")
    page.get_by_role("button", name="Continue").click()
    right(door, page, "What may be told")
    expect(page.get_by_role("alert")).to_contain_text("Write what may be told.")
    page.get_by_label("The story, in short").fill("That two people learned to argue without shouting.")
    page.get_by_role("button", name="Continue").click()
    right(door, page, "Where it may go out")
    page.get_by_role("checkbox", name="LinkedIn").check()
    page.get_by_role("button", name="Continue").click()
    right(door, page, "What it is for")
    page.get_by_label("The reason").fill("to give hope to others")
    page.get_by_role("button", name="Continue").click()
    right(door, page, "From when until when")
    page.get_by_role("button", name="Continue").click()


@pytest.mark.promise("F6")
def test_a_couple_allows_a_story_in_the_room_and_takes_it_back(door: Door, owner: Membership) -> None:
    # Given a couple that has finished, and an empty room
    client = couple(owner)
    page = door.open(owner)
    page.goto("/permissions/")
    right(door, page, "Permissions to tell a story")
    # When it is asked for, one decision a page, from their own page
    page.goto(f"/clients/{client.uid}/")
    expect(page.get_by_text("Nothing of this client's story may be told.")).to_be_visible()
    page.get_by_role("link", name="Ask for a permission").click()
    right(door, page, "Ask for a permission")
    expect(page.get_by_label("Whose story is it?")).to_have_value("P4D-9WH")
    write(page, door)
    # Then it is looked over as it will be read, and the words are fixed
    right(door, page, "Look it over")
    expect(page.get_by_text("People who know you may still see that it is you")).to_be_visible()
    page.get_by_role("button", name="Fix the words").click()
    expect(page.get_by_role("status")).to_contain_text("The words are fixed.")
    item = Authorisation.objects.get()
    right(door, page, f"Permission {item.reference}")
    # When the device is handed over
    page.get_by_role("link", name="Read and sign in the room").click()
    right(door, page, "Read and sign in the room")
    page.get_by_role("button", name="Sign me out and hand it over").click()
    right(door, page, "Who reads now?")
    # Then it is no way into the practice
    page.goto("/clients/")
    expect(page).to_have_url(re.compile("/me/login/"))
    page.go_back()
    # When Kit reads and signs
    page.goto("/in-the-room/")
    page.get_by_role("button", name="Kit Sample").click()
    right(door, page, "Permission to tell part of your story")
    expect(page.get_by_text("You may say no, and nothing changes")).to_be_visible()
    expect(page.get_by_text("That two people learned to argue without shouting.")).to_be_visible()
    page.get_by_role("button", name="Yes, this may be told").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign")
    page.get_by_role("button", name="Sign").click()
    expect(page.get_by_role("alert")).to_contain_text("Type your name.")
    right(door, page, "Sign")
    page.get_by_label("Your name").fill("Kit Sample")
    page.get_by_role("button", name="Sign").click()
    right(door, page, "Thank you")
    item.refresh_from_db()
    assert item.state == State.PREPARED, "one of two is not enough"
    # And Sam after Kit, who sees nothing of what Kit said
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_role("button", name="Kit Sample")).to_have_count(0)
    page.get_by_role("button", name="Sam Sample").click()
    page.get_by_role("button", name="Yes, this may be told").click()
    page.get_by_label("Your name").fill("Sam Sample")
    page.get_by_role("button", name="Sign").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.get_by_role("button", name="Hand the device back").click()
    expect(page).to_have_url(re.compile("/me/login/"))
    page.goto("/in-the-room/")
    right(door, page, "This page is closed")
    # Then it is in force
    assert [one.pk for one in queries.in_force(owner.practice, timezone.now())] == [item.pk]
    page = door.open(owner)
    page.goto("/permissions/")
    expect(page.get_by_text("In force")).to_be_visible()
    right(door, page, "Permissions to tell a story")
    page.get_by_role("link", name=item.reference).click()
    # When they take it back
    page.get_by_role("link", name="They take it back").click()
    right(door, page, "They take it back")
    page.get_by_role("button", name="Take it back").click()
    right(door, page, f"Permission {item.reference}")
    assert not queries.in_force(owner.practice, timezone.now())
    # Then Today says so, until somebody has gone through the posts
    page.goto("/")
    expect(page.get_by_text("A permission was taken back: see which posts used it")).to_be_visible()
    page.get_by_role("link", name=re.compile("See the posts")).click()
    page.get_by_role("button", name="I have gone through the posts").click()
    page.goto("/")
    expect(page.get_by_text("A permission was taken back")).to_have_count(0)


@pytest.mark.promise("F6")
def test_a_no_on_a_phone_without_scripts_is_the_end_of_it(door: Door, owner: Membership) -> None:
    # Given a minor whose mother would sign for her
    june = {"name": "June Specimen", "capacity": Capacity.GUARDIAN}
    people = [{"name": "Mia Specimen", "is_minor": True}, june]
    values = {"code": "W2F-6NC", "kind": Kind.FAMILY, "status": Status.CURRENT}
    clients.add_client(actor=owner, at=timezone.now(), values=values, people=people)
    page = door.open(owner, width=360, java_script_enabled=False)
    page.goto("/permissions/ask/?client=W2F-6NC")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Somebody who still comes to you")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("June")).uncheck()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("A parent or guardian has to sign too.")
    page.get_by_role("checkbox", name=re.compile("June")).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("The story, in short").fill("That a young person found a friend.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Somewhere else").fill("a talk for parents")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("The reason").fill("to help other parents")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Fix the words").click()
    page.get_by_role("link", name="Read and sign in the room").click()
    page.get_by_role("button", name="Sign me out and hand it over").click()
    # When her mother says yes, and Mia says no
    page.get_by_role("button", name="June Specimen").click()
    page.get_by_role("button", name="Yes, this may be told").click()
    expect(page.get_by_text("I may decide this for Mia Specimen.")).to_be_visible()
    page.get_by_label("Who you are to the person you sign for").fill("mother")
    page.get_by_label("Your name").fill("June Specimen")
    page.get_by_role("button", name="Sign").click()
    expect(page.get_by_role("alert")).to_contain_text("Write what lets them.")
    page.go_back()
    page.goto("/in-the-room/")
    page.get_by_role("button", name="Mia Specimen").click()
    page.get_by_role("button", name="No, please do not tell it").click()
    expect(page.get_by_text("the story stays untold")).to_be_visible()
    # Then that is the end of it
    assert Authorisation.objects.get().state == State.DECLINED
    page.goto("/in-the-room/")
    expect(page.get_by_text("There is nothing left to read here.")).to_be_visible()
