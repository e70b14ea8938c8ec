"""The job that does nothing."""

from doorframe.apps.jobs.registry import Run, job


@job("room.nothing.done")
def nothing(run: Run, *, number: int) -> None: ...
