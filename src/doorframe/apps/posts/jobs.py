"""Work of the posts: once a day, the words of drafts that are over go."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from doorframe.apps.jobs.registry import Run, job
from doorframe.apps.posts import daily
from doorframe.apps.posts.actions import keeping


@job(daily.JOB)
def let_go(run: Run) -> None:
    """Remove the words of posts that nobody has touched for as long as the setting says."""
    now = timezone.now()
    today = timezone.localdate(now, ZoneInfo(run.job.practice.time_zone))
    while keeping.let_go(practice=run.job.practice, at=now, today=today):
        run.progress(50, _("Removing the words of posts that are over"))
