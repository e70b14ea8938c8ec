"""The pages about connections: shown once, asked for once more, for owners alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from doorframe.apps.connections.actions import endpoints, tokens
from doorframe.apps.connections.models import ApiToken, Delivery, Endpoint
from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from tests.apps.connections.conftest import publish
from tests.apps.connections.program import Program

BACKEND = "doorframe.apps.members.backends.MemberBackend"
PASSWORD = "a quiet long password"
FIELDS = {"name": "Diary", "url": "https://diary.example/hook", "events": ["proof.sealed"]}


def browser(member: Membership) -> Client:
    """Signed in with the password a moment ago."""
    member.user.set_password(PASSWORD)
    member.user.save()
    member.practice.language = "en-GB"
    member.practice.save()
    client = Client(headers={"accept-language": "en-gb"})
    client.post("/me/login/", {"login": member.user.email, "password": PASSWORD})
    return client


@pytest.fixture
def hers(owner: Membership) -> Client:
    return browser(owner)


def secret_in(page: str) -> str:
    found = re.search(r"<textarea[^>]*>([^<]+)</textarea>", page)
    assert found is not None, page
    return found[1]


def test_an_empty_page_says_what_it_is_for(hers: Client) -> None:
    page = hers.get("/connections/").content.decode()
    assert page.count("<h1>") == 1 and page.count("None yet.") == 2
    assert "http://testserver/api/v1/" in page and "/help/how-to/connect-another-system/" in page
    assert hers.get("/help/how-to/connect-another-system/").status_code == 200
    assert "/connections/" in hers.get("/").content.decode(), "the menu leads here"


@pytest.mark.promise("L6")
def test_a_key_is_shown_once_reads_and_is_revoked(hers: Client, client: Client, owner: Membership) -> None:
    answer = hers.post("/connections/keys/new/", {"name": "Diary", "days": "90"})
    secret = secret_in(answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
    header = {"authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/papers", headers=header).status_code == 200
    listed = hers.get("/connections/").content.decode()
    assert "Diary" in listed and "Dr Imani Cole" in listed and secret not in listed
    uid = ApiToken.objects.get().uid
    assert "Revoke the key of “Diary”?" in hers.get(f"/connections/keys/{uid}/revoke/").content.decode()
    assert client.get("/api/v1/papers", headers=header).status_code == 200, "asking is not doing"
    said = hers.post(f"/connections/keys/{uid}/revoke/", follow=True).content.decode()
    assert "“Diary” opens nothing any more." in said
    assert client.get("/api/v1/papers", headers=header).status_code == 401
    assert hers.get(f"/connections/keys/{uid}/revoke/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "", "days": "90"}, "Enter the name"),
        ({"name": "Diary"}, "Choose how long"),
        ({"name": "Diary", "days": "9999"}, "is not one of the available choices"),
        ({"name": "x" * 81, "days": "90"}, "80 characters"),
    ],
)
def test_a_key_that_makes_no_sense(hers: Client, fields: dict[str, str], said: str) -> None:
    answer = hers.post("/connections/keys/new/", fields)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not ApiToken.objects.exists()


@pytest.mark.promise("L2")
@pytest.mark.parametrize("address", ["keys/new/", "programs/new/", "programs/{uid}/secret/"])
def test_a_session_that_was_left_open_makes_nothing(owner: Membership, now: datetime, address: str) -> None:
    """Whoever finds the browser open must show once more that they are the owner."""
    hers = browser(owner)
    made, _secret = endpoints.add_endpoint(actor=owner, at=now, **FIELDS)  # type: ignore[arg-type]
    session = hers.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    where = f"/connections/{address.format(uid=made.uid)}"
    for answer in (hers.get(where), hers.post(where, {**FIELDS, "days": "30"})):
        assert answer.status_code == 302 and "/reauthenticate/" in answer["Location"]
    assert not ApiToken.objects.exists() and Endpoint.objects.count() == 1
    assert Endpoint.objects.get().previous_secret == ""


def test_a_program_is_added_tried_switched_renewed_and_removed(
    hers: Client, owner: Membership, program: Program, send: Callable[..., int]
) -> None:
    answer = hers.post("/connections/programs/new/", {**FIELDS, "url": program.url})
    first = secret_in(answer.content.decode())
    assert first.startswith("whsec_") and "no-store" in answer["Cache-Control"]
    made = Endpoint.objects.get()
    here = f"/connections/programs/{made.uid}/"
    page = hers.get(here).content.decode()
    assert "Nothing was sent yet" in page and "The sealed document of a signature is ready" in page
    assert program.url.replace("&", "&amp;") in page and first not in page
    assert "on its way" in hers.post(f"{here}test/", follow=True).content.decode()
    send()
    page = hers.get(here).content.decode()
    assert "Delivered" in page and "Test message" in page and "Send again" not in page
    assert "Last message delivered on" in hers.get("/connections/").content.decode()
    second = secret_in(hers.post(f"{here}secret/").content.decode())
    assert second not in {first, ""}
    assert "told nothing any more" in hers.post(f"{here}switch/", {"on": "no"}, follow=True).content.decode()
    said = hers.post(f"{here}test/", follow=True).content.decode()
    assert "switched off, so nothing was sent" in said
    assert "from now on" in hers.post(f"{here}switch/", {"on": "yes"}, follow=True).content.decode()
    assert "Remove “Diary”?" in hers.get(f"{here}remove/").content.decode()
    assert "was removed" in hers.post(f"{here}remove/", follow=True).content.decode()
    assert hers.get(here).status_code == 404
    assert [got.headers["webhook-id"] for got in program.got] == [Delivery.objects.get().message_id]


def test_what_did_not_arrive_is_sent_again_from_the_page(
    hers: Client, owner: Membership, now: datetime, program: Program, send: Callable[..., int]
) -> None:
    made, _secret = endpoints.add_endpoint(
        actor=owner, at=now, name="Diary", url=program.url, events=["paper.issued"]
    )  # fmt: skip
    program.answers = [410, 200]
    publish(owner, now)
    send()
    here = f"/connections/programs/{made.uid}/"
    page = hers.get(here).content.decode()
    assert "Not delivered" in page and "(answer 410)" in page and "switched off on" in page
    hers.post(f"{here}switch/", {"on": "yes"})
    again = re.search(rf'action="({here}messages/[^"]+)"', hers.get(here).content.decode())
    assert again is not None
    assert "waits for its turn" in hers.post(again[1], follow=True).content.decode()
    send()
    assert "needs no further try" in hers.post(again[1], follow=True).content.decode()
    assert len(program.got) == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"url": "http://diary.example/hook"}, "must begin with https://"),
        ({"url": "https://10.0.0.5/"}, "its own network"),
        ({"url": "x"}, "This is not an address of the web"),
        ({"url": ""}, "Enter the address"),
        ({"events": []}, "Choose at least one"),
        ({"events": ["clients.client.added"]}, "is not one of the available choices"),
        ({"name": ""}, "Enter the name"),
    ],
)
def test_a_program_that_makes_no_sense(hers: Client, fields: dict[str, Any], said: str) -> None:
    answer = hers.post("/connections/programs/new/", {**FIELDS, **fields})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_what_is_typed_is_never_markup(hers: Client, owner: Membership, now: datetime) -> None:
    name = "<script>alert(1)</script>"
    hers.post("/connections/keys/new/", {"name": name, "days": "30"})
    hers.post("/connections/programs/new/", {**FIELDS, "name": name, "url": "https://diary.example/'\"><script>"})
    pages = [hers.get("/connections/"), hers.get(f"/connections/programs/{Endpoint.objects.get().uid}/")]
    for page in pages:
        assert b"<script>alert" not in page.content and b'"><script>' not in page.content


@pytest.mark.promise("L3")
@pytest.mark.promise("L2")
def test_pages_are_for_owners_of_this_practice_alone(owner: Membership, stranger: Membership, now: datetime) -> None:
    token, _secret = tokens.make_token(actor=owner, at=now, name="Diary", ends_at=now + timedelta(days=30))
    made, _secret = endpoints.add_endpoint(actor=owner, at=now, **FIELDS)  # type: ignore[arg-type]
    message = endpoints.send_test(endpoint=made, actor=owner, at=now)
    rows = [
        f"keys/{token.uid}/revoke/", f"programs/{made.uid}/", f"programs/{made.uid}/test/",
        f"programs/{made.uid}/switch/", f"programs/{made.uid}/secret/", f"programs/{made.uid}/remove/",
        f"programs/{made.uid}/messages/{message.uid}/again/",
    ]  # fmt: skip
    theirs = browser(stranger)
    for row in rows:
        codes = {theirs.get(f"/connections/{row}").status_code, theirs.post(f"/connections/{row}").status_code}
        assert codes <= {404, 405} and 404 in codes, row
    for role in set(Role) - {Role.OWNER}:
        member = add_member(actor=owner, email=f"{role.value}@a.example", name="Sam Okoro", role=role, at=now)
        colleague = browser(member)
        for row in ["", "keys/new/", "programs/new/", *rows]:
            codes = {
                colleague.get(f"/connections/{row}").status_code,
                colleague.post(f"/connections/{row}", FIELDS).status_code,
            }
            assert codes <= {403, 405} and 403 in codes, (role, row)
        assert "/connections/" not in colleague.get("/").content.decode()
    assert Endpoint.objects.get().enabled and ApiToken.objects.get().revoked_at is None
