"""Clients as a table: one row a person, the same columns going out and coming in.

`plan` reads a table and says what it would do, and writes nothing; `actions.import_clients` does it. A practice id that
is there already is changed, never doubled. A blank cell says nothing: no import empties or deletes anything.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from doorframe.adapters.export import tables
from doorframe.apps.clients import comparing, queries
from doorframe.apps.clients.comparing import Deed, Step
from doorframe.apps.clients.models import Client
from doorframe.apps.members import encryption
from doorframe.apps.members.models import Membership

COLUMNS = (
    tables.Column("practice_id", required=True, also=("id", "code", "client id"), longest=20),
    tables.Column("who_comes", also=("kind",)),
    tables.Column("status"),
    tables.Column("clinician", longest=254),
    tables.Column("first_session"),
    tables.Column("third_session"),
    tables.Column("reminders"),
    tables.Column("signs_as", also=("capacity",)),
    tables.Column("name", longest=120),
    tables.Column("email", also=("e-mail", "mail"), longest=254),
    tables.Column("phone", also=("telephone",), longest=40),
    tables.Column("minor", also=("under age",)),
    tables.Column("relationship", longest=120),
    tables.Column("authority", longest=300),
    tables.Column("copy"),
)
HEADER = [column.name for column in COLUMNS]

LARGEST = 2_000_000
"""Bytes of a table that is brought: it travels once more with the form that confirms it."""
MOST_ROWS = 2_000
LASTS = timedelta(hours=1)
"""How long what was shown can be confirmed."""


class Expired(Exception):
    """What the form sent back is not what was shown to this member within the hour."""


@dataclass(frozen=True)
class Plan:
    """What a table would do: a step for each practice id, and the lines that cannot be read."""

    steps: Sequence[Step]
    problems: Sequence[tables.Problem]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many steps there are of each deed."""
        return {str(deed): sum(step.deed == deed for step in self.steps) for deed in Deed}

    @property
    def does_something(self) -> bool:
        return any(step.deed in (Deed.ADD, Deed.CHANGE) for step in self.steps)

    @property
    def digest(self) -> str:
        """Tells whether a plan made again is the one that was shown."""
        said = [
            (step.code, str(step.deed), step.sentences, step.values, step.people, step.paused) for step in self.steps
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()


def plan(member: Membership, table: bytes) -> Plan:
    """What this table would do if this member brought it in. Nothing is written."""
    if len(table) > LARGEST:
        return Plan([], [tables.Problem(0, _("This table is larger than 2 MB. Split it, and bring in each part."))])
    rows, problems = tables.read_csv(table, COLUMNS)
    if len(rows) > MOST_ROWS:
        sentence = _("This table has more than %(count)s rows. Split it, and bring in each part.") % {
            "count": MOST_ROWS
        }
        return Plan([], [tables.Problem(0, sentence)])
    return Plan(comparing.steps(member, rows), problems)


# What was shown, on its way back


def seal(member: Membership, table: bytes, digest: str, at: datetime) -> str:
    """The table and what was shown of it, so that only this member's form can bring it back."""
    told = json.dumps({"at": at.isoformat(), "digest": digest}).encode()
    return base64.b64encode(encryption.seal_bytes(told + b"\n" + table, _context(member))).decode()


def unseal(member: Membership, token: str, at: datetime) -> tuple[bytes, str]:
    """The table and the digest of what was shown. Raises Expired."""
    try:
        told, _newline, table = encryption.open_bytes(base64.b64decode(token), _context(member)).partition(b"\n")
    except (encryption.DecryptError, binascii.Error, ValueError) as error:
        raise Expired from error
    shown = json.loads(told)
    if not timedelta(0) <= at - datetime.fromisoformat(shown["at"]) <= LASTS:
        raise Expired
    return table, shown["digest"]


def _context(member: Membership) -> str:
    return f"clients.import.{member.practice_id}.{member.pk}"


# Going out


def rows(clients: Sequence[Client]) -> Iterator[list[tables.Cell]]:
    """The table's rows, in the order of HEADER."""
    for client in clients:
        entry: list[tables.Cell] = [
            client.code, str(client.kind), str(client.status), client.clinician.user.email, client.first_session_on,
            client.third_session_on, "paused" if client.reminders_paused else "yes",
        ]  # fmt: skip
        for one in queries.present(client):
            yield [*entry, str(one.capacity), one.name, one.email, one.phone, one.is_minor, one.relationship,
                   one.authority, str(one.copy_way)]  # fmt: skip


def as_csv(clients: Sequence[Client]) -> bytes:
    """The list as CSV that no spreadsheet takes for formulas."""
    return tables.csv_bytes(HEADER, rows(clients))


def as_json(clients: Sequence[Client]) -> bytes:
    """The list as JSON: an object for each row."""
    return tables.json_bytes([dict(zip(HEADER, map(_plain, row), strict=True)) for row in rows(clients)])


def _plain(cell: tables.Cell) -> object:
    return cell if cell is None or isinstance(cell, (str, bool)) else str(cell)
