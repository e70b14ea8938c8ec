"""A client is asked, asks back, signs, and the proof is verified on a machine that knows nothing of the practice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Client
from doorframe.apps.members.models import Membership
from doorframe.apps.policies.models import Version
from doorframe.apps.signatures.models import Acknowledgement
from doorframe.apps.signatures.states import State
from tests.journeys.conftest import Door, looks_right, publish, work


@pytest.fixture
def ana(owner: Membership, draft: Version) -> Client:
    """A client of a practice whose policy is published."""
    publish(draft, owner)
    people = [{"name": "Ana Lima", "email": "ana@post.example"}]
    return clients.add_client(actor=owner, at=timezone.now(), values={"code": "A-1"}, people=people)


def letter_link() -> str:
    """The path in the newest letter, which no page of the practice shows."""
    work()
    body = str(mail.outbox[-1].body)
    return urlsplit(next(word for word in body.split() if "/c/" in word)).path


def read_on(page: Page) -> None:
    """Page by page to the end."""
    while page.get_by_role("button", name="Continue").count():
        page.get_by_role("button", name="Continue").click()
        page.wait_for_load_state()
    page.get_by_role("button", name="I have read it").click()


def verify(file: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """`doorframe verify` in an environment of its own, without any setting of the practice."""
    env = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    return subprocess.run(
        [str(Path(sys.executable).with_name("doorframe")), "verify", str(file)],
        capture_output=True, text=True, env=env, cwd=folder, check=False,
    )  # fmt: skip


@pytest.mark.promise("C1")
@pytest.mark.promise("C8")
def test_a_client_asks_is_answered_and_signs_and_the_proof_holds(
    door: Door, owner: Membership, ana: Client, tmp_path: Path
) -> None:
    # Given a therapist who asks a client from the client's page
    desk = door.open(owner)
    desk.goto(f"/clients/{ana.uid}/")
    door.axe_runs = True
    looks_right(desk)
    desk.get_by_role("button", name="Ask to read and sign").click()
    expect(desk.get_by_text("nothing was sent yet")).to_be_visible()
    looks_right(desk)
    desk.get_by_role("link", name="Send a link to Ana Lima").click()
    looks_right(desk, "Send Ana Lima a link")
    desk.get_by_role("button", name="Send it").click()
    expect(desk.get_by_role("alert")).to_contain_text("Nothing was sent yet")
    looks_right(desk)
    desk.get_by_label("With a code of six digits").check()
    desk.get_by_role("button", name="Send it").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Tell Ana Lima this code")
    code = desk.locator(".code-once").inner_text()
    looks_right(desk)
    # When she opens the letter on her phone with the code, and asks about a clause
    phone = door.open(width=360)
    phone.goto(letter_link())
    phone.get_by_label("The code you were told").fill(code)
    phone.get_by_role("button", name="Open it").click()
    phone.get_by_role("link", name="Ask about this").first.click()
    phone.get_by_label("Your question").fill("Does that hold for my mother too?")
    phone.get_by_role("button", name="Send the question").click()
    # Then it is on the therapist's Today, and nobody's name is
    desk.goto("/")
    expect(desk.get_by_text("1 question waits for an answer")).to_be_visible()
    expect(desk.get_by_text("Ana")).to_have_count(0)
    looks_right(desk)
    desk.get_by_role("link", name="Answer: 1 question waits for an answer").click()
    expect(desk.get_by_text("Does that hold for my mother too?")).to_be_visible()
    looks_right(desk)
    # When the therapist answers, and notes it for the next version
    desk.get_by_label("Your answer").fill("Yes, for everyone in your family.")
    desk.get_by_label("Let them know by e-mail").check()
    desk.get_by_label("Say this better in the next version").check()
    desk.get_by_role("button", name="Give this answer").click()
    expect(desk.get_by_text("an e-mail says that it is there")).to_be_visible()
    looks_right(desk)
    desk.goto("/acknowledgements/wishes/")
    looks_right(desk, "To say better in the next version")
    # Then she finds it beside the clause by a new link with the same code, and signs
    phone.goto(letter_link())
    phone.get_by_label("The code you were told").fill(code)
    phone.get_by_role("button", name="Open it").click()
    expect(phone.get_by_text("Yes, for everyone in your family.")).to_be_visible()
    read_on(phone)
    phone.get_by_role("radio").first.check()
    phone.get_by_role("button", name="Continue").click()
    phone.locator("main form button[type=submit]").first.click()
    phone.get_by_label("Your name", exact=True).fill("Ana Lima")
    phone.locator("main form button[type=submit]").first.click()
    phone.get_by_role("button", name="Finish").click()
    # When the therapist countersigns from Today
    desk.goto("/")
    desk.get_by_role("link", name="Countersign: 1 acknowledgment waits for your signature").click()
    looks_right(desk, "To countersign")
    desk.get_by_label("A-1").check()
    desk.get_by_role("button", name="Countersign").click()
    expect(desk.get_by_text("1 is countersigned.")).to_be_visible()
    work()
    item = Acknowledgement.objects.get()
    assert item.state == State.COMPLETE
    desk.goto(f"/acknowledgements/{item.uid}/")
    desk.get_by_text("What happened when").click()
    looks_right(desk)
    # Then the sealed copy verifies here, and elsewhere with the file alone
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Download the sealed PDF").click()
    file = tmp_path / "copy.pdf"
    download.value.save_as(file)
    desk.get_by_role("button", name="Verify it now").click()
    looks_right(desk, "It is as it was sealed")
    elsewhere = verify(file, tmp_path)
    assert elsewhere.returncode == 0, elsewhere.stdout + elsewhere.stderr
    changed = bytearray(file.read_bytes())
    changed[len(changed) // 2] ^= 1
    file.write_bytes(bytes(changed))
    assert verify(file, tmp_path).returncode == 1


@pytest.mark.promise("C4")
def test_what_was_said_in_the_room_is_recorded_on_a_phone(door: Door, owner: Membership, ana: Client) -> None:
    door.axe_runs = True
    # Given a client who was asked, and a therapist with a phone
    page = door.open(owner, width=360)
    page.goto(f"/clients/{ana.uid}/")
    page.get_by_role("button", name="Ask to read and sign").click()
    # When an interpreter is added, and the policy explained aloud
    page.get_by_role("link", name="Add an interpreter").click()
    looks_right(page, "Add an interpreter")
    page.get_by_label("Name").fill("Rosa Diaz")
    page.get_by_label("Interpreter by profession").check()
    page.get_by_label("Into which language").fill("Spanish")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Rosa Diaz", exact=True)).to_be_visible()
    page.get_by_role("link", name="Explained aloud on").click()
    looks_right(page, "Explained aloud")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("by Dr Imani Cole")).to_be_visible()
    # And she declines, without a reason
    page.get_by_role("link", name="Record an answer of Ana Lima").click()
    looks_right(page, "Record what Ana Lima said")
    page.get_by_label("Declined").check()
    page.get_by_role("button", name="Record it").click()
    # Then it says so, and that care goes on, and she can be asked again
    expect(page.get_by_text("Care goes on as before")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_text("It is open again")).to_be_visible()


def test_empty_pages_teach_the_next_step(door: Door, owner: Membership) -> None:
    door.axe_runs = True
    page = door.open(owner)
    headings = {
        "": "Acknowledgments", "questions/": "Questions", "wishes/": "To say better in the next version",
        "countersign/": "To countersign", "talks/": "Talks that are due",
    }  # fmt: skip
    for address, heading in headings.items():
        page.goto(f"/acknowledgements/{address}")
        looks_right(page, heading)
