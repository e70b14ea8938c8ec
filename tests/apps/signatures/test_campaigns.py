"""Who is asked again after a change, and the board that says how far it is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Client
from doorframe.apps.mail.models import Letter
from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.policies import actions as policies
from doorframe.apps.signatures import queries, rules
from doorframe.apps.signatures.actions import asking, campaigns
from doorframe.apps.signatures.models import Acknowledgement, Campaign
from doorframe.apps.signatures.queries import campaigns as boards
from doorframe.apps.signatures.states import State
from tests.apps.signatures.conftest import BACKEND, COMPLETE, publish, work

MONTH = timedelta(days=30)


def signed_in(member: Membership) -> Browser:
    browser = Browser()
    browser.force_login(member.user, backend=BACKEND)
    return browser


def member(owner: Membership, email: str, role: Role) -> Membership:
    """Somebody else of the practice."""
    return add_member(actor=owner, email=email, name=email[:3].title(), role=role, at=timezone.now())


def some_clients(owner: Membership, at: datetime, number: int, *, start: int = 1, **values: Any) -> list[Client]:
    """Clients with an address each, asked to read the paper in force and complete with it."""
    made = []
    for place in range(start, start + number):
        person = {"name": "Ana Lima", "email": f"ana{place}@post.example"}
        client = clients.add_client(actor=owner, at=at, values={"code": f"B-{place:03}", **values}, people=[person])
        item = asking.ask(client=client, paper=queries.current_paper(owner.practice), actor=owner, at=at)
        Acknowledgement.objects.filter(pk=item.pk).update(state=State.COMPLETE, closed_at=at)
        made.append(client)
    return made


def change(owner: Membership, at: datetime, *, material: bool = True, words: str = "three") -> Campaign:
    """A new version, with its list written."""
    publish(owner, at, material=material, response_time=f"within {words} working days")
    work(at)
    return Campaign.objects.latest("pk")


@pytest.fixture
def campaign(owner: Membership, now: datetime) -> Campaign:
    """Three clients who had signed, and a material change."""
    publish(owner, now)
    some_clients(owner, now, 3)
    return change(owner, now + MONTH)


@pytest.mark.promise("D1")
def test_the_board_says_in_words_how_far_it_is(owner: Membership, campaign: Campaign) -> None:
    Acknowledgement.objects.filter(campaign=campaign, client__code="B-001").update(state=State.COMPLETE)
    page = signed_in(owner).get(f"/acknowledgements/campaigns/{campaign.uid}/").content.decode()
    assert "1 of 3 clients have" in page
    assert page.index("B-001") < page.index("B-002") < page.index("B-003")
    assert "Ana" not in page and "post.example" not in page
    listed = signed_in(owner).get("/acknowledgements/campaigns/").content.decode()
    assert "1 of 3 clients have" in listed and "Not sent yet." in listed


@pytest.mark.promise("D1")
def test_sending_says_first_how_many_and_in_whose_name(owner: Membership, campaign: Campaign) -> None:
    browser = signed_in(owner)
    address = f"/acknowledgements/campaigns/{campaign.uid}/start/"
    page = browser.get(address).content.decode()
    assert "Send 3 letters" in " ".join(page.split()) and "Imani Cole" in page
    assert Letter.objects.count() == 0
    assert browser.post(address).status_code == 302
    work(timezone.now())
    assert Letter.objects.filter(kind="signatures.new-version").count() == 3
    assert queries.board(campaign).sent == 3
    browser.post(address)
    work(timezone.now())
    assert Letter.objects.filter(kind="signatures.new-version").count() == 3


@pytest.mark.promise("D2")
def test_a_paused_client_gets_no_notice_until_the_letters_go_on(owner: Membership, campaign: Campaign) -> None:
    browser, item = signed_in(owner), campaign.acknowledgements.get(client__code="B-002")
    address = f"/acknowledgements/campaigns/{campaign.uid}/reminders/{item.uid}/"
    assert browser.post(address, {"paused": "yes"}).status_code == 302
    browser.post(f"/acknowledgements/campaigns/{campaign.uid}/start/")
    work(timezone.now())
    board = queries.board(campaign)
    assert (board.sent, board.paused, board.not_sent) == (2, 1, 1)
    assert "1 · paused" in browser.get(f"/acknowledgements/campaigns/{campaign.uid}/").content.decode()
    browser.post(address, {"paused": "no"})
    work(timezone.now())
    assert queries.board(campaign).sent == 3


@pytest.mark.promise("D2")
def test_a_pause_that_ends_on_another_page_is_noticed_within_a_day(owner: Membership, campaign: Campaign) -> None:
    later = timezone.now()
    clients.pause_reminders(client=Client.objects.get(code="B-002"), actor=owner, at=later, paused=True)
    campaigns.start(campaign=campaign, actor=owner, at=later)
    work(later)
    assert queries.board(campaign).sent == 2
    clients.pause_reminders(client=Client.objects.get(code="B-002"), actor=owner, at=later, paused=False)
    work(later + timedelta(days=1, minutes=1))
    assert queries.board(campaign).sent == 3


@pytest.mark.promise("D1")
def test_nobody_is_asked_again_who_left_or_was_erased_or_was_never_asked(owner: Membership, now: datetime) -> None:
    publish(owner, now)
    stays, left, erased = some_clients(owner, now, 3)
    clients.add_client(actor=owner, at=now, values={"code": "NEW"})
    clients.change_client(client=left, actor=owner, at=now, values={"status": "former"})
    clients.erase_contact(client=erased, actor=owner, at=now)
    assert boards.reach(owner.practice) == boards.Reach(material=1, editorial=0)
    found = change(owner, now + MONTH)
    assert [item.client_id for item in found.acknowledgements.all()] == [stays.pk]


@pytest.mark.promise("D1")
def test_an_editorial_change_moves_only_those_who_had_not_answered(owner: Membership, now: datetime) -> None:
    publish(owner, now)
    _done, waits = some_clients(owner, now, 2)
    Acknowledgement.objects.filter(client=waits).update(state=State.OPEN, closed_at=None)
    assert boards.reach(owner.practice) == boards.Reach(material=2, editorial=1)
    found = change(owner, now + MONTH, material=False)
    assert [item.client_id for item in found.acknowledgements.all()] == [waits.pk]
    assert Acknowledgement.objects.get(client=waits, paper__number=1).state == State.SUPERSEDED


@pytest.mark.promise("D1")
def test_a_campaign_that_a_newer_one_replaced_sends_nothing(owner: Membership, campaign: Campaign) -> None:
    at = timezone.now()
    campaigns.start(campaign=campaign, actor=owner, at=at)
    newer = change(owner, at, words="four")
    work(at)
    assert Letter.objects.count() == 0
    with pytest.raises(rules.NotNow, match="newer version"):
        campaigns.start(campaign=campaign, actor=owner, at=at)
    page = signed_in(owner).get(f"/acknowledgements/campaigns/{campaign.uid}/").content.decode()
    assert "A newer version has taken the place of this one" in page
    assert "Send the letters" not in page
    assert newer.acknowledgements.count() == 3


@pytest.mark.promise("D1")
def test_stopped_letters_stay_stopped(owner: Membership, campaign: Campaign) -> None:
    browser, address = signed_in(owner), f"/acknowledgements/campaigns/{campaign.uid}/stop/"
    campaigns.start(campaign=campaign, actor=owner, at=timezone.now())
    assert "cannot be turned back" in browser.get(address).content.decode()
    assert browser.post(address).status_code == 302
    work(timezone.now() + timedelta(days=20))
    assert Letter.objects.count() == 0
    assert "Stopped on" in browser.get(f"/acknowledgements/campaigns/{campaign.uid}/").content.decode()
    answer = browser.post(f"/acknowledgements/campaigns/{campaign.uid}/start/", follow=True).content.decode()
    assert "This asking was stopped, so nothing was sent." in answer


@pytest.mark.promise("D2")
def test_clinicians_see_their_own_and_the_front_desk_sees_none(owner: Membership, campaign: Campaign) -> None:
    at = timezone.now()
    clinician = member(owner, "kim@a.example", Role.CLINICIAN)
    desk = member(owner, "lee@a.example", Role.FRONT_DESK)
    clients.change_client(client=Client.objects.get(code="B-003"), actor=owner, at=at, values={"clinician": clinician})
    address = f"/acknowledgements/campaigns/{campaign.uid}/"
    page = signed_in(clinician).get(address).content.decode()
    assert "B-003" in page and "B-001" not in page and "0 of 1 client has" in page
    assert "0 of 1 client has" in signed_in(clinician).get("/acknowledgements/campaigns/").content.decode()
    other = campaign.acknowledgements.get(client__code="B-001")
    assert signed_in(clinician).post(f"{address}reminders/{other.uid}/", {"paused": "yes"}).status_code == 404
    assert signed_in(clinician).get(f"{address}start/").status_code == 403
    assert signed_in(clinician).post(f"{address}stop/").status_code == 403
    assert signed_in(desk).get(address).status_code == 403


def test_a_stranger_finds_no_campaign(stranger: Membership, campaign: Campaign) -> None:
    for rest in ("", "start/", "stop/"):
        assert signed_in(stranger).get(f"/acknowledgements/campaigns/{campaign.uid}/{rest}").status_code == 404


@pytest.mark.promise("D2")
def test_the_board_asks_the_database_as_often_for_three_as_for_sixty(owner: Membership, now: datetime) -> None:
    publish(owner, now)
    some_clients(owner, now, 3)
    found = change(owner, now + MONTH)

    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(
            connection,
        ) as figures:
            queries.board(found, owner)
        with CaptureQueriesContext(connection) as page:
            rows = boards.on_board(found, member=owner)
            [list(row.signers.all()) for row in rows]
        return len(figures), len(page)

    few = asked()
    some_clients(owner, now + MONTH, 57, start=10)
    Acknowledgement.objects.filter(campaign=None, paper=found.paper).update(campaign=found)
    assert asked() == few == (1, 2)
    assert len(boards.on_board(found, member=owner)) == boards.PAGE + 1


@pytest.mark.promise("D1")
def test_whom_to_ask_is_one_query_that_stands_on_indexes(owner: Membership, campaign: Campaign) -> None:
    rows = queries.to_ask(campaign.paper)
    with CaptureQueriesContext(connection) as found:
        assert len(list(rows)) == 3
    assert len(found) == 1
    with CaptureQueriesContext(connection) as found:
        boards.reach(owner.practice)
    assert len(found) == 1
    plan = rows.explain()
    if connection.vendor == "sqlite":
        # Each client's own rows are looked up; nothing but the list of clients is walked through.
        assert "SCAN U0" not in plan and plan.count("USING INDEX") >= 2, plan


@pytest.mark.promise("D1")
def test_publishing_asks_which_kind_of_change_it_is_and_says_whom_each_asks(owner: Membership, now: datetime) -> None:
    publish(owner, now)
    _done, waits = some_clients(owner, now, 2)
    Acknowledgement.objects.filter(client=waits).update(state=State.OPEN, closed_at=None)
    answers = {**COMPLETE, "response_time": "within four working days"}
    version = policies.start_version(actor=owner, at=now, answers=answers)
    browser = signed_in(owner)
    page = " ".join(browser.get(f"/policy/{version.uid}/check/").content.decode().split())
    assert "2 clients were asked about an earlier version and will be asked again." in page
    assert "1 client has not answered yet and gets this version instead." in page
    assert re.search("<del>[^<]*within two working days", page) and re.search(
        "<ins>[^<]*within four working days", page
    )
    answer = browser.post(f"/policy/{version.uid}/publish/", {"change_note": "Slower answers."})
    assert answer.status_code == 422 and 'href="#id_editorial"' in answer.content.decode()
    for made_up in ("maybe", "on", "YES"):
        given = {"change_note": "Slower answers.", "material": made_up}
        assert browser.post(f"/policy/{version.uid}/publish/", given).status_code == 422
    assert not Campaign.objects.exists()
    browser.post(f"/policy/{version.uid}/publish/", {"change_note": "Slower answers.", "material": "yes"})
    assert Campaign.objects.get().paper.material
