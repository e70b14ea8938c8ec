"""Loads Doorframe once and forks a worker for each line it reads: quicker than forty fresh starts, and as killable.

A worker's exit code is left in the file `ended-<process>` of the data folder.
"""

import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

if settings.JOBS_ENGINE == "celery":
    from doorframe.apps.jobs import celery_worker  # noqa: F401

FOLDER = Path(os.environ["DOORFRAME_DATA"])


def note_the_dead(*_signal: Any) -> None:
    while True:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not process:
            return
        draft = FOLDER / f"ending-{process}"
        draft.write_text(str(os.waitstatus_to_exitcode(status)))
        draft.rename(FOLDER / f"ended-{process}")


def work() -> int:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    try:
        call_command("worker")
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


signal.signal(signal.SIGCHLD, note_the_dead)
for _line in sys.stdin:
    process = os.fork()
    if not process:
        os._exit(work())
    print(process, flush=True)
