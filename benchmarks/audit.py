"""The audit: a policy of four pages within a second, three hundred pages within twenty, and never more than linear."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

from benchmarks.measure import ROOT, Row, interleaved, ms
from doorframe.engines.content.loader import load, load_audit
from doorframe.engines.coverage.audit import audit
from doorframe.engines.coverage.sight import Sieve

WORDS_A_PAGE = 500
POLICIES = ROOT / "tests" / "evaluation" / "coverage" / "development"
MARGIN = 1.3


def pages(count: int) -> str:
    """So many pages of policies as people write them, no sentence twice: each copy has its own numbers."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(POLICIES.iterdir()) if path.suffix in {".md", ".txt"}]
    found: list[str] = []
    copy = 0
    while len(found) < count * WORDS_A_PAGE:
        for text in texts:
            found += text.replace(". ", f" {copy}. ").split(" ")
            copy += 1
    return " ".join(found[: count * WORDS_A_PAGE])


def rows(rounds: int) -> list[Row]:
    """Times on one core, against the bounds and against each other; memory beside the text's own size."""
    sieve = Sieve(load_audit(load()))
    texts = {count: pages(count) for count in (4, 30, 300)}
    audit(texts[30], sieve)  # patterns are made when they are first needed
    four, thirty, many = interleaved(max(3, rounds // 3), *(_work(sieve, texts[count]) for count in (4, 30, 300)),
                                     clock=time.process_time)  # fmt: skip
    return [
        Row("four pages, warm, in seconds", four, 1, f"{ms(four)} of processor time"),
        Row("three hundred pages, as a share of twenty seconds", many / 20, 1, f"{ms(many)} of processor time"),
        Row("ten times the pages", many / thirty, 10 * MARGIN, f"{ms(thirty)} for 30 pages, {ms(many)} for 300"),
        _memory(sieve, texts[30], texts[300]),
    ]  # fmt: skip


def _work(sieve: Sieve, text: str) -> Callable[[int], object]:
    return lambda _: audit(text, sieve)


def _memory(sieve: Sieve, small: str, large: str) -> Row:
    peaks = []
    for text in (small, large):
        tracemalloc.start()
        audit(text, sieve)
        peaks.append(tracemalloc.get_traced_memory()[1] / 1e6)
        tracemalloc.stop()
    said = f"{peaks[0]:.0f} MB at most for 30 pages, {peaks[1]:.0f} MB for 300"
    return Row("memory at ten times the pages", peaks[1] / peaks[0], 10 * MARGIN, said)
