"""An id of one practice, or of another client, in the body of a form, in half an address, or with another's key."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from doorframe.apps.clients.models import Client
from doorframe.apps.connections.actions import tokens
from doorframe.apps.members.isolation import PracticeModel
from doorframe.apps.policies.models import Version
from doorframe.apps.signatures import queries, sitting
from doorframe.apps.signatures.actions import visits
from doorframe.apps.signatures.models import Acknowledgement, Signer, Visit
from tests.walls.world import World, undone, written

pytestmark = [pytest.mark.django_db]

API = ("acknowledgements/{acks:*:uid}", "papers/1", "campaigns/{acks:campaign:uid}")


def api(key: str, place: str) -> Any:
    return Browser().get(f"/api/v1/{place}", headers={"authorization": f"Bearer {key}"})


def filled(world: World, place: str) -> str:
    return re.sub(r"\{(.*)\}", lambda found: str(world.things[found[1]]), place)


@pytest.fixture
def their_key(world: World) -> str:
    """A key of practice B."""
    at = timezone.now()
    return tokens.make_token(actor=world.stranger, at=at, name="Diary", ends_at=at + timedelta(days=9))[1]


@pytest.mark.promise("L3")
@pytest.mark.parametrize("place", API)
def test_a_key_reads_its_own_practice_alone(world: World, their_key: str, place: str) -> None:
    path = filled(world, place)
    assert api(world.api_key, path).status_code == 200
    theirs = api(their_key, path)
    nowhere = api(their_key, "acknowledgements/00000000-0000-0000-0000-000000facade")
    assert theirs.status_code == 404
    assert place.startswith("papers") or theirs.content == nowhere.content or place.startswith("campaigns")


@pytest.mark.promise("L3")
def test_a_list_of_another_practice_holds_nothing_of_this_one(world: World, their_key: str) -> None:
    for place in ("acknowledgements", "papers"):
        mine, theirs = api(world.api_key, place).json(), api(their_key, place).json()
        assert len(str(mine)) > len(str(theirs))
        assert "HL-" not in str(theirs) and str(world.things["acks:*:uid"]) not in str(theirs)


@pytest.mark.promise("L6")
@pytest.mark.parametrize("key", ["", "x", "doorframe_" + "A" * 43, "\u00e9", "A" * 5000, "null"])
def test_what_is_no_key_reads_nothing(world: World, key: str) -> None:
    for place in ("acknowledgements", *API):
        assert api(key, filled(world, place)).status_code == 401
    assert Browser().get(f"/api/v1/acknowledgements?token={world.api_key}").status_code == 401


@pytest.mark.promise("L3")
def test_a_client_is_given_to_nobody_of_another_practice(world: World) -> None:
    fields = {"code": "HL-7", "name": "Ben", "kind": "person", "status": "current", "clinician": world.stranger.pk}
    with undone():
        answer = world.browser("owner").post("/clients/add/", fields)
        assert answer.status_code == 422
        assert not Client.objects.filter(clinician=world.stranger).exists()


@pytest.mark.promise("L3")
def test_a_draft_begins_from_no_version_of_another_practice(world: World) -> None:
    with undone(), written() as changes:
        answer = world.browser("stranger").post("/policy/start/", {"based_on": str(world.things["policies:*:uid"])})
        assert answer.status_code == 404 and not changes
    assert not Version.objects.for_practice(world.stranger.practice).exists()


@pytest.mark.promise("L2")
def test_half_of_one_address_with_half_of_another_leads_nowhere(world: World) -> None:
    second = Acknowledgement.objects.get(uid=world.things["acks:*:uid"])
    other = Acknowledgement.objects.exclude(client=second.client)[0]
    campaign = f"/acknowledgements/campaigns/{world.things['acks:campaign:uid']}"
    alien = queries.signers(other)[0]
    person = other.client.people.get()
    owner = world.browser("owner")
    for method, place in (
        ("get", f"/acknowledgements/{second.uid}/people/{alien.uid}/send/"),
        ("post", f"/acknowledgements/{second.uid}/people/{alien.uid}/send/"),
        ("post", f"/acknowledgements/{second.uid}/people/{alien.uid}/record/"),
        ("post", f"/acknowledgements/{second.uid}/people/{alien.uid}/copy/"),
        ("get", f"/clients/{second.client.uid}/people/{person.uid}/"),
        ("post", f"/clients/{second.client.uid}/people/{person.uid}/remove/"),
        (
            "post",
            f"{campaign}/reminders/{second.uid}/",
        ),
    ):
        with undone(), written() as changes:
            assert getattr(owner, method)(place).status_code == 404, place
            assert not changes, place


@pytest.mark.promise("C5")
def test_a_tablet_gives_no_turn_to_a_client_of_another_paper(world: World) -> None:
    actor, at = world.people["clinician"], timezone.now()
    item = Acknowledgement.objects.get(uid=world.things["acks:*:uid"])
    alien = Signer.objects.exclude(acknowledgement=item).filter(person__isnull=False).first()
    assert alien is not None
    visits.set_pin(actor=actor, pin="482915", at=at)
    visit, secret = visits.hand_over(item=item, actor=actor, at=at)
    tablet = Browser()
    tablet.cookies[sitting.TABLET] = secret
    for given in (alien.uid, alien.pk, "", "x", "' or 1=1"):
        tablet.post("/read/turns/", {"signer": str(given)})
        assert Visit.objects.get(pk=visit.pk).signer_id is None, given


@pytest.mark.promise("L3")
def test_every_table_of_a_practice_stands_behind_the_wall() -> None:
    from django.apps import apps

    outside = {
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("doorframe.apps.") and not issubclass(model, PracticeModel)
    }
    # People and practices are what the wall is made of; a job may belong to the whole installation.
    assert outside <= {"User", "Practice", "Job", "Lease", "Event", "Head", "Beat", "Worker"}, outside
