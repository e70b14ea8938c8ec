"""Connecting another program in a real browser: a key, an address, a message that arrives and one that does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from doorframe.apps.connections.models import Delivery, Endpoint
from doorframe.apps.members.models import Membership
from tests.apps.connections.program import Program
from tests.apps.connections.receiver import accepts
from tests.journeys.conftest import PASSWORD, Door, looks_right, work


@pytest.fixture
def program(settings: Any) -> Iterator[Program]:
    settings.WEBHOOKS_NEAR = True
    made = Program()
    yield made
    made.close()


@pytest.mark.promise("L6")
@pytest.mark.promise("L7")
@pytest.mark.parametrize("width", [360, 1280])
def test_another_program_is_connected(door: Door, owner: Membership, program: Program, width: int) -> None:
    door.axe_runs = True
    # Given an owner who has just signed in
    page = door.open(width=width)
    page.goto(f"{door.address}/me/login/")
    page.get_by_label("E-mail").fill(owner.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # When she opens the connections from the menu
    page.locator("details.who summary").click()
    page.get_by_role("link", name="Connections").click()
    looks_right(page, "Connections")
    # Then she makes a key, which is shown once
    page.get_by_role("link", name="Make a key").click()
    looks_right(page, "Make a key")
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the name of the other program")
    looks_right(page)
    page.get_by_label("What is it for?").fill("Diary")
    page.get_by_role("button", name="Make the key").click()
    looks_right(page, "The key")
    key = page.get_by_label("Copy this key now").input_value()
    page.get_by_role("link", name="I have copied it").click()
    assert page.request.get(f"{door.address}/api/v1/papers").status == 401, "a session is no key"
    answer = page.request.get(f"{door.address}/api/v1/papers", headers={"Authorization": f"Bearer {key}"})
    assert answer.json() == {"items": [], "next": None}
    # And she adds the program that is told, first with an address that does not do
    page.get_by_role("link", name="Add a program").click()
    looks_right(page, "Add a program")
    page.get_by_label("Name of the other program").fill("Diary")
    page.get_by_label("Its address for messages").fill("http://diary.example/hook")
    page.get_by_label("The sealed document of a signature is ready").check()
    page.get_by_role("button", name="Add the program").click()
    expect(page.get_by_role("alert")).to_contain_text("must begin with https://")
    expect(page.get_by_label("The sealed document of a signature is ready")).to_be_checked()
    looks_right(page)
    page.get_by_label("Its address for messages").fill(program.url)
    page.get_by_role("button", name="Add the program").click()
    looks_right(page, "The secret")
    secret = page.get_by_label("Copy this secret now").input_value()
    page.get_by_role("link", name="I have copied it").click()
    # When she sends a test message, it arrives and can be checked with the secret
    looks_right(page, "Diary")
    page.get_by_role("button", name="Send a test message").click()
    expect(page.get_by_text("A test message is on its way.")).to_be_visible()
    work()
    page.reload()
    expect(page.get_by_text("Delivered")).to_be_visible()
    looks_right(page)
    assert accepts(program.got[0], secret, clock=timezone.now().timestamp())
    # And where the program wants no more, she reads why, switches it on and sends the message again
    program.answers = [410, 200]
    page.get_by_role("button", name="Send a test message").click()
    expect(page.get_by_text("A test message is on its way.")).to_be_visible()
    work()
    page.goto(f"{door.address}/")
    page.get_by_role("link", name="See: “Diary” is no longer told what happens").click()
    expect(page.get_by_text("(answer 410)")).to_be_visible()
    looks_right(page, "Diary")
    page.get_by_role("button", name="Switch it on").click()
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("It waits for its turn again.")).to_be_visible()
    work()
    assert len({got.headers["webhook-id"] for got in program.got}) == 2 == len(program.got) - 1
    assert {one.state for one in Delivery.objects.all()} == {"sent"}
    # At last she makes a new secret, removes the program and revokes the key
    page.get_by_role("link", name="Make a new secret").click()
    looks_right(page, "A new secret for “Diary”?")
    page.get_by_role("button", name="Make a new secret").click()
    looks_right(page, "The secret")
    page.get_by_role("link", name="I have copied it").click()
    page.get_by_role("link", name="Remove it").click()
    looks_right(page, "Remove “Diary”?")
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("“Diary” was removed.")).to_be_visible()
    looks_right(page, "Connections")
    page.get_by_role("link", name="Revoke").click()
    looks_right(page, "Revoke the key of “Diary”?")
    page.get_by_role("button", name="Revoke the key").click()
    expect(page.get_by_text("“Diary” opens nothing any more.")).to_be_visible()
    assert Endpoint.objects.get().secret == ""
