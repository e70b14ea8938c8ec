"""Reads. Each takes the practice or a member, and shows nothing of any other."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse

from doorframe.apps.authorisations.uses import Use
from doorframe.apps.library import queries as library
from doorframe.apps.members import permissions, register
from doorframe.apps.members import queries as members
from doorframe.apps.members.isolation import PracticeQuerySet, get_for_practice
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.members.roles import Permission
from doorframe.apps.posts.models import Decision, OwnNames, Post, Step
from doorframe.apps.posts.states import ENDED, State

PAGE = 20
LOG_PAGE = 50


def visible(member: Membership) -> PracticeQuerySet[Post]:
    """The posts whose words this member may read: their own, and every one for whoever approves."""
    rows = Post.objects.for_practice(member.practice).select_related("practice", "author__user", "approved_by__user")
    if not permissions.can(member, Permission.WRITE_POSTS):
        return rows.none()
    return rows if permissions.can(member, Permission.APPROVE_POSTS) else rows.filter(author=member)


def post(member: Membership, uid: object) -> Post:
    """One post that this member may read, or Http404."""
    return get_for_practice(visible(member), practice=member.practice, uid=uid)


def locked(item: Post) -> Post:
    """The row as it is now, held until the transaction of the action ends."""
    rows = Post.objects.select_for_update(of=("self",)).select_related("practice", "author__user")
    return rows.get(pk=item.pk, practice_id=item.practice_id)


def posts(member: Membership, *, state: str = "", after: int = 0) -> list[Post]:
    """One page of posts, latest change first, without what was found; one more than a page."""
    rows = visible(member).defer("verdict", "note")
    rows = rows.filter(state=state) if state else rows
    return list(rows.order_by("-changed_at", "-pk")[after : after + PAGE + 1])


def counts(member: Membership) -> dict[str, int]:
    """How many posts this member may read, by state."""
    found = visible(member).order_by().values_list("state").annotate(count=Count("pk"))
    return {**dict.fromkeys(State.values, 0), **dict(found)}


def steps(item: Post) -> list[Step]:
    """The safer wordings that were taken, oldest first."""
    return list(item.steps.select_related("taken_by__user"))


def last_step(item: Post) -> Step | None:
    """The step that can be undone: the last one, while the words are still as it left them."""
    last = item.steps.filter(undone_at=None).order_by("-number").first()
    return last if last is not None and last.after_sha256 == item.sha256 else None


def decisions(item: Post) -> list[Decision]:
    """What was decided about this post, oldest first."""
    return list(item.decisions.select_related("by__user").order_by("at", "pk"))


def for_today(member: Membership, day: date, *, most: int) -> list[Post]:
    """What waits for this member, without words: others' posts to decide about, own ones that came back or are due."""
    wanted = Q(author=member, state=State.SENT_BACK) | Q(author=member, state=State.APPROVED, planned_for__lte=day)
    if permissions.can(member, Permission.APPROVE_POSTS):
        wanted |= Q(state=State.WAITING) & ~Q(author=member)
    rows = Post.objects.for_practice(member.practice).filter(wanted).defer("text", "verdict", "note")
    return list(rows.select_related("author__user").order_by("changed_at", "pk")[:most])


def uses(practice: Practice, reference: str) -> list[Use]:
    """The posts that rest on a permission, without a word of them. DOORFRAME_AUTHORISATION_USES names this."""
    rows = Post.objects.for_practice(practice).filter(permission=reference).defer("text", "verdict", "note")
    return [
        Use(str(one.get_kind_display()), reverse("posts:post", args=[one.uid]), str(one.get_state_display()))
        for one in rows.order_by("pk")
    ]


def goes_on(item: Post) -> date:
    """The day on which the words of this post go, if nobody touches it before."""
    day = item.changed_at.date()
    if item.planned_for is not None and item.state not in ENDED:
        day = max(day, item.planned_for)
    return day + timedelta(days=settings.POSTS_KEEP_DAYS)


# The calendar


@dataclass(frozen=True, slots=True)
class Week:
    """One week, Monday to Sunday, with what is planned in it."""

    first: date
    last: date
    posts: tuple[Post, ...]


def month(practice: Practice, first: date) -> list[Week]:
    """The weeks of the month that begins on this day. Posts are without their words: everybody may see the plan."""
    days = calendar.Calendar().monthdatescalendar(first.year, first.month)
    rows = Post.objects.for_practice(practice).filter(planned_for__range=(days[0][0], days[-1][-1]))
    rows = rows.exclude(state=State.WITHDRAWN).defer("text", "verdict", "note").select_related("author__user")
    planned = list(rows.order_by("planned_for", "pk"))
    return [
        Week(week[0], week[-1], tuple(one for one in planned if one.planned_for in week)) for week in days
    ]  # fmt: skip


def next_month(first: date, by: int) -> date:
    """The first day of the month after (by 1) or before (by -1)."""
    return (first.replace(day=1) + timedelta(days=31 if by > 0 else -1)).replace(day=1)


# The log


def log(member: Membership, *, outcome: str = "", search: str = "", words: str = "") -> PracticeQuerySet[Decision]:
    """What was decided, newest first: everything for whoever approves, of one's own posts for anybody else.

    search is a part of a person's name, a platform's name, or the beginning of a hash; words is the hash of a whole
    text that somebody wants to find again.
    """
    rows = Decision.objects.for_practice(member.practice).select_related("by__user", "post__author__user")
    rows = rows.defer("post__text", "post__verdict", "post__note")
    if not permissions.can(member, Permission.APPROVE_POSTS):
        rows = rows.filter(post__author=member)
    rows = rows.filter(outcome=outcome) if outcome else rows
    if search:
        platforms = [id for id, name in platform_choices() if search.casefold() in name.casefold()]
        rows = rows.filter(
            Q(by__user__display_name__icontains=search)
            | Q(post__author__user__display_name__icontains=search)
            | Q(sha256__startswith=search.lower())
            | Q(sha256=words)
            | Q(platform__in=platforms)
        )
    return rows.order_by("-at", "-pk")


# Our own names


def own_names(practice: Practice) -> tuple[str, ...]:
    """The practice's own words: as it wrote them down, or, until then, what is known of it elsewhere."""
    kept = OwnNames.objects.for_practice(practice).first()
    return _lines(kept.lines) if kept is not None else known_elsewhere(practice)


def kept_names(practice: Practice) -> OwnNames | None:
    """The list as the practice wrote it down, if it did."""
    return OwnNames.objects.for_practice(practice).select_related("changed_by__user").first()


def known_elsewhere(practice: Practice) -> tuple[str, ...]:
    """The practice's name, its people, and the professional accounts of its register."""
    people = (str(one.user) for one in members.people_of(practice))
    rows = register.accounts(practice) or []
    handles = (row["handle"] for row in rows if row["kind"] == "professional" and row["handle"])
    return _once((practice.name, *people, *handles))


def _lines(text: str) -> tuple[str, ...]:
    return _once(line.strip() for line in text.splitlines())


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def platform_choices() -> list[tuple[str, str]]:
    """(id, name) of every platform that the content knows."""
    return [(item.id, item.name[:1].upper() + item.name[1:]) for item in library.pack().platforms]


def platform_name(id: str) -> str:
    """The name of a platform; its id where the content no longer knows it."""
    return dict(platform_choices()).get(id, id)
