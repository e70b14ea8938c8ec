"""Pages with one, a hundred and ten thousand versions: as many questions to the database, and hardly more time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from benchmarks import server
from benchmarks.measure import Row, interleaved, ms

SIZES = (1, 100, 10_000)
MOST = 5
"""With ten thousand versions a page may take this many times what it takes with one."""


def rows(rounds: int) -> list[Row]:
    """Each page's time with ten thousand versions, as a share of its time with one."""
    with server.practice() as owner:
        browser = server.client(owner)
        pages = {"Today": "/", "all versions": "/policy/", "the public page": f"/p/{owner.practice.slug}/"}
        found = {size: _at(owner, browser, pages, size, rounds) for size in SIZES}
    return [_row(name, [found[size][name] for size in SIZES]) for name in pages]


def _row(name: str, measured: list[tuple[int, float]]) -> Row:
    queries = [count for count, _ in measured]
    times = ", ".join(f"{ms(taken)} with {size:,}" for size, (_, taken) in zip(SIZES, measured, strict=True))
    grown = max(queries[1:]) > queries[1]  # one version may have no earlier one to show
    ratio = measured[-1][1] / measured[0][1]
    said = f"{times} versions; {' / '.join(map(str, queries))} queries"
    return Row(f"{name}{' (queries grow)' if grown else ''}", float("inf") if grown else ratio, MOST, said)


def _at(owner: Any, browser: Any, pages: dict[str, str], size: int, rounds: int) -> dict[str, tuple[int, float]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _fill(owner, size)
    found = {}
    for name, address in pages.items():
        if browser.get(address).status_code != 200:  # also warms templates and content
            raise RuntimeError(f"{address} did not open")
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        count = len(queries)  # before the next request empties the log
        taken = interleaved(rounds, lambda _, address=address: browser.get(address))[0]
        found[name] = (count, taken)
    return found


def _fill(owner: Any, size: int) -> None:
    """Bring the practice up to so many versions: one in force, the others past, half of them with long pages."""
    from doorframe.apps.policies.models import Version

    have = Version.objects.for_practice(owner.practice).count()
    Version.objects.bulk_create(
        [
            Version(
                practice=owner.practice, title="Social media policy", author=owner, answers={"country": "US"},
                state="published" if number == 1 else "retired", number=number, created_at=server.NOW,
                changed_at=server.NOW + timedelta(hours=number), in_force_from=server.NOW.date(),
                published_at=server.NOW, public_page="<p>Words.</p>" * 2000, public_fragment="<p>Words.</p>" * 2000,
            )
            for number in range(have + 1, size + 1)
        ],
        batch_size=500,
    )  # fmt: skip
