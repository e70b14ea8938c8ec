"""When a client who has not answered is reminded: a few times, ever later, on working days and never at night."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

_HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """How often and when reminders may go out. Times are "HH:MM" on the practice's own clock.

    days                after how many days, counted from the first sending, each reminder is due
    quiet_from, quiet_to  nothing is sent from the one until just before the other; the same time twice: no quiet hours
    hour                when on Monday what fell on a weekend is sent
    Raises ValueError, with a sentence for the person who sets it, where the plan cannot be kept.
    """

    days: tuple[int, ...] = (3, 7, 14)
    quiet_from: str = "20:00"
    quiet_to: str = "08:00"
    weekends_to_monday: bool = True
    hour: str = "09:30"

    def __post_init__(self) -> None:
        if any(day < 1 for day in self.days) or list(self.days) != sorted(set(self.days)):
            raise ValueError("The days of reminders must be whole days, each later than the one before: 3, 7, 14.")
        for given in (self.quiet_from, self.quiet_to, self.hour):
            _hour(given)
        if self.is_quiet(datetime(2000, 1, 1) + _hour(self.hour)):
            raise ValueError(f"Reminders cannot go out at {self.hour}: that is within the quiet hours.")

    def is_quiet(self, local: datetime) -> bool:
        """Whether nothing may be sent when the practice's clock shows this."""
        at, start, end = local - _midnight(local), _hour(self.quiet_from), _hour(self.quiet_to)
        if start <= end:
            return start <= at < end
        return at >= start or at < end


def next_reminder(*, sent_at: datetime, reminders: Sequence[datetime], plan: Plan, zone: tzinfo) -> datetime | None:
    """The moment of the next reminder, in UTC; None once all have been sent.

    sent_at    when the request first went out
    reminders  when each reminder since then went out, in order
    zone       where the practice is: its weekends and its nights count
    Never sooner than 24 hours after whatever was sent last. Raises ValueError for a time without a zone.
    """
    if any(moment.tzinfo is None for moment in (sent_at, *reminders)):
        raise ValueError("Every time needs its zone.")
    if len(reminders) >= len(plan.days):
        return None
    local = sent_at.astimezone(zone)
    planned = _at(local + timedelta(days=plan.days[len(reminders)]), zone)
    # In UTC: two times of one zone are compared by their clock faces, which the change of the clocks moves.
    earliest = max(moment.astimezone(UTC) for moment in (sent_at, *reminders)) + _DAY
    return _allowed(max(planned, earliest), plan, zone)


def allowed(moment: datetime, plan: Plan, zone: tzinfo) -> datetime:
    """The first moment from this one on, in UTC, that is neither on a weekend nor in the quiet hours.

    For work that comes late: what was due on Friday and is done on Saturday night waits for Monday. Raises ValueError
    for a time without a zone.
    """
    if moment.tzinfo is None:
        raise ValueError("Every time needs its zone.")
    return _allowed(moment.astimezone(UTC), plan, zone)


def _allowed(moment: datetime, plan: Plan, zone: tzinfo) -> datetime:
    while True:
        local = moment.astimezone(zone).replace(tzinfo=None)
        if plan.weekends_to_monday and local.weekday() >= _SATURDAY:
            monday = _midnight(local) + (7 - local.weekday()) * _DAY
            moment = _at(monday + _hour(plan.hour), zone)
        elif plan.is_quiet(local):
            ends = _midnight(local) + _hour(plan.quiet_to)
            moment = _at(ends if ends > local else ends + _DAY, zone, after=moment)
        else:
            return moment


def _at(local: datetime, zone: tzinfo, after: datetime | None = None) -> datetime:
    """A time on the clocks of a zone, in UTC. One that the clocks jump over moves on by the jump.

    after  for a time that comes twice: the second one is meant where the first is over by then
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if after is None or first > after:
        return first
    return local.replace(tzinfo=zone, fold=1).astimezone(UTC)


def _midnight(local: datetime) -> datetime:
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _hour(text: str) -> timedelta:
    """ "09:30" as what has passed since midnight."""
    found = _HOUR.fullmatch(text)
    if found is None:
        raise ValueError(f"“{text}” is not a time of day. Write it as 09:30.")
    return timedelta(hours=int(found[1]), minutes=int(found[2]))
