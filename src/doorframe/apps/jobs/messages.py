"""The Celery engine's messages: ids of rows, twenty together, and nothing else. Imported only where it was chosen."""

from __future__ import annotations

import logging
import ssl
import threading
import time
import uuid
from typing import Any
from urllib.parse import urlsplit

from celery import Celery
from celery.worker import state
from django.conf import settings
from django.db import Error, close_old_connections
from django.utils import timezone

from doorframe.apps.jobs import runner

log = logging.getLogger(__name__)

TASK = "doorframe.jobs.run"
TOGETHER = 20
PATIENCE_SECONDS = 2
SILENCE_SECONDS = 10

one_at_a_time = threading.Lock()
"""A worker process does one job at a time, whether a message or the sweep found it."""


def _security(broker: str) -> dict[str, Any] | None:
    """A broker that is reached over TLS must show a certificate for its name."""
    parts = urlsplit(broker)
    if parts.scheme == "amqps":
        return {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": parts.hostname}
    return {"ssl_cert_reqs": ssl.CERT_REQUIRED} if parts.scheme == "rediss" else None


def _options(broker: str, queue: str) -> dict[str, Any]:
    """What the transport is told. A page that cannot reach the broker goes on after a moment: the row is there."""
    options: dict[str, Any] = {"max_retries": 0, "connect_retries_timeout": PATIENCE_SECONDS}
    if broker.startswith("redis"):
        options |= {"socket_connect_timeout": PATIENCE_SECONDS, "global_keyprefix": f"{queue}:"}
    return options | settings.JOBS_BROKER_OPTIONS


def _app(broker: str, queue: str) -> Celery:
    made = Celery("doorframe", set_as_current=False, fixups=[])
    made.conf.update(
        broker_url=broker,
        broker_use_ssl=_security(broker),
        broker_transport_options=_options(broker, queue),
        broker_connection_timeout=PATIENCE_SECONDS,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # the sweep goes on without a broker, and the broker may come back
        broker_heartbeat=0,  # a long job would look like a dead connection
        task_default_queue=queue,
        task_default_delivery_mode="transient",  # a lost bell costs seconds; the broker's disk need not keep it
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        result_backend=None,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_detect_quorum_queues=False,
        worker_hijack_root_logger=False,
    )
    made.task(name=TASK, typing=False)(run)
    return made


def run(ids: object = None, *_more: object, **_names: object) -> None:
    """What a message asks for: each of these jobs that is due and that nobody else has. Else it is dropped."""
    wanted = _job_ids(ids)
    if wanted is None:
        log.warning("a message that holds no ids of jobs was dropped")
        return
    close_old_connections()
    try:
        for job_id in wanted:
            if state.should_stop not in (None, False):
                return  # asked to end: the sweep of another worker finds the rest
            with one_at_a_time:
                runner.run_next(now=timezone.now, only=job_id)
    except Error:
        log.exception("the database did not answer; the sweep will find the work")
    finally:
        close_old_connections()


def _job_ids(ids: object) -> list[uuid.UUID] | None:
    if not isinstance(ids, list) or len(ids) > TOGETHER:
        return None
    try:
        return [uuid.UUID(each) for each in ids]
    except (ValueError, TypeError, AttributeError):
        return None


class _Bell:
    """Sends, and after a failure keeps quiet for a moment, so that pages do not wait for a broker that is down."""

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def send(self, ids: list[str]) -> bool:
        """Whether every message was handed over. Never raises: whatever is not sent, the sweep finds."""
        if time.monotonic() < self._quiet_until:
            return False
        try:
            for first in range(0, len(ids), TOGETHER):
                app.send_task(TASK, args=[ids[first : first + TOGETHER]], retry=False)
        except Exception as error:  # each transport has kinds of its own
            self._quiet_until = time.monotonic() + SILENCE_SECONDS
            log.warning("the broker took no message (%s); the workers' sweep will find the work", type(error).__name__)
            return False
        return True


app = _app(settings.JOBS_BROKER, settings.JOBS_QUEUE)
send = _Bell().send
