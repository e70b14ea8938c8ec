"""A practice that grew: as many questions to the database, and no more memory for its chain."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest
from django.db import connection

from benchmarks import many, scale
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import queries as signatures
from doorframe.apps.trail import queries as trail

pytestmark = [pytest.mark.promise("D3")]

SIZES = (20, 200, 2000)


@pytest.fixture(autouse=True)
def no_worker(settings: Any) -> None:
    """The documents of the version are no part of this."""
    settings.JOBS_ENGINE = "db"


@pytest.mark.parametrize("versions", [5])
def test_pages_ask_as_often_whatever_the_size(db: None, versions: int) -> None:
    found: dict[str, list[int]] = {}
    for size in SIZES:
        owner = practice(size)
        many.fill(owner, clients=size, versions=versions, events=size)
        for name, path in scale.paths(owner).items():
            found.setdefault(name, []).append(scale.count_queries(owner, path))
    assert {name: counts for name, counts in found.items() if len(set(counts)) > 1} == {}
    assert max(max(counts) for counts in found.values()) <= 25


def test_whom_to_ask_again_is_one_query(owner: Membership, django_assert_num_queries: Any) -> None:
    many.fill(owner, clients=500, versions=5, events=0)
    paper = signatures.current_paper(owner.practice)
    assert paper is not None and paper.practice == owner.practice
    with django_assert_num_queries(1):
        assert len(list(signatures.to_ask(paper))) > 100


def test_a_long_chain_is_verified_in_as_much_memory_as_a_short_one(owner: Membership) -> None:
    many.fill(owner, clients=20, versions=1, events=2 * trail.PART)
    most = []
    for more in (0, 4 * trail.PART):
        many.go_on(owner, more)
        tracemalloc.start()
        report = trail.verify(owner.practice)
        most.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert report.is_whole and report.events >= 2 * trail.PART + more
    assert most[1] < 1.2 * most[0]


def test_others_write_while_a_long_chain_is_verified(
    owner: Membership, monkeypatch: pytest.MonkeyPatch, now: Any
) -> None:
    """An event that is written between the two parts of the check is checked with the second, under no lock before."""
    many.fill(owner, clients=20, versions=1, events=100)
    parts = trail._in_parts

    def meanwhile(rows: Any, last: int) -> Any:
        assert len(connection.savepoint_ids) == depth, "no transaction of its own is open while the chain is read"
        yield from parts(rows, last)
        many.go_on(owner, 3)

    depth = len(connection.savepoint_ids)
    before = trail.verify(owner.practice).events
    monkeypatch.setattr(trail, "_in_parts", meanwhile)
    report = trail.verify(owner.practice)
    assert report.is_whole and report.events == before + 3


def practice(size: int) -> Membership:
    from benchmarks.server import NOW
    from doorframe.apps.members.actions import create_practice

    return create_practice(
        name=f"Mill {size}", owner_email=f"jo@{size}.example", owner_name="Jo", password=None, at=NOW
    )
