"""One line of the log; part of an action that records."""

from __future__ import annotations

from datetime import datetime

from doorframe.apps.members.models import Membership
from doorframe.apps.posts.models import Decision, Post
from doorframe.apps.posts.states import Verb


def write(post: Post, what: Verb, by: Membership | None, at: datetime, *, reason: str = "") -> Decision:
    """Write down what was done, about which words, and what screening said of them."""
    return Decision.objects.create(
        practice=post.practice, post=post, what=what, by=by, at=at, kind=post.kind, platform=post.platform,
        permission=post.permission,
        outcome=post.outcome, sha256=post.sha256, release=post.release, reason=reason,
    )  # fmt: skip
