"""Two browsers at the same instant: exactly one of them wins, and nothing is kept twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client as Browser
from django.utils import timezone

from doorframe.apps.signatures import queries, rules, sitting, tokens
from doorframe.apps.signatures.actions import asking
from doorframe.apps.signatures.models import Acknowledgement, Link, Signer, Visit
from doorframe.apps.signatures.states import State
from doorframe.apps.trail import queries as trail
from doorframe.apps.trail.models import Event
from tests.walls.world import World, build

AT_ONCE = 8


@pytest.fixture
def world(transactional_db: None, settings: Any) -> World:
    """A world that other connections can see."""
    settings.JOBS_ENGINE = "db"
    call_command("createcachetable", verbosity=0)
    return build()


@pytest.fixture
def signer(world: World) -> Signer:
    """Who has been asked and has not answered."""
    return Signer.objects.get(uid=world.things["signer"])


def at_once(doings: list[Callable[[], Any]]) -> list[Any]:
    """Do several things at the same instant, each on a connection of its own; what came of each."""
    start, results = threading.Barrier(len(doings)), [None] * len(doings)

    def one(place: int) -> None:
        try:
            start.wait()
            results[place] = doings[place]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(doings))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def posts(browsers: list[Browser], path: str, fields: dict[str, str]) -> list[int]:
    """The statuses of the same form sent from all these browsers at once."""
    found = at_once([lambda browser=browser: browser.post(path, fields).status_code for browser in browsers])  # type: ignore[misc]
    return sorted(found)


@pytest.mark.promise("C6")
def test_a_link_opens_for_one_of_many(world: World, signer: Signer) -> None:
    link = asking.send_link(signer=signer, actor=None, at=timezone.now())
    browsers = [Browser() for _one in range(AT_ONCE)]
    found = posts(browsers, f"/c/{tokens.link_token(link.uid)}/", {})
    assert found == [302] + [410] * (AT_ONCE - 1)
    assert sum(sitting.COOKIE in browser.cookies for browser in browsers) == 1
    assert Visit.objects.filter(link=link).count() == 1
    assert trail.verify(world.stranger.practice).is_whole and trail.verify(signer.practice).is_whole


@pytest.mark.promise("C2")
def test_a_name_signed_twice_at_once_is_signed_once(world: World, signer: Signer) -> None:
    first = Browser()
    first.cookies = world.browser("reader of HL-2").cookies
    second = Browser()
    second.cookies = world.browser("reader of HL-2").cookies
    found = posts([first, second], "/read/sign/", {"name": "Ana Lima"})
    assert found == [302, 409]
    assert Event.objects.filter(name="signatures.answer.signed").count() == 2, "hers, and that of the first client"
    item = Acknowledgement.objects.get(pk=signer.acknowledgement_id)
    assert item.state == State.SIGNED
    assert trail.verify(item.practice).is_whole


@pytest.mark.promise("C2")
def test_a_countersignature_at_once_is_one(world: World, signer: Signer) -> None:
    world.browser("reader of HL-2").post("/read/sign/", {"name": "Ana Lima"})
    browsers = [world.browser("clinician"), world.browser("owner"), world.browser("supervisor")]
    posts(browsers, f"/acknowledgements/{world.things['acks:*:uid']}/countersign/", {})
    item = queries.whole(Acknowledgement.objects.get(pk=signer.acknowledgement_id))
    assert item.state == State.COMPLETE
    closed = [event for event in Event.objects.all() if event.data.get("to") == "complete"]
    assert len({event.subject_id for event in closed}) == len(closed)


@pytest.mark.promise("C6")
def test_codes_tried_at_once_are_all_counted(world: World, signer: Signer) -> None:
    link = asking.send_link(signer=signer, actor=None, at=timezone.now(), code="493817")
    door = f"/c/{tokens.link_token(link.uid)}/"
    browsers = [Browser(REMOTE_ADDR=f"127.0.1.{place}") for place in range(AT_ONCE)]
    at_once([lambda one=one, n=n: one.post(door, {"code": f"{n:06}"}) for n, one in enumerate(browsers)])  # type: ignore[misc]
    link.refresh_from_db()
    assert link.tries >= rules.CODE_TRIES
    assert Browser().post(door, {"code": "493817"}).status_code == 410
    assert not Visit.objects.filter(link=Link.objects.get(pk=link.pk)).exists()
