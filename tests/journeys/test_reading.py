"""A client reads by a link on a phone, asks, and signs."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from doorframe.apps.clients import actions as clients
from doorframe.apps.members.models import Membership
from doorframe.apps.policies.models import Version
from doorframe.apps.signatures import queries, tokens
from doorframe.apps.signatures.actions import asking
from doorframe.apps.signatures.models import Question, Signer
from tests.journeys.conftest import Door, looks_right, publish, work


def asked(owner: Membership, draft: Version, **person: Any) -> tuple[Signer, str]:
    """Somebody who was sent a link: their line, and the path that the letter holds."""
    publish(draft, owner)
    known = {"name": "Ana Lima", "email": "ana@post.example", **person}
    client = clients.add_client(actor=owner, at=timezone.now(), values={}, people=[known])
    item = asking.ask(client=client, paper=queries.current_paper(owner.practice), actor=owner, at=timezone.now())
    signer = queries.signers(item)[0]
    link = asking.send_link(signer=signer, actor=owner, at=timezone.now())
    return signer, f"/c/{tokens.link_token(link.uid)}/"


def fine(door: Door, page: Page, heading: str = "") -> None:
    """Fits and is fine for axe, by day and by night; axe tries styles that the page refuses, and Chromium says so."""
    door.axe_runs = True
    looks_right(page, heading)
    page.evaluate("1")
    door.axe_runs = False


def picture(door: Door, page: Page, name: str) -> None:
    """Kept where DOORFRAME_PICTURES names a folder, to be looked at. Taking one sets styles that the page refuses."""
    folder = os.environ.get("DOORFRAME_PICTURES")
    if folder:
        door.axe_runs = True
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
        page.evaluate("1")
        door.axe_runs = False


@pytest.mark.promise("C1")
@pytest.mark.promise("C2")
def test_a_client_reads_on_a_phone_asks_and_signs(door: Door, owner: Membership, draft: Version) -> None:
    signer, path = asked(owner, draft)
    page = door.open(width=360)
    page.goto(path)
    picture(door, page, "door")
    fine(door, page, "Imani Cole has something for you to read")
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Social media policy")
    picture(door, page, "page-1")
    fine(door, page)
    page.get_by_role("link", name="Ask about this").first.click()
    page.get_by_label("Your question").fill("Is a text on my birthday all right?")
    picture(door, page, "ask")
    fine(door, page, "Ask about this")
    page.get_by_role("button", name="Send the question").click()
    fine(door, page, "Thank you for asking")
    page.get_by_role("link", name="Read on").click()
    while page.get_by_role("button", name="Continue").count():
        before = page.url
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(lambda url, before=before: url != before)
    fine(door, page)
    picture(door, page, "last-page")
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_role("radio", name="I agree", exact=False).first).to_be_visible()
    fine(door, page)
    picture(door, page, "choose")
    page.locator("#choice-agree").check()
    page.get_by_role("button", name="Continue").click()
    fine(door, page, "Reading and signing on a screen")
    picture(door, page, "disclosure")
    page.locator("button[value=screen]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign")
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    assert frame is not None
    page.mouse.move(frame["x"] + 20, frame["y"] + 60)
    page.mouse.down()
    page.mouse.move(frame["x"] + 120, frame["y"] + 30, steps=6)
    page.mouse.move(frame["x"] + 200, frame["y"] + 90, steps=6)
    page.mouse.up()
    picture(door, page, "sign")
    fine(door, page)
    page.get_by_role("button", name="Sign", exact=True).click()
    fine(door, page, "Thank you")
    picture(door, page, "done")
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("button", name="Leave").click()
    fine(door, page, "You can close this page")
    signer.refresh_from_db()
    assert signer.method == "drawn" and signer.drawing and signer.read_at is not None
    assert Question.objects.get().text == "Is a text on my birthday all right?"
    page.go_back()
    expect(page.get_by_text("Ana Lima")).to_have_count(0)
    work()


@pytest.mark.promise("C1")
def test_larger_text_and_everything_on_one_page_without_javascript(
    door: Door, owner: Membership, draft: Version, axe: Callable[[Page], None]
) -> None:
    _signer, path = asked(owner, draft)
    page = door.open(width=360, java_script_enabled=False)
    page.goto(path)
    page.get_by_role("button", name="Open it").click()
    page.get_by_role("button", name="Larger text").click()
    expect(page.locator("html.large")).to_have_count(1)
    picture(door, page, "large")
    page.get_by_role("link", name="All on one page").click()
    picture(door, page, "whole")
    page.get_by_role("button", name="I have read it").click()
    page.locator("#choice-decline").check()
    page.get_by_role("button", name="Continue").click()
    picture(door, page, "declined")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Social media policy")


@pytest.mark.promise("C2")
def test_a_guardian_signs_for_a_minor_by_a_link(door: Door, owner: Membership, draft: Version) -> None:
    publish(draft, owner)
    child = {"name": "Mia Lima", "is_minor": True}
    mother = {
        "name": "Ana Lima", "email": "ana@post.example", "capacity": "guardian", "relationship": "mother",
        "authority": "sole custody",
    }  # fmt: skip
    client = clients.add_client(actor=owner, at=timezone.now(), values={"kind": "family"}, people=[child, mother])
    paper = queries.current_paper(owner.practice)
    item = asking.ask(client=client, paper=paper, actor=owner, at=timezone.now())
    guardian = next(one for one in queries.signers(item) if one.capacity == "guardian")
    link = asking.send_link(signer=guardian, actor=owner, at=timezone.now())
    page = door.open(width=360)
    page.goto(f"/c/{tokens.link_token(link.uid)}/")
    page.get_by_role("button", name="Open it").click()
    page.get_by_role("link", name="All on one page").click()
    page.get_by_role("button", name="I have read it").click()
    page.locator("#choice-agree").check()
    page.get_by_role("button", name="Continue").click()
    page.locator("button[value=screen]").click()
    expect(page.get_by_text("mother")).to_be_visible()
    fine(door, page, "Sign")
    page.get_by_role("textbox", name="Your name").fill("Ana Lima")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    item.refresh_from_db()
    guardian.refresh_from_db()
    assert item.state == "signed", "the minor may still sign, but the guardian counts"
    assert (guardian.relationship, guardian.authority, guardian.signed_name) == ("mother", "sole custody", "Ana Lima")


@pytest.mark.promise("C4")
def test_a_client_declines_and_then_takes_paper(door: Door, owner: Membership, draft: Version) -> None:
    signer, path = asked(owner, draft)
    page = door.open(width=360)
    page.goto(path)
    page.get_by_role("button", name="Open it").click()
    page.goto("/read/answer/")
    page.locator("#choice-decline").check()
    page.get_by_text("Say why, if you like").click()
    page.get_by_label("Your words").fill("I would rather talk.")
    page.get_by_role("button", name="Continue").click()
    fine(door, page, "That is all right")
    page.get_by_role("link", name="Change my answer").click()
    page.locator("#choice-paper").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name="Finish")).to_be_visible()
    fine(door, page)
    signer.acknowledgement.refresh_from_db()
    assert signer.acknowledgement.state == "paper"
    member = door.open(owner, width=360)
    member.goto(f"/acknowledgements/{signer.acknowledgement.uid}/")
    expect(member.get_by_text("paper", exact=False).first).to_be_visible()
