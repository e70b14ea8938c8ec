"""The register takes over the accounts that the latest policy names, with one button, and forgets none by itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.utils.module_loading import import_string

from doorframe.apps.accounts import actions, queries, rules
from doorframe.apps.accounts.models import Account
from doorframe.apps.members import register
from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.policies import actions as policies
from doorframe.apps.policies.models import Version
from doorframe.apps.trail.models import Event
from doorframe.web import named
from tests.apps.accounts.conftest import Browse

INSTAGRAM = {"platform": "instagram", "handle": "@harbourlane", "kind": "professional", "purpose": "articles"}
FACEBOOK = {"platform": "facebook", "handle": "Imani Cole", "kind": "personal", "purpose": ""}
OFFER = "Your policy names accounts that are not here"


def policy(owner: Membership, now: datetime, *accounts: dict[str, str]) -> Version:
    return policies.start_version(actor=owner, at=now, answers={"country": "US", "accounts": [*accounts]})


def listed(owner: Membership) -> list[tuple[str, str]]:
    return sorted(Account.objects.for_practice(owner.practice).values_list("platform", "handle"))


def test_the_setting_names_the_door() -> None:
    assert import_string(django_settings.DOORFRAME_NAMED_ACCOUNTS) is named.accounts


@pytest.mark.promise("E1")
def test_one_button_takes_over_what_the_policy_names(owner: Membership, now: datetime, browse: Browse) -> None:
    policy(owner, now, INSTAGRAM, FACEBOOK)
    client = browse(owner)
    page = client.get("/accounts/").content.decode()
    assert OFFER in page and "Instagram (@harbourlane)" in page and "Facebook (Imani Cole)" in page
    page = client.post("/accounts/take-over/", follow=True).content.decode()
    assert "2 accounts are added." in page and OFFER not in page
    found = Account.objects.get(platform="instagram")
    assert (found.handle, found.kind, found.purpose, found.two_factor) == (
        "@harbourlane", "professional", "articles", "unknown",
    )  # fmt: skip
    assert found.is_open and found.practice == owner.practice
    event = Event.objects.get(name="accounts.register.taken-over")
    assert event.actor == owner.user and sorted(event.data["accounts"]) == sorted(
        Account.objects.values_list("pk", flat=True)
    )
    assert Event.objects.filter(name="accounts.account.added").count() == 2


def test_a_second_press_adds_nothing_and_says_so(owner: Membership, now: datetime, browse: Browse) -> None:
    policy(owner, now, INSTAGRAM)
    client = browse(owner)
    client.post("/accounts/take-over/")
    before = Event.objects.count()
    assert "already has every account" in client.post("/accounts/take-over/", follow=True).content.decode()
    assert Event.objects.count() == before and Account.objects.count() == 1


def test_closing_takes_it_back_and_it_is_not_offered_again(owner: Membership, now: datetime, browse: Browse) -> None:
    policy(owner, now, INSTAGRAM)
    (taken,) = actions.take_over_accounts(actor=owner, at=now)
    actions.close_account(account=taken, actor=owner, at=now, on=date(2026, 11, 21))
    assert OFFER not in browse(owner).get("/accounts/").content.decode()
    with pytest.raises(rules.NotNow):
        actions.take_over_accounts(actor=owner, at=now)


@pytest.mark.parametrize("handle", ["@harbourlane", "HarbourLane", ""])
def test_what_the_register_has_is_not_offered(owner: Membership, account: Account, now: datetime, handle: str) -> None:
    policy(owner, now, {**INSTAGRAM, "handle": handle})
    assert queries.lacking(owner.practice) == []


def test_an_account_that_is_named_twice_or_without_a_handle_is_added_once(owner: Membership, now: datetime) -> None:
    nameless = {"platform": "facebook", "handle": "", "kind": "professional", "purpose": ""}
    policy(owner, now, INSTAGRAM, {**INSTAGRAM, "handle": "HARBOURLANE"}, nameless, nameless)
    actions.take_over_accounts(actor=owner, at=now)
    assert listed(owner) == [("facebook", ""), ("instagram", "@harbourlane")]


def test_the_latest_version_speaks_and_a_retired_one_does_not(owner: Membership, now: datetime) -> None:
    earlier = policy(owner, now, INSTAGRAM)
    later = policy(owner, now, FACEBOOK)
    assert [row["platform"] for row in register.named(owner.practice)] == ["facebook"]
    Version.objects.filter(pk=later.pk).update(state="retired")
    assert [row["platform"] for row in register.named(owner.practice)] == ["instagram"]
    Version.objects.filter(pk=earlier.pk).update(state="retired")
    assert register.named(owner.practice) == []


def test_another_practices_policy_is_nothing_to_take_over(
    owner: Membership, stranger: Membership, now: datetime, browse: Browse
) -> None:
    policy(stranger, now, INSTAGRAM)
    client = browse(owner)
    assert OFFER not in client.get("/accounts/").content.decode()
    client.post("/accounts/take-over/")
    assert not Account.objects.exists()


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.MODERATOR])
def test_who_only_reads_is_not_offered_it(owner: Membership, now: datetime, browse: Browse, role: Role) -> None:
    policy(owner, now, INSTAGRAM)
    reader = add_member(actor=owner, email="sam@d.example", name="Sam", role=role, at=now)
    assert OFFER not in browse(reader).get("/accounts/").content.decode()
    assert browse(reader).post("/accounts/take-over/").status_code == 403
    with pytest.raises(PermissionDenied):
        actions.take_over_accounts(actor=reader, at=now)
    assert not Account.objects.exists()


def test_without_a_room_for_policies_nothing_is_offered(owner: Membership, now: datetime, settings: Any) -> None:
    policy(owner, now, INSTAGRAM)
    settings.DOORFRAME_NAMED_ACCOUNTS = ""
    assert register.named(owner.practice) == [] and queries.lacking(owner.practice) == []


def test_the_page_asks_as_often_for_many_as_for_one(
    owner: Membership, now: datetime, browse: Browse, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browse(owner)
    policy(owner, now, INSTAGRAM)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/accounts/")
    policy(owner, now, *({**INSTAGRAM, "handle": f"@lane{number}"} for number in range(9)))
    with django_assert_num_queries(len(one)):
        client.get("/accounts/")
