"""The chains of the trail, recomputed from the rows in the file alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from doorframe.apps.trail.models import Event
from doorframe.engines.sealing import Link, find_breaks
from doorframe.web.backup.columns import decoder
from doorframe.web.backup.errors import BackupError
from doorframe.web.backup.tables import Table

PRACTICE, EVENT, HEAD = "members.practice", "trail.event", "trail.head"
BROKEN = "This backup is readable, but {}. Nothing was changed; use another backup."

Heads = dict[str, tuple[int, str]]
"""The number and hash of each practice's last record, by the practice's own id."""


def heads(about: dict[str, Any]) -> Heads:
    """The heads of the trail as the beginning of a backup tells them."""
    return {str(uid): (int(number), str(hash_)) for uid, (number, hash_) in about["heads"].items()}


class Proof:
    """Watches the tables go by in their order: practices and heads first, the events after them."""

    def __init__(self, told: Heads) -> None:
        self._told = told
        self._practices: dict[int, str] = {}
        self._kept: Heads = {}
        self._proved: set[str] = set()

    def take(self, table: Table, rows: Iterator[list[Any]]) -> None:
        """Take the rows of one table; raises BackupError where a chain does not hold."""
        if table.label == EVENT:
            self._events(table, rows)
        elif table.label in {PRACTICE, HEAD}:
            names = [column.name for column in table.columns]
            for row in rows:
                self._note(table.label, dict(zip(names, row, strict=True)))

    def _note(self, label: str, values: dict[str, Any]) -> None:
        if label == PRACTICE:
            self._practices[values["id"]] = values["uid"]
        else:
            self._kept[self._practices[values["practice_id"]]] = (values["seq"], values["hash"])

    def _events(self, table: Table, rows: Iterator[list[Any]]) -> None:
        attributes = {field.column: field.attname for field in Event._meta.local_concrete_fields}
        names = [attributes[column.name] for column in table.columns]
        steps = [decoder(column) for column in table.columns]
        events = ({name: step(value) for name, step, value in zip(names, steps, row, strict=True)} for row in rows)
        for practice_id, own in groupby(events, key=lambda event: event["practice_id"]):
            uid = self._practices[practice_id]
            links = (_link(event, uid) for event in own)
            for found in find_breaks(links, head=None if uid in self._proved else self._kept.get(uid)):
                raise BackupError(BROKEN.format(f"in the trail of practice {uid} {found.sentence}"))
            self._proved.add(uid)

    def end(self) -> None:
        """Raise BackupError where a chain is missing, or the heads are not those that the beginning told of."""
        for uid, (number, _hash) in self._kept.items():
            if number and uid not in self._proved:
                raise BackupError(BROKEN.format(f"the trail of practice {uid} is missing"))
        if self._kept != self._told:
            raise BackupError(BROKEN.format("the heads of its trail are not those that it names"))


def _link(values: dict[str, Any], uid: str) -> Link:
    return Event(**{**values, "data": json.loads(values["data"])}).link(practice_uid=uid)
