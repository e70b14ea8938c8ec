"""Stands for a web process: reads one wish a line, asks for the work in one transaction, answers with one line."""

import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.db import close_old_connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from doorframe.apps.jobs import actions, runner, wake  # noqa: E402
from doorframe.apps.members.models import Practice  # noqa: E402
from tests.apps.jobs.child.points import point  # noqa: E402


class TakenBack(Exception):
    """The change is not kept."""


def ask(jobs: list[dict[str, Any]], *, lose_message: bool = False, take_back: bool = False) -> list[str]:
    practice, found = Practice.objects.get(), []
    with transaction.atomic():
        for wish in jobs:
            at = timezone.now()
            row = actions.enqueue(
                wish.get("name", "child.effect.made"),
                practice=practice,
                at=at,
                args=wish["args"],
                unique_key=wish.get("key"),
                run_at=at + timedelta(seconds=wish.get("after", 0)),
            )
            found.append(str(row.pk))
        point("uncommitted")
        if lose_message:
            wake._pending.ids.clear()
        if take_back:
            raise TakenBack
    return found


def tell(ids: list[str], *, times: int) -> int:
    """Say so many times that these jobs wait, as a broker may."""
    for _turn in range(times):
        if "doorframe.apps.jobs.messages" in sys.modules:
            sys.modules["doorframe.apps.jobs.messages"].send(ids)
        else:
            for each in ids:
                runner.run_next(now=timezone.now, only=each)
    return times


def rubbish(ids: list[str]) -> int:
    """Messages that nobody of ours would write."""
    from doorframe.apps.jobs.messages import TASK, app

    bad: list[list[Any]] = [[], ["x"], [["no-id"]], [[{"a": 1}]], [ids * 30], [None], [ids, "more"], [[[]]]]
    for args in bad:
        app.send_task(TASK, args=args)
    app.send_task("os.system", args=["true"])
    return len(bad) + 1


def modules() -> list[str]:
    return sorted({name.partition(".")[0] for name in sys.modules} & {"celery", "kombu"})


for line in sys.stdin:
    wish = json.loads(line)
    close_old_connections()  # as at the beginning of a request
    try:
        said: Any = {"ask": ask, "tell": tell, "rubbish": rubbish, "modules": modules}[wish.pop("do")](**wish)
    except TakenBack:
        said = []
    print(json.dumps(said), flush=True)
