"""The register: what it holds, who may change it, and that nothing of it crosses to another practice."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from doorframe.apps.accounts import actions, queries, rules, seed
from doorframe.apps.accounts.models import Account
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.trail.models import Event
from doorframe.engines.interview.answers import tidy
from tests.apps.accounts.conftest import Browse

NASTY = '<script>alert(1)</script> "{{ x }}" #let {% now %} ‮ é 😀 '


def names(member: Membership) -> list[str]:
    rows = Event.objects.for_practice(member.practice).filter(name__startswith="accounts.")
    return list(rows.order_by("seq").values_list("name", flat=True))


@pytest.mark.promise("E1")
def test_an_entry_holds_every_field(account: Account, values: dict[str, object]) -> None:
    account.refresh_from_db()
    assert {name: getattr(account, name) for name in actions.FIELDS} == values
    assert account.is_open


@pytest.mark.promise("E1")
def test_each_change_is_on_the_trail_without_words(
    owner: Membership, account: Account, values: dict[str, object], now: datetime
) -> None:
    actions.change_account(account=account, actor=owner, at=now, values={**values, "recovery": "a drawer"})
    actions.change_account(account=account, actor=owner, at=now, values={**values, "recovery": "a drawer"})
    actions.close_account(account=account, actor=owner, at=now, on=date(2026, 11, 20), note="too much time")
    actions.reopen_account(account=account, actor=owner, at=now)
    steps = ["added", "changed", "closed", "reopened"]
    assert names(owner) == [f"accounts.account.{step}" for step in steps]
    changed = Event.objects.get(name="accounts.account.changed")
    assert changed.data == {"changed": ["recovery"]}
    assert "drawer" not in str(list(Event.objects.values_list("data", flat=True)))


def test_closing_keeps_the_row_and_can_be_taken_back(owner: Membership, account: Account, now: datetime) -> None:
    closed = actions.close_account(account=account, actor=owner, at=now, on=date(2026, 11, 20), note="quiet")
    assert not closed.is_open and Account.objects.count() == 1
    with pytest.raises(rules.NotNow):
        actions.close_account(account=account, actor=owner, at=now, on=date(2026, 11, 21))
    opened = actions.reopen_account(account=account, actor=owner, at=now)
    assert opened.is_open and opened.closing_note == ""
    with pytest.raises(rules.NotNow):
        actions.reopen_account(account=account, actor=owner, at=now)


@pytest.mark.parametrize("handle", ["@harbourlane", "HarbourLane", " @HARBOURLANE"])
def test_one_account_stands_once(
    owner: Membership, account: Account, values: dict[str, object], now: datetime, handle: str
) -> None:
    with pytest.raises(rules.AlreadyListed) as refusal:
        actions.add_account(actor=owner, at=now, values={**values, "handle": handle})
    assert refusal.value.account == account
    assert Account.objects.count() == 1


def test_the_database_itself_keeps_one_open_row(account: Account) -> None:
    account.pk = None
    account.uid = "0" * 32
    with pytest.raises(IntegrityError), transaction.atomic():
        account.save(force_insert=True)


def test_what_was_closed_may_be_entered_again(
    owner: Membership, account: Account, values: dict[str, object], now: datetime
) -> None:
    actions.close_account(account=account, actor=owner, at=now, on=date(2026, 11, 20))
    actions.add_account(actor=owner, at=now, values=values)
    with pytest.raises(rules.AlreadyListed):
        actions.reopen_account(account=account, actor=owner, at=now)


@pytest.mark.promise("L3")
def test_another_practice_has_no_part_in_it(
    owner: Membership, stranger: Membership, account: Account, values: dict[str, object], now: datetime, browse: Browse
) -> None:
    assert queries.entries(stranger.practice) == []
    with pytest.raises(Http404):
        queries.account(stranger.practice, account.uid)
    for step in (
        lambda: actions.change_account(account=account, actor=stranger, at=now, values={**values, "owner": "Jo"}),
        lambda: actions.close_account(account=account, actor=stranger, at=now, on=date(2026, 11, 20)),
        lambda: actions.reopen_account(account=account, actor=stranger, at=now),
    ):
        with pytest.raises(PermissionDenied):
            step()
    client = browse(stranger)
    for address in (f"/accounts/{account.uid}/", f"/accounts/{account.uid}/close/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code == 404
    assert client.post(f"/accounts/{account.uid}/reopen/").status_code == 404
    assert client.get(f"/accounts/worksheet/new/?account={account.uid}").status_code == 404
    assert "harbourlane" not in client.get("/accounts/").content.decode()
    actions.add_account(actor=stranger, at=now, values=values)  # the same account may stand in two practices


@pytest.mark.promise("L2")
@pytest.mark.parametrize("role", Role.values)
def test_each_role_sees_and_changes_what_it_may(
    owner: Membership, account: Account, values: dict[str, object], now: datetime, browse: Browse, role: str
) -> None:
    owner.role = role
    owner.save()
    sees, changes = role != Role.MODERATOR, role in {Role.OWNER, Role.SUPERVISOR, Role.CLINICIAN}
    client = browse(owner)
    answer = client.get("/accounts/")
    assert answer.status_code == (200 if sees else 403)
    assert (b"/accounts/add/" in answer.content) is changes
    assert client.get("/accounts/add/").status_code == (200 if changes else 403)
    assert client.get("/accounts/worksheet/new/").status_code == (200 if changes else 403)
    posted = {**values, "handle": "@other", "since": "2022-03-14"}
    assert client.post("/accounts/add/", posted).status_code == (302 if changes else 403)
    assert client.post(f"/accounts/{account.uid}/close/", {"on": "2026-01-01"}).status_code == (302 if changes else 403)
    assert Account.objects.count() == (2 if changes else 1)


@pytest.mark.promise("E1")
def test_the_page_shows_the_register_and_its_empty_state(
    owner: Membership, browse: Browse, now: datetime, values: dict[str, object]
) -> None:
    client = browse(owner)
    empty = BeautifulSoup(client.get("/accounts/").content, "html.parser")
    assert "Nothing is in the register yet" in empty.get_text()
    assert empty.select_one('a.button[href="/accounts/add/"]') is not None
    client.post("/accounts/add/", {**values, "since": "2022-03-14"})
    page = BeautifulSoup(client.get("/accounts/").content, "html.parser").get_text(" ", strip=True)
    for words in ("Instagram", "@harbourlane", "Professional", "Articles about sleep", "Dr Cole", "the safe", "2022"):
        assert words in page, words


def test_errors_keep_what_was_typed(owner: Membership, account: Account, browse: Browse, now: datetime) -> None:
    client = browse(owner)
    posted = {"platform": "instagram", "handle": "@HarbourLane", "kind": "professional", "two_factor": "no"}
    answer = client.post("/accounts/add/", {**posted, "who_posts": "everyone", "since": "2999-01-01"})
    soup = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    assert soup.select_one(".error-summary a[href='#id_since']") is not None
    assert soup.select_one("#id_who_posts")["value"] == "everyone"  # type: ignore[index]
    answer = client.post("/accounts/add/", posted)
    assert answer.status_code == 422 and "in the register already" in answer.content.decode()
    assert client.post(f"/accounts/{account.uid}/close/", {"on": "soon"}).status_code == 422


def test_hostile_words_stay_words(owner: Membership, browse: Browse, values: dict[str, object]) -> None:
    client = browse(owner)
    hostile = dict.fromkeys(("handle", "owner", "purpose", "who_posts", "recovery"), NASTY)
    assert client.post("/accounts/add/", {**values, **hostile, "since": ""}).status_code == 302
    page = client.get("/accounts/").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    assert Account.objects.get().handle == " ".join(tidy(NASTY).split())
    too_long = client.post("/accounts/add/", {**values, "handle": "x" * 5000})
    assert too_long.status_code == 422
    assert client.post("/accounts/add/", {**values, "platform": "nowhere"}).status_code == 422
    assert client.post("/accounts/add/", {**values, "handle": "a\x00b"}).status_code in {302, 422}


def test_the_page_asks_as_often_for_many_as_for_one(
    owner: Membership, account: Account, browse: Browse, values: dict[str, object], now: datetime,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browse(owner)
    client.get("/accounts/")
    with CaptureQueriesContext(connection) as one:
        client.get("/accounts/")
    for number in range(12):
        actions.add_account(actor=owner, at=now, values={**values, "handle": f"@page{number}"})
        actions.start_worksheet(actor=owner, at=now, platform="tiktok", handle=f"@{number}", kind="personal")
    with django_assert_num_queries(len(one)):
        client.get("/accounts/")


def test_the_fictional_practice_gets_its_accounts_once(owner: Membership, now: datetime) -> None:
    for _time in range(2):
        seed.seed(practice=owner.practice, actor=owner, at=now)
    found = [(entry.account.platform, entry.account.kind) for entry in queries.entries(owner.practice)]
    assert found == [("instagram", "professional"), ("facebook", "personal")]
