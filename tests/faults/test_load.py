"""Clients of two practices who read and sign at once, against the real server and worker of this suite's database."""

from __future__ import annotations

import os

import pytest

from benchmarks import load

pytestmark = [pytest.mark.promise("L4")]

CLIENTS = 20


@pytest.mark.promise("L3")
def test_nothing_is_lost_or_doubled_when_many_sign_at_once() -> None:
    server = os.environ.get("DOORFRAME_DATABASE_URL", "")
    crowd = load.meet(clients=CLIENTS, practices=2, starts=2 if server else 1, server=server)
    assert crowd.faults() == []
    assert crowd.seen["done"] == crowd.outcome["sealed"] == CLIENTS
