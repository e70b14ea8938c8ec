"""kill -9 of a worker or of the process that asks, at every step of a job, on every engine: one effect, never two."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable, Iterator

import pytest

from tests.apps.jobs.child.points import POINTS
from tests.apps.jobs.installation import ENGINES, Database, Installation, make_ready, wait_for

pytestmark = [pytest.mark.promise("L4")]

MESSAGES = ("received", "unsent")
"""Only with a broker: the worker has the message and did nothing yet; the page kept the row and sent nothing yet."""

CASES = [
    (engine, point) for engine in ENGINES for point in (*POINTS, *(MESSAGES if engine.startswith("celery") else ()))
]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Installation]]:
    """The installation of an engine with two workers, kept until another engine's turn comes."""
    ready: Database = make_ready(tmp_path_factory.mktemp("ready"))
    kept: list[Installation] = []

    def give(engine: str) -> Installation:
        if not kept or kept[0].engine != engine:
            while kept:
                kept.pop().close()
            kept.append(Installation(tmp_path_factory.mktemp("installation"), engine, ready))
            kept[0].start_workers(2)
        kept[0].forget()
        return kept[0]

    yield give
    for made in kept:
        made.close()
    ready.drop()


@pytest.mark.parametrize(("engine", "point"), CASES)
def test_whoever_dies_the_effect_comes_once(installed: Callable[[str], Installation], engine: str, point: str) -> None:
    installation = installed(engine)
    installation.die_at(point)
    installation.ask(1, 2, 3)
    wait_for(installation.somebody_died)
    assert installation.replace_the_dead() == [-9]
    installation.leases_run_out()
    installation.wait_until_done()
    assert installation.effects() == [1, 2, 3]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_page_that_dies_before_its_change_is_kept_asked_for_nothing(
    installed: Callable[[str], Installation], engine: str
) -> None:
    installation = installed(engine)
    installation.die_at("uncommitted")
    assert installation.ask(1, 2, 3) is None
    wait_for(installation.somebody_died)
    assert installation.replace_the_dead() == [-9]
    installation.ask(4)
    installation.wait_until_done()
    assert installation.effects() == [4]
    assert installation.database.rows("SELECT count(*) FROM jobs_job") == [(1,)]


@pytest.mark.parametrize("engine", ENGINES)
def test_workers_outlive_a_database_that_goes_away(installed: Callable[[str], Installation], engine: str) -> None:
    installation = installed(engine)
    for first in range(0, 30, 10):
        installation.ask(*range(first, first + 10))
        installation.database.trouble()
    wait_for(lambda: installation.leases_run_out() is None and installation.states() == {"done"})
    assert installation.effects() == list(range(30))
    assert not installation.somebody_died()


@pytest.mark.parametrize("engine", ENGINES)
def test_workers_that_are_killed_again_and_again(installed: Callable[[str], Installation], engine: str) -> None:
    installation, chance = installed(engine), random.Random(7)
    for first in range(0, 40, 10):
        installation.ask(*range(first, first + 10), lose_message=engine == "immediate")
        wait_for(lambda so_far=first: len(installation.effects()) > so_far)  # type: ignore[misc]
        chance.choice(installation.workers).send(signal.SIGKILL)
        wait_for(installation.somebody_died)
        installation.replace_the_dead()
        installation.leases_run_out()
    installation.wait_until_done()
    assert installation.effects() == list(range(40))
