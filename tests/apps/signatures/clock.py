"""A clock that stands where a test puts it, for the jobs of this room."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

import pytest

from doorframe.apps.jobs import runner
from doorframe.apps.jobs.models import Job
from doorframe.apps.signatures import jobs


class Clock:
    """What the jobs ask instead of the machine."""

    def __init__(self, at: datetime, patch: pytest.MonkeyPatch) -> None:
        self.at = at
        patch.setattr(jobs, "timezone", self)

    def now(self) -> datetime:
        return self.at

    def localdate(self, at: datetime, zone: tzinfo) -> date:
        return at.astimezone(zone).date()

    def work_at(self, at: datetime) -> None:
        """What a worker does that wakes up at this moment."""
        self.at = at
        while runner.run_next(now=self.now):
            continue

    def work_until(self, end: datetime, *, name: str = "") -> None:
        """Every job at its own moment, one after the other."""
        waiting = Job.objects.filter(state="waiting", run_at__lte=end, **({"name": name} if name else {}))
        while (following := waiting.order_by("run_at").first()) is not None:
            self.work_at(max(self.at, following.run_at))
        self.at = end
