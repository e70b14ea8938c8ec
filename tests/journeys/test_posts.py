"""The posts room in a real browser: screened while it is typed, mended by the ladder, approved by somebody else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.posts.models import Post
from doorframe.apps.posts.states import State
from tests.apps.posts import fake
from tests.apps.posts.fake import LOOK, PLAIN, STORY, TIME, Fake
from tests.journeys.conftest import Door, looks_right


@pytest.fixture(autouse=True)
def screener(monkeypatch: pytest.MonkeyPatch) -> Fake:
    """A screener of fixed words: these journeys are about the room."""
    return fake.use(monkeypatch)


def right(door: Door, page: Page, heading: str = "") -> None:
    """As `looks_right`, whose axe tries styles that the browser refuses and says so."""
    door.axe_runs = True
    looks_right(page, heading)
    page.evaluate("1")  # whatever axe made the browser say has arrived by now
    door.axe_runs = False


@pytest.fixture
def staff(owner: Membership) -> Membership:
    """Writes posts at the front desk, and approves none."""
    call_command("createcachetable", verbosity=0)
    return add_member(actor=owner, email="ash@a.example", name="Ash Weir", role=Role.FRONT_DESK, at=timezone.now())


@pytest.mark.promise("F10")
def test_a_post_is_screened_while_it_is_typed(door: Door, staff: Membership) -> None:
    # Given somebody who has written nothing yet
    page = door.open(staff)
    page.goto("/posts/")
    right(door, page, "Posts")
    page.get_by_role("link", name="Write the first post").click()
    right(door, page, "What would you like to post?")
    # When they type, and stop for a moment
    words = page.get_by_label("Your words")
    words.press_sequentially(STORY)
    # Then what is found stands beside it, in words that a screen reader says too, and nothing is kept
    expect(page.locator("#result mark")).to_have_count(2)
    expect(page.locator("#said")).to_have_text("Please don’t post this yet. 2 notes.")
    expect(words).to_be_focused()
    right(door, page)
    page.locator("#result").get_by_text("How this was estimated").click()
    expect(page.get_by_text(fake.ASSUMPTION)).to_be_visible()
    assert not Post.objects.exists()
    # And no word of it stood in an address
    sent = [url for url in door.asked if "posts" in url]
    assert not [url for url in sent if "Lisbon" in url or "?text" in url]
    # When the words become harmless
    words.fill(PLAIN)
    expect(page.locator("#said")).to_have_text("Nothing found, which is no guarantee.")
    right(door, page)


@pytest.mark.promise("F5")
def test_a_story_is_mended_step_by_step(door: Door, staff: Membership) -> None:
    # Given a story that must not go out
    page = door.open(staff, width=360)
    page.goto("/posts/new/")
    page.get_by_label("Your words").fill(STORY)
    expect(page.get_by_role("heading", name="Please don’t post this yet")).to_be_visible()
    # When it is sent on as it is
    page.get_by_role("button", name="Keep and send for approval").click()
    # Then it is kept, and stopped
    expect(page.get_by_role("status").filter(has_text="must not go out")).to_be_visible()
    assert Post.objects.get().state == State.DRAFT
    # When the ladder is climbed
    page.get_by_role("button", name="Make it about people in general").click()
    expect(page.get_by_role("heading", name="A person must decide about this")).to_be_visible()
    right(door, page, "Change your post")
    page.get_by_role("button", name="Leave out the time").click()
    expect(page.get_by_role("heading", name="Nothing found, which is no guarantee")).to_be_visible()
    # Then each step shows before and after, and the last can be undone
    steps = page.locator(".walk > li")
    expect(steps).to_have_count(2)
    expect(steps.nth(1)).to_contain_text("Before: A person must decide about this")
    page.get_by_role("button", name="Undo the last step").click()
    expect(page.get_by_label("Your words")).to_have_value(re.compile(TIME))
    page.get_by_role("button", name="Leave out the time").click()
    right(door, page, "Change your post")
    # And it can be sent on
    page.get_by_role("button", name="Keep and send for approval").click()
    expect(page.get_by_role("status").filter(has_text="Sent for approval")).to_be_visible()
    right(door, page, "Post")
    assert Post.objects.get().state == State.WAITING


@pytest.mark.promise("F9")
def test_somebody_else_approves_and_the_log_keeps_it(door: Door, owner: Membership, staff: Membership) -> None:
    # Given a post about which a person must decide
    writer = door.open(staff)
    writer.goto("/posts/new/")
    writer.get_by_label("Your words").fill(LOOK)
    writer.get_by_label("Planned for").fill(timezone.localdate().isoformat())
    writer.get_by_role("button", name="Keep and send for approval").click()
    expect(writer.get_by_role("status").filter(has_text="Sent for approval")).to_be_visible()
    # When the owner comes to it from Today, and says nothing
    boss = door.open(owner)
    boss.goto("/")
    boss.get_by_role("link", name="Read it").click()
    right(door, boss, "May this go out?")
    boss.get_by_role("button", name="Approve these words").click()
    expect(boss.get_by_role("alert")).to_be_visible()
    right(door, boss, "May this go out?")
    # Then a reason is asked for, and kept
    boss.get_by_label("Why it may go out").fill("It was in the paper.")
    boss.get_by_role("button", name="Approve these words").click()
    expect(boss.get_by_role("status").filter(has_text="Approved.")).to_be_visible()
    right(door, boss, "Post")
    # And whoever wrote it posts it by hand and notes the day
    writer.goto("/posts/calendar/")
    right(door, writer)
    writer.locator(".weeks .now").get_by_role("link", name="Post").focus()
    writer.keyboard.press("Enter")
    writer.get_by_role("link", name="Mark as posted").click()
    right(door, writer, "When was it posted?")
    writer.get_by_role("button", name="Note the day").click()
    expect(writer.get_by_role("status").filter(has_text="Noted.")).to_be_visible()
    # And the log has it all
    boss.goto("/posts/log/")
    expect(boss.locator("tbody tr")).to_have_count(3)
    right(door, boss, "What was decided")
    boss.get_by_role("textbox", name="Find").fill(LOOK)
    boss.get_by_role("button", name="Find").click()
    expect(boss.locator("tbody tr")).to_have_count(3)
    boss.get_by_role("textbox", name="Find").fill("nobody")
    boss.get_by_role("button", name="Find").click()
    expect(boss.get_by_role("heading", name="Nothing here fits")).to_be_visible()
    right(door, boss, "What was decided")


def test_a_post_comes_back_and_is_changed(door: Door, owner: Membership, staff: Membership) -> None:
    # Given a post that waits, and another window in which it is open
    writer, boss = door.open(staff), door.open(owner)
    writer.goto("/posts/new/")
    writer.get_by_label("Your words").fill(PLAIN)
    writer.get_by_role("button", name="Keep and send for approval").click()
    expect(writer.get_by_role("status").filter(has_text="Sent for approval")).to_be_visible()
    uid = Post.objects.get().uid
    other = door.open(staff)
    other.goto(f"/posts/{uid}/change/")
    # When it is sent back with a note
    boss.goto(f"/posts/{uid}/approve/")
    boss.get_by_label("What should be different").fill("Say how long.")
    boss.get_by_role("button", name="Send it back").click()
    expect(boss.get_by_role("status").filter(has_text="Sent back")).to_be_visible()
    # Then its author finds it on Today
    writer.goto("/")
    writer.get_by_role("link", name="Change it").click()
    expect(writer.get_by_text("Say how long.")).to_be_visible()
    right(door, writer, "Change your post")
    # And the other window overwrites nothing
    other.get_by_label("Your words").fill("Something else.")
    other.get_by_role("button", name="Keep the changes").click()
    expect(other.get_by_role("heading", name="Somebody was quicker")).to_be_visible()
    expect(other.get_by_label("Your words")).to_have_value("Something else.")
    right(door, other, "Change your post")
    assert Post.objects.get().text == PLAIN


@pytest.mark.promise("F10")
def test_it_works_without_a_script(door: Door, owner: Membership) -> None:
    call_command("createcachetable", verbosity=0)
    page = door.open(owner, java_script_enabled=False)
    page.goto("/posts/new/")
    page.get_by_label("Your words").fill(STORY)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="Please don’t post this yet")).to_be_visible()
    expect(page.get_by_label("Your words")).to_have_value(STORY)
    assert not Post.objects.exists()
    page.get_by_role("button", name="Make it about people in general").click()
    expect(page.get_by_role("heading", name="Steps taken")).to_be_visible()


@pytest.mark.promise("F10")
def test_a_phone_hands_words_over(door: Door, owner: Membership) -> None:
    # Given the page as an app of the phone, which hands over words
    call_command("createcachetable", verbosity=0)
    page = door.open(owner, width=360)
    page.goto("/posts/")
    manifest: Any = page.request.get(page.locator("link[rel=manifest]").get_attribute("href") or "").json()
    target = manifest["share_target"]["action"]

    def hand_over(route: Route) -> None:
        headers = {**route.request.headers, "content-type": "application/x-www-form-urlencoded"}
        route.continue_(method="POST", headers=headers, post_data="title=&text=" + STORY.replace(" ", "+"))

    page.route(f"**{target}", hand_over)
    page.goto(target)
    # Then they stand in the form, and are checked, and nothing is kept
    expect(page.get_by_label("Your words")).to_have_value(STORY)
    expect(page.get_by_role("heading", name="Please don’t post this yet")).to_be_visible()
    right(door, page, "What would you like to post?")
    assert not Post.objects.exists()


def test_our_own_names_are_kept(door: Door, owner: Membership) -> None:
    call_command("createcachetable", verbosity=0)
    page = door.open(owner)
    page.goto("/posts/names/")
    expect(page.get_by_label("One a line")).to_have_value(re.compile("Dr Imani Cole"))
    right(door, page, "Our own names")
    page.get_by_label("One a line").fill("Biscuit\n12 Harbour Lane")
    page.get_by_role("button", name="Keep the list").click()
    expect(page.get_by_role("heading", name="Known elsewhere, and not on this list")).to_be_visible()
    right(door, page, "Our own names")
