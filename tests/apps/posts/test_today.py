"""What Today says of posts: to whom, and that no word of a text stands there."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doorframe.apps.members.models import Membership
from doorframe.apps.members.today import Item
from doorframe.apps.posts import today
from doorframe.apps.posts.actions import deciding
from doorframe.apps.posts.models import Post
from tests.apps.posts.conftest import Browse, Write
from tests.apps.posts.fake import PLAIN


def said(member: Membership, at: datetime) -> list[Item]:
    with CaptureQueriesContext(connection) as asked:
        found = list(today.items(member, now=at))
    assert len(asked) <= 1
    assert PLAIN[:9] not in str(found)
    return found


def test_where_nothing_waits_nothing_is_said(owner: Membership, write: Write, now: datetime) -> None:
    write(owner)
    assert said(owner, now) == []


@pytest.mark.parametrize(("posts", "titles"), [(1, 1), (3, 3), (4, 1)])
def test_what_waits_is_named_or_counted(
    owner: Membership, clinician: Membership, write: Write, browse: Browse, now: datetime, posts: int, titles: int
) -> None:
    for _ in range(posts):
        deciding.submit_post(post=write(clinician), actor=clinician, at=now)
    found = said(owner, now)
    assert len(found) == titles
    assert found[0].title == (
        "4 posts wait for your decision" if posts > 3 else "A post by Kim waits for your decision"
    )
    assert browse(owner).get(found[0].link).status_code == 200
    assert said(clinician, now) == []


@pytest.mark.parametrize(("days", "when"), [(1, None), (0, "Today"), (-2, "19 November")])
def test_an_approved_post_is_named_on_its_day(
    approved: Post, clinician: Membership, owner: Membership, now: datetime, days: int, when: str | None
) -> None:
    Post.objects.update(planned_for=now.date() + timedelta(days=days))
    assert [item.when for item in said(clinician, now)] == ([when] if when else [])
    assert said(owner, now) == [], "it is its author's to post"
