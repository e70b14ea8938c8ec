"""The log as lines of a page and as a table. No word of a text stands in either."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from doorframe.adapters.export import tables
from doorframe.apps.posts import queries
from doorframe.apps.posts.models import Decision
from doorframe.apps.posts.states import DONE, Verb

HEADER = ("at", "step", "by", "author", "kind", "platform", "outcome", "sha256", "reason", "checked_with", "post")
"""The columns of the table. They stay in English, for programs."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log, with the platform's name."""

    decision: Decision
    place: str

    @property
    def done(self) -> str:
        """What was done, as something that is past."""
        return str(DONE[Verb(self.decision.what)])


def shown(rows: Iterable[Decision]) -> list[Line]:
    """The lines of a page."""
    names = dict(queries.platform_choices())
    return [Line(row, names.get(row.platform, row.platform)) for row in rows]


def as_csv(rows: Iterable[Decision]) -> bytes:
    """The log as CSV that no spreadsheet takes for a formula."""
    return tables.csv_bytes(HEADER, (_cells(row) for row in rows))


def _cells(row: Decision) -> tuple[tables.Cell, ...]:
    return (
        row.at.isoformat(timespec="seconds"), str(row.what), str(row.by.user) if row.by else "Doorframe",
        str(row.post.author.user), str(row.kind), row.platform, str(row.outcome), row.sha256, row.reason, row.release,
        str(row.post.uid),
    )  # fmt: skip
