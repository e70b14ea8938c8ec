"""What the read API answers: rows as plain values. Ids, states, times, numbers and hashes; never a name or a word."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, Max, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Cast
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from doorframe.apps.connections.events import HEARD
from doorframe.apps.members.isolation import get_for_practice
from doorframe.apps.members.models import Practice
from doorframe.apps.signatures import queries as signatures
from doorframe.apps.signatures.models import Acknowledgement, Paper, Seal
from doorframe.apps.signatures.queries.papers import POLICY
from doorframe.apps.signatures.states import State
from doorframe.apps.trail.models import Event

PAGE = 100
CODE = re.compile(r"[^\x00-\x1f\x7f]{1,20}\Z")
_PAPER = ("practice", "key", "number", "uid", "generation", "text_sha256", "pack_sha256", "in_force_from", "material",
          "issued_at", "ended_at")  # fmt: skip
_SUBJECT = "signatures.acknowledgement"


class Unclear(Exception):
    """What was asked makes no sense; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acknowledgements are asked for; `after` is where the last page ended."""

    state: str = ""
    client: str = ""
    changed_since: datetime | None = None
    after: uuid.UUID | None = None


def wanted(given: dict[str, list[str]]) -> Wanted:
    """The filters of an address, checked. Raises Unclear."""
    values = _single(given, {"state", "client", "changed_since", "cursor"})
    if "state" in values and values["state"] not in State.values:
        raise Unclear(_("“state” must be one of: %(states)s.") % {"states": ", ".join(State.values)})
    if "client" in values and not CODE.match(values["client"]):
        raise Unclear(_("“client” must be a practice id of 1 to 20 signs."))
    since = _moment(values["changed_since"]) if "changed_since" in values else None
    return Wanted(values.get("state", ""), values.get("client", ""), since, _cursor(values))


def place(given: dict[str, list[str]]) -> uuid.UUID | None:
    """Where the last page of a list without filters ended. Raises Unclear."""
    return _cursor(_single(given, {"cursor"}))


def nothing_else(given: dict[str, list[str]]) -> None:
    """Raises Unclear where something is asked of an address that takes no filters."""
    _single(given, set())


def acknowledgements(practice: Practice, want: Wanted) -> dict[str, Any]:
    """One page of acknowledgements in the order in which they were opened, with the cursor of the next page."""
    rows = _acknowledgements(practice)
    if want.state:
        rows = rows.filter(state=want.state)
    if want.client:
        rows = rows.filter(client__code=want.client)
    if want.changed_since:
        changes = _changes(practice).filter(at__gte=want.changed_since)
        rows = rows.filter(pk__in=changes.values(row=Cast("subject_id", BigIntegerField())))
    if want.after:
        rows = rows.filter(pk__gt=_place(Acknowledgement, practice, want.after))
    return _page([*rows.order_by("pk")[: PAGE + 1]], _acknowledgement)


def acknowledgement(practice: Practice, uid: str) -> dict[str, Any]:
    """One acknowledgement, or Http404."""
    return _acknowledgement(get_for_practice(_acknowledgements(practice), practice=practice, uid=uid))


def papers(practice: Practice, after: uuid.UUID | None) -> dict[str, Any]:
    """One page of papers, oldest first."""
    rows = Paper.objects.for_practice(practice).only(*_PAPER)
    if after:
        rows = rows.filter(pk__gt=_place(Paper, practice, after))
    return _page([*rows.order_by("pk")[: PAGE + 1]], _paper)


def paper(practice: Practice, number: str) -> dict[str, Any]:
    """The policy with this number, or Http404."""
    rows = Paper.objects.filter(key=POLICY).only(*_PAPER)
    wanted_number = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else -1
    return _paper(get_for_practice(rows, practice=practice, number=wanted_number))


def campaign(practice: Practice, uid: str) -> dict[str, Any]:
    """How far the asking again is, or Http404."""
    board = signatures.board(signatures.campaign(practice, uid))
    item = board.campaign
    return {
        "uid": str(item.uid), "paper": item.paper.number, "opened_at": _time(item.opened_at),
        "started_at": _time(item.started_at), "ended_at": _time(item.ended_at), "clients": board.clients,
        "sent": board.sent, "opened": board.opened, "answered": board.answered,
        "states": {state: board.counts.get(state, 0) for state in State.values},
    }  # fmt: skip


def _changes(practice: Practice) -> QuerySet[Event]:
    """What moved an acknowledgement, on the trail."""
    return Event.objects.for_practice(practice).filter(subject_type=_SUBJECT, name__in=list(HEARD))


def _acknowledgements(practice: Practice) -> QuerySet[Acknowledgement]:
    # Only the columns that are told: nothing encrypted is opened, and no text is read.
    one = _changes(practice).filter(subject_id=Cast(OuterRef("pk"), CharField())).order_by()
    changed = one.values("subject_id").annotate(last=Max("at")).values("last")
    seals = Seal.objects.only("acknowledgement", "sha256", "sealed_at")
    rows = Acknowledgement.objects.for_practice(practice).annotate(changed_at=Subquery(changed))
    rows = rows.select_related("client", "paper", "campaign").prefetch_related(Prefetch("seals", queryset=seals))
    return rows.only(
        "practice", "uid", "state", "opened_at", "closed_at", "keep_until", "client__code", "paper__number",
        "paper__text_sha256", "campaign__uid",
    )  # fmt: skip


def _acknowledgement(item: Any) -> dict[str, Any]:
    seal = next(iter(item.seals.all()), None)
    return {
        "uid": str(item.uid), "client": item.client.code, "state": item.state,
        "paper": {"number": item.paper.number, "text_sha256": item.paper.text_sha256},
        "campaign": str(item.campaign.uid) if item.campaign else None,
        "opened_at": _time(item.opened_at), "changed_at": _time(item.changed_at or item.opened_at),
        "closed_at": _time(item.closed_at),
        "keep_until": item.keep_until.isoformat() if item.keep_until else None,
        "proof": {"sha256": seal.sha256, "sealed_at": _time(seal.sealed_at)} if seal else None,
    }  # fmt: skip


def _paper(item: Paper) -> dict[str, Any]:
    return {
        "uid": str(item.uid), "number": item.number, "generation": item.generation, "material": item.material,
        "text_sha256": item.text_sha256, "pack_sha256": item.pack_sha256,
        "in_force_from": item.in_force_from.isoformat(), "issued_at": _time(item.issued_at),
        "ended_at": _time(item.ended_at),
    }  # fmt: skip


def _page(rows: list[Any], shape: Any) -> dict[str, Any]:
    more = len(rows) > PAGE
    return {"items": [shape(row) for row in rows[:PAGE]], "next": str(rows[PAGE - 1].uid) if more else None}


def _place(model: type[Acknowledgement] | type[Paper], practice: Practice, uid: uuid.UUID) -> int:
    """Where a page goes on, or Http404. The cursor is a row's own id, so it tells nothing of any other practice."""
    return int(get_for_practice(model._default_manager.only("pk"), practice=practice, uid=uid).pk)


def _single(given: dict[str, list[str]], known: set[str]) -> dict[str, str]:
    for name, values in given.items():
        if name not in known:
            raise Unclear(_("This address takes no such filter. The description at /api/v1/openapi.json names them."))
        if len(values) != 1 or not values[0]:
            raise Unclear(_("“%(name)s” must be given once, with a value.") % {"name": name})
    return {name: values[0] for name, values in given.items()}


def _cursor(values: dict[str, str]) -> uuid.UUID | None:
    if "cursor" not in values:
        return None
    try:
        return uuid.UUID(values["cursor"])
    except ValueError:
        raise Unclear(_("“cursor” must be what the last page gave as “next”.")) from None


def _moment(text: str) -> datetime:
    """A time with its zone. A plus sign that came as a space is taken for what it was."""
    try:
        found = parse_datetime(text.replace(" ", "+") if text.count(" ") == 1 and "T" in text.upper() else text)
        if found is not None and found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Unclear(_("“changed_since” must be a time with its zone, for example 2026-11-21T09:30:00Z."))


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
