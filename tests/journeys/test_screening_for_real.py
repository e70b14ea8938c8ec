"""The posts room with the rules, the reader of names and the second reader that a practice gets: nothing stands in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from doorframe.apps.authorisations import queries as permissions
from doorframe.apps.authorisations.actions import answering, writing
from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Status
from doorframe.apps.members.actions import add_member, create_practice
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.posts.models import Decision, Post
from doorframe.apps.posts.states import State
from tests.journeys.conftest import Door
from tests.journeys.test_posts import right

KEPT = "Sleep comes back when you stop chasing it."
TOLD = "On Tuesday a client of mine slept through for the first time in months."
STORY = f"{KEPT} {TOLD} Ten minutes of daylight before noon help."
THANKS = "Thank you for coming in, glad the sessions helped."
NOTICE = (
    "To protect everyone’s privacy, we never say in public who has or has not been seen here. "
    "The same note is posted under every review. Anyone with a question or a concern can call us."
)
STOPPED, ASKED = "Please don’t post this yet", "A person must decide about this"
NOTHING = "Nothing found, which is no guarantee"
SLOW = 60_000
"""Milliseconds. The readers are made ready at the first words."""


@pytest.fixture(autouse=True)
def throttle(transactional_db: None) -> None:
    """Where the tries of a door are counted."""
    call_command("createcachetable", verbosity=0)


@pytest.fixture
def therapist(owner: Membership) -> Membership:
    """Writes posts, and approves none."""
    return add_member(actor=owner, email="kim@a.example", name="Kim Hale", role=Role.CLINICIAN, at=timezone.now())


def write(page: Page, text: str, *, kind: str = "Post", platform: str = "Instagram", permission: str = "") -> None:
    """Fill in a new post, waiting for each answer: one that a newer one overtakes is an error to htmx."""
    page.goto("/posts/new/")
    for label, value in (("What is it?", kind), ("Where would it go?", platform)):
        with page.expect_response("**/posts/check/", timeout=SLOW):
            page.get_by_label(label).select_option(value)
    if permission:
        page.get_by_text("It tells a client’s story, with their permission").click()
        page.get_by_label("Reference of the permission").fill(permission)
    with page.expect_response("**/posts/check/", timeout=SLOW):
        page.get_by_label("Your words").fill(text)


def says(page: Page, headline: str) -> None:
    """Whether this is what screening says."""
    expect(page.locator("#result").get_by_role("heading", name=headline)).to_be_visible(timeout=SLOW)


@pytest.mark.promise("F5")
def test_a_story_is_mended_until_nothing_is_found_and_a_colleague_approves(
    door: Door, owner: Membership, therapist: Membership
) -> None:
    # Given a therapist who writes of a client
    page = door.open(therapist)
    write(page, STORY)
    # When it is read while they type
    says(page, STOPPED)
    expect(page.locator("#result mark.grave", has_text="a client of mine")).to_be_visible()
    # Then it goes nowhere as it is
    page.get_by_role("button", name="Keep and send for approval").click()
    expect(page.get_by_role("status").filter(has_text="must not go out")).to_be_visible()
    # When they climb the ladder
    page.get_by_role("button", name="Leave out when it was").first.click()
    expect(page.get_by_label("Your words")).not_to_have_value(re.compile("Tuesday"))
    page.get_by_role("button", name=re.compile("Leave out the sentence.*client")).click()
    # Then each step was read again, before and after are shown, and nothing is left to find
    says(page, NOTHING)
    expect(page.get_by_label("Your words")).to_have_value(re.compile(f"^{KEPT}"))
    expect(page.get_by_label("Your words")).not_to_have_value(re.compile("client"))
    steps = page.locator(".walk > li")
    expect(steps).to_have_count(2)
    expect(steps.last).to_contain_text("A client of mine slept")  # whole English, with the day left out
    right(door, page, "Change your post")
    # And it waits for a second person: the one who wrote it cannot let it out
    page.get_by_role("button", name="Keep and send for approval").click()
    expect(page.get_by_role("status").filter(has_text="Sent for approval")).to_be_visible()
    post = Post.objects.get()
    refused = page.goto(f"/posts/{post.uid}/approve/")
    assert refused is not None and refused.status == 403
    # When a colleague reads and approves it
    boss = door.open(owner)
    boss.goto(f"/posts/{post.uid}/approve/")
    right(door, boss, "May this go out?")
    boss.get_by_role("button", name="Approve these words").click()
    expect(boss.get_by_role("status").filter(has_text="Approved.")).to_be_visible()
    post.refresh_from_db()
    assert post.state == State.APPROVED and "client" not in post.text
    assert [one.outcome for one in Decision.objects.filter(post=post, what="approve")] == ["nothing-found"]


@pytest.mark.promise("F2")
@pytest.mark.parametrize(("country", "language"), [("US", "en-US"), ("GB", "en-GB"), ("AU", "en-GB")])
def test_a_reply_that_confirms_a_client_is_stopped_and_the_neutral_one_passes(
    door: Door, transactional_db: None, country: str, language: str
) -> None:
    # Given a practice in this country, and a kind review
    member = create_practice(
        name="Mill Road", owner_email="ana@b.example", owner_name="Ana Reyes", password=None, at=timezone.now(),
        country=country, language=language,
    )  # fmt: skip
    page = door.open(member)
    # When they thank for it
    write(page, THANKS, kind="Reply to a review or a message", platform="google-business")
    # Then they are told why that confirms somebody as a client
    says(page, STOPPED)
    marks = page.locator("#result mark.grave")
    expect(marks.first).to_be_visible()
    expect(page.locator("#result")).to_contain_text("confirms, or denies, that somebody is a client")
    right(door, page)
    # When the one neutral reply is taken instead
    page.get_by_role("button", name="Use the one neutral reply").click()
    says(page, NOTHING)
    expect(page.get_by_label("Your words")).not_to_have_value(re.compile("sessions|coming in"))
    # And the notice of the practice's own policy passes too
    page.get_by_label("Your words").fill(NOTICE)
    expect(page.locator("#said")).to_have_text(f"{NOTHING}.")
    page.get_by_role("button", name="Keep the changes").click()
    says(page, NOTHING)
    assert Post.objects.get().outcome == "nothing-found" and Post.objects.get().text == NOTICE


def permission(owner: Membership) -> str:
    """The reference of one that a former client signed on paper, for Instagram."""
    now = timezone.now()
    client = clients.add_client(
        actor=owner, at=now, values={"code": "P4D-9WH", "status": Status.FORMER}, people=[{"name": "Kit Sample"}]
    )
    item = writing.begin(actor=owner, at=now, clients=[client])
    values = {
        "scope": "That somebody slept through again.", "purpose": "to show that sleep can come back",
        "platforms": ["instagram"], "elsewhere": "", "first_on": now.date(), "last_on": now.date() + timedelta(days=99),
    }  # fmt: skip
    item = writing.write(item=item, actor=owner, at=now, values=values)
    item = writing.prepare(item=item, actor=owner, at=now)
    answers = {str(one.uid): True for one in permissions.people(item)}
    item = answering.record_paper(
        item=item, actor=owner, at=now, on=now.date(), kept_where="Green folder", answers=answers, rights={}
    )
    return item.reference


@pytest.mark.promise("F6")
def test_a_story_with_a_permission_is_for_a_person_to_decide_and_names_it(
    door: Door, owner: Membership, therapist: Membership
) -> None:
    # Given a permission that a client signed
    reference = permission(owner)
    page = door.open(therapist)
    # When the story is told without it, it is stopped; and so it is with one that does not hold for the place
    write(page, TOLD)
    says(page, STOPPED)
    write(page, TOLD, platform="LinkedIn", permission=reference)
    says(page, STOPPED)
    expect(page.get_by_role("heading", name="This permission is not in force")).to_be_visible()
    # When it names the permission where it holds
    write(page, TOLD, permission=reference)
    says(page, ASKED)
    page.get_by_role("button", name="Keep and send for approval").click()
    expect(page.get_by_role("status").filter(has_text="Sent for approval")).to_be_visible()
    post = Post.objects.get()
    # Then a person decides, who sees which one it is, and says why
    boss = door.open(owner)
    boss.goto(f"/posts/{post.uid}/approve/")
    expect(boss.get_by_text(f"names the permission {reference}")).to_be_visible()
    right(door, boss, "May this go out?")
    boss.get_by_label("Why it may go out").fill("The permission covers it, and I read both.")
    boss.get_by_role("button", name="Approve these words").click()
    expect(boss.get_by_role("status").filter(has_text="Approved.")).to_be_visible()
    # And the log keeps under which permission
    kept = Decision.objects.get(post=post, what="approve")
    assert (kept.outcome, kept.permission) == ("ask", reference)
