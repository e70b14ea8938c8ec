"""The practice as its owner changes it, and the addresses it had."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from doorframe.apps.members import actions, queries
from doorframe.apps.members.actions import PRACTICE_FIELDS, create_practice
from doorframe.apps.members.models import FormerSlug, Membership, Practice
from doorframe.apps.members.roles import Role
from doorframe.apps.policies import actions as policies
from doorframe.apps.policies import rules as policy_rules
from doorframe.apps.trail.models import Event
from tests.answers import COMPLETE

Browse = Callable[[Membership], Client]
Joined = Callable[..., Membership]
FORM = {
    "name": "Harbour Lane", "slug": "harbour-lane", "place": "US-OR", "time_zone": "America/Los_Angeles",
    "language": "en-US",
}  # fmt: skip


def change(owner: Membership, at: datetime, **values: object) -> Practice:
    owner.refresh_from_db()
    known = {name: getattr(Practice.objects.get(pk=owner.practice_id), name) for name in PRACTICE_FIELDS}
    return actions.change_practice(actor=owner, at=at, values={**known, **values})


@pytest.mark.promise("L2")
def test_an_owner_changes_the_practice(owner: Membership, browse: Browse) -> None:
    client = browse(owner)
    page = client.get("/practice/").content.decode()
    assert 'value="Harbour Lane"' in page and "http://testserver/p/harbour-lane/" in page
    given = {**FORM, "name": "Two Rivers", "place": "GB-SCT", "time_zone": "", "language": "en-GB"}
    answer = client.post("/practice/", {**given, "two_person_rule": "on"}, follow=True)
    page = answer.content.decode()
    assert "Kept." in page and "Nobody else can approve yet" in page
    practice = Practice.objects.get()
    assert (practice.name, practice.country, practice.region) == ("Two Rivers", "GB", "SCT")
    assert (practice.time_zone, practice.language) == ("Europe/London", "en-GB")
    assert practice.two_person_rule and practice.slug == "harbour-lane", "a new name leaves the address alone"
    event = Event.objects.get(name="members.practice.changed")
    assert event.actor == owner.user and event.data == {
        "changed": ["name", "country", "region", "language", "time_zone", "two_person_rule"], "two_person_rule": True,
    }  # fmt: skip
    client.post("/practice/", {**given, "time_zone": "Europe/London", "two_person_rule": "on"})
    assert Event.objects.filter(name="members.practice.changed").count() == 1, "what is the same is no change"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "required"),
        ({"slug": ""}, "required"),
        ({"slug": "hällo wörld"}, "letters without accents"),
        ({"slug": "mill-road"}, "Another practice has, or had"),
        ({"slug": "policy/x"}, "letters without accents"),
        ({"place": "??"}, "valid choice"),
        ({"place": "XX", "time_zone": ""}, "Choose yours"),
        ({"language": "tlh"}, "valid choice"),
        ({"name": "x" * 201}, "200"),
    ],
)
def test_what_is_wrong_changes_nothing(
    owner: Membership, stranger: Membership, browse: Browse, wrong: dict[str, str], said: str
) -> None:
    answer = browse(owner).post("/practice/", {**FORM, **wrong})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert Practice.objects.get(pk=owner.practice_id).name == "Harbour Lane"
    assert not Event.objects.filter(name="members.practice.changed").exists()


def test_the_action_asks_too(owner: Membership, joined: Joined, stranger: Membership, now: datetime) -> None:
    with pytest.raises(PermissionDenied, match="change the practice's details"):
        change(joined(owner, Role.SUPERVISOR), now, name="Mine")
    for wrong in ({"time_zone": "Nowhere/Else"}, {"slug": "a b"}, {"slug": "mill-road"}, {"name": ""}):
        with pytest.raises(ValidationError):
            change(owner, now, **wrong)
    assert not FormerSlug.objects.exists()


def test_a_time_zone_by_another_name_is_kept(owner: Membership, browse: Browse, now: datetime) -> None:
    change(owner, now, time_zone="US/Pacific")
    page = browse(owner).get("/practice/").content.decode()
    assert re.search(r'<option value="US/Pacific"\s+selected', page)
    assert browse(owner).post("/practice/", {**FORM, "time_zone": "US/Pacific"}).status_code == 302
    assert Practice.objects.get().time_zone == "US/Pacific"


# --- addresses -------------------------------------------------------------------------------------------------------


@pytest.fixture
def published(owner: Membership, now: datetime, settings: Any) -> Membership:
    """The owner, with version 1 in force."""
    settings.JOBS_ENGINE = "db"
    version = policies.start_version(actor=owner, at=now, answers=COMPLETE)
    policies.publish_version(version=version, actor=owner, at=now)
    return owner


@pytest.mark.promise("B3")
def test_every_printed_address_goes_on_leading_to_the_same_bytes(
    published: Membership, browse: Browse, client: Client, now: datetime
) -> None:
    before = {path: client.get(f"/p/harbour-lane/{path}").content for path in ("", "v1/", "versions/")}
    assert browse(published).post("/practice/", {**FORM, "slug": "Two-Rivers"}).status_code == 302
    for path, content in before.items():
        answer = client.get(f"/p/harbour-lane/{path}?from=card")
        assert (answer.status_code, answer["Location"]) == (302, f"/p/two-rivers/{path}?from=card")
        assert not answer.cookies
        page = client.get(f"/p/two-rivers/{path}").content
        assert page == content if path != "versions/" else b"Version 1" in page
        assert client.head(f"/p/harbour-lane/{path}").status_code == 302
    change(published, timezone.now() + timedelta(days=1), slug="three-rivers")
    for former in ("harbour-lane", "two-rivers"):
        assert client.get(f"/p/{former}/v1/")["Location"] == "/p/three-rivers/v1/"
    page = browse(published).get("/practice/").content.decode()
    assert "two-rivers, harbour-lane" in page
    events = Event.objects.filter(name="members.practice.changed").order_by("seq")
    assert [(one.data["from"], one.data["to"]) for one in events] == [
        ("harbour-lane", "two-rivers"), ("two-rivers", "three-rivers"),
    ]  # fmt: skip


@pytest.mark.promise("B3")
def test_a_former_address_is_never_given_to_another(
    published: Membership, stranger: Membership, client: Client, now: datetime
) -> None:
    change(published, now, slug="two-rivers")
    with pytest.raises(ValidationError, match="Another practice has, or had"):
        change(stranger, now, slug="harbour-lane")
    third = create_practice(name="Harbour Lane", owner_email="t@c.example", owner_name="T", password=None, at=now)
    assert third.practice.slug == "harbour-lane-2"
    assert client.get("/p/harbour-lane/")["Location"] == "/p/two-rivers/"


def test_a_practice_takes_its_own_address_back(published: Membership, client: Client, now: datetime) -> None:
    change(published, now, slug="two-rivers")
    change(published, now, slug="harbour-lane")
    assert client.get("/p/harbour-lane/").status_code == 200
    assert client.get("/p/two-rivers/")["Location"] == "/p/harbour-lane/"
    assert queries.former_slugs(published.practice) == ["two-rivers"]


def test_only_what_was_an_address_leads_anywhere(published: Membership, client: Client, now: datetime) -> None:
    change(published, now, slug="two-rivers")
    for path in ("/p/nobody/", "/p/nobody/v1/", "/p/", "/nothing/", "/p/two-rivers/v9/"):
        assert client.get(path).status_code in {302, 404} and "/p/" not in client.get(path).get("Location", "")
    assert client.post("/p/harbour-lane/").status_code == 405
    assert client.get("/p/harbour-lane/../../me/login/")["Location"] == "/p/two-rivers/../../me/login/"
    assert client.get("/p/harbour-lane/v9/", follow=True).status_code == 404


# --- two people ------------------------------------------------------------------------------------------------------


@pytest.mark.promise("B4")
def test_with_the_rule_on_whoever_joined_approves_and_the_author_cannot(
    owner: Membership, joined: Joined, now: datetime, settings: Any
) -> None:
    settings.JOBS_ENGINE = "db"
    owner.practice = change(owner, now, two_person_rule=True)
    supervisor = joined(owner, Role.SUPERVISOR)
    version = policies.start_version(actor=owner, at=now, answers=COMPLETE)
    version = policies.submit_version(version=version, actor=owner, at=now)
    with pytest.raises(PermissionDenied, match="second person"):
        policies.approve_version(version=version, actor=owner, at=now)
    version = policies.approve_version(version=version, actor=supervisor, at=now)
    assert policies.publish_version(version=version, actor=owner, at=now).state == "published"
    later = policies.start_version(actor=owner, at=now, answers=COMPLETE)
    with pytest.raises(policy_rules.NotNow):
        policies.publish_version(version=later, actor=owner, at=now)
    owner.practice = change(owner, now, two_person_rule=False)
    later = policies.publish_version(version=later, actor=owner, at=now, change_note="Nothing of weight.")
    assert later.state == "published"
