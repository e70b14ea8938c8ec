"""The pages: what they do, whom they show what, Today, the client's page, and the device in the room."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pypdf
import pytest
from django.test import Client as Browser
from django.utils import timezone

from doorframe.apps.authorisations import queries, seed, today
from doorframe.apps.authorisations.actions import answering, writing
from doorframe.apps.authorisations.happening import WORDS
from doorframe.apps.authorisations.models import Authorisation, Turn
from doorframe.apps.authorisations.states import State
from doorframe.apps.authorisations.uses import Use
from doorframe.apps.clients import seed as clients_seed
from doorframe.apps.clients.models import Client
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.members.roles import Role
from doorframe.apps.trail.models import Event
from tests.apps.authorisations.conftest import SECRETS, STORY, Make

Browse = Callable[[Membership], Browser]
HERE = "/permissions/"


def page(browser: Browser, path: str, expected: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == expected, (path, answer.status_code)
    return answer.content.decode()


def told_uses(practice: Practice, reference: str) -> Iterable[Use]:
    """What a room that posts would say."""
    yield Use("Instagram, 3 May", f"/posts/{practice.slug}/{reference}/", "Published")


@pytest.fixture
def at() -> datetime:
    """Pages look at the clock."""
    return timezone.now()


@pytest.fixture
def now(at: datetime) -> datetime:
    """What is made for a page is made now."""
    return at


def test_an_empty_room_says_what_will_be_here(browse: Browse, owner: Membership) -> None:
    said = page(browse(owner), HERE)
    assert "Nobody was asked yet" in said and f'href="{HERE}ask/"' in said
    owner.role = Role.FRONT_DESK
    owner.save()
    page(browse(owner), HERE, 403)


@pytest.mark.promise("F6")
def test_from_the_first_page_to_the_last(browse: Browse, owner: Membership, robin: Client) -> None:
    browser = browse(owner)
    answer = browser.post(f"{HERE}ask/", {"codes": "XX-9"})
    assert answer.status_code == 422 and "practice id XX-9" in answer.content.decode()
    answer = browser.post(f"{HERE}ask/", {"codes": " hl-1 ,HL-1"})
    item = Authorisation.objects.get()
    steps = [
        ("people", {"people": [str(robin.people.get().uid)]}), ("story", {"scope": STORY}),
        ("places", {"platforms": ["instagram"], "elsewhere": ""}), ("purpose", {"purpose": "to help"}),
        ("until", {"first_on": timezone.localdate(), "last_on": timezone.localdate() + timedelta(days=30)}),
    ]  # fmt: skip
    for step, values in steps:
        assert answer["Location"] == f"{HERE}{item.uid}/write/{step}/"
        page(browser, answer["Location"])
        empty = browser.post(answer["Location"], {})
        assert empty.status_code == 422 and "There is something to mend" in empty.content.decode(), step
        answer = browser.post(answer["Location"], values)
        assert answer.status_code == 302, (step, answer.content.decode()[-800:])
    assert answer["Location"] == f"{HERE}{item.uid}/check/"
    said = page(browser, answer["Location"])
    assert "Before you ask" not in said and "That small steps helped." in said and "You may say no" in said
    again = browser.post(f"{HERE}{item.uid}/write/purpose/?back", {"purpose": "to give hope"})
    assert again["Location"] == answer["Location"]
    assert browser.post(answer["Location"])["Location"] == f"{HERE}{item.uid}/"
    item.refresh_from_db()
    assert (item.state, item.purpose) == (State.PREPARED, "to give hope")
    for path in ("check/", "write/story/"):
        assert browser.get(f"{HERE}{item.uid}/{path}")["Location"] == f"{HERE}{item.uid}/", "the words are fixed"


@pytest.mark.promise("F6")
def test_what_is_missing_is_named_before_the_words_are_fixed(
    browse: Browse, draft: Make, robin: Client, owner: Membership
) -> None:
    item = draft(robin, scope="", purpose="")
    answer = browse(owner).post(f"{HERE}{item.uid}/check/")
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Write what may be told." in said and "Write what it is for." in said
    item.refresh_from_db()
    assert item.state == State.DRAFT


def test_an_unknown_step_is_nowhere(browse: Browse, draft: Make, robin: Client, owner: Membership) -> None:
    page(browse(owner), f"{HERE}{draft(robin).uid}/write/nonsense/", 404)


@pytest.mark.promise("F6")
def test_a_sheet_that_came_back_is_recorded(browse: Browse, prepared: Make, family: Client, owner: Membership) -> None:
    item = prepared(family)
    browser, (mia, june) = browse(owner), queries.people(item)
    path = f"{HERE}{item.uid}/paper/"
    assert "Mia Hart, Client" in page(browser, path)
    values = {f"answer-{june.uid}": "yes", "on": timezone.localdate(), "kept_where": "Folder 7"}
    for lacking in ({**values, "kept_where": ""}, {**values, f"answer-{june.uid}": ""}, values):
        answer = browser.post(path, lacking)
        assert answer.status_code == 422, "nothing is recorded by halves"
    assert f'href="#id_authority-{june.uid}"' in answer.content.decode(), "the summary leads to the field"
    right = {f"relationship-{june.uid}": "mother", f"authority-{june.uid}": "sole custody"}
    assert browser.post(path, {**values, **right}).status_code == 302
    item.refresh_from_db()
    june.refresh_from_db()
    assert (item.state, june.authority, june.kept_where) == (State.SIGNED, "sole custody", "Folder 7")
    assert "Folder 7" in page(browser, f"{HERE}{item.uid}/")
    assert browser.get(path)["Location"] == f"{HERE}{item.uid}/"
    mia.refresh_from_db()
    assert not mia.answer


def test_the_sheet_is_a_tagged_pdf_with_its_reference(
    browse: Browse, prepared: Make, signed: Make, couple: Client, owner: Membership
) -> None:
    browser = browse(owner)
    for item, words in ((prepared(couple), "Yes, this may be told"), (signed(couple), "signed on paper")):
        answer = browser.post(f"{HERE}{item.uid}/print/")
        assert answer["Content-Type"] == "application/pdf"
        assert item.reference in answer["Content-Disposition"] and "Kit" not in answer["Content-Disposition"]
        reader = pypdf.PdfReader(io.BytesIO(answer.content))
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] and reader.trailer["/Root"]["/Lang"]
        text = " ".join(" ".join(one.extract_text() for one in reader.pages).split())
        assert item.reference in text and "That small steps helped." in text and words in text
    assert Event.objects.filter(name="authorisations.paper.printed").count() == 2


def test_a_draft_is_not_printed(browse: Browse, draft: Make, robin: Client, owner: Membership) -> None:
    item = draft(robin)
    assert browse(owner).post(f"{HERE}{item.uid}/print/")["Location"] == f"{HERE}{item.uid}/"
    assert not Event.objects.filter(name="authorisations.paper.printed").exists()


@pytest.mark.promise("F6")
def test_taking_back_shows_on_today_which_posts_used_it(
    browse: Browse, signed: Make, robin: Client, owner: Membership, colleague: Membership, at: datetime, settings: Any
) -> None:
    settings.DOORFRAME_AUTHORISATION_USES = ["tests.apps.authorisations.test_pages.told_uses"]
    item, browser = signed(robin), browse(owner)
    assert not list(today.items(owner, now=at))
    assert "nobody has to say why" in page(browser, f"{HERE}{item.uid}/take-back/")
    assert browser.post(f"{HERE}{item.uid}/take-back/", {"reason": "small steps"}).status_code == 302
    (line,) = today.items(owner, now=at)
    assert line.title == "A permission was taken back: see which posts used it"
    assert line.link == f"{HERE}{item.uid}/" and item.reference in line.sentence and not line.late
    assert not [word for word in SECRETS if word in line.title + line.sentence]
    assert next(iter(today.items(owner, now=at + timedelta(days=3)))).late
    assert not list(today.items(colleague, now=at)), "a colleague's client is no matter of theirs"
    said = page(browser, line.link)
    assert "Instagram, 3 May" in said and "small steps" in said
    assert browser.post(f"{HERE}{item.uid}/posts-seen/").status_code == 302
    assert not list(today.items(owner, now=at))
    assert browser.post(f"{HERE}{item.uid}/posts-seen/").status_code == 302


def test_today_tells_of_an_end_that_is_near(signed: Make, robin: Client, owner: Membership, at: datetime) -> None:
    item = signed(robin, days=40)
    assert not list(today.items(owner, now=at))
    (line,) = today.items(owner, now=at + timedelta(days=15))
    assert item.reference in line.sentence
    assert not list(today.items(owner, now=at + timedelta(days=41)))


def test_without_a_room_that_posts_nobody_claims_to_know(
    browse: Browse, signed: Make, robin: Client, owner: Membership, settings: Any
) -> None:
    settings.DOORFRAME_AUTHORISATION_USES = []
    assert "No list of posts is kept here." in page(browse(owner), f"{HERE}{signed(robin).uid}/")


@pytest.mark.promise("F6")
def test_a_clients_page_says_what_may_be_told(
    browse: Browse, signed: Make, robin: Client, couple: Client, owner: Membership
) -> None:
    item, browser = signed(robin), browse(owner)
    said = page(browser, f"/clients/{robin.uid}/")
    assert item.reference in said and "In force" in said
    assert "Nothing of this client's story may be told." in page(browser, f"/clients/{couple.uid}/")
    owner.role = Role.FRONT_DESK
    owner.save()
    assert item.reference not in page(browse(owner), f"/clients/{robin.uid}/")


def test_the_lists_and_where_each_one_stands(
    browse: Browse,
    signed: Make,
    prepared: Make,
    draft: Make,
    robin: Client,
    couple: Client,
    owner: Membership,
    at: datetime,
) -> None:
    items = {"Being written": draft(robin), "Waiting for signatures": prepared(robin), "In force": signed(couple)}
    gone = answering.revoke(item=signed(robin), actor=owner, at=at)
    over = signed(robin)
    Authorisation.objects.filter(pk=over.pk).update(
        first_on=at.date() - timedelta(days=9), last_on=at.date() - timedelta(days=2)
    )
    said = page(browse(owner), HERE)
    assert all(label in said and item.reference in said for label, item in items.items())
    assert gone.reference not in said and over.reference not in said
    said = page(browse(owner), f"{HERE}?over=yes&after=nonsense")
    assert gone.reference in said and over.reference in said and items["In force"].reference not in said
    assert not [word for word in SECRETS if word in said], "the list shows no story and no name"


@pytest.mark.promise("L3")
def test_a_colleagues_is_as_if_it_were_nowhere(
    browse: Browse, signed: Make, robin: Client, owner: Membership, colleague: Membership, stranger: Membership
) -> None:
    item = signed(robin)
    for who in (colleague, stranger):
        browser = browse(who)
        assert item.reference not in page(browser, HERE)
        for path in ("", "check/", "paper/", "take-back/", "hand-over/", "write/story/"):
            page(browser, f"{HERE}{item.uid}/{path}", 404)


# In the room ------------------------------------------------------------------------------------------------------


def handed_over(browse: Browse, owner: Membership, item: Authorisation) -> Browser:
    browser = browse(owner)
    assert "You are signed out on this device first" in page(browser, f"{HERE}{item.uid}/hand-over/")
    answer = browser.post(f"{HERE}{item.uid}/hand-over/")
    assert answer["Location"] == "/in-the-room/" and "sessionid" in answer.cookies
    return browser


@pytest.mark.promise("F6")
def test_the_device_opens_one_form_and_no_way_into_the_practice(
    browse: Browse, prepared: Make, couple: Client, robin: Client, owner: Membership
) -> None:
    other = prepared(robin)
    browser = handed_over(browse, owner, prepared(couple))
    for path in ("/", HERE, f"{HERE}{other.uid}/", "/clients/"):
        assert browser.get(path)["Location"].startswith("/me/login/"), path
    assert browser.get("/in-the-room/read/")["Location"] == "/in-the-room/", "somebody says who they are first"
    said = page(browser, "/in-the-room/")
    assert "Kit Sample" in said and "Robin" not in said
    kit = queries.people(Turn.objects.get().authorisation)[0]
    assert browser.post("/in-the-room/", {"signer": kit.uid})["Location"] == "/in-the-room/read/"
    answer = browser.get("/in-the-room/read/")
    said = answer.content.decode()
    assert answer["Cache-Control"] == "no-store" and "That small steps helped." in said
    assert not re.findall(r'href="https?://', said), "no link leads out of the device"
    assert browser.post("/in-the-room/read/", {}).status_code == 422
    strange = browser.post("/in-the-room/", {"signer": queries.people(other)[0].uid})
    assert strange.status_code == 200 and Turn.objects.get().signer_id == kit.pk


@pytest.mark.promise("F6")
def test_a_no_in_the_room(browse: Browse, prepared: Make, robin: Client, owner: Membership) -> None:
    item = prepared(robin)
    browser = handed_over(browse, owner, item)
    browser.post("/in-the-room/", {"signer": queries.people(item)[0].uid})
    said = browser.post("/in-the-room/read/", {"answer": "no"}).content.decode()
    assert "the story stays untold" in said
    item.refresh_from_db()
    assert item.state == State.DECLINED
    assert "nothing left to read" in page(browser, "/in-the-room/")
    assert "Somebody said no" in page(browse(owner), f"{HERE}{item.uid}/")


def test_the_page_closes_by_itself_and_when_it_is_handed_back(
    browse: Browse, prepared: Make, robin: Client, owner: Membership, at: datetime
) -> None:
    item = prepared(robin)
    browser = handed_over(browse, owner, item)
    Turn.objects.update(last_at=at - timedelta(minutes=16))
    answer = browser.get("/in-the-room/read/")
    assert answer.status_code == 410 and "Robin" not in answer.content.decode()
    assert browser.cookies["doorframe_room"].value == ""
    browser = handed_over(browse, owner, item)
    secret = browser.cookies["doorframe_room"].value
    assert browser.post("/in-the-room/done/")["Location"] == "/me/login/"
    thief = Browser()
    thief.cookies["doorframe_room"] = secret
    page(thief, "/in-the-room/", 410)
    thief.cookies["doorframe_room"] = Turn.objects.latest("pk").secret_sha256
    page(thief, "/in-the-room/", 410)


def test_no_word_of_a_story_reaches_the_log_or_an_address(
    browse: Browse, prepared: Make, robin: Client, owner: Membership, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        item = prepared(robin)
        browser = handed_over(browse, owner, item)
        browser.post("/in-the-room/", {"signer": queries.people(item)[0].uid})
        answer = browser.post("/in-the-room/sign/", {"name": "Robin Example"})
        assert "Your yes is kept" in answer.content.decode()
    told = "\n".join(f"{one.getMessage()} {one.args}" for one in caplog.records if one.name != "django.db.backends")
    assert not [word for word in SECRETS if word in told]


def test_every_event_has_words(signed: Make, family: Client, owner: Membership, at: datetime) -> None:
    answering.revoke(item=signed(family), actor=owner, at=at)
    found = set(Event.objects.filter(name__startswith="authorisations.").values_list("name", flat=True))
    assert len(found) > 4 and found <= set(WORDS)


def test_the_demo_has_one_of_each(owner: Membership, at: datetime) -> None:
    clients_seed.seed(practice=owner.practice, actor=owner, at=at)
    for _time in range(2):
        seed.seed(practice=owner.practice, actor=owner, at=at)
    found = [one.label for over in (True, False) for one in queries.entries(owner, at, is_open=over)]
    assert sorted(found) == ["In force", "Taken back", "Waiting for signatures"]


def test_a_reference_is_drawn_again_where_it_is_taken(
    owner: Membership, robin: Client, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["AAAA-AAAA", "AAAA-AAAA", "CCCC-CCCC"])
    monkeypatch.setattr("doorframe.apps.clients.codes.by_chance", lambda _half: next(drawn))
    first, second = (writing.begin(actor=owner, at=at, clients=[robin]) for _ in range(2))
    assert (first.reference, second.reference) == ("AAAA-AAAA", "CCCC-CCCC")
