"""From an event on the trail to the messages about it, in the transaction of the change.

The trail calls `heard` by the setting DOORFRAME_HEARERS, so that no room needs to know of this one. No line on the
trail of its own: the event is the line.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from doorframe.apps.connections import queries
from doorframe.apps.connections.events import HEARD
from doorframe.apps.connections.models import Delivery, Endpoint
from doorframe.apps.jobs import actions as jobs
from doorframe.apps.trail.models import Event

JOB = "connections.delivery.send"


def heard(event: Event) -> None:
    """Write down a message for each endpoint that wants to know of this event. One query where there is none."""
    told = HEARD.get(event.name)
    if told is None:
        return
    wanting = [endpoint for endpoint in queries.listening(event.practice) if told in endpoint.events]
    if not wanting:
        return
    body = written(told, event.at, queries.about(event, told))
    for endpoint in wanting:
        post(endpoint, told, body, event.at, seq=event.seq)


def written(event_type: str, at: datetime, data: dict[str, Any]) -> str:
    """The message's text: what is signed and sent, the same again at each try."""
    moment = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return json.dumps({"type": event_type, "timestamp": moment, "data": data}, separators=(",", ":"))


def post(endpoint: Endpoint, event_type: str, body: str, at: datetime, *, seq: int | None = None) -> Delivery:
    """One message, with the job that sends it; part of an action that records."""
    made = Delivery.objects.create(
        practice=endpoint.practice, endpoint=endpoint, event_type=event_type, seq=seq, body=body, created_at=at,
        waits_since=at,
    )  # fmt: skip
    enqueue(made, at)
    return made


def enqueue(delivery: Delivery, at: datetime) -> None:
    """Ask for the sending; part of an action that records."""
    # Without a key: the job that failed may not have ended yet when a person sends it again.
    jobs.enqueue(JOB, practice=delivery.practice, at=at, args={"delivery_id": delivery.pk})
