"""The only writes. Each is one transaction with its line on the trail, which holds practice ids alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from doorframe.apps.clients import codes, rules
from doorframe.apps.clients.comparing import Deed, Step
from doorframe.apps.clients.holding import locked
from doorframe.apps.clients.models import Client, Person, Status
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.trail import actions as trail
from doorframe.engines.sealing import Json

CLIENT_FIELDS = ("code", "kind", "clinician", "status", "first_session_on", "third_session_on")
PERSON_FIELDS = (
    "capacity", "name", "email", "phone", "is_minor", "relationship", "authority", "copy_way",
)  # fmt: skip


@transaction.atomic
def add_client(
    *, actor: Membership, at: datetime, values: Mapping[str, Any], people: Sequence[Mapping[str, Any]] = ()
) -> Client:
    """Enter a client. values holds CLIENT_FIELDS, people PERSON_FIELDS for each; what is left out has its usual value.

    Without a practice id one is made. Raises PermissionDenied by role, ValidationError for a value that does not fit.
    """
    permissions.check_can(actor, Permission.EDIT_CLIENTS)
    rules.check_clinician(actor, values.get("clinician") or actor)
    client = _new_client(actor, at, values)
    for position, row in enumerate(people or ({},), start=1):
        _new_person(client, row, position)
    data: dict[str, Json] = {
        "code": client.code,
        "kind": str(client.kind),
        "status": str(client.status),
        "people": max(len(people), 1),
    }
    trail.record("clients.client.added", practice=actor.practice, actor=actor, subject=client, at=at, data=data)
    return client


@transaction.atomic
def change_client(*, client: Client, actor: Membership, at: datetime, values: Mapping[str, Any]) -> Client:
    """Change an entry. values holds any of CLIENT_FIELDS. Raises as `add_client` does, and NotNow once erased."""
    client = locked(client)
    rules.check_can_edit(actor, client)
    known = {name: values[name] for name in CLIENT_FIELDS if name in values}
    if "code" in known:
        known["code"] = codes.tidy(known["code"]) or client.code
    changed = [name for name, value in known.items() if getattr(client, name) != value]
    if not changed:
        return client
    if "clinician" in changed:
        rules.check_clinician(actor, known["clinician"])
    if "code" in changed:
        rules.check_code(actor.practice, known["code"], besides=client)
    for name in changed:
        setattr(client, name, known[name])
    if "status" in changed:
        client.left_at = at if client.status == Status.FORMER else None
    client.changed_at = at
    _check(client, CLIENT_FIELDS)
    client.save()
    data: dict[str, Json] = {"code": client.code, "changed": [*changed], "status": str(client.status)}
    trail.record("clients.client.changed", practice=client.practice, actor=actor, subject=client, at=at, data=data)
    return client


@transaction.atomic
def add_person(*, client: Client, actor: Membership, at: datetime, values: Mapping[str, Any]) -> Person:
    """Add somebody who reads and signs for this client. values holds any of PERSON_FIELDS."""
    client = locked(client)
    rules.check_can_edit(actor, client)
    last = client.people.aggregate(last=models.Max("position"))["last"] or 0
    person = _new_person(client, values, last + 1)
    data = {"code": client.code, "capacity": str(person.capacity)}
    trail.record("clients.person.added", practice=client.practice, actor=actor, subject=person, at=at, data=data)
    return person


@transaction.atomic
def change_person(*, person: Person, actor: Membership, at: datetime, values: Mapping[str, Any]) -> Person:
    """Change what is kept of a person. The trail says which columns, never what stands in them."""
    client = locked(person.client)
    rules.check_can_edit(actor, client)
    person = Person.objects.select_for_update(of=("self",)).select_related("client").get(pk=person.pk)
    known = {name: values[name] for name in PERSON_FIELDS if name in values}
    changed = [name for name, value in known.items() if getattr(person, name) != value]
    if not changed:
        return person
    for name in changed:
        setattr(person, name, known[name])
    _check(person, PERSON_FIELDS)
    person.save()
    data: dict[str, Json] = {"code": client.code, "changed": [*changed]}
    trail.record("clients.person.changed", practice=client.practice, actor=actor, subject=person, at=at, data=data)
    return person


@transaction.atomic
def remove_person(*, person: Person, actor: Membership, at: datetime) -> Person:
    """Take somebody out: they are asked no more. What they signed stays. Raises NotNow for the last one."""
    client = locked(person.client)
    rules.check_can_edit(actor, client)
    others = client.people.filter(removed_at=None).exclude(pk=person.pk).count()
    rules.check_can_remove(person, others=others)
    person.removed_at = at
    person.save(update_fields=["removed_at"])
    trail.record(
        "clients.person.removed", practice=client.practice, actor=actor, subject=person, at=at,
        data={"code": client.code},
    )  # fmt: skip
    return person


@transaction.atomic
def pause_reminders(*, client: Client, actor: Membership, at: datetime, paused: bool) -> Client:
    """Send this client no reminders, or send them again."""
    client = locked(client)
    rules.check_can_edit(actor, client)
    if client.reminders_paused == paused:
        return client
    client.reminders_paused = paused
    client.save(update_fields=["reminders_paused"])
    name = "clients.reminders.paused" if paused else "clients.reminders.resumed"
    trail.record(name, practice=client.practice, actor=actor, subject=client, at=at, data={"code": client.code})
    return client


@transaction.atomic
def erase_contact(*, client: Client, actor: Membership, at: datetime) -> Client:
    """Remove names and addresses of a client on request. The trail holds ids and hashes alone, so it stays whole.

    What was signed stays as long as proof is kept; the entry can no longer be changed or asked.
    """
    client = locked(client)
    rules.check_can_edit(actor, client)
    permissions.check_can(actor, Permission.EXPORT_EVIDENCE, client)
    gone = client.people.update(name="", email="", phone="", relationship="", authority="")
    client.erased_at = client.changed_at = at
    client.status, client.left_at = Status.FORMER, client.left_at or at
    client.save()
    data: dict[str, Json] = {"code": client.code, "people": gone}
    trail.record("clients.client.erased", practice=client.practice, actor=actor, subject=client, at=at, data=data)
    return client


@transaction.atomic
def import_clients(*, actor: Membership, at: datetime, steps: Sequence[Step]) -> int:
    """Do what a table was shown to do, all of it or nothing; return how many clients were added or changed.

    Raises as `add_client` and `change_client` do, where something changed since the steps were worked out.
    """
    permissions.check_can(actor, Permission.EDIT_CLIENTS)
    wanted = [step for step in steps if step.deed in (Deed.ADD, Deed.CHANGE)]
    for step in wanted:
        client = step.client
        if client is None:
            client = add_client(actor=actor, at=at, values=step.values, people=[values for _, values in step.people])
        else:
            client = _follow(client, step, actor, at)
        if step.paused is not None:
            pause_reminders(client=client, actor=actor, at=at, paused=step.paused)
    added = sum(step.deed == Deed.ADD for step in wanted)
    data: dict[str, Json] = {"added": added, "changed": len(wanted) - added}
    trail.record(
        "clients.list.imported", practice=actor.practice, actor=actor, subject=actor.practice, at=at, data=data
    )
    return len(wanted)


def _follow(client: Client, step: Step, actor: Membership, at: datetime) -> Client:
    client = change_client(client=client, actor=actor, at=at, values=step.values)
    for person, values in step.people:
        if person is None:
            add_person(client=client, actor=actor, at=at, values=values)
        else:
            change_person(person=person, actor=actor, at=at, values=values)
    return client


@transaction.atomic
def record_export(*, actor: Membership, at: datetime, number: int, shape: str) -> None:
    """Note that the list of clients left the practice: how many, in which format, and by whom."""
    permissions.check_can(actor, Permission.EXPORT_EVIDENCE)
    data: dict[str, Json] = {"clients": number, "format": shape}
    trail.record(
        "clients.list.exported", practice=actor.practice, actor=actor, subject=actor.practice, at=at, data=data
    )


def _new_client(actor: Membership, at: datetime, values: Mapping[str, Any]) -> Client:
    known = {name: values[name] for name in CLIENT_FIELDS if values.get(name)}
    wish = codes.tidy(known.pop("code", ""))
    if wish:
        rules.check_code(actor.practice, wish)
    known.setdefault("clinician", actor)
    client = Client(practice=actor.practice, created_at=at, changed_at=at, **known)
    for _attempt in range(5):
        client.code = wish or codes.suggest()
        try:
            with transaction.atomic():
                _check(client, CLIENT_FIELDS)
                client.save(force_insert=True)
            return client
        except IntegrityError:
            if wish:
                rules.check_code(actor.practice, wish)
    raise RuntimeError("No free practice id was found")


def _new_person(client: Client, values: Mapping[str, Any], position: int) -> Person:
    known = {name: values[name] for name in PERSON_FIELDS if values.get(name)}
    person = Person(practice=client.practice, client=client, position=position, **known)
    _check(person, PERSON_FIELDS)
    person.save()
    return person


def _check(row: models.Model, names: Sequence[str]) -> None:
    """Raise ValidationError for what a person may enter; the columns we fill ourselves need no looking at."""
    row.clean_fields(exclude=[field.name for field in row._meta.fields if field.name not in names])
