"""A draft is found by its title, and goes on at the screen where it was left."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions, queries
from doorframe.apps.trail.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.promise("A7")]


def test_a_draft_goes_on_at_the_screen_that_was_open_last(owner: Membership, now: datetime) -> None:
    version = actions.start_version(actor=owner, at=now)
    first = queries.next_screen(version)
    assert first is not None
    version = actions.save_answers(
        version=version, actor=owner, at=now, screen=first.id, answers={"country": "UK"}, revision=0, finished=True
    )
    following = queries.place(version)
    assert following is not None
    assert following.id not in version.done

    version = actions.save_answers(
        version=version, actor=owner, at=now, screen=first.id, answers={"country": "IE"}, revision=version.revision
    )
    assert queries.place(version) == first


def test_a_screen_that_is_no_longer_asked_is_no_place_to_go_on(owner: Membership, now: datetime) -> None:
    version = actions.start_version(actor=owner, at=now, answers={"clients": ["groups"]})
    version = actions.save_answers(
        version=version, actor=owner, at=now, screen="groups", answers={"group_confidentiality": "no-chats"}, revision=0
    )
    assert queries.place(version).id == "groups"  # type: ignore[union-attr]
    version.answers = {**version.answers, "clients": ["adults"]}
    assert queries.place(version) == queries.next_screen(version)


def test_a_draft_gets_a_title_of_its_own(client: Client, owner: Membership, now: datetime) -> None:
    version = actions.start_version(actor=owner, at=now)
    client.force_login(owner.user, backend="doorframe.apps.members.backends.MemberBackend")
    address = f"/policy/{version.uid}/rename/"
    assert client.post(address, {"title": "  For the  spring group "}).status_code == 302
    version.refresh_from_db()
    assert version.title == "For the spring group"
    assert Event.objects.filter(name="policies.version.renamed", subject_id=str(version.pk)).count() == 1
    client.post(address, {"title": " "})
    version.refresh_from_db()
    assert version.title == "For the spring group"
