"""From nothing to a finished draft: by keyboard, with a preview, and nothing lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from doorframe.apps.members.models import Membership
from doorframe.apps.policies.models import Version
from tests.journeys.conftest import COMPLETE, Door, begin, fits

MOST_SCREENS = 25
MOST_TABS = 120


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press Tab until the focus is on what the selector names."""
    for _ in range(MOST_TABS):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    pytest.fail(f"Tab never reaches {selector} on {page.url}")


def type_into(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def press_continue(page: Page) -> None:
    tab_to(page, ".row button[name=continue]")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def pick_first(name: str) -> Callable[[Page], None]:
    def pick(page: Page) -> None:
        tab_to(page, f"[name={name}]")
        if not page.locator(f"[name={name}]").first.is_checked():
            page.keyboard.press("Space")

    return pick


def profession(page: Page) -> None:
    tab_to(page, "[name=profession]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[name=profession]").first).to_be_checked()
    tab_to(page, "[name=region]")
    page.keyboard.type("Oregon")


def practice(page: Page) -> None:
    type_into(page, "#id_practice_name", "Harbour Lane Therapy")
    type_into(page, "#id_therapist_name", "Dr Imani Cole")


def licence(page: Page) -> None:
    type_into(page, "#id_board_name", "Oregon Board of Psychology")
    type_into(page, "#id_board_contact", "oregon.gov/psychology")


def contact(page: Page) -> None:
    type_into(page, "#id_phone", "(503) 555-0142")
    type_into(page, "#id_email", "office@harbour-lane.example")


# What a person does on a screen besides going on; elsewhere the usual answer stands.
BY_HAND: dict[str, Callable[[Page], None]] = {
    "country": pick_first("country"), "profession": profession, "practice": practice, "licence": licence,
    "clients": pick_first("clients"), "contact": contact,
}  # fmt: skip


@pytest.mark.promise("A1")
@pytest.mark.promise("L7")
def test_the_whole_interview_by_keyboard_on_a_phone(door: Door, owner: Membership, axe: Any) -> None:
    # Given somebody who has no policy yet, and no mouse
    page = door.open(owner, width=360)
    page.goto("/policy/")
    axe(page)
    tab_to(page, "main form button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # When every question is answered, or left at its usual answer
    seen: list[str] = []
    share = 0.0
    while "/q/" in page.url:
        screen = page.url.rstrip("/").rpartition("/")[2]
        assert screen not in seen, f"{screen} comes back"
        seen.append(screen)
        assert len(seen) <= MOST_SCREENS, seen
        # Then each screen has one heading, help, a way back, and fits the phone
        assert page.locator("h1").count() == 1
        assert page.locator("summary", has_text="Why we ask").count() == 1
        assert page.locator("a", has_text="Back").count() == 1
        assert fits(page), screen
        bar = page.locator("progress")
        now = float(bar.get_attribute("value") or 0) / float(bar.get_attribute("max") or 1)
        assert now >= share, f"the bar goes back on {screen}"
        share = now
        axe(page)
        BY_HAND.get(screen, lambda page: None)(page)
        if screen == "friending":
            with page.expect_response("**/save/"):
                pick_next(page, "friending")
        press_continue(page)
        if screen in seen and page.url.rstrip("/").endswith(f"/{screen}"):
            expect(page.get_by_text("brings up one more question")).to_be_visible()
            press_continue(page)
    # And the last one leads to the check, where nothing is left to settle
    expect(page).to_have_url(re.compile(r"/check/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    axe(page)
    version = Version.objects.get()
    assert len(seen) >= 15 and set(seen) <= set(version.done)
    kept = {key: version.answers[key] for key in ("country", "region", "practice_name", "therapist_name", "phone")}
    assert kept == {key: COMPLETE[key] for key in kept}
    assert version.answers["friending"] == "decline-current"
    # And Back leads to the screen before
    page.goto(f"/policy/{version.uid}/q/{seen[3]}/")
    tab_to(page, "form .row a.button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(f"/q/{seen[2]}/")


def pick_next(page: Page, name: str) -> None:
    tab_to(page, f"[name={name}]")
    page.keyboard.press("ArrowDown")


@pytest.mark.promise("A7")
def test_closed_in_the_middle_and_gone_on_with_elsewhere(door: Door, owner: Membership, axe: Any) -> None:
    # Given a draft whose first two questions are answered
    version = begin(owner, practice_name="", therapist_name="")
    Version.objects.update(done=["country", "profession"])
    page = door.open(owner, width=360)
    page.goto(f"/policy/{version.uid}/go-on/")
    assert page.url.endswith("/q/practice/")
    # When a name is being typed and the browser is gone
    page.locator("#id_practice_name").press_sequentially("Harbour Lane “Ther", delay=5)
    expect(page.locator("#saved")).to_have_text("Saved a moment ago")
    page.context.close()
    door.contexts.remove(page.context)
    # Then another browser goes on at the same screen with what was typed
    other = door.open(owner)
    other.goto("/")
    axe(other)
    other.get_by_role("link", name="Go on").first.click()
    expect(other).to_have_url(re.compile(r"/q/practice/$"))
    expect(other.locator("#id_practice_name")).to_have_value("Harbour Lane “Ther")
    # And the list knows it by title and progress
    other.goto("/policy/")
    expect(other.locator(".due")).to_contain_text("2 of ")
    expect(other.locator(".due b")).to_have_text(version.title)


@pytest.mark.promise("A7")
def test_two_tabs_at_once_and_nothing_is_lost_in_silence(
    door: Door, draft: Version, owner: Membership, axe: Any
) -> None:
    # Given the same screen in two tabs
    first = door.open(owner)
    second = first.context.new_page()
    for page in (first, second):
        page.goto(f"/policy/{draft.uid}/q/contact/")
    # When the first tab changes the telephone and then the second one does
    first.locator("#id_phone").fill("(503) 555-0001")
    expect(first.locator("#saved")).to_have_text("Saved a moment ago")
    with second.expect_response("**/save/"):
        second.locator("#id_phone").fill("(503) 555-0002")
    # Then the second is told, and the first one's number stands
    expect(second.locator("#saved")).to_contain_text("changed in another window")
    draft.refresh_from_db()
    assert draft.answers["phone"] == "(503) 555-0001"
    # And Continue shows both, and keeps what was typed
    second.get_by_role("button", name="Continue").click()
    expect(second.get_by_role("alert")).to_contain_text("(503) 555-0001")
    expect(second.locator("#id_phone")).to_have_value("(503) 555-0002")
    axe(second)
    draft.refresh_from_db()
    assert draft.answers["phone"] == "(503) 555-0001"
    # When the person decides for the second
    second.get_by_role("button", name="Continue").click()
    expect(second).not_to_have_url(re.compile(r"/q/contact/$"))
    draft.refresh_from_db()
    assert draft.answers["phone"] == "(503) 555-0002"
    # And different answers of one screen do not stand in each other's way
    for page in (first, second):
        page.goto(f"/policy/{draft.uid}/q/contact/")
    first.locator("#id_website").fill("https://lane.example")
    expect(first.locator("#saved")).to_have_text("Saved a moment ago")
    with second.expect_response("**/save/"):
        second.locator("#id_office_hours").fill("Monday to Thursday")
    expect(second.locator("#saved")).to_contain_text("changed in another window")


def sentences(page: Page, of: str = "#beside") -> list[str]:
    text = page.locator(of).inner_text()
    return [part.strip() for part in re.split(r"(?<=[.?])\s+|\n+", text) if part.strip()]


def by_section(page: Page, version: Version) -> dict[str, str]:
    page.goto(f"/policy/{version.uid}/text/")
    words = "[...node.querySelectorAll('p[id], ul[id]')].map(part => part.innerText).join(' ')"
    script = f"nodes => nodes.map(node => [node.id, {words}])"
    return dict(page.locator("article section section").evaluate_all(script))


@pytest.mark.promise("A5")
def test_the_policy_grows_beside_the_question(door: Door, draft: Version, owner: Membership, axe: Any) -> None:
    # Given the question about friend requests with the policy beside it
    page = door.open(owner)
    before = by_section(page, draft)
    page.goto(f"/policy/{draft.uid}/q/friending/")
    page.evaluate("window.stayed = true")
    old = sentences(page)
    assert any("friend" in sentence.lower() for sentence in old)
    # When another option is chosen
    with page.expect_response("**/save/"):
        page.locator("#id_friending_case-by-case").check()
    expect(page.locator("#saved")).to_have_text("Saved a moment ago")
    # Then the words change at once, marked, without a new page
    fresh = [sentence for sentence in sentences(page) if sentence not in old]
    assert fresh
    marked = " ".join(page.locator("#beside mark").all_inner_texts())
    for sentence in fresh:
        assert sentence.split("\n")[0][:60] in marked, (sentence, marked)
    assert page.evaluate("window.stayed") is True
    axe(page)
    # And only that part of the policy is another
    after = by_section(page, draft)
    assert {id for id in before if before[id] != after.get(id)} | (set(after) - set(before)) == {"friending"}
    # And each paragraph says which answer and which clause it comes from
    where = page.locator("section#friending details.where")
    assert where.count() >= 1
    where.first.locator("summary").click()
    expect(where.first).to_contain_text("Friend requests")
    texts = " ".join(page.locator("section#friending details.where").all_text_contents())
    assert "3.05" in texts or "APA" in texts
    axe(page)


@pytest.mark.promise("A5")
def test_the_policy_grows_without_scripts_too(door: Door, draft: Version, owner: Membership) -> None:
    # Given a browser that runs no scripts
    page = door.open(owner, width=360, java_script_enabled=False)
    page.goto(f"/policy/{draft.uid}/q/friending/")
    old = sentences(page)
    # When another option is chosen and kept
    page.locator("#id_friending_case-by-case").check()
    page.get_by_role("button", name="Continue").click()
    assert not page.url.endswith("/q/friending/")
    # Then the preview shows its words, marked
    page.goto(f"/policy/{draft.uid}/q/friending/")
    assert page.locator("#id_friending_case-by-case").is_checked()
    assert sentences(page) != old
    assert page.locator("#beside mark").count() >= 1


@pytest.mark.promise("A6")
def test_a_contradiction_is_named_and_mended_from_its_link(door: Door, owner: Membership, axe: Any) -> None:
    # Given a practice that says “no Instagram” and has an Instagram account
    account = {"platform": "instagram", "handle": "@lane", "kind": "professional", "purpose": "art"}
    version = begin(owner, platforms_not_used=["instagram"], accounts=[account])
    page = door.open(owner, width=360)
    page.goto(f"/policy/{version.uid}/check/")
    # Then the check names it
    note = page.locator(".note.stop").first
    expect(note).to_contain_text("Instagram")
    expect(page.get_by_role("heading", level=1)).to_contain_text("to settle before you publish")
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    axe(page)
    # When its link is followed and the answer mended
    note.get_by_role("link", name="Mend:").first.click()
    expect(page.locator("#beside .note")).to_contain_text("Instagram")
    page.locator("#id_platforms_not_used_instagram").uncheck()
    page.get_by_role("button", name="Keep and return to the check").click()
    # Then nothing is left to settle
    expect(page).to_have_url(re.compile(r"/check/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.get_by_role("button", name="Publish")).to_be_visible()


@pytest.mark.promise("A6")
def test_on_a_phone_the_line_beside_continue_leads_to_what_does_not_fit(
    door: Door, owner: Membership, axe: Any
) -> None:
    # Given a question on a phone, with nothing to settle yet
    account = {"platform": "instagram", "handle": "@lane", "kind": "professional", "purpose": "art"}
    version = begin(owner, accounts=[account])
    page = door.open(owner, width=360)
    page.goto(f"/policy/{version.uid}/q/accounts/")
    line = page.locator("#settle-line")
    expect(line).to_have_attribute("role", "status")
    expect(line).to_have_text("")
    page.locator("summary", has_text="Fine-tune this answer").click()
    # When an answer goes against another
    with page.expect_response("**/save/"):
        page.locator("#id_platforms_not_used_instagram").check()
    # Then it is said where the hand is, and the link leads to the reason
    link = line.get_by_role("link", name=re.compile("another look"))
    expect(link).to_be_visible()
    near = page.evaluate(
        "document.querySelector('form .row:has(button[name=continue])').getBoundingClientRect().top"
        " - document.querySelector('#settle-line').getBoundingClientRect().bottom"
    )
    assert 0 <= near < 40
    axe(page)
    assert fits(page)
    link.click()
    expect(page.locator("#settle")).to_be_focused()
    expect(page.locator("#settle")).to_contain_text("Instagram")
    # And it goes once the answer is mended
    with page.expect_response("**/save/"):
        page.locator("#id_platforms_not_used_instagram").uncheck()
    expect(line).to_have_text("")


def test_a_missing_choice_keeps_its_arrow_and_the_summary_its_names(door: Door, owner: Membership, axe: Any) -> None:
    # Given a page on which two names are missing
    version = begin(owner, practice_name="", therapist_name="")
    page = door.open(owner, width=360)
    page.goto(f"/policy/{version.uid}/q/practice/")
    page.get_by_role("button", name="Continue").click()
    # Then each line of the summary names its field
    lines = page.locator(".error-summary a").all_inner_texts()
    assert len(lines) == len(set(lines)) == 2
    assert lines[0].startswith("Name of the practice: ") and "therapist" in lines[1]
    axe(page)
    # And a list to choose from still shows that it is one where its answer is wrong
    page.goto(f"/policy/{version.uid}/q/profession/")
    image = page.locator("#id_region").evaluate(
        "node => { node.closest('.field').classList.add('wrong'); return getComputedStyle(node).backgroundImage }"
    )
    assert "url(" in image


def test_the_menu_closes_with_escape(door: Door, draft: Version, owner: Membership) -> None:
    # Given the menu, opened by keyboard
    page = door.open(owner, width=360)
    page.goto("/")
    summary = page.locator("details.who summary")
    summary.focus()
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Change password")
    expect(link).to_be_visible()
    page.keyboard.press("Tab")
    # When Escape is pressed, it closes, and the focus is where it was
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(summary).to_be_focused()
    # And a press beside it closes it too
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    page.mouse.click(10, 890)
    expect(link).to_be_hidden()
