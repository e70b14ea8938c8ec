"""`python3 run.py bench [NAME ...] [--rounds N] [--write]`: one line a figure; exit 1 where a bound is broken."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from importlib import import_module

from benchmarks import load_report, report
from benchmarks.measure import ROOT, Row, Unable

BENCHMARKS = {
    "output_set": "the whole set of documents against WeasyPrint's one",
    "cold_start": "a cold build on the command line",
    "growth": "ten and a hundred times the answers and the content",
    "pages": "pages with one, a hundred and ten thousand versions",
    "autosave": "one autosave of the interview",
    "memory": "the server after a walk through every page",
    "audit": "the audit of a policy that a practice already has",
    "jobs": "jobs on each engine against Celery alone",
    "seal": "sealing and verifying a signed policy",
    "backup": "a backup at ten times the rows",
    "screening": "a draft screened, against presidio-analyzer",
    "detection": "windows of a support group judged, one by one and as an archive",
    "second_start": "what run.py does when everything is installed",
}
LONG = {
    "load": "clients of five practices who read and sign at once",
    "scale": "two hundred thousand clients and two million events",
    "bulk": "a million drafts and a million messages, on a pool and on a cluster, and a live stream",
}
"""These take many minutes each, so they run only when they are named."""
ALL = BENCHMARKS | LONG
ROUNDS = 9


def main(arguments: list[str]) -> int:
    """Run the benchmarks, each in its own process; 0 when every bound holds, 2 when something is missing."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ALL))
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each thing is timed ({ROUNDS})")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument(
        "--report", action="store_true", help="write docs/evaluation/load-and-faults.md from load and scale"
    )
    parser.add_argument("--json", action="store_true", help="one benchmark, here, as JSON")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in ALL]
    if unknown:
        parser.error(f"there is no {unknown[0]}; there is {', '.join(ALL)}")
    if options.write and options.names:
        parser.error("--write takes every benchmark; leave the names out")
    if options.report and set(options.names) != {"load", "scale"}:
        parser.error("--report takes load and scale, and nothing else")
    if options.json:
        return _here(options.names[0], options.rounds)
    found: dict[str, list[Row]] = {}
    unable = False
    for name in options.names or BENCHMARKS:
        print(f"{name}: {ALL[name]} ...", flush=True)
        rows = _apart(name, options.rounds)
        unable = unable or rows is None
        found[name] = rows or []
        for row in found[name]:
            print(row, flush=True)
    if options.write:
        report.write({BENCHMARKS[name]: rows for name, rows in found.items()})
    if options.report:
        load_report.write({ALL[name]: rows for name, rows in found.items()})
    failed = [row.name for rows in found.values() for row in rows if not row.passes]
    print(f"Bounds broken: {'; '.join(failed)}." if failed else "Every bound that was measured holds.")
    return 1 if failed else 2 if unable else 0


def _here(name: str, rounds: int) -> int:
    try:
        rows = import_module(f"benchmarks.{name}").rows(rounds)
    except Unable as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps([asdict(row) for row in rows]))
    return 0


def _apart(name: str, rounds: int) -> list[Row] | None:
    """One benchmark in a process of its own, so that none warms or fattens another; None where it could not run."""
    command = [sys.executable, "-m", "benchmarks", name, "--rounds", str(rounds), "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    if done.returncode == 2:
        return None
    if done.returncode:
        raise SystemExit(f"The benchmark {name} broke; what it said stands above.")
    return [Row(**values) for values in json.loads(done.stdout.splitlines()[-1])]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
