"""The jobs of the room, and points to die at in the code that runs them. Loaded in every child process."""

import os
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from doorframe.apps.jobs import runner, worker
from doorframe.apps.jobs.models import Job
from doorframe.apps.jobs.registry import JobError, Run, job
from tests.apps.jobs.child.points import point

runner.FIRST_PAUSE = timedelta(seconds=0.2)
worker.PAUSE_SECONDS = 0.25


def add(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effects (number, told) VALUES (%s, %s)", [number, int(_is_main_thread())])


def _is_main_thread() -> bool:
    """Where a Celery worker does what a message told it; its sweep has a thread of its own."""
    return threading.current_thread() is threading.main_thread()


@job("child.effect.made")
def make(run: Run, *, number: int, slow: bool = False) -> None:
    """One row for each job; exactly one, because the job is marked as done in the same transaction."""
    point("begun")
    if slow:
        time.sleep(0.4)
    with transaction.atomic():
        add(number)
        point("inserted")
        run.done("Made.")
        point("marked")
    point("kept")


@job("child.effect.refused", max_attempts=3)
def refuse(run: Run, *, number: int) -> None:
    add(number)
    raise JobError("The folder is full.")


def with_points(do: Any) -> Any:
    def run(one: Job, now: runner.Clock) -> None:
        point("claimed")
        do(one, now)
        point("finished")

    return run


runner._run = with_points(runner._run)


def put_whole(self: Any, queue: str, payload: Any, **_more: Any) -> None:
    """As kombu's, but a reader never meets half a file."""
    from kombu.utils.json import dumps

    name = f"{time.monotonic_ns()}_{datetime.now().microsecond}.{queue}.msg"
    draft = Path(self.data_folder_out) / "control" / name
    draft.write_text(dumps(payload))
    os.replace(draft, Path(self.data_folder_out) / name)


if settings.JOBS_ENGINE == "celery":
    from kombu.transport import filesystem

    from doorframe.apps.jobs import messages

    filesystem.Channel._put = put_whole
    ids_of, send = messages._job_ids, messages.send

    def ids_with_point(ids: object) -> Any:
        point("received")
        return ids_of(ids)

    def send_with_point(ids: list[str]) -> bool:
        point("unsent")
        return send(ids)

    messages._job_ids, messages.send = ids_with_point, send_with_point
