"""Clients of several practices who open, read, ask and sign at once, against the real server.

`python -m benchmarks.load [--clients N] [--pause SECONDS] [--postgres]` says all of it; as a benchmark it gives rows.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.crowd.installation import Installation
from benchmarks.measure import Row, Unable, ms

CLIENTS, PRACTICES = 500, 5
SERVER = os.environ.get("DOORFRAME_TEST_POSTGRES", "postgresql://root@127.0.0.1:5432/postgres")
PAUSE = 4.0
"""Seconds that a reader rests at each page, on average, where readers are to be as in life."""


@dataclass
class Crowd:
    """What one crowd saw, and what came of it."""

    clients: int
    seen: dict[str, Any]
    drained: float
    outcome: dict[str, Any]
    letters: dict[str, int]
    memory: dict[str, tuple[int, int]]

    @property
    def requests(self) -> int:
        """How many were answered."""
        return sum(len(times) for times in self.seen["steps"].values())

    def faults(self) -> list[str]:
        """Each thing that is not as it must be, in words; none is the only good number."""
        said = [f"a reader met: {sentence}" for sentence in self.seen["wrong"]]
        for name in ("complete", "signed", "sealed", "questions", "copies"):
            if self.outcome[name] != self.clients:
                said.append(f"{name}: {self.outcome[name]}, where {self.clients} were to be")
        said += [f"{count} {name} more than once" for name, count in self.outcome["twice"].items() if count]
        if not self.outcome["whole"]:
            said.append("a chain of the trail is broken")
        if set(self.outcome["jobs"]) - {"done"}:
            said.append(f"work is left: {self.outcome['jobs']}")
        copies = self.outcome["copy_ids"]
        said += [f"a copy letter came {self.letters.get(id, 0)} times" for id in copies if self.letters.get(id) != 1]
        return said


def meet(*, clients: int, practices: int = PRACTICES, starts: int = 1, server: str = "", pause: float = 0.0) -> Crowd:
    """Make an installation, let everybody in, wait until the work is done, and look."""
    installation = Installation(practices=practices, clients=clients, starts=starts, server=server)
    try:
        seen = installation.let_in(pause=pause)
        drained = installation.wait_until_done()
        memory = installation.memory() if sys.platform == "linux" else {}
        return Crowd(clients, seen, drained, installation.outcome(), dict(installation.office.taken), memory)
    finally:
        installation.close()


def rows(rounds: int) -> list[Row]:
    """The crowd at its worst, and then with the pauses of people who read; on both databases."""
    if sys.platform != "linux":
        raise Unable("Each reader comes from an address of its own, which only Linux gives away freely.")
    found = []
    for place, how in PLACES.items():
        found += _rows(f"{place}, nobody rests", meet(clients=CLIENTS, **how))
        found += _rows(f"{place}, readers rest", meet(clients=CLIENTS, pause=PAUSE, **how))
    return found


PLACES: dict[str, dict[str, Any]] = {
    "the embedded database": {},
    "PostgreSQL, two web processes and two workers": {"server": SERVER, "starts": 2},
}


def _rows(place: str, crowd: Crowd) -> list[Row]:
    faults = crowd.faults()
    said = f"{crowd.clients} signed, sealed and sent once, {crowd.outcome['trail']} events in {PRACTICES} whole chains"
    took = crowd.seen["took"]
    pages = [seconds for times in crowd.seen["steps"].values() for seconds in times]
    found = [
        Row(f"{place}: lost, doubled or wrong", float(len(faults)), 1, "; ".join(faults[:5]) or said),
        Row(f"{place}: requests a second", crowd.requests / took, None, f"{crowd.requests} in {took:.0f} s"),
        Row(f"{place}: any step, p99 of p50", _share(pages), None, spread(pages)),
    ]
    for step, times in crowd.seen["steps"].items():
        found.append(Row(f"{place}: {step}", _share(times), None, spread(times)))
    found.append(
        Row(
            f"{place}: seals and copies after the last signature",
            crowd.drained / took,
            None,
            f"{crowd.drained:.1f} s until all {crowd.clients} were sealed and sent",
        )
    )
    for name, (now, most) in sorted(crowd.memory.items()):
        found.append(Row(f"{place}: memory, {name}", most / 200, None, f"{now} MB, {most} MB at most; against 200 MB"))
    return found


def spread(times: list[float]) -> str:
    """p50, p95, p99 and the longest, in words."""
    return f"p50 {ms(_at(times, 50))}, p95 {ms(_at(times, 95))}, p99 {ms(_at(times, 99))}, longest {ms(max(times))}"


def _share(times: list[float]) -> float:
    return _at(times, 99) / _at(times, 50)


def _at(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1] if len(times) > 1 else times[0]


def main(arguments: list[str]) -> int:
    """One crowd, said in full; 1 where anything was lost, doubled or wrong."""
    parser = argparse.ArgumentParser(prog="benchmarks.load", description=__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds that a reader rests at each page")
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL with two web processes and two workers")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    how = list(PLACES.values())[1 if options.postgres else 0]
    crowd = meet(clients=options.clients, pause=options.pause, **how)
    if options.json:
        print(json.dumps(asdict(crowd)))
    else:
        print(*_rows(list(PLACES)[1 if options.postgres else 0], crowd), sep="\n")
    return 1 if crowd.faults() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
