"""One autosave of the interview, preview included, against a page that only says three lines."""

from __future__ import annotations

from benchmarks import server
from benchmarks.measure import ANSWERS, Row, interleaved, ms


def rows(rounds: int) -> list[Row]:
    """In one process, without a network: reading, saving, trail, two assemblies, findings and the page."""
    with server.practice() as owner:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext, setup_test_environment

        from doorframe.apps.library import queries as library
        from doorframe.apps.policies import actions
        from doorframe.cli import common

        answers = common.read_answers(str(ANSWERS), library.pack())
        version = actions.start_version(actor=owner, at=server.NOW, answers=answers)
        setup_test_environment()  # a page then tells what it was made from
        browser = server.client(owner)
        address = f"/policy/{version.uid}/q/friending/"

        def save(number: int) -> None:
            chosen = ("decline", "case-by-case")[number % 2]
            words = {"friending": chosen, "friending_reason": f"Reason {number}.", "revision": 1000 + number}
            done = browser.post(f"{address}save/", words)
            if done.status_code != 200 or done.context["preview"].empty or not done.context.get("saved"):
                raise RuntimeError(f"An autosave answered {done.status_code} and kept nothing")

        save(-1)
        with CaptureQueriesContext(connection) as queries:
            save(-2)
        asked = len(queries)  # before the next request empties the log
        saved, shown, small = interleaved(
            3 * rounds, save, lambda _: browser.get(address), lambda _: browser.get("/robots.txt")
        )
    against = f"against {ms(small)} for a public view of three lines"
    return [
        Row("one autosave", saved / small, None, f"{ms(saved)} and {asked} queries {against}"),
        Row("one screen opened", shown / small, None, f"{ms(shown)} {against}"),
    ]
