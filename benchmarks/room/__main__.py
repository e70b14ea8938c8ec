"""`python -m benchmarks.room KIND COUNT`: the time for COUNT jobs asked for at once, and for one; as JSON.

KIND is ours or plain. The environment says the rest: engine, broker, database.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

SINGLES = 15
PATIENCE = 120


def main(kind: str, count: int) -> dict[str, float]:
    ask, done, worker = _ours() if kind == "ours" else _plain()
    workers = [subprocess.Popen(worker) for _ in range(int(os.environ.get("ROOM_WORKERS", "1")))]
    try:
        asked = 1
        ask(1)  # until this one is done the workers may still be starting
        _wait(done, asked)
        singles = []
        for _ in range(SINGLES):
            time.sleep(0.05)
            began, asked = time.perf_counter(), asked + 1
            ask(1)
            _wait(done, asked)
            singles.append(time.perf_counter() - began)
        began = time.perf_counter()
        ask(count)
        _wait(done, asked + count)
        return {"many": time.perf_counter() - began, "one": statistics.median(singles)}
    finally:
        for each in workers:
            each.terminate()
        for each in workers:
            each.wait(30)


def _wait(done: Callable[[], int], wanted: int) -> None:
    until = time.monotonic() + PATIENCE
    while done() < wanted:
        if time.monotonic() > until:
            raise RuntimeError(f"Only {done()} of {wanted} jobs were done")
        time.sleep(0.002 if wanted < 100 else 0.05)


def _ours() -> tuple[Callable[[int], None], Callable[[], int], list[str]]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    from doorframe.apps.jobs import actions
    from doorframe.apps.jobs.models import Job, State
    from doorframe.apps.members.actions import create_practice

    call_command("migrate", verbosity=0, interactive=False)
    now = timezone.now()
    owner = create_practice(
        name="Harbour Lane", owner_email="imani@a.example", owner_name="Dr Imani Cole", password=None, at=now
    )

    def ask(count: int) -> None:
        with transaction.atomic():
            for number in range(count):
                args = {"number": number}
                actions.enqueue("room.nothing.done", practice=owner.practice, at=timezone.now(), args=args)

    command = [sys.executable, "-m", "doorframe.web.admin_cli", "worker"]
    return ask, lambda: Job.objects.filter(state=State.DONE).count(), command


def _plain() -> tuple[Callable[[int], None], Callable[[], int], list[str]]:
    from benchmarks.room import plain

    def ask(count: int) -> None:
        for number in range(count):
            plain.nothing.delay(number)

    command = [sys.executable, "-m", "celery", "-A", "benchmarks.room.plain", "-q", "worker", "--concurrency=1",
               "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=ERROR"]  # fmt: skip
    return ask, plain.done, command


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
