"""The script that continuous integration runs: both databases, both brokers, and no failure hidden."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


THERE = {
    "DOORFRAME_TEST_POSTGRES": "postgresql://there",
    "DOORFRAME_TEST_REDIS": "redis://there",
    "DOORFRAME_TEST_AMQP": "amqp://there",
}
"""Services that run elsewhere, so that the script raises none."""


def run_ci(folder: Path, first: int, second: int, **env: str) -> subprocess.CompletedProcess[str]:
    """.ci/run with a python3 that ends as told: `first` for SQLite, `second` for PostgreSQL."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    stand_in = folder / "bin" / "python3"
    stand_in.parent.mkdir()
    stand_in.write_text(
        '#!/bin/sh\nbrokers="$DOORFRAME_TEST_REDIS and $DOORFRAME_TEST_AMQP"\n'
        'echo "$* on ${DOORFRAME_DATABASE_URL:-sqlite} with $brokers"\n'
        f'[ -z "$DOORFRAME_DATABASE_URL" ] && exit {first}\nexit {second}\n'
    )
    stand_in.chmod(0o755)
    for name in ("bash", "dirname", "env", "seq", "sleep"):
        (stand_in.parent / name).symlink_to(shutil.which(name) or name)
    return subprocess.run(
        ["bash", ".ci/run"], cwd=folder, env={"PATH": str(stand_in.parent), **env}, capture_output=True, text=True
    )


WITHOUT_DATABASE = (
    "adapters", "cli", "content", "engines", "evaluation", "golden", "faults/test_archive.py", "test_architecture.py",
    "test_docs.py", "test_requirements.py", "test_run.py", "test_speed.py", "web/test_start.py",
)  # fmt: skip
"""Rooms whose tests run once: nothing in them can meet a database."""


def test_what_runs_once_meets_no_database() -> None:
    asks = re.compile(r"django_db|transactional_db|live_server|\bdb:")
    found = [
        path.relative_to(ROOT).as_posix()
        for room in WITHOUT_DATABASE
        for path in ([ROOT / "tests" / room] if room.endswith(".py") else (ROOT / "tests" / room).rglob("*.py"))
        if asks.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.promise("L4")
@pytest.mark.skipif(os.name == "nt", reason=".ci/run is for bash")
@pytest.mark.parametrize(("first", "second", "code"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (2, 1, 1), (5, 0, 5)])
def test_ci_runs_on_both_databases_and_hides_no_failure(tmp_path: Path, first: int, second: int, code: int) -> None:
    done = run_ci(tmp_path, first, second, **THERE, DOORFRAME_DATABASE_URL="x")
    assert done.returncode == code
    lines = [line for line in done.stdout.splitlines() if not line.startswith("==")]
    brokers = "with redis://there and amqp://there"
    without = " ".join(f"--ignore=tests/{room}" for room in WITHOUT_DATABASE)
    assert lines == [
        f"run.py test on sqlite {brokers}",
        f"run.py test --tests-only -n 2 {without} on postgresql://there {brokers}",
    ]


@pytest.mark.skipif(os.name == "nt", reason=".ci/run is for bash")
@pytest.mark.parametrize(
    ("missing", "port", "name"),
    [
        ("DOORFRAME_TEST_POSTGRES", "PGPORT", "PostgreSQL"),
        ("DOORFRAME_TEST_REDIS", "REDIS_PORT", "Redis"),
        ("DOORFRAME_TEST_AMQP", "AMQP_PORT", "RabbitMQ"),
    ],
)
def test_ci_without_a_service_says_so(tmp_path: Path, missing: str, port: str, name: str) -> None:
    there = {key: value for key, value in THERE.items() if key != missing}
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        done = run_ci(tmp_path, 0, 0, **there, **{port: str(closed.getsockname()[1])})
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"{name} is not installed" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason=".ci/run is for bash")
def test_ci_names_the_brokers_that_it_found(tmp_path: Path) -> None:
    with socket.socket() as redis, socket.socket() as rabbit:
        ports = []
        for found in (redis, rabbit):
            found.bind(("127.0.0.1", 0))
            found.listen()
            ports.append(str(found.getsockname()[1]))
        done = run_ci(
            tmp_path, 0, 0, DOORFRAME_TEST_POSTGRES="postgresql://there", REDIS_PORT=ports[0], AMQP_PORT=ports[1]
        )
    assert done.returncode == 0
    named = f"with redis://127.0.0.1:{ports[0]}/0 and amqp://guest:guest@127.0.0.1:{ports[1]}//"
    assert done.stdout.count(named) == 2
