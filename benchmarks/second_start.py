"""What `python3 run.py` does itself when everything is installed already, and how soon the page is there."""

from __future__ import annotations

import sys
import tempfile

from benchmarks import site
from benchmarks.measure import ROOT, Row, interleaved, ms, process

# All of run.py up to the program that it starts and stays with; in its place stands one that ends at once.
_OWN = "import sys, run; run.run_attended = lambda *_: 0; sys.exit(run.main(['--no-open']))"


def rows(rounds: int) -> list[Row]:
    """run.py's own work against one second; and, without a bound, the time until the server says it is ready."""
    with tempfile.TemporaryDirectory(prefix="doorframe-bench-") as data:
        env = {"DOORFRAME_DATA": data, "PYTHONPATH": str(ROOT)}
        own, python = interleaved(
            rounds,
            lambda _: process([sys.executable, "-c", _OWN], env),
            lambda _: process([sys.executable, "-c", "pass"]),
        )
        site.Site(data).stop()  # the first start makes the database
        ready = min(site.Site(data).stop() for _ in range(2))
    return [
        Row("run.py's own work at a second start", own, 1, f"{ms(own)} against one second"),
        Row("from the start of the programs to “ready”, second start", ready / python, None,
            f"{ready:.1f} s against {ms(python)} for a bare Python start"),
    ]  # fmt: skip
