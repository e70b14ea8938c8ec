"""docs/evaluation/load-and-faults.md: what many clients at once, deaths and years of use do to it."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence

from benchmarks.measure import ROOT, Row
from benchmarks.report import part

PAGE = ROOT / "docs" / "evaluation" / "load-and-faults.md"
_HEAD = """# Load and faults

Written by `python3 run.py bench load scale --report`; do not edit. Measured on {cores} cores, {system}, Python
{python}. The readers, the servers, the workers, the mail server and the database share these cores, and so does
whatever else the machine does. What must be none is what was lost, doubled or wrong; the times are only as good as
the hour.

Each reader opens a link, reads ten pages, asks one question, agrees, reads what it means to sign on a screen, and
signs. “Nobody rests” means that all of them send the next request at once. No practice will ever see that. The time
of a step holds the wait for everybody else.
"""
_FAULTS = """## Deaths, full disks, clocks, mail

`tests/faults` runs with every test run, on both databases. Every process is a real one, and ends by SIGKILL.

| what happens | tried | what must come of it |
|---|---:|---|
{rows}

What is left: a mail server that says yes in the moment in which the worker dies gets the letter a second time. No
protocol for mail can prevent that. Both carry one Message-ID, by which most programs show one. A link that ran out
unopened opens again while the clock of the server is wrong.
"""
_TRIED = (
    (
        "the web process dies between “Sign” and its answer",
        "web",
        "all of it or nothing; a second press doubles nothing",
    ),
    ("a worker dies over the seal", "sealing", "one seal, one letter, a whole chain"),
    ("a worker dies over the letter with the copy", "sending", "one letter"),
    ("of these, after the mail server said yes", "twice", "the letter comes again under the same Message-ID"),
    ("the disk is full while signing, asking, sealing", 3, "a page that holds what was typed; the seal comes later"),
    ("the clock goes back a day between two steps", 2, "nothing twice; no link opens that was opened or ended"),
    ("the mail server is down for a day", 1, "each letter once, when it is back"),
    ("another process holds the database", 3, "it takes longer; for long, a page that holds what was typed"),
)


def write(found: Mapping[str, Sequence[Row]]) -> None:
    """Replace the page with these figures."""
    from tests.faults.signing import points

    head = _HEAD.format(cores=os.cpu_count(), system=platform.system(), python=platform.python_version())
    counts = {"web": points.WEB, "sealing": points.SEALING, "sending": points.SENDING, "twice": points.SENT_TWICE}
    tried = [(what, len(counts[n]) if isinstance(n, str) else n, must) for what, n, must in _TRIED]
    faults = _FAULTS.format(rows="\n".join(f"| {what} | {count} | {must} |" for what, count, must in tried))
    PAGE.write_text("\n".join([head, *map(part, found, found.values()), faults]), encoding="utf-8", newline="\n")
