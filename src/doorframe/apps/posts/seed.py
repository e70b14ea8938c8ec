"""A few posts of the fictional practice, one in each state, so that the first look shows a calendar and a log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied

from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.posts import queries, rules
from doorframe.apps.posts.actions import deciding, writing
from doorframe.apps.posts.models import Kind, Outcome, Post


@dataclass(frozen=True, slots=True)
class Seed:
    """What is written, for where, for in how many days (None: not planned), and how far it comes."""

    kind: Kind
    platform: str
    text: str
    days: int | None
    way: tuple[str, ...] = ()


POSTS = (
    Seed(
        Kind.CAPTION, "instagram",
        "Huge win this morning! After two years of panic on planes, a client of mine flew to Lisbon for her sister’s "
        "wedding on Saturday. This is why I do this work.",
        None,
    ),
    Seed(
        Kind.POST, "linkedin",
        "Worry is loudest at night, because nothing else is. A pencil and one line on paper can be enough to put it "
        "down until the morning.",
        3, ("submit",),
    ),
    Seed(
        Kind.POST, "instagram",
        "Ten minutes of daylight before noon help you to fall asleep at night. The dog in our waiting room agrees.",
        1, ("submit", "approve"),
    ),
    Seed(
        Kind.NEWSLETTER, "",
        "In winter many of us sleep badly. This letter is about light, about coffee, and about the hour before bed.",
        -4, ("submit", "approve", "publish"),
    ),
    Seed(
        Kind.POST, "facebook", "We are closed between the years. In an emergency, please call your crisis line.", 12,
        ("submit", "send-back"),
    ),
    Seed(Kind.REPLY, "google", "Thank you for your kind words.", None, ("withdraw",)),
)  # fmt: skip


def seed(*, practice: Practice, actor: Membership, at: datetime) -> None:
    """Write the posts of the fictional practice, once. How far each comes is up to what screening says of it."""
    if queries.visible(actor).exists():
        return
    platforms = dict(queries.platform_choices())
    for one in POSTS:
        day = at.date() + timedelta(days=one.days) if one.days is not None else None
        platform = one.platform if one.platform in platforms else ""
        post = writing.start_post(actor=actor, at=at, kind=one.kind, platform=platform, text=one.text, planned_for=day)
        _go(post, one.way, actor, at)


def _go(post: Post, way: tuple[str, ...], actor: Membership, at: datetime) -> None:
    steps: dict[str, Callable[[Post], Post]] = {
        "submit": lambda post: deciding.submit_post(post=post, actor=actor, at=at),
        "approve": lambda post: deciding.approve_post(
            post=post, actor=actor, at=at, sha256=post.sha256, reason=_reason(post)
        ),
        "send-back": lambda post: deciding.send_back(
            post=post, actor=actor, at=at, note="Name the crisis line, and say on which days.", sha256=post.sha256
        ),
        "publish": lambda post: deciding.publish_post(post=post, actor=actor, at=at, on=post.planned_for or at.date()),
        "withdraw": lambda post: deciding.withdraw_post(post=post, actor=actor, at=at),
    }  # fmt: skip
    for step in way:
        try:
            post = steps[step](post)
        except (rules.NotNow, PermissionDenied):  # stricter content, or a second person is always wanted
            return


def _reason(post: Post) -> str:
    return "General advice; it tells of nobody." if post.outcome == Outcome.ASK else ""
