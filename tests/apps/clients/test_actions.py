"""Clients are entered, changed and erased; the trail knows practice ids alone."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from doorframe.apps.clients import actions, queries, rules
from doorframe.apps.clients.models import Client, Person, Status
from doorframe.apps.members.models import Membership
from doorframe.apps.trail.models import Event

ANA = {"name": "Ana Lima", "email": "ana@post.example", "phone": "(503) 555-0100"}


def test_a_client_gets_an_opaque_practice_id(owner: Membership, now: datetime) -> None:
    client = actions.add_client(actor=owner, at=now, values={}, people=[ANA])
    assert len(client.code) == 7 and "ANA" not in client.code and client.clinician == owner
    assert client.people.get().name == "Ana Lima"


@pytest.mark.promise("C10")
def test_the_trail_holds_no_name_and_no_address(owner: Membership, now: datetime) -> None:
    client = actions.add_client(actor=owner, at=now, values={"code": "hl-1"}, people=[ANA])
    person = client.people.get()
    actions.change_person(person=person, actor=owner, at=now, values={"name": "Ana Sousa", "email": "a@b.example"})
    actions.erase_contact(client=client, actor=owner, at=now)
    kept = " ".join(f"{event.name} {event.data} {event.actor_label}" for event in Event.objects.all())
    assert "HL-1" in kept
    for word in ("Ana", "Lima", "Sousa", "post.example", "555"):
        assert word not in kept


def test_what_is_erased_is_gone_and_the_entry_stands(owner: Membership, now: datetime) -> None:
    client = actions.add_client(actor=owner, at=now, values={}, people=[ANA])
    actions.erase_contact(client=client, actor=owner, at=now)
    person = Person.objects.get()
    assert (person.name, person.email, person.phone) == ("", "", "")
    assert Client.objects.get().status == Status.FORMER
    with pytest.raises(rules.NotNow, match="were removed"):
        actions.add_person(client=client, actor=owner, at=now, values=ANA)


@pytest.mark.parametrize("code", ["a b", "-a", "é", "x" * 21, "a\nb"])
def test_a_practice_id_has_a_shape(owner: Membership, now: datetime, code: str) -> None:
    with pytest.raises(ValidationError):
        actions.add_client(actor=owner, at=now, values={"code": code})


def test_a_practice_id_is_used_once_in_a_practice(owner: Membership, stranger: Membership, now: datetime) -> None:
    actions.add_client(actor=owner, at=now, values={"code": "A-1"})
    actions.add_client(actor=stranger, at=now, values={"code": "A-1"})
    with pytest.raises(ValidationError, match="Another client"):
        actions.add_client(actor=owner, at=now, values={"code": "a-1"})


@pytest.mark.promise("L2")
def test_a_clinician_sees_their_own_clients_alone(owner: Membership, now: datetime) -> None:
    colleague = _colleague(owner, now)
    theirs = actions.add_client(actor=owner, at=now, values={})
    own = actions.add_client(actor=colleague, at=now, values={})
    assert set(queries.visible(colleague)) == {own} and set(queries.visible(owner)) == {own, theirs}
    with pytest.raises(PermissionDenied, match="client of a colleague"):
        actions.change_client(client=theirs, actor=colleague, at=now, values={"status": Status.CURRENT})


@pytest.mark.promise("L3")
def test_no_client_answers_for_another_practice(owner: Membership, stranger: Membership, now: datetime) -> None:
    client = actions.add_client(actor=owner, at=now, values={})
    assert not queries.visible(stranger).exists()
    with pytest.raises(PermissionDenied, match="another practice"):
        actions.erase_contact(client=client, actor=stranger, at=now)


def test_the_last_person_cannot_be_taken_out(owner: Membership, now: datetime) -> None:
    client = actions.add_client(actor=owner, at=now, values={}, people=[ANA, {"name": "Sam"}])
    first, second = client.people.all()
    actions.remove_person(person=first, actor=owner, at=now)
    with pytest.raises(rules.NotNow, match="Add the other person first"):
        actions.remove_person(person=second, actor=owner, at=now)


@pytest.mark.parametrize("search", ["lima", "Ana", "ANA L"])
def test_a_client_is_found_by_name(owner: Membership, now: datetime, search: str) -> None:
    client = actions.add_client(actor=owner, at=now, values={}, people=[ANA])
    actions.add_client(actor=owner, at=now, values={}, people=[{"name": "Sam"}])
    assert queries.clients(owner, search=search) == [client]


def _colleague(owner: Membership, now: datetime) -> Membership:
    from doorframe.apps.members.actions import add_member
    from doorframe.apps.members.roles import Role

    return add_member(actor=owner, email="li@a.example", name="Li Wei", role=Role.CLINICIAN, at=now)
