"""kill -9 of a worker and of the whole command in the middle of an archive, then resume: every line once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from doorframe.adapters.archive import pools
from tests.adapters.archive.samples import ROOT, archive, ids, results, start
from tests.apps.jobs.installation import wait_for

pytestmark = [pytest.mark.promise("L4")]

CUT = ("--workers", 2, "--lines", 50)


EVERY = (0, 4, 9)
"""Conversations in which somebody may die: in the first part, in the middle, in the last."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[int, ...]], dict[str, bytes]]:
    """What comes out where nobody dies."""

    @cache
    def made(deadly: tuple[int, ...]) -> dict[str, bytes]:
        place = tmp_path_factory.mktemp("whole")
        done = start(place / "go.py", archive(place / "in", deadly=deadly), place / "out", *CUT)
        assert done.returncode == 1, done.stderr
        found = ids(place / "out")
        assert len(found) == len(set(found)) == 90
        return results(place / "out")

    return made


Whole = Callable[[tuple[int, ...]], dict[str, bytes]]


def token(place: Path, whom: str) -> Path:
    place = place / "dies"
    place.write_text(whom, encoding="utf-8")
    return place


@pytest.mark.parametrize("deadly", [(0,), (4,), (9,)], ids=["first", "middle", "last"])
@pytest.mark.parametrize("whom", ["worker", "command"])
def test_whoever_dies_every_line_is_there_once(
    tmp_path: Path, whole: Whole, whom: str, deadly: tuple[int, ...]
) -> None:
    source, target = archive(tmp_path / "in", deadly=deadly), tmp_path / "out"
    first = start(tmp_path / "go.py", source, target, *CUT, token=token(tmp_path, whom))
    assert not (tmp_path / "dies").exists(), "somebody died"
    if whom == "command":
        assert first.returncode == -9 and not (target / "manifest.json").exists()
        again = start(tmp_path / "go.py", source, target, *CUT)
        assert again.returncode == 1, again.stderr
    else:
        assert first.returncode == 1, first.stderr
    assert results(target) == whole(deadly)


def test_a_part_that_always_kills_its_worker_is_given_up_and_the_rest_is_done(tmp_path: Path) -> None:
    source = archive(tmp_path / "in", deadly=(4,))
    done = start(tmp_path / "go.py", source, tmp_path / "out", *CUT, token=token(tmp_path, "always"))
    assert done.returncode == 2
    assert "a.jsonl, from line 161: its worker died again and again" in done.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["totals"]["parts"] == 4 and len(manifest["failed"]) == 1
    done = start(tmp_path / "go.py", source, tmp_path / "out", *CUT)
    assert done.returncode == 1 and "Parts done now: 1; done before: 4." in done.stdout
    assert len(ids(tmp_path / "out")) == 90


def test_many_deaths_one_after_another(tmp_path: Path, whole: Whole) -> None:
    source = archive(tmp_path / "in", deadly=EVERY)
    for whom in ("command", "worker", "command"):
        start(tmp_path / "go.py", source, tmp_path / "out", *CUT, token=token(tmp_path, whom))
    assert start(tmp_path / "go.py", source, tmp_path / "out", *CUT).returncode == 1
    assert results(tmp_path / "out") == whole(EVERY)


# On a cluster


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    monkeypatch.setenv("DOORFRAME_TEST_DIES", str(tmp_path / "dies"))
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None,
        local_directory=str(tmp_path / "dask"), silence_logs=50,
    ) as made:  # fmt: skip
        yield made


def test_a_cluster_gives_the_same_bytes_also_where_a_worker_dies(tmp_path: Path, whole: Whole, cluster) -> None:
    source = archive(tmp_path / "in", deadly=EVERY)
    done = start(tmp_path / "go.py", source, tmp_path / "out", "--dask", cluster.scheduler_address, "--lines", 50)
    assert done.returncode == 1, done.stderr
    assert results(tmp_path / "out") == whole(EVERY)
    token(tmp_path, "worker")
    done = start(tmp_path / "go.py", source, tmp_path / "two", "--dask", cluster.scheduler_address, "--lines", 50)
    assert done.returncode == 1 and not (tmp_path / "dies").exists(), done.stderr
    assert results(tmp_path / "two") == whole(EVERY)


@contextmanager
def programs(place: Path) -> Iterator[tuple[str, int]]:
    """A scheduler and two workers as programs of their own; its address and number."""
    said = place / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DOORFRAME_TEST_DIES": str(place / "dies")}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment, "cwd": place}
    module = [sys.executable, "-m", "distributed.cli.dask_"]
    scheduler = [*module[:2], f"{module[2]}scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                 "--scheduler-file", str(said)]  # fmt: skip
    begun = [subprocess.Popen(scheduler, **quiet)]
    wait_for(said.exists)
    worker = [*module[:2], f"{module[2]}worker", "--scheduler-file", str(said), "--host", "127.0.0.1", "--no-nanny",
              "--no-dashboard", "--nthreads", "1", "--death-timeout", "20"]  # fmt: skip
    try:
        begun += [subprocess.Popen(worker, **quiet) for _ in range(2)]
        with Client(json.loads(said.read_text(encoding="utf-8"))["address"], set_as_default=False) as client:
            client.wait_for_workers(2, timeout=30)
            address = client.scheduler.address
        yield address, begun[0].pid
    finally:
        for one in begun:
            one.kill()
            one.wait()


def test_a_scheduler_that_dies_costs_nothing_that_was_done(tmp_path: Path, whole: Whole) -> None:
    source = archive(tmp_path / "in", deadly=EVERY)
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        with programs(tmp_path / str(number)) as (address, scheduler):
            if number == 1:
                token(tmp_path / "1", str(scheduler))
            done = start(tmp_path / "go.py", source, tmp_path / "out", "--dask", address, "--lines", 50)
        if number == 1:
            assert done.returncode == 2 and "went away. What is done is kept" in done.stderr, done.stderr
    assert done.returncode == 1, done.stderr
    assert results(tmp_path / "out") == whole(EVERY)


def test_no_cluster_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "PATIENCE", "1s")
    with pytest.raises(pools.Lost, match="nothing was begun"):
        pools.Cluster("tcp://127.0.0.1:9")
