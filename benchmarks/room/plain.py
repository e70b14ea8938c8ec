"""What the engines are compared with: plain Celery. No rows; a message for each task, which counts in Redis.

As it comes, so with nothing of what keeps a task from being lost when its worker is killed.
"""

import os

import redis
from celery import Celery

BROKER, NAME = os.environ["DOORFRAME_BROKER"], os.environ["DOORFRAME_QUEUE"]
counter = redis.Redis.from_url(os.environ["ROOM_COUNTER"])
app = Celery("plain", broker=BROKER)
app.conf.update(
    task_default_queue=NAME, task_ignore_result=True,
    broker_transport_options={"global_keyprefix": f"{NAME}:"} if BROKER.startswith("redis") else {},
)  # fmt: skip


@app.task(name="plain.nothing")
def nothing(number: int) -> None:
    counter.incr(f"{NAME}:done")


def done() -> int:
    return int(counter.get(f"{NAME}:done") or 0)
