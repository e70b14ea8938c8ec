"""What the board of a campaign says in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from doorframe.apps.clients.rules import NotNow as ClientNotNow
from doorframe.apps.members.models import Practice
from doorframe.apps.signatures import queries, rules
from doorframe.apps.signatures.models import Acknowledgement, Campaign, Signer
from doorframe.apps.signatures.queries.campaigns import Board
from doorframe.apps.signatures.states import State

REFUSED = (rules.NotNow, ClientNotNow)
"""What says that a step does not fit how things stand."""

_TABS = (State.OPEN, State.TALK, State.PAPER, State.SIGNED, State.COMPLETE, State.DECLINED, State.SUPERSEDED)
_STANDING = {
    State.TALK: _lazy("Wants to talk first"), State.PAPER: _lazy("Will sign on paper"),
    State.SIGNED: _lazy("Signed, to be countersigned"), State.COMPLETE: _lazy("Signed"),
    State.DECLINED: _lazy("Declined"), State.SUPERSEDED: _lazy("Replaced by a newer version"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One client on the board: how far, and when the next letter is due."""

    item: Acknowledgement
    sentence: str
    next_reminder_at: datetime | None
    paused: bool


def goes_on(item: Campaign) -> bool:
    """Whether letters of this campaign may still go out."""
    return item.paper.is_in_force and item.ended_at is None


def figures(board: Board) -> list[tuple[str, int]]:
    """Each figure with its word, in the order of the way."""
    counts = board.counts
    return [
        (_("Sent a letter"), board.sent), (_("Opened it"), board.opened), (_("Read to the end"), board.read),
        (_("Asked something"), board.asked),
        (_("Signed"), counts.get(State.SIGNED, 0) + counts.get(State.COMPLETE, 0)),
        (_("Declined"), counts.get(State.DECLINED, 0)), (_("Will sign on paper"), counts.get(State.PAPER, 0)),
        (_("Want to talk first"), counts.get(State.TALK, 0)), (_("Not sent a letter"), board.not_sent),
    ]  # fmt: skip


def unsent(board: Board) -> list[tuple[str, int]]:
    """Why some who still wait were sent nothing; reasons that fit nobody are left out."""
    found = [
        (_("no e-mail address is kept: hand over the tablet, or print it"), board.no_email),
        (_("want paper: print it for them"), board.paper),
        (_("paused: they get it once you let the letters go on"), board.paused),
        (_("get it with the next sending"), board.waiting),
    ]
    return [(why, count) for why, count in found if count]


def tabs(board: Board, state: str) -> list[dict[str, object]]:
    """The states that anybody is in, with how many, and whether it is the one that is shown."""
    found = [(one, board.counts.get(one, 0)) for one in _TABS]
    return [
        {"value": one.value, "label": one.label, "count": count, "current": one.value == state}
        for one, count in found
        if count or one.value == state
    ]


def lines(items: Sequence[Acknowledgement]) -> list[Line]:
    """One line for each acknowledgement, from what is at hand: no further query."""
    return [_line(item) for item in items]


def reminder_days(practice: Practice) -> list[int]:
    """After how many days the reminders follow."""
    return list(queries.plan(queries.preferences(practice)).days)


def _line(item: Acknowledgement) -> Line:
    people = [one for one in item.signers.all() if one.person_id is not None]
    waits = item.state == State.OPEN
    due = [one.next_reminder_at for one in people if one.next_reminder_at and not one.answer]
    return Line(
        item, _open(people, item) if waits else str(_STANDING[State(item.state)]),
        min(due) if waits and due else None, item.client.reminders_paused,
    )  # fmt: skip


def _open(people: Sequence[Signer], item: Acknowledgement) -> str:
    if getattr(item, "has_asked", False):
        return _("Asked something")
    if any(one.read_at for one in people):
        return _("Read, no answer yet")
    if any(one.opened_at for one in people):
        return _("Opened, no answer yet")
    if any(one.sent_at for one in people):
        return _("Sent, not opened yet")
    return _("Not sent a letter yet")
