"""How far a draft is never goes backwards, whatever is changed later."""

from __future__ import annotations

from datetime import datetime

import pytest

from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions, queries

pytestmark = [pytest.mark.django_db, pytest.mark.promise("A1")]


def test_an_earlier_answer_that_brings_up_questions_takes_nothing_back(owner: Membership, now: datetime) -> None:
    version = actions.start_version(actor=owner, at=now)
    seen = []
    while (screen := queries.next_screen(version)) is not None:
        version = actions.save_answers(
            version=version, actor=owner, at=now, screen=screen.id, answers={}, revision=version.revision, finished=True
        )
        seen.append(version.furthest)
    assert seen == sorted(seen)
    assert version.furthest == 100

    version = actions.save_answers(
        version=version, actor=owner, at=now, screen="clients", answers={"clients": ["minors", "groups"]},
        revision=version.revision, finished=True,
    )  # fmt: skip
    assert queries.draft_progress(version).share < 100
    assert version.furthest == 100
