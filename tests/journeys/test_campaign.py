"""A material change and asking again, and a board that asks for evidence: both from end to end."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Client
from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions as policies
from doorframe.apps.signatures import queries, tokens
from doorframe.apps.signatures.actions import answering, asking
from doorframe.apps.signatures.models import Acknowledgement, Campaign, Link
from doorframe.apps.signatures.states import Method
from tests.apps.signatures.test_evidence import ALONE
from tests.journeys.conftest import PASSWORD, Door, begin, looks_right, work

WEEK = timedelta(days=7)


@pytest.fixture
def signed(owner: Membership) -> Acknowledgement:
    """Version 1, which Ana signed on paper and Ben was asked to read; both come from here on."""
    at = timezone.now() - WEEK
    version = begin(owner, at)
    policies.publish_version(version=version, actor=owner, at=at)
    ana = _client(owner, "A-1", "Ana Lima")
    item = asking.ask(client=ana, paper=queries.current_paper(owner.practice), actor=owner, at=at)
    her = queries.signers(item)[0]
    answering.record_elsewhere(signer=her, actor=owner, at=at, method=Method.PAPER, on=at.date())
    answering.countersign(item=item, actor=owner, at=at)
    ben = _client(owner, "B-2", "Ben Ode")
    asking.ask(client=ben, paper=queries.current_paper(owner.practice), actor=owner, at=at)
    work()
    return item


def _client(owner: Membership, code: str, name: str) -> Client:
    person = {"name": name, "email": f"{code.lower()}@post.example"}
    return clients.add_client(actor=owner, at=timezone.now(), values={"code": code}, people=[person])


@pytest.mark.promise("D1")
@pytest.mark.promise("D2")
@pytest.mark.parametrize("width", [360, 1280])
def test_a_material_change_is_published_sent_read_and_agreed_to_again(
    door: Door, owner: Membership, signed: Acknowledgement, width: int
) -> None:
    door.axe_runs = True
    # Given a draft that answers more slowly than version 1 promised
    draft = begin(owner, response_time="within four working days")
    page = door.open(owner, width=width)
    page.goto(f"/policy/{draft.uid}/check/")
    # Then the old and the new sentence stand there, with labels and not by colour alone
    changed = page.get_by_role("region", name="What is different from version 1")
    expect(changed.locator("del").first).to_contain_text("within two working days")
    expect(changed.locator("ins").first).to_contain_text("within four working days")
    expect(changed.get_by_text("No longer there").first).to_be_visible()
    expect(page.get_by_text("2 clients were asked about an earlier version and will be asked again.")).to_be_visible()
    expect(page.get_by_text("1 client has not answered yet and gets this version instead.")).to_be_visible()
    looks_right(page)
    page.set_viewport_size({"width": width, "height": 900})
    # When nothing is chosen, nothing is published
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was published yet")
    looks_right(page)
    page.get_by_label("Material").check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published.")).to_be_visible()
    work()
    # Then the board has both, and no letter has gone out
    page.get_by_role("link", name="Who is asked again").click()
    looks_right(page, "Asking again after a change")
    page.get_by_role("link", name="Version 2").click()
    looks_right(page, "0 of 2 clients have answered")
    # When Ben is paused and the letters are sent
    page.get_by_role("button", name=re.compile("Pause letters.*B-2")).click()
    expect(page.get_by_text("Paused. This client gets no letter")).to_be_visible()
    page.get_by_role("link", name="Send the letters").click()
    looks_right(page, "Send 1 letter")
    page.get_by_role("button", name="Send them now").click()
    work()
    page.reload()
    expect(page.get_by_text("1 · paused")).to_be_visible()
    looks_right(page, "0 of 2 clients have answered")
    # Then Ana's link opens on what changed
    link = Link.objects.get(signer__acknowledgement__campaign__isnull=False)
    reader = door.open(width=360)
    reader.goto(f"/c/{tokens.link_token(link.uid)}/")
    reader.get_by_role("button").first.click()
    expect(reader.locator("main")).to_contain_text(re.compile("Ways to reach me|changed", re.IGNORECASE))
    # And once she has agreed, the board says so
    her = queries.signers(link.signer.acknowledgement)[0]
    answering.record_elsewhere(
        signer=her, actor=owner, at=timezone.now(), method=Method.VERBAL, on=timezone.localdate()
    )
    page.reload()
    looks_right(page, "1 of 2 clients have answered")
    # And the letters can be stopped
    page.get_by_role("link", name="Stop the letters for this version").click()
    looks_right(page, "Stop the letters for this version?")
    page.get_by_role("button", name="Stop the letters").click()
    expect(page.get_by_text("Stopped on")).to_be_visible()
    assert Campaign.objects.get(paper__number=2).ended_at is not None


@pytest.mark.promise("D3")
@pytest.mark.parametrize("width", [360, 1280])
def test_a_board_asks_and_gets_a_pack_that_holds_on_its_own_machine(
    door: Door, owner: Membership, signed: Acknowledgement, tmp_path: Path, settings: Any, width: int
) -> None:
    door.axe_runs = True
    settings.DATA = tmp_path / "data"
    page = door.open(owner, width=width)
    page.goto("/acknowledgements/evidence/")
    looks_right(page, "Evidence for a board")
    # When a pack is asked for, the password comes first
    page.get_by_role("link", name="Make an evidence pack").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    looks_right(page, "Make an evidence pack")
    page.get_by_label("One client").check()
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("alert")).to_contain_text("No client has this practice id")
    looks_right(page)
    page.get_by_label("Practice id of the client").fill("a-1")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("The pack is being made.")).to_be_visible()
    looks_right(page)
    work()
    page.reload()
    looks_right(page, "Evidence pack: One client · A-1")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the pack").click()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    assert file.name == "evidence-client-A-1.zip"
    # Then it holds on another machine, with the network off
    found = subprocess.run(
        [sys.executable, "-I", "-c", ALONE, str(file)], cwd=tmp_path, env={"PATH": "/nowhere", "LANG": "C.UTF-8"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    # And the trail says who took it, and holds
    page.goto("/acknowledgements/trail/")
    expect(page.get_by_text("Evidence pack taken out").first).to_be_visible()
    page.get_by_label("Practice id").fill("A-1")
    page.get_by_role("button", name="Show these").click()
    expect(page.locator(".events").get_by_text("Sealed").first).to_be_visible()
    page.get_by_role("button", name="Check the trail now").click()
    work()
    page.reload()
    expect(page.get_by_text("events hold, from the first to the last")).to_be_visible()
    looks_right(page, "Who did what and when")
    # And the register and the preferences look as they should
    page.goto("/acknowledgements/evidence/register/")
    looks_right(page, "Take the register of acknowledgments along")
    page.goto(f"/acknowledgements/evidence/bundle/{signed.uid}/")
    looks_right(page, f"The record {signed.reference} for another system")
    page.goto("/acknowledgements/preferences/")
    looks_right(page, "How you ask and keep")
    page.get_by_label("Years that proof is kept").fill("5")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("so 5 is too few")
    looks_right(page)
    page.goto("/acknowledgements/preferences/key/")
    looks_right(page, "Bring your own key")
