"""The register of acknowledgements as a table and as JSON: states, ids and times, and nobody's name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from doorframe.adapters.export import tables
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures.models import Acknowledgement, Signer
from doorframe.apps.signatures.queries import evidence as queries
from doorframe.apps.signatures.record import moment

HEADER = (
    "reference", "uid", "practice_id", "version", "text_sha256", "state", "opened_at", "closed_at", "signed_by",
    "methods", "sealed_at", "sealed_sha256", "keep_until",
)  # fmt: skip
_CHUNK = 500


def as_csv(member: Membership) -> Iterator[bytes]:
    """The register line by line, as CSV that no spreadsheet takes for a formula."""
    return tables.csv_lines(HEADER, (_row(item) for item in _items(member)))


def as_json(member: Membership) -> Iterator[bytes]:
    """The register as a JSON list, one acknowledgement a line, each with its signers."""
    yield b"["
    for place, item in enumerate(_items(member)):
        row: dict[str, Any] = dict(zip(HEADER, map(_plain, _row(item)), strict=True))
        row["signers"] = [_signer(one) for one in item.signers.all()]
        yield (b",\n" if place else b"\n") + json.dumps(row, ensure_ascii=False).encode()
    yield b"\n]\n"


def _items(member: Membership) -> Iterator[Acknowledgement]:
    return queries.register(member).iterator(chunk_size=_CHUNK)


def _row(item: Acknowledgement) -> list[tables.Cell]:
    seal = next(iter(item.seals.all()), None)
    signed = [one for one in item.signers.all() if one.method]
    return [
        item.reference, str(item.uid), item.client.code, item.paper.number, item.paper.text_sha256, item.state,
        _time(item.opened_at), _time(item.closed_at), ", ".join(one.capacity for one in signed),
        ", ".join(one.method for one in signed), _time(seal.sealed_at if seal else None), seal.sha256 if seal else "",
        item.keep_until,
    ]  # fmt: skip


def _signer(one: Signer) -> dict[str, Any]:
    times = {
        name: _time(getattr(one, name)) for name in ("sent_at", "opened_at", "read_at", "consented_at", "answered_at")
    }
    return {
        "uid": str(one.uid), "capacity": one.capacity, "required": one.required, "answer": one.answer,
        "method": one.method, **times, "reminders": one.reminders,
    }  # fmt: skip


def _time(at: datetime | None) -> str | None:
    return moment(at) if at else None


def _plain(cell: tables.Cell) -> Any:
    return cell if cell is None or isinstance(cell, str | int) else str(cell)
