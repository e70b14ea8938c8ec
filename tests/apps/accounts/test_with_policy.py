"""The policy is held against the register, and begins from it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils.module_loading import import_string

from doorframe.apps.accounts import actions, queries
from doorframe.apps.accounts.models import Account
from doorframe.apps.members import register
from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions as policies
from doorframe.apps.policies import queries as policy_queries
from doorframe.apps.policies import rules
from doorframe.apps.policies import today as policies_today
from doorframe.apps.policies.models import Version
from tests.apps.accounts.conftest import Browse

NAMED = {"platform": "instagram", "handle": "@harbourlane", "kind": "professional", "purpose": "articles about sleep"}


def kinds(version: Version) -> list[tuple[str, bool]]:
    return [(item.id, item.blocks) for item in policy_queries.to_settle(version) if item.kind == "register"]


def start(owner: Membership, now: datetime, accounts: list[dict[str, str]]) -> Version:
    return policies.start_version(actor=owner, at=now, answers={"country": "US", "accounts": accounts})


def test_the_setting_names_a_provider() -> None:
    assert import_string(django_settings.DOORFRAME_REGISTER) is queries.register


@pytest.mark.promise("A6")
def test_an_account_that_the_policy_does_not_name_blocks_publishing(
    owner: Membership, account: Account, now: datetime
) -> None:
    version = start(owner, now, [])
    assert kinds(version) == [("register-not-in-policy", True)]
    finding = next(item for item in policy_queries.to_settle(version) if item.kind == "register")
    assert "Instagram @harbourlane" in finding.message
    with pytest.raises(rules.CannotPublish) as refusal:
        policies.publish_version(version=version, actor=owner, at=now)
    assert finding in refusal.value.blocking


@pytest.mark.promise("A6")
def test_no_instagram_with_an_instagram_account_in_the_register_is_named(
    owner: Membership, account: Account, now: datetime, browse: Browse
) -> None:
    answers = {"country": "US", "accounts": [], "platforms_not_used": ["instagram"]}
    version = policies.start_version(actor=owner, at=now, answers=answers)
    page = browse(owner).get(f"/policy/{version.uid}/check/").content.decode()
    assert "Instagram @harbourlane" in page
    assert f"/policy/{version.uid}/q/accounts/" in page


@pytest.mark.promise("A6")
@pytest.mark.parametrize("handle", ["@harbourlane", "HarbourLane"])
def test_the_same_account_is_no_contradiction(owner: Membership, account: Account, now: datetime, handle: str) -> None:
    assert kinds(start(owner, now, [{**NAMED, "handle": handle}])) == []


def test_an_account_that_only_the_policy_names_is_worth_a_look(
    owner: Membership, account: Account, now: datetime
) -> None:
    version = start(owner, now, [NAMED, {**NAMED, "platform": "x"}])
    assert kinds(version) == [("policy-not-in-register", False)]


def test_a_closed_account_is_no_longer_asked_of_the_policy(owner: Membership, account: Account, now: datetime) -> None:
    actions.close_account(account=account, actor=owner, at=now, on=date(2026, 11, 20))
    assert queries.register(owner.practice) == []
    assert kinds(start(owner, now, [])) == []


def test_without_a_register_nothing_is_compared(owner: Membership, now: datetime, settings: Any) -> None:
    assert queries.register(owner.practice) is None
    assert kinds(start(owner, now, [NAMED])) == []
    settings.DOORFRAME_REGISTER = ""
    assert register.accounts(owner.practice) is None


def test_the_register_of_another_practice_counts_for_nothing(
    stranger: Membership, account: Account, now: datetime
) -> None:
    version = start(stranger, now, [])
    assert kinds(version) == []
    assert "accounts" not in policies.start_version(actor=stranger, at=now).answers


@pytest.mark.promise("E1")
def test_a_new_draft_takes_its_accounts_from_the_register_and_says_so(
    owner: Membership, account: Account, now: datetime, browse: Browse
) -> None:
    client = browse(owner)
    client.post("/policy/start/")
    version = Version.objects.get()
    assert version.answers["accounts"] == [NAMED]
    assert "accounts" not in version.done, "the screen is still shown"
    address = f"/policy/{version.uid}/q/accounts/"
    assert "This is the list of your account register" in client.get(address).content.decode()
    policies.save_answers(version=version, actor=owner, at=now, screen="accounts", answers={"accounts": []}, revision=0)
    assert "This is the list of your account register" not in client.get(address).content.decode()


def test_answers_that_say_which_accounts_there_are_stand(owner: Membership, account: Account, now: datetime) -> None:
    assert start(owner, now, []).answers["accounts"] == []


def test_today_names_an_account_that_the_policy_in_force_leaves_out(
    owner: Membership, account: Account, now: datetime
) -> None:
    version = start(owner, now, [])
    Version.objects.filter(pk=version.pk).update(state="published", number=1)
    found = [item.sentence for item in policies_today.items(owner, now=now)]
    assert len(found) == 1 and "Instagram @harbourlane" in found[0]
    Version.objects.filter(pk=version.pk).update(answers={"accounts": [NAMED]})
    assert list(policies_today.items(owner, now=now)) == []
