"""What about this installation is unsafe, and what to do about each thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from doorframe.web.env import Env
from doorframe.web.safety import machine, people, running, settings
from doorframe.web.safety.finding import Finding

__all__ = ["LOOKS", "Finding", "look"]

Look = Callable[[Env, datetime], Iterator[Finding]]

LOOKS: tuple[Look, ...] = (
    settings.address, settings.hosts, settings.secret_key, settings.demo, settings.mail, settings.database,
    settings.framework, machine.permissions, machine.network_share, machine.clock, running.health, running.trail,
    running.backups, people.second_factors, people.invitations, people.retention,
)  # fmt: skip
"""Everything that is looked at, in the order in which it is said."""


def look(env: Env, *, now: datetime) -> list[Finding]:
    """Look at everything. Errors of the database are the caller's to tell: whoever cannot look knows nothing."""
    return [finding for each in LOOKS for finding in each(env, now)]
