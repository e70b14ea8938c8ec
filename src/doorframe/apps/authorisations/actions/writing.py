"""Writing a permission: whose story, who signs, what, where, why and until when; then its words are fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from doorframe.adapters import kept
from doorframe.apps.authorisations import queries, rules, wording
from doorframe.apps.authorisations.holding import locked
from doorframe.apps.authorisations.models import Authorisation, Signer, Turn
from doorframe.apps.authorisations.states import State
from doorframe.apps.clients import codes
from doorframe.apps.clients.models import Capacity, Client, Person
from doorframe.apps.clients.queries import people as people_of
from doorframe.apps.members import permissions
from doorframe.apps.members.isolation import written_once
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.trail import actions as trail
from doorframe.engines.assembly.authorisation import Incomplete

FIELDS = ("scope", "purpose", "platforms", "elsewhere", "first_on", "last_on")
MISSING = {
    "information": "scope", "who-receives": "platforms", "purpose": "purpose", "expiry": "last_on",
    "signature": "people",
}  # fmt: skip
"""The column that lacks what a form must tell."""


@transaction.atomic
def begin(*, actor: Membership, at: datetime, clients: Sequence[Client]) -> Authorisation:
    """Begin a permission with everyone of these clients on it. Raises NotNow, PermissionDenied."""
    rules.check_clients(actor, clients)
    item = Authorisation(practice=actor.practice, begun_by=actor, begun_at=at, reference=codes.by_chance(4))
    item = written_once(item, twin=lambda: _taken(item))
    _put(item, [one for client in clients for one in people_of(client)])
    data = {"reference": item.reference, "clients": [client.code for client in clients]}
    _record("authorisations.permission.begun", item, actor, at, **data)
    return item


def _taken(item: Authorisation) -> None:
    """A reference that another permission has is drawn anew; there never is a twin."""
    if Authorisation.objects.filter(practice=item.practice, reference=item.reference).exists():
        item.reference = codes.by_chance(4)


@transaction.atomic
def choose_people(*, item: Authorisation, actor: Membership, at: datetime, people: Sequence[Person]) -> Authorisation:
    """Say who is in the story and signs. Raises ValidationError where somebody is not spoken for."""
    item = locked(item)
    rules.check_can_edit(actor, item)
    rules.check_draft(item)
    found = {one.client_id: one.client for one in item.signers.select_related("client")}
    if any(one.client_id not in found or one.removed_at is not None for one in people):
        raise ValidationError({"people": _("Choose among the people of these clients.")})
    rules.check_people(list(found.values()), people)
    item.signers.all().delete()
    _put(item, people)
    _record("authorisations.people.chosen", item, actor, at, people=len(people))
    return item


@transaction.atomic
def write(*, item: Authorisation, actor: Membership, at: datetime, values: Mapping[str, Any]) -> Authorisation:
    """Change what is asked. values holds any of FIELDS. The trail says which columns, never what stands in them."""
    item = locked(item)
    rules.check_can_edit(actor, item)
    rules.check_draft(item)
    known = {name: values[name] for name in FIELDS if name in values}
    if "last_on" in known or "first_on" in known:
        first, last = known.get("first_on", item.first_on), known.get("last_on", item.last_on)
        rules.check_days(first, last, today=queries.today(item.practice, at))
    changed = [name for name, value in known.items() if getattr(item, name) != value]
    if not changed:
        return item
    for name in changed:
        setattr(item, name, known[name])
    item.save(update_fields=changed)
    _record("authorisations.permission.changed", item, actor, at, changed=changed)
    return item


@transaction.atomic
def prepare(*, item: Authorisation, actor: Membership, at: datetime) -> Authorisation:
    """Fix the words, so that they can be read and signed. Raises ValidationError for what is missing."""
    item = locked(item)
    rules.check_can_edit(actor, item)
    rules.check_step(item, State.PREPARED)
    signers = list(item.signers.select_related("person", "client"))
    rules.check_people(list({one.client_id: one.client for one in signers}.values()), [one.person for one in signers])
    rules.check_days(item.first_on, item.last_on, today=queries.today(item.practice, at))
    for one in signers:
        _copy(one)
    try:
        document, asked, form = wording.form(item, signers, at)
    except Incomplete as error:
        raise ValidationError(_lacks(error.elements)) from None
    item.tree, item.text_sha256, item.asked, item.form = kept.to_plain(document), kept.words_hash(document), asked, form
    item.pack, item.language = document.pack[:160], document.language
    item.state, item.prepared_at = State.PREPARED, at
    item.save()
    _record("authorisations.permission.prepared", item, actor, at, form=form, text_sha256=item.text_sha256)
    return item


@transaction.atomic
def reopen(*, item: Authorisation, actor: Membership, at: datetime) -> Authorisation:
    """Back to writing, as long as nobody has answered. A device that was handed over shows nothing more."""
    item = locked(item)
    rules.check_can_edit(actor, item)
    rules.check_can_reopen(item, list(item.signers.all()))
    Turn.objects.filter(authorisation=item, ended_at=None).update(ended_at=at)
    item.state, item.prepared_at = State.DRAFT, None
    item.tree = item.asked = None
    item.text_sha256 = item.form = item.pack = item.language = ""
    item.save()
    _record("authorisations.permission.reopened", item, actor, at)
    return item


@transaction.atomic
def discard(*, item: Authorisation, actor: Membership, at: datetime) -> None:
    """Throw away what was being written. The trail keeps that there was something."""
    item = locked(item)
    rules.check_can_edit(actor, item)
    rules.check_draft(item)
    _record("authorisations.permission.discarded", item, actor, at)
    Turn.objects.filter(authorisation=item).delete()
    item.delete()


def _put(item: Authorisation, people: Sequence[Person]) -> None:
    """A row for each, clients first; a minor beside a guardian is asked, and not waited for."""
    guarded = {one.client_id for one in people if one.capacity == Capacity.GUARDIAN}
    ordered = sorted(people, key=lambda one: (one.capacity != Capacity.CLIENT, one.client_id, one.position))
    for number, one in enumerate(ordered, 1):
        Signer.objects.create(
            practice=item.practice, authorisation=item, client=one.client, person=one, capacity=one.capacity,
            position=number, required=not (one.is_minor and one.client_id in guarded),
        )  # fmt: skip


def _copy(one: Signer) -> None:
    one.name, one.relationship, one.authority = one.person.name, one.person.relationship, one.person.authority
    one.save(update_fields=["name", "relationship", "authority"])


def _lacks(elements: Sequence[str]) -> dict[str, Any]:
    said = {
        "scope": _("Write what may be told."), "platforms": _("Say where it may go out."),
        "purpose": _("Write what it is for."), "last_on": _("A permission needs a day on which it ends."),
        "people": _("Choose who signs."),
    }  # fmt: skip
    named = list(dict.fromkeys(MISSING[element] for element in elements if element in MISSING))
    if not named:
        return {"scope": _("The form for your country lacks a part it must have. Ask whoever keeps your content.")}
    return {name: said[name] for name in named}


def _record(name: str, item: Authorisation, actor: Membership, at: datetime, **data: Any) -> None:
    permissions.check_can(actor, Permission.EDIT_AUTHORISATIONS, item)
    told = {"reference": item.reference, **data}
    trail.record(name, practice=item.practice, actor=actor, subject=item, at=at, data=told)
