"""The script that continuous integration runs: both databases, and no failure hidden."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run_ci(folder: Path, first: int, second: int, **env: str) -> subprocess.CompletedProcess[str]:
    """.ci/run with a python3 that ends as told: `first` for SQLite, `second` for PostgreSQL."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    stand_in = folder / "bin" / "python3"
    stand_in.parent.mkdir()
    stand_in.write_text(
        '#!/bin/sh\necho "$* on ${DOORFRAME_DATABASE_URL:-sqlite}"\n'
        f'[ -z "$DOORFRAME_DATABASE_URL" ] && exit {first}\nexit {second}\n'
    )
    stand_in.chmod(0o755)
    for name in ("bash", "dirname", "env", "seq", "sleep"):
        (stand_in.parent / name).symlink_to(shutil.which(name) or name)
    return subprocess.run(
        ["bash", ".ci/run"], cwd=folder, env={"PATH": str(stand_in.parent), **env}, capture_output=True, text=True
    )


@pytest.mark.promise("L4")
@pytest.mark.skipif(os.name == "nt", reason=".ci/run is for bash")
@pytest.mark.parametrize(("first", "second", "code"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (2, 1, 1), (5, 0, 5)])
def test_ci_runs_on_both_databases_and_hides_no_failure(tmp_path: Path, first: int, second: int, code: int) -> None:
    done = run_ci(tmp_path, first, second, DOORFRAME_TEST_POSTGRES="postgresql://there", DOORFRAME_DATABASE_URL="x")
    assert done.returncode == code
    lines = [line for line in done.stdout.splitlines() if not line.startswith("==")]
    assert lines == ["run.py test on sqlite", "run.py test --tests-only on postgresql://there"]


@pytest.mark.skipif(os.name == "nt", reason=".ci/run is for bash")
def test_ci_without_postgresql_says_so(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        done = run_ci(tmp_path, 0, 0, PGPORT=str(closed.getsockname()[1]))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "PostgreSQL is not installed" in done.stderr
