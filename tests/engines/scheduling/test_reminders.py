"""Reminders: ever later, on working days, never at night, and never two within a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.scheduling.reminders import Plan, next_reminder

NEW_YORK = ZoneInfo("America/New_York")
LONDON = ZoneInfo("Europe/London")
ZONES = [
    "UTC", "America/New_York", "America/St_Johns", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia",
    "Africa/Cairo", "Asia/Kathmandu", "Pacific/Chatham", "America/Santiago",
]  # fmt: skip


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    days = sorted(draw(st.sets(st.integers(1, 40), max_size=6)))
    night = st.sampled_from([("20:00", "08:00"), ("22:00", "06:30"), ("00:00", "09:00"), ("18:00", "09:30")])
    quiet_from, quiet_to = draw(night)
    return Plan(days=tuple(days), quiet_from=quiet_from, quiet_to=quiet_to)


def all_of(sent_at: datetime, plan: Plan, zone: ZoneInfo, late: timedelta = timedelta(0)) -> list[datetime]:
    """Every reminder, each sent when it is due or so much later."""
    found: list[datetime] = []
    while due := next_reminder(sent_at=sent_at, reminders=found, plan=plan, zone=zone):
        found.append(due + late)
        assert len(found) <= len(plan.days)
    return found


@pytest.mark.promise("D2")
@given(
    st.datetimes(datetime(1995, 1, 1), datetime(2045, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    plans(),
    st.sampled_from(ZONES).map(ZoneInfo),
)
def test_what_holds_for_every_plan(sent_at: datetime, plan: Plan, zone: ZoneInfo) -> None:
    found = all_of(sent_at, plan, zone)
    assert len(found) == len(plan.days)
    for due in found:
        local = due.astimezone(zone)
        assert due.utcoffset() == timedelta(0)
        assert local.weekday() < 5, "a weekend"
        assert not plan.is_quiet(local.replace(tzinfo=None)), "a quiet hour"
    for before, after in pairwise([sent_at, *found]):
        assert after - before >= timedelta(days=1)
    for day, due in zip(plan.days, found, strict=True):
        # By the calendar; the island that skipped a day is why a day may be missing.
        passed = (due.astimezone(zone).date() - sent_at.astimezone(zone).date()).days
        assert passed >= day


@pytest.mark.promise("D2")
@given(st.integers(0, 400), st.integers(0, 30))
def test_a_late_one_moves_the_next(hours: int, days: int) -> None:
    sent_at = datetime(2026, 11, 2, tzinfo=UTC) + timedelta(hours=hours)
    late = timedelta(days=days, hours=3)
    for before, after in pairwise([sent_at, *all_of(sent_at, Plan(), LONDON, late)]):
        assert after - before >= timedelta(days=1)


CASES = [
    # sent (local), how many are out, next (local)
    ("2026-11-02 10:15", 0, "2026-11-05 10:15"),  # Monday: Thursday
    ("2026-11-04 10:15", 0, "2026-11-09 09:30"),  # Wednesday: Saturday, so Monday
    ("2026-11-05 10:15", 0, "2026-11-09 09:30"),  # Thursday: Sunday, so Monday
    ("2026-11-02 07:59", 0, "2026-11-05 08:00"),  # before eight
    ("2026-11-02 08:00", 0, "2026-11-05 08:00"),
    ("2026-11-02 19:59", 0, "2026-11-05 19:59"),
    ("2026-11-02 20:00", 0, "2026-11-06 08:00"),  # the evening: the next morning
    ("2026-11-03 23:30", 0, "2026-11-09 09:30"),  # Friday night: not Saturday morning either
    ("2026-10-29 10:15", 0, "2026-11-02 09:30"),  # over the change of the clocks
    ("2026-10-31 23:59", 0, "2026-11-04 08:00"),  # Saturday night: Tuesday night, so Wednesday morning
]


@pytest.mark.parametrize(("sent", "out", "due"), CASES)
def test_the_usual_plan(sent: str, out: int, due: str) -> None:
    sent_at = datetime.fromisoformat(sent).replace(tzinfo=NEW_YORK)
    found = next_reminder(sent_at=sent_at, reminders=[], plan=Plan(), zone=NEW_YORK)
    assert found is not None and f"{found.astimezone(NEW_YORK):%Y-%m-%d %H:%M}" == due


def test_the_hour_on_the_wall_stays_when_the_clocks_change() -> None:
    sent_at = datetime(2026, 10, 22, 12, 0, tzinfo=LONDON)  # summer time ends on the 25th
    first, second, third = all_of(sent_at, Plan(), LONDON)
    assert [f"{due.astimezone(LONDON):%a %d %H:%M}" for due in (first, second, third)] == [
        "Mon 26 09:30", "Thu 29 12:00", "Thu 05 12:00",
    ]  # fmt: skip
    assert (second - sent_at.astimezone(UTC)) == timedelta(days=7, hours=1)


def test_two_of_one_weekend_are_a_day_apart() -> None:
    sent_at = datetime(2026, 11, 2, 10, 0, tzinfo=LONDON)
    first, second = all_of(sent_at, Plan(days=(5, 6)), LONDON)
    assert [f"{due.astimezone(LONDON):%a %H:%M}" for due in (first, second)] == ["Mon 09:30", "Tue 09:30"]


def test_quiet_hours_that_end_in_the_hour_that_comes_twice() -> None:
    last = datetime(2026, 10, 31, 6, 10, tzinfo=UTC)  # a day later it is 01:10 in New York for the second time
    plan = Plan(days=(1, 2), quiet_from="22:00", quiet_to="01:30", weekends_to_monday=False)
    found = next_reminder(sent_at=last - timedelta(hours=25), reminders=[last], plan=plan, zone=NEW_YORK)
    assert found == datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "half past one, the second time"


def test_weekends_where_the_practice_works_on_them() -> None:
    sent_at = datetime(2026, 11, 4, 10, 15, tzinfo=LONDON)
    found = next_reminder(sent_at=sent_at, reminders=[], plan=Plan(weekends_to_monday=False), zone=LONDON)
    assert found is not None and f"{found:%a %H:%M}" == "Sat 10:15"


def test_none_once_all_are_out_and_none_without_days() -> None:
    sent_at = datetime(2026, 11, 2, 10, tzinfo=UTC)
    out = [sent_at + timedelta(days=days) for days in (3, 7, 14)]
    assert next_reminder(sent_at=sent_at, reminders=out, plan=Plan(), zone=LONDON) is None
    assert next_reminder(sent_at=sent_at, reminders=[], plan=Plan(days=()), zone=LONDON) is None


def test_quiet_hours_within_a_day_and_none() -> None:
    assert Plan(quiet_from="12:00", quiet_to="14:00").is_quiet(datetime(2026, 1, 1, 13))
    assert not Plan(quiet_from="12:00", quiet_to="14:00").is_quiet(datetime(2026, 1, 1, 14))
    assert not Plan(quiet_from="00:00", quiet_to="00:00").is_quiet(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"days": (3, 3)}, "each later"),
        ({"days": (7, 3)}, "each later"),
        ({"days": (0,)}, "each later"),
        ({"quiet_from": "8pm"}, "not a time of day"),
        ({"quiet_to": "25:00"}, "not a time of day"),
        ({"hour": ""}, "not a time of day"),
        ({"hour": "9:30"}, "not a time of day"),
        ({"hour": "09:30\n"}, "not a time of day"),
        ({"hour": "07:00"}, "quiet hours"),
    ],
)
def test_a_plan_that_cannot_be_kept(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Plan(**wrong)  # type: ignore[arg-type]


def test_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        next_reminder(sent_at=datetime(2026, 1, 1), reminders=[], plan=Plan(), zone=LONDON)
