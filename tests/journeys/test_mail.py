"""The pages about mail in a real browser: a letter that did not arrive, trying again, and who the letters come from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from doorframe.apps.mail import actions, registry, words
from doorframe.apps.mail.models import Letter
from doorframe.apps.mail.registry import Composed
from doorframe.apps.members.models import Membership
from tests.journeys.conftest import Door, looks_right

KIND = "tests.invitation"


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch, owner: Membership) -> list[Letter]:
    """One of each state, with the one kind that there is."""
    monkeypatch.setattr(registry, "_registry", {})

    def compose(letter: Letter) -> Composed | None:
        subject, body = words.invitation("Imani Cole", "https://post.example/r/abc", letter.created_at)
        return Composed("ana@home.example", subject, body, "Dr Imani Cole")

    registry.letter(KIND, label="An invitation to read", sample=lambda: ("", ""))(compose)
    at = timezone.now() - timedelta(hours=2)
    found = []
    for number in range(4):
        with transaction.atomic():
            found.append(actions.post(practice=owner.practice, kind=KIND, args={"signer": number}, at=at))
    actions.keep_sent(letter=found[0], at=at)
    actions.keep_bounced(letter=found[1], at=at, sentence="The mail server says no (answer 550).")
    actions.keep_failed(letter=found[2], at=at, sentence="The mail server could not be reached, or broke off.")
    return found


@pytest.mark.promise("C7")
@pytest.mark.parametrize("width", [360, 1280])
def test_a_letter_that_did_not_arrive_is_tried_again(
    door: Door, owner: Membership, letters: list[Letter], width: int
) -> None:
    door.axe_runs = True
    # Given letters of which two did not arrive, Today says so
    page = door.open(owner, width=width)
    page.goto(f"{door.address}/")
    expect(page.get_by_text("2 e-mails did not arrive")).to_be_visible()
    page.get_by_role("link", name="See: 2 e-mails did not arrive").click()
    # Then the list shows them and names nobody
    expect(page.get_by_role("heading", name="E-mail that went out")).to_be_visible()
    expect(page.get_by_text("(answer 550)")).to_be_visible()
    expect(page.get_by_text("home.example")).to_have_count(0)
    looks_right(page)
    # When the refused one alone is looked at and tried again
    page.get_by_role("link", name="Refused").click()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("It waits for its turn again.")).to_be_visible()
    # And the owner tries to send in the practice's name, and then in their own
    page.get_by_role("link", name="Who the e-mails come from").click()
    page.get_by_label("Name of the sender").fill("Harbour Lane Therapy")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was kept")
    looks_right(page)
    page.get_by_label("Name of the sender").fill("Imani C.")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Imani C. ·")).to_be_visible()
    looks_right(page)
