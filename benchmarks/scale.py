"""Two hundred thousand clients, fifty versions and two million events: pages, the check of the chain, who is asked.

`python -m benchmarks.scale [--clients N] [--events N]` says the same for another size; DOORFRAME_DATABASE_URL names
another database than the embedded one, which must be empty.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from typing import Any

from benchmarks import many, server
from benchmarks.measure import Row, interleaved, ms

CLIENTS, VERSIONS, EVENTS = 200_000, 50, 2_000_000
SHARE = 100
"""Each thing is measured with this many times fewer as well."""


def rows(rounds: int, clients: int = CLIENTS, events: int = EVENTS) -> list[Row]:
    """What a hundred times as many clients cost, in time; the queries must be as many."""
    small = _measured(max(clients // SHARE, 100), max(events // SHARE, 1000), rounds)
    large = _measured(clients, events, rounds)
    found = []
    for name, (count, taken) in large["pages"].items():
        before, quick = small["pages"][name]
        grown = "" if count == before else " (queries grow)"
        said = (
            f"{ms(quick)} with {small['clients']:,} clients, {ms(taken)} with {clients:,}; {before} / {count} queries"
        )
        found.append(Row(f"{name}{grown}", taken / quick, None, said))
    found.append(_chain(small, large))
    return found


def _chain(small: dict[str, Any], large: dict[str, Any]) -> Row:
    said = (
        f"{large['events']:,} events in {large['verified']:.0f} s, {large['grown']} MB more memory than before;"
        f" {small['events']:,} events in {small['verified']:.1f} s"
    )
    growth = (large["verified"] / large["events"]) / (small["verified"] / small["events"])
    return Row("the whole chain of a practice: time for an event", growth, None, said)


def _measured(clients: int, events: int, rounds: int) -> dict[str, Any]:
    import os

    # Each size in a process of its own: memory that was once taken is seldom given back.
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        import json

        os.close(reading)
        try:
            with os.fdopen(writing, "w") as pipe:
                json.dump(_here(clients, events, rounds), pipe)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    import json

    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(process, 0)
    found: dict[str, Any] = json.loads(text)
    return found


def _here(clients: int, events: int, rounds: int) -> dict[str, Any]:
    with server.practice() as owner:
        many.fill(owner, clients=clients, versions=VERSIONS, events=events)
        pages = {name: _page(owner, path, rounds) for name, path in paths(owner).items()}
        pages["whom a campaign asks"] = _to_ask(owner, rounds)
        from doorframe.apps.trail import queries as trail

        before, began = _now_mb(), time.perf_counter()
        report = trail.verify(owner.practice)
        verified = time.perf_counter() - began
        if not report.is_whole:
            raise RuntimeError(f"The chain is broken: {report.breaks[:3]}")
        grown = max(0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 - before)
        return {"clients": clients, "pages": pages, "verified": verified, "events": report.events, "grown": grown}


def _now_mb() -> int:
    """The most that this process ever held, in megabytes: what is more afterwards was taken meanwhile."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def paths(owner: Any) -> dict[str, str]:
    """The pages that show clients, by what they are."""
    from doorframe.apps.clients.models import Client
    from doorframe.apps.signatures.models import Acknowledgement, Campaign

    client = Client.objects.for_practice(owner.practice).order_by("pk")[0]
    item = Acknowledgement.objects.filter(client=client).order_by("pk")[0]
    campaign = Campaign.objects.for_practice(owner.practice).order_by("-pk")[0]
    return {
        "Today": "/", "all clients": "/clients/", "one client": f"/clients/{client.uid}/",
        "all acknowledgements": "/acknowledgements/", "one acknowledgement": f"/acknowledgements/{item.uid}/",
        "open questions": "/acknowledgements/questions/", "countersigning": "/acknowledgements/countersign/",
        "talks": "/acknowledgements/talks/", "campaigns": "/acknowledgements/campaigns/",
        "one campaign": f"/acknowledgements/campaigns/{campaign.uid}/", "the trail": "/acknowledgements/trail/",
    }  # fmt: skip


def count_queries(owner: Any, path: str) -> int:
    """How many queries a page takes, once everything that is read from files was read."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = server.client(owner)
    if browser.get(path).status_code != 200:
        raise RuntimeError(f"{path} did not open")
    with CaptureQueriesContext(connection) as queries:
        browser.get(path)
    return len(queries)


def _page(owner: Any, path: str, rounds: int) -> tuple[int, float]:
    count, browser = count_queries(owner, path), server.client(owner)
    return count, interleaved(rounds, lambda _: browser.get(path))[0]


def _to_ask(owner: Any, rounds: int) -> tuple[int, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from doorframe.apps.signatures import queries as signatures

    paper = signatures.current_paper(owner.practice)
    assert paper is not None and paper.practice is not None
    with CaptureQueriesContext(connection) as queries:
        list(signatures.to_ask(paper).values_list("pk", flat=True))
    taken = interleaved(min(rounds, 3), lambda _: list(signatures.to_ask(paper).values_list("pk", flat=True)))[0]
    return len(queries), taken


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks.scale", description=__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--events", type=int, default=EVENTS)
    options = parser.parse_args(sys.argv[1:])
    print(*rows(3, options.clients, options.events), sep="\n")
