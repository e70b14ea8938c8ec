"""/healthz: is this installation whole? For machines; holds no secrets and no names."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from doorframe import __version__
from doorframe.adapters.encryption import KeyringError
from doorframe.apps.jobs import queries, wake, worker
from doorframe.apps.members import rotation

LEAST_FREE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    fine: bool
    says: str
    figures: Mapping[str, int | str] = field(default_factory=dict)


def checks(*, now: datetime) -> list[Check]:
    """Look at everything; a check that cannot be made is a check that failed."""
    database = _database()
    if not database.fine:
        return [database, _disk()]
    return [database, _migrations(), _worker(now), _jobs(now), _keys(), _disk()]


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        return Check("database", False, f"does not answer ({type(error).__name__})")
    return Check("database", True, f"{connection.vendor} answers")


def _migrations() -> Check:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Check("migrations", missing == 0, "all applied" if not missing else f"{missing} not applied")


def _worker(now: datetime) -> Check:
    if settings.JOBS_ENGINE == wake.IMMEDIATE:
        return Check("worker", True, "not needed: jobs run at once")
    try:
        beat = worker.last_beat()
    except DatabaseError:
        return Check("worker", False, "cannot be asked")
    if beat is None:
        return Check("worker", False, "none is running")
    silent = int((now - beat).total_seconds())
    return Check("worker", silent <= worker.SILENT_AFTER.total_seconds(), f"last heard of {max(silent, 0)} s ago")


def _jobs(now: datetime) -> Check:
    engine = settings.JOBS_ENGINE
    try:
        found = queries.backlog(now=now)
    except DatabaseError:
        return Check("jobs", False, "cannot be asked")
    waits = f"the oldest job has waited for {found.waited} s" if found.waited else "nothing waits"
    figures = {"engine": engine, "oldest_waiting_seconds": found.waited, "failed": found.failed,
               "workers": found.workers}  # fmt: skip
    is_fine = engine == wake.IMMEDIATE or not found.is_stuck
    return Check("jobs", is_fine, f"engine {engine}; {waits}; {found.failed} failed", figures)


def _keys() -> Check:
    try:
        lacking = len(rotation.strange_keys())
    except KeyringError:
        return Check("keys", False, "the key file is missing or cannot be read; put it back from a backup")
    except DatabaseError:
        return Check("keys", False, "cannot be asked")
    if lacking:
        return Check("keys", False, f"the key file lacks {lacking} key(s) that rows need; put it back from a backup")
    return Check("keys", True, "the key file opens what is encrypted")


def _disk() -> Check:
    free = shutil.disk_usage(settings.DATA).free
    return Check("disk", free >= LEAST_FREE_BYTES, f"{free // 1024**2} MB free")


def as_json(found: list[Check]) -> dict[str, Any]:
    """The answer of /healthz."""
    return {
        "status": "ok" if all(check.fine for check in found) else "failing",
        "version": __version__,
        "checks": {check.name: {"ok": check.fine, "says": check.says, **check.figures} for check in found},
    }


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when everything is fine, else 503."""
    answer = as_json(checks(now=timezone.now()))
    response = JsonResponse(answer, status=200 if answer["status"] == "ok" else 503)
    # Whoever asks reads the answer; a line in the log for each asking while the server comes up helps no one.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
