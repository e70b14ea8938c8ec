"""Once through every page: nobody else is asked, nothing is wider than the window, and axe is content in the dark."""

from __future__ import annotations

from typing import Any

import pytest

from doorframe.apps.library import queries as library
from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions
from tests.journeys.conftest import Door, begin, fits, publish

ACCOUNTS = [
    {"platform": "instagram", "handle": "@lane", "kind": "professional", "purpose": "art"},
    {"platform": "facebook", "handle": "", "kind": "personal", "purpose": ""},
]


@pytest.mark.promise("L7")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_every_page_of_the_room(door: Door, owner: Membership, axe: Any, width: int, scheme: str) -> None:
    # Given versions in several states
    issued = publish(begin(owner, accounts=ACCOUNTS), owner)
    waiting = actions.submit_version(version=begin(owner), actor=owner, at=issued.changed_at)
    draft = begin(owner, accounts=ACCOUNTS, platforms_not_used=["instagram"], phone="")
    stem = f"/policy/{draft.uid}"
    pages = ["/", "/policy/", f"{stem}/check/", f"{stem}/text/", f"/policy/{waiting.uid}/", "/nothing-here/"]
    pages += [f"/policy/{issued.uid}/", f"/policy/{issued.uid}/text/", f"/policy/{issued.uid}/website/"]
    pages += [f"/p/{owner.practice.slug}/", f"/p/{owner.practice.slug}/versions/", "/help/", "/me/2fa/"]
    pages += ["/policy/import/", "/p/nobody/"]
    # When each is opened, at this width and in this light
    page = door.open(owner, width=width, color_scheme=scheme, reduced_motion="reduce")
    for address in pages:
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        assert fits(page), address
        axe(page)
    # And every question, with its finer ones open
    for screen in library.pack().screens:
        page.goto(f"{stem}/q/{screen.id}/")
        for summary in page.locator("main summary").all():
            if not summary.evaluate("node => node.parentElement.open"):
                summary.click()
        assert page.locator("h1").count() == 1, screen.id
        assert fits(page), screen.id
        # In the light, the walk by keyboard looks at each question.
        if scheme == "dark":
            axe(page)
    # Then no other host was asked (the door says so at the end), and there was something to ask
    assert len(door.asked) > 100
