"""The list of letters, trying again, who the letters come from, and Today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from doorframe.apps.mail import actions, names, queries, registry, today
from doorframe.apps.mail.models import Letter, Sender
from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.trail.models import Event
from tests.apps.mail.office import KIND, Desk, PostOffice, post

Send = Callable[..., int]
BACKEND = "doorframe.apps.members.backends.MemberBackend"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def browser(member: Membership) -> Client:
    client = Client(headers={"accept-language": "en-gb"})
    client.force_login(member.user, backend=BACKEND)
    return client


@pytest.fixture
def hers(owner: Membership) -> Client:
    """The owner's browser; her practice writes British English."""
    owner.practice.language = "en-GB"
    owner.practice.save()
    return browser(owner)


def colleague(owner: Membership, role: Role, at: datetime) -> Membership:
    return add_member(actor=owner, email=f"{role.value}@d.example", name="Sam Okoro", role=role, at=at)


def test_an_empty_list_says_what_will_be_here(hers: Client) -> None:
    page = hers.get("/mail/").content.decode()
    assert "Nothing was sent yet" in page and page.count("<h1>") == 1


@pytest.mark.promise("C7")
def test_the_list_shows_kind_state_and_time_and_names_nobody(
    hers: Client, owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send
) -> None:
    office.recipients = ["250 OK", "550 no such user ana@home.example"]
    for _two in range(2):
        post(owner, now)
    send()
    page = hers.get("/mail/").content.decode()
    assert page.count("An invitation to read") == 3, "twice as a name, once on the button"
    assert "Sent on 21 November 2026, 09:30" in page and "(answer 550)" in page
    assert "home.example" not in page and "post.example" not in page and "I said I would" not in page
    assert "An invitation to read" not in hers.get("/mail/?state=waiting").content.decode()
    assert hers.get("/mail/?state=bounced&page=9").content.decode().count("Try again") == 1
    assert hers.get("/mail/?state=%00&page=x").status_code == 200


def test_the_place_of_a_letter_is_linked(hers: Client, owner: Membership, now: datetime, desk: Desk) -> None:
    registry._registry[KIND] = registry.Kind(
        KIND, "An invitation", desk.compose, lambda: ("", ""), lambda row: f"/help/?signer={row.args['signer']}"
    )
    post(owner, now)
    assert 'href="/help/?signer=7"' in hers.get("/mail/").content.decode()


def test_letters_of_a_room_that_is_gone_are_still_listed(
    hers: Client, owner: Membership, now: datetime, desk: Desk
) -> None:
    post(owner, now)
    registry._registry.clear()
    assert "An e-mail" in hers.get("/mail/").content.decode()


def test_trying_again_sends_it(
    hers: Client, owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send
) -> None:
    office.recipients = ["550 no"]
    letter = post(owner, now)
    send()
    send(HOUR)
    answer = hers.post(f"/mail/{letter.uid}/again/", follow=True)
    assert "It waits for its turn again" in answer.content.decode()
    send(2 * HOUR)
    assert office.ids == [letter.message_id]
    again = hers.post(f"/mail/{letter.uid}/again/", follow=True)
    assert "needs no further try" in again.content.decode()
    assert (send(3 * HOUR), len(office.taken)) == (0, 1)
    [event] = Event.objects.filter(name="mail.letter.retried")
    assert event.actor_label == "Dr Imani Cole"


def test_all_that_were_given_up_are_tried_again_at_once(
    hers: Client, owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send
) -> None:
    desk.body += "therapy"
    letters = [post(owner, now) for _two in range(2)]
    send()
    assert "Try all again" in hers.get("/mail/").content.decode()
    desk.body = desk.body.removesuffix("therapy")
    assert "2 e-mails wait" in hers.post("/mail/again/", follow=True).content.decode()
    send(DAY)
    assert sorted(office.ids) == sorted(one.message_id for one in letters)


@pytest.mark.promise("L3")
def test_another_practice_finds_nothing(owner: Membership, stranger: Membership, now: datetime, desk: Desk) -> None:
    letter = post(owner, now)
    theirs = browser(stranger)
    assert theirs.post(f"/mail/{letter.uid}/again/").status_code == 404
    assert "An invitation to read" not in theirs.get("/mail/").content.decode()
    assert queries.by_key(stranger.practice, [letter.unique_key or ""]) == {}


@pytest.mark.promise("L2")
@pytest.mark.parametrize("role", list(Role))
def test_who_may_see_and_change(owner: Membership, now: datetime, desk: Desk, role: Role) -> None:
    letter = post(owner, now)
    Letter.objects.update(state="failed")
    member = owner if role == Role.OWNER else colleague(owner, role, now)
    client = browser(member)
    sees, owns = role in {Role.OWNER, Role.SUPERVISOR}, role == Role.OWNER
    assert client.get("/mail/").status_code == (200 if sees else 403)
    assert client.post("/mail/again/").status_code == (302 if sees else 403)
    assert client.post(f"/mail/{letter.uid}/again/").status_code == (302 if sees else 403)
    assert client.get("/mail/sender/").status_code == (200 if owns else 403)
    assert Client().get("/mail/").status_code == 302
    if not owns:
        with pytest.raises(PermissionDenied):
            actions.change_sender(actor=member, at=now, name="", reply_to="")


@pytest.mark.promise("C7")
@pytest.mark.parametrize(
    ("name", "reply_to", "field"),
    [
        ("Harbour Lane Therapy", "", "name"),
        ("Dr Cole", "", "name"),
        ("Imani Cole", "office@harbourlanetherapy.example", "reply_to"),
        ("Imani Cole", "not an address", "reply_to"),
    ],
)
def test_a_sender_that_tells_is_refused(hers: Client, name: str, reply_to: str, field: str) -> None:
    answer = hers.post("/mail/sender/", {"name": name, "reply_to": reply_to})
    page = answer.content.decode()
    assert answer.status_code == 422 and f'href="#id_{field}"' in page
    assert not Sender.objects.exists()
    assert name in page, "what was typed is still there"


@pytest.mark.promise("C7")
def test_the_owner_sets_the_sender_and_takes_it_back(
    hers: Client, owner: Membership, stranger: Membership, now: datetime
) -> None:
    assert names.of_sender(owner.practice, "Dr Imani Cole, PhD") == "Imani Cole"
    given = {"name": " Imani\r\n C. ", "reply_to": "imani@cole.example"}
    assert hers.post("/mail/sender/", given).status_code == 302
    assert names.of_sender(owner.practice, "Dr Imani Cole, PhD") == "Imani C."
    assert names.of_sender(stranger.practice, "Jo Reyes") == "Jo Reyes"
    assert names.reply_to(owner.practice) == "imani@cole.example" and names.reply_to(stranger.practice) == ""
    assert "Imani C." in hers.get("/mail/sender/").content.decode()
    assert hers.post("/mail/sender/", {"name": "", "reply_to": ""}).status_code == 302
    assert names.of_sender(owner.practice, "Dr Imani Cole, PhD") == "Imani Cole"
    data = list(Event.objects.filter(name="mail.sender.changed").order_by("seq").values_list("data", flat=True))
    assert data == [{"own_name": True, "own_address": True}, {"own_name": False, "own_address": False}]


def test_a_name_that_tells_is_never_shown(owner: Membership, now: datetime) -> None:
    Sender.objects.create(practice=owner.practice, name="Harbour Counselling", changed_at=now)
    assert names.of_sender(owner.practice, "Dr Imani Cole") == "Imani Cole"
    assert names.of_sender(owner.practice, "The Clinic") == ""


def test_an_action_refuses_what_a_form_would(owner: Membership, now: datetime) -> None:
    with pytest.raises(ValidationError):
        actions.change_sender(actor=owner, at=now, name="x" * 71, reply_to="")
    with pytest.raises(ValidationError):
        actions.change_sender(actor=owner, at=now, name="", reply_to="none")


def test_today_says_what_did_not_arrive_and_what_waits(owner: Membership, now: datetime, desk: Desk) -> None:
    assert list(today.items(owner, now=now)) == []
    post(owner, now, run_at=now + DAY)
    post(owner, now)
    assert list(today.items(owner, now=now)) == []
    [slow] = today.items(owner, now=now + timedelta(hours=2))
    assert slow.title == "1 e-mail is still waiting"
    Letter.objects.filter(run_at=now).update(state="bounced")
    post(owner, now)
    Letter.objects.filter(run_at=now, state="waiting").update(state="failed")
    [failed] = today.items(owner, now=now + timedelta(hours=2))
    assert (failed.title, failed.link) == ("2 e-mails did not arrive", "/mail/")
    assert list(today.items(colleague(owner, Role.CLINICIAN, now), now=now + DAY)) == []


def test_today_and_the_list_cost_few_queries(
    hers: Client, owner: Membership, now: datetime, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    for _many in range(30):
        post(owner, now)
    with django_assert_max_num_queries(2):
        list(today.items(owner, now=now + DAY))
    with django_assert_max_num_queries(12):
        hers.get("/mail/")


def test_letters_are_found_by_their_keys(owner: Membership, now: datetime, desk: Desk) -> None:
    letter = post(owner, now, unique_key="signer-7")
    assert queries.by_key(owner.practice, ["signer-7", "signer-8"]) == {"signer-7": letter}
