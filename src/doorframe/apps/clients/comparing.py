"""A table beside what is kept: for each practice id, what would be added, changed, or left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorframe.adapters.export.tables import Row
from doorframe.apps.clients import codes, queries, rules, words
from doorframe.apps.clients.forms import MOST_PEOPLE, PersonForm
from doorframe.apps.clients.models import Capacity, Client, CopyWay, Kind, Person, Status
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission


class Deed(models.TextChoices):
    """What happens with one practice id."""

    ADD = "add", gettext_lazy("Is added")
    CHANGE = "change", gettext_lazy("Is changed")
    SAME = "same", gettext_lazy("Stays as it is")
    LEAVE = "leave", gettext_lazy("Is left out")


@dataclass(slots=True)
class Step:
    """One practice id of the table. `people` pairs the person kept (None: a new one) with the values to set.

    `line` is the first line of the table that speaks of it; `sentences` say what would change, or why nothing can.
    """

    line: int
    code: str
    deed: Deed = Deed.LEAVE
    names: str = ""
    sentences: list[str] = field(default_factory=list)
    client: Client | None = None
    values: dict[str, Any] = field(default_factory=dict)
    people: list[tuple[Person | None, dict[str, Any]]] = field(default_factory=list)
    paused: bool | None = None


class Unclear(Exception):
    """A cell says nothing that can be kept; the message is a sentence with its line."""


YES = {"yes", "y", "true", "1", "x", "on"}
NO = {"no", "n", "false", "0", "off"}
CALLED: dict[str, str | Promise] = {
    "kind": gettext_lazy("who comes"), "clinician": gettext_lazy("the clinician"),
    "status": gettext_lazy("where they stand"), "first_session_on": gettext_lazy("the first session"),
    "third_session_on": gettext_lazy("the third session"), "name": gettext_lazy("the name"),
    "email": gettext_lazy("the e-mail address"), "phone": gettext_lazy("the telephone number"),
    "is_minor": gettext_lazy("whether under age"), "relationship": gettext_lazy("what they are to the client"),
    "authority": gettext_lazy("why they may sign"), "copy_way": gettext_lazy("how they get copies"),
}  # fmt: skip


def steps(member: Membership, rows: Sequence[Row]) -> list[Step]:
    """A step for each practice id of the rows, in their order."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(codes.tidy(row.cells["practice_id"]), []).append(row)
    kept = queries.by_code(member.practice, list(groups))
    clinicians = {one.user.email.casefold(): one for one in queries.clinicians(member.practice)}
    return [_step(member, code, group, kept.get(code), clinicians) for code, group in groups.items()]


def _step(
    member: Membership, code: str, rows: Sequence[Row], client: Client | None, clinicians: dict[str, Membership]
) -> Step:
    step = Step(rows[0].line, code, client=client)
    try:
        _check_client(member, code, client)
        step.values = _values(rows, clinicians)
        step.paused = _paused(rows)
        given = [_person(row) for row in rows]
        if client is None:
            _as_new(step, member, given)
        else:
            _as_change(step, member, client, given)
    except Unclear as error:
        step.sentences = [str(error)]
    except (PermissionDenied, rules.NotNow) as error:
        step.sentences = [_at(step.line, str(error))]
    except ValidationError as error:
        step.sentences = [_at(step.line, sentence) for sentence in error.messages]
    return step


def _at(line: int, sentence: str) -> str:
    return _("Line %(line)s: %(sentence)s") % {"line": line, "sentence": sentence}


def _check_client(member: Membership, code: str, client: Client | None) -> None:
    """Raise unless this member may bring in something under this practice id."""
    permissions.check_can(member, Permission.EDIT_CLIENTS)
    if client is None:
        rules.check_shape(code)
        return
    if not rules.can_view(member, client):
        raise PermissionDenied(_("Another client has this practice id. Choose another."))
    rules.check_can_edit(member, client)


# Cells to values


def _values(rows: Sequence[Row], clinicians: dict[str, Membership]) -> dict[str, Any]:
    """What the rows say of the client itself; what they leave blank is not in it."""
    found: dict[str, Any] = {
        "kind": _choice(rows, "who_comes", Kind), "status": _choice(rows, "status", Status),
        "first_session_on": _day(rows, "first_session"), "third_session_on": _day(rows, "third_session"),
    }  # fmt: skip
    line, email = _said(rows, "clinician")
    if email:
        clinician = clinicians.get(email.casefold())
        if clinician is None:
            raise Unclear(_("Line %(line)s: no clinician here has this e-mail address. Write the address that they "
                            "sign in with, or leave the cell empty.") % {"line": line})  # fmt: skip
        found["clinician"] = clinician
    return {name: value for name, value in found.items() if value is not None}


def _said(rows: Sequence[Row], column: str) -> tuple[int, str]:
    """The first line that says something in this column, and what. Raises Unclear where a later one says otherwise."""
    told = [(row.line, row.cells[column]) for row in rows if row.cells[column]]
    if not told:
        return 0, ""
    for line, value in told[1:]:
        if value.casefold() != told[0][1].casefold():
            raise Unclear(_("Lines %(first)s and %(second)s have the same practice id, and say different things under "
                            "“%(column)s”.") % {"first": told[0][0], "second": line, "column": column})  # fmt: skip
    return told[0]


def _choice(rows: Sequence[Row], column: str, choices: type[models.TextChoices]) -> str | None:
    line, said = _said(rows, column)
    return _one_of(line, said, column, choices) if said else None


def _one_of(line: int, said: str, column: str, choices: type[models.TextChoices]) -> str:
    for value, label in choices.choices:
        if said.casefold() in {value, str(label).casefold()}:
            return str(value)
    known = ", ".join(choices.values)
    raise Unclear(_("Line %(line)s: “%(column)s” can be one of these: %(known)s.")
                  % {"line": line, "column": column, "known": known})  # fmt: skip


def _day(rows: Sequence[Row], column: str) -> date | None:
    line, said = _said(rows, column)
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise Unclear(_("Line %(line)s: write “%(column)s” as year, month, day: 2026-03-21.")
                      % {"line": line, "column": column}) from error  # fmt: skip


def _paused(rows: Sequence[Row]) -> bool | None:
    line, said = _said(rows, "reminders")
    if not said:
        return None
    return True if said.casefold() == "paused" else not _yes_or_no(line, said, "reminders")


def _yes_or_no(line: int, said: str, column: str) -> bool:
    if said.casefold() in YES | NO:
        return said.casefold() in YES
    raise Unclear(_("Line %(line)s: “%(column)s” can be yes or no.") % {"line": line, "column": column})


def _person(row: Row) -> dict[str, Any]:
    """What one row says of a person; what it leaves blank is not in it. "capacity" always is."""
    cells, line = row.cells, row.line
    capacity = _one_of(line, cells["signs_as"], "signs_as", Capacity) if cells["signs_as"] else Capacity.CLIENT.value
    form = PersonForm({name: cells.get(name, "") for name in PersonForm.base_fields}, capacity=capacity, is_new=True)
    if not form.is_valid():
        sentence = " ".join(str(message) for messages in form.errors.values() for message in messages)
        raise Unclear(_at(line, sentence))
    found = {name: value for name, value in form.cleaned_data.items() if value}
    if cells["minor"] and capacity == Capacity.CLIENT:
        found["is_minor"] = _yes_or_no(line, cells["minor"], "minor")
    if cells["copy"]:
        found["copy_way"] = _one_of(line, cells["copy"], "copy", CopyWay)
    return {**found, "capacity": capacity}


# Values beside what is kept


def _as_new(step: Step, member: Membership, given: list[dict[str, Any]]) -> None:
    clinician = step.values.get("clinician")
    if clinician is None and not permissions.can(member, Permission.VIEW_ANSWERS):
        raise Unclear(_("Line %(line)s: write the clinician's e-mail address, for this client is new.")
                      % {"line": step.line})  # fmt: skip
    rules.check_clinician(member, clinician or member)
    _check_number(step, len(given))
    step.values["code"] = step.code
    for values in given:
        values.setdefault("copy_way", CopyWay.EMAIL if values.get("email") else CopyWay.PRINT)
    step.people = [(None, values) for values in given]
    step.names = words.names([Person(**values) for values in given])
    kind, status = step.values.get("kind", Kind.INDIVIDUAL), step.values.get("status", Status.PROSPECTIVE)
    step.sentences = [f"{Kind(kind).label} · {Status(status).label} · {(clinician or member).user}"]
    step.deed = Deed.ADD


def _as_change(step: Step, member: Membership, client: Client, given: list[dict[str, Any]]) -> None:
    step.names = words.names(queries.present(client))
    step.values = {name: value for name, value in step.values.items() if getattr(client, name) != value}
    if "clinician" in step.values:
        rules.check_clinician(member, step.values["clinician"])
    step.sentences += [
        _("Changes %(what)s to %(value)s.") % {"what": CALLED[name], "value": _shown(name, value)}
        for name, value in step.values.items()
    ]
    if step.paused is not None and step.paused != client.reminders_paused:
        step.sentences.append(_("Pauses the reminders.") if step.paused else _("Sends reminders again."))
    else:
        step.paused = None
    present = queries.present(client)
    for person, values in match(present, given):
        _compare(step, person, values)
    _check_number(step, len(present) + sum(person is None for person, _values in step.people))
    step.deed = Deed.CHANGE if step.sentences else Deed.SAME


def _compare(step: Step, person: Person | None, values: dict[str, Any]) -> None:
    if person is None:
        values.setdefault("copy_way", CopyWay.EMAIL if values.get("email") else CopyWay.PRINT)
        step.people.append((None, values))
        step.sentences.append(_("Adds %(who)s.") % {"who": values.get("name") or _("a person without a name")})
        return
    changed = {name: value for name, value in values.items() if getattr(person, name) != value}
    if changed:
        step.people.append((person, changed))
        step.sentences += [
            _("%(who)s: changes %(what)s to %(value)s.")
            % {"who": words.called(person), "what": CALLED[name], "value": _shown(name, value)}
            for name, value in changed.items()
        ]


def _shown(name: str, value: Any) -> str:
    """A value as a person reads it."""
    choices: dict[str, type[models.TextChoices]] = {"kind": Kind, "status": Status, "copy_way": CopyWay}
    if name in choices:
        return str(choices[name](value).label)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return str(value.user) if isinstance(value, Membership) else str(value)


def _check_number(step: Step, number: int) -> None:
    if number > MOST_PEOPLE:
        raise Unclear(_("Line %(line)s: more than %(most)s people would sign for one client. Split them over several "
                        "practice ids.") % {"line": step.line, "most": MOST_PEOPLE})  # fmt: skip


def match(present: Sequence[Person], given: Sequence[dict[str, Any]]) -> list[tuple[Person | None, dict[str, Any]]]:
    """Which person kept each row speaks of, or None for somebody new.

    The same e-mail address is the same person, then the same name. A row that names nobody, or a person of whom neither
    name nor address is kept, goes with the first of the same capacity that is left. A lone person may change
    their name, for there is nobody else it could be.
    """
    left = list(present)
    found: list[Person | None] = [None] * len(given)
    for fits in (_same_address, _same_name, _nameless):
        for at, values in enumerate(given):
            if found[at] is None:
                found[at] = next(
                    (one for one in left if one.capacity == values["capacity"] and fits(one, values)), None
                )
                left = [one for one in left if one is not found[at]]
    if len(present) == len(given) == 1 and found[0] is None and present[0].capacity == given[0]["capacity"]:
        found[0] = present[0]
    return list(zip(found, given, strict=True))


def _same_address(person: Person, values: dict[str, Any]) -> bool:
    # Partners and parents share addresses; then the names must not contradict.
    same = bool(person.email) and person.email.casefold() == values.get("email", "").casefold()
    return same and (not person.name or not values.get("name") or _same_name(person, values))


def _same_name(person: Person, values: dict[str, Any]) -> bool:
    return bool(person.name) and person.name.casefold() == values.get("name", "").casefold()


def _nameless(person: Person, values: dict[str, Any]) -> bool:
    return not (person.name or person.email) or not (values.get("name") or values.get("email"))
