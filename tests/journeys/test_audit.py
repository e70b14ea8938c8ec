"""An old policy is brought, looked through on a phone, and becomes the start of a new one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from doorframe.apps.members.models import Membership
from doorframe.apps.policies.models import Version
from tests.apps.policies.brought import POLICY, STAFF, as_docx, scan, use_own_rules
from tests.journeys.conftest import Door, fits, looks_right
from tests.journeys.test_interview import BY_HAND, MOST_SCREENS

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(scope="module")
def rules_folder(tmp_path_factory: Any) -> Any:
    return tmp_path_factory.mktemp("rules")


@pytest.fixture(autouse=True)
def own_rules(monkeypatch: Any, rules_folder: Any) -> None:
    use_own_rules(monkeypatch, rules_folder)


def look(door: Door, page: Page, heading: str) -> None:
    """Whether the page looks right; back to the phone after that."""
    door.axe_runs = True  # it tries styles that are refused, and Chromium says so
    looks_right(page, heading)
    page.evaluate("1")
    door.axe_runs = False
    page.set_viewport_size({"width": 360, "height": 900})


def bring(page: Page, name: str, media_type: str, data: bytes) -> None:
    page.goto("/policy/audit/")
    page.get_by_label("The file").set_input_files({"name": name, "mimeType": media_type, "buffer": data})
    page.get_by_role("button", name="See what it lacks").click()


@pytest.mark.promise("A9")
def test_an_old_word_file_becomes_a_policy_in_force(door: Door, owner: Membership) -> None:
    # Given somebody with an old policy and a phone, who finds the audit where there is no policy yet
    page = door.open(owner, width=360)
    page.goto("/policy/")
    page.get_by_role("link", name="Already have a policy? See what it lacks").click()
    look(door, page, "What does your policy lack?")
    # When it is sent
    bring(page, "policy 2014.docx", WORD, as_docx(POLICY))
    # Then the report says what it lacks, and looks right on every screen
    look(door, page, "1 of 3 topics are settled")
    page.locator(".jump").get_by_role("link", name="Missing: 1").click()
    expect(page.get_by_role("heading", name="Missing 1")).to_be_in_viewport()
    page.locator("summary", has_text="Location").click()
    expect(page.get_by_text("Say that a phone tells where it is.")).to_be_visible()
    assert fits(page)
    # And a finding leads to its place in the text, and back again
    finding = page.locator("#finding-1")
    finding.get_by_role("link", name="See it in the text: Forbids clients to speak").click()
    mark = page.locator(".place:target + mark")
    expect(mark).to_have_text("You may not post reviews of this practice.")
    expect(mark).to_be_in_viewport()
    page.get_by_role("link", name="Finding 1: Forbids clients to speak").click()
    expect(finding).to_be_in_viewport()
    # And it can be taken along
    for kind in ("PDF", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Download as {kind}").click()
        assert download.value.suggested_filename == f"policy-audit.{kind.lower()}"
    # When the interview starts from it, what was found is chosen already
    page.get_by_role("button", name="Start my policy with what was found").click()
    expect(page.get_by_text("One answer comes from your old policy.")).to_be_visible()
    seen = answer_every_screen(page)
    assert "friending" in seen and Version.objects.get().answers["friending"] == "decline"
    # Then nothing is left to settle, and the mended policy goes out
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Version 1 is in force")
    version = Version.objects.get()
    assert version.state == "published" and "Buzz" not in str(version.answers) + version.public_page


def answer_every_screen(page: Page) -> list[str]:
    """Go on from screen to screen until the check; the names of the screens."""
    seen: list[str] = []
    while "/q/" in page.url:
        screen = page.url.rstrip("/").rpartition("/")[2]
        seen.append(screen)
        assert len(seen) <= 2 * MOST_SCREENS, seen
        if screen == "friending":
            expect(page.locator("[name=friending][value=decline]")).to_be_checked()
        if screen not in seen[:-1]:
            BY_HAND.get(screen, lambda page: None)(page)
        with page.expect_navigation():
            page.locator(".row button[name=continue]").click()
    expect(page).to_have_url(re.compile(r"/check/$"))
    return seen


@pytest.mark.promise("A9")
def test_a_scan_is_refused_with_a_sentence(door: Door, owner: Membership) -> None:
    page = door.open(owner, width=360)
    bring(page, "scan.pdf", "application/pdf", scan())
    expect(page.locator(".errors")).to_contain_text("This PDF is a scan")
    expect(page.locator(".error-summary")).to_be_focused()
    look(door, page, "What does your policy lack?")
    assert not Version.objects.exists()


@pytest.mark.promise("A9")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_rules_for_staff_are_pasted_and_judged_as_such(door: Door, owner: Membership, scripts: bool) -> None:
    page = door.open(owner, width=360, java_script_enabled=scripts)
    page.goto("/policy/audit/")
    page.get_by_label("Or paste its words").fill(STAFF)
    page.get_by_role("button", name="See what it lacks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 3 topics are settled")
    expect(page.get_by_text("Read as rules for staff, and judged as such")).to_be_visible()
    page.locator("#topic-friending summary").click()
    page.locator("#topic-friending a", has_text="See it in the text").first.click()
    expect(page.locator(".place:target + mark")).to_be_in_viewport()
    if scripts:
        look(door, page, "1 of 3 topics are settled")


WATCH = """() => {
  const busy = document.getElementById("busy"), button = document.querySelector("form[data-busy] button");
  new MutationObserver(() => sessionStorage.setItem("said", `${busy.textContent} ${button.disabled}`))
    .observe(busy, {childList: true});
}"""
"""Remembers what the page says while it is being left, when no test can ask it any more."""


def test_it_says_that_it_is_at_work(door: Door, owner: Membership) -> None:
    page = door.open(owner)
    page.goto("/policy/audit/")
    page.evaluate(WATCH)
    page.get_by_label("Or paste its words").fill(POLICY)
    page.get_by_role("button", name="See what it lacks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 3 topics are settled")
    said = page.evaluate("sessionStorage.getItem('said')")
    assert said == "Reading it now. A long policy takes some seconds. true"
    # And whoever comes back finds the form ready, with the words in their place
    page.go_back()
    expect(page.get_by_role("button", name="See what it lacks")).to_be_enabled()
    expect(page.get_by_label("Or paste its words")).to_have_value(POLICY)


@pytest.mark.parametrize("words", ["<script>document.title = 'bad'</script>", '"><img src=x onerror="alert(1)">'])
def test_nothing_in_the_words_is_run(door: Door, owner: Membership, words: str) -> None:
    page, spoke = door.open(owner), []
    page.on("dialog", lambda dialog: (spoke.append(dialog.message), dialog.dismiss()))
    page.goto("/policy/audit/")
    page.get_by_label("Or paste its words").fill(f"I do not accept friend requests {words} from you.\n\n{POLICY}")
    page.get_by_role("button", name="See what it lacks").click()
    expect(page.locator(".brought")).to_contain_text(words)
    assert spoke == [] and "bad" not in page.title() and page.locator("main img").count() == 0
