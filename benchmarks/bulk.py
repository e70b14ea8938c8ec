"""Very many at once: a million drafts, a million messages, the same archive on a pool and on a cluster, a live stream.

Everything with the models that are shipped. Sizes can be made smaller: `python -m benchmarks.bulk --share 100`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import screening
from benchmarks.detection import stream, write_archive
from benchmarks.measure import ROOT, Row, Unable
from doorframe.adapters import detector
from doorframe.engines.detection.conversation import Message
from doorframe.engines.detection.windows import Stream

DRAFTS = (100, 10_000, 1_000_000)
MESSAGES = (10_000, 1_000_000)
CLUSTER = 100_000
FLAT = 1.3
OF_POOL = 0.9
A_SECOND, SECONDS, TALKS = 50, 60, 20
"""Messages of a live stream, for how long, in how many conversations at once."""

_ARCHIVE = """
import sys, time
from doorframe.cli import detect_archive
if __name__ == "__main__":
    source, target, on = sys.argv[1:]
    if on == "pool":
        how, cluster = ["--workers", "2"], None
    else:
        from distributed import LocalCluster
        cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
        how = ["--dask", cluster.scheduler_address]
    began = time.monotonic()
    detect_archive.run([source, target, "--quick", *how])
    print(time.monotonic() - began)
    if cluster:
        cluster.close()
"""


def rows(_rounds: int, share: int = 1) -> list[Row]:
    """Each figure once: a million takes minutes. share divides the largest sizes."""
    if detector.load() is None:
        raise Unable("The detector's model is not there.")
    with tempfile.TemporaryDirectory(prefix="doorframe-bench-") as folder:
        place = Path(folder)
        return [*_drafts(place, share), *_messages(place, share), _cluster(place, share), _live()]


def _drafts(place: Path, share: int) -> list[Row]:
    few, some, many = DRAFTS[0], DRAFTS[1] // min(share, 10), DRAFTS[2] // share
    start, _ = _screened(place, 1)
    found = [(count, *_screened(place, count)) for count in (few, some, many)]
    speeds = [count / max(taken - start, 1e-6) for count, taken, _ in found]
    said = ", ".join(f"{speed:,.0f} a second at {count:,}" for (count, _, _), speed in zip(found, speeds, strict=True))
    memory = f"{found[1][2]:.0f} MB at most at {some:,}, {found[2][2]:.0f} MB at {many:,}"
    return [
        Row("drafts on rules alone, time for each at a hundred times as many", speeds[1] / speeds[2], FLAT, said),
        Row("the memory they need", found[2][2] / found[1][2], FLAT, memory),
    ]


def _screened(place: Path, count: int) -> tuple[float, float]:
    """Seconds of the processor and most megabytes of `doorframe screen --jsonl` for so many drafts."""
    source = place / "drafts.jsonl"
    with source.open("w", encoding="utf-8") as file:
        for number, draft in zip(range(count), screening.posts(), strict=False):
            file.write(json.dumps({"id": str(number), "text": draft.text}, ensure_ascii=False) + "\n")
    command = [sys.executable, "-m", "doorframe.cli.main", "screen", "--jsonl", str(source), "--out",
               str(place / "out.jsonl"), "--rules-only"]  # fmt: skip
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, _, used = os.wait4(child.pid, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _messages(place: Path, share: int) -> list[Row]:
    few, many = MESSAGES[0], MESSAGES[1] // share
    small, large = few / _archived(place, few, "pool"), many / _archived(place, many, "pool")
    said = f"{small:,.0f} messages a second at {few:,}, {large:,.0f} at {many:,}, two processes, with --quick"
    return [Row("an archive, time for each message at a hundred times as many", small / large, FLAT, said)]


def _cluster(place: Path, share: int) -> Row:
    count = CLUSTER // share
    pool, cluster = (count / _archived(place, count, on) for on in ("pool", "cluster"))
    said = f"{cluster:,.0f} messages a second with two workers of Dask, {pool:,.0f} on the pool, {count:,} messages"
    return Row("the pool's speed, against a cluster's", pool / cluster, 1 / OF_POOL, said)


def _archived(place: Path, count: int, on: str) -> float:
    """Seconds that pass while an archive of so many messages is scored with the shipped model."""
    with tempfile.TemporaryDirectory(dir=place) as folder:
        write_archive(Path(folder) / "in", count)
        script = Path(folder) / "run.py"  # workers begin from a file
        script.write_text(_ARCHIVE, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, str(script), f"{folder}/in", f"{folder}/out", on],
            capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    return float(done.stdout.splitlines()[-1])


def _live() -> Row:
    """From a message to its signal, if messages come evenly and one process reads them one after the other."""
    judge = detector.Detector(detector.load(), quick=True)
    streams = [Stream(str(number)) for number in range(TALKS)]
    free, late = 0.0, []
    for number, message in enumerate(_talk(A_SECOND * SECONDS)):
        comes = number / A_SECOND
        began = time.perf_counter()
        for window in streams[number % TALKS].add(message):
            judge.judge(window)
        free = max(free, comes) + time.perf_counter() - began
        late.append(free - comes)
    late.sort()
    said = (f"{late[int(len(late) * 0.99)] * 1e3:.0f} ms in 99 of 100, {late[-1] * 1e3:.0f} ms at most,"
            f" {A_SECOND} messages a second for {SECONDS} s")  # fmt: skip
    return Row("from a message to its signal, against one second", late[-1], 1, said)


def _talk(count: int) -> Iterator[Message]:
    left = count
    for window in stream(count):
        for one in window.messages:
            if not left:
                return
            left -= 1
            yield Message(str(count - left), one.author, one.text, (count - left) / A_SECOND)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks.bulk", description=__doc__)
    parser.add_argument("--share", type=int, default=1, help="divide the largest sizes by this")
    for row in rows(1, parser.parse_args().share):
        print(row, flush=True)
