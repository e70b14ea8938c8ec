"""Every address × every role × own, a colleague's and another practice's things: who gets in, who learns nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import ALLOWED, Permission, Role
from tests.walls.world import PASSWORD, Address, World, addresses, undone, written

pytestmark = [pytest.mark.django_db]

ROWS: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text())
EVERYWHERE = list(addresses())
ROWED = [one for one in EVERYWHERE if one.name in ROWS]
CLOSED = [one for one in ROWED if not {"anyone", "key"} & set(map(str, ROWS[one.name].values()))]
WHO = ("owner", "clinician", "colleague", "supervisor", "desk", "moderator", "stranger", "nobody")
HERE = "/me/login/"
SUCCESS = {200, 301, 302, 409, 410, 422}


def named(found: list[Address]) -> Any:
    return pytest.mark.parametrize("address", found, ids=[one.name for one in found])


@pytest.mark.promise("L2")
def test_every_address_has_its_row() -> None:
    names = {one.name for one in EVERYWHERE}
    assert names - set(ROWS) == set(), "say in matrix.toml who may open these"
    assert set(ROWS) - names == set(), "these addresses are gone: take their rows out of matrix.toml"
    known = {"anyone", "member", "key", *Permission.values}
    assert {row.get(way, "anyone") for row in ROWS.values() for way in ("get", "post")} <= known


def wants(address: Address, method: str) -> str:
    return str(ROWS[address.name].get(method, ""))


def lets_in(world: World, address: Address, who: str, method: str) -> bool:
    """Whether the table lets this person in."""
    needed = wants(address, method)
    if who == "stranger":
        return not about_a_thing(world, address)
    if ROWS[address.name].get("asker") and who != "owner":
        return False
    if ROWS[address.name].get("walled") and who == "colleague":
        return False
    return needed == "member" or Permission(needed) in ALLOWED[Role(world.people[who].role)]


def about_a_thing(world: World, address: Address) -> bool:
    """Whether the address names something that belongs to practice A."""
    return world.filled(address) != world.filled(address, unknown=True)


def ask(world: World, who: str, method: str, path: str, **more: Any) -> tuple[Any, list[str]]:
    """The answer, and what it changed; then everything is as before."""
    with undone():
        browser = world.browser(who, **more)
        with written() as changes:
            answer = getattr(browser, method)(path)
            # read now: what a page asks the database for while it is sent belongs to it
            answer.seen = b"".join(answer) if answer.streaming else answer.content
    return answer, changes


def is_to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].split("?")[0] == HERE


@pytest.mark.promise("L2")
@named(CLOSED)
def test_who_gets_in(world: World, address: Address) -> None:
    path = world.filled(address)
    for method in ("get", "post"):
        for who in WHO:
            answer, changes = ask(world, who, method, path)
            said = f"{who} {method} {path}: {answer.status_code} {answer.get('Location', '')}"
            if who == "nobody":
                assert is_to_sign_in(answer), said
                assert not changes, said
            elif not wants(address, method):
                assert answer.status_code == 405 and not changes, said
            elif lets_in(world, address, who, method):
                good = {ROWS[address.name]["says"]} if "says" in ROWS[address.name] else SUCCESS
                assert answer.status_code in good and not is_to_sign_in(answer), said
            else:
                turned = {302} if ROWS[address.name].get("turned") else set()
                assert answer.status_code in {403, 404} | turned and not changes, said


THINGS = [one for one in CLOSED if one.arguments]


@pytest.mark.promise("L3")
@named(THINGS)
def test_what_belongs_to_others_answers_as_if_it_were_nowhere(world: World, address: Address) -> None:
    if not about_a_thing(world, address):
        return
    for who in ("stranger", "colleague"):
        if who == "colleague" and not ROWS[address.name].get("walled"):
            continue
        for method in ("get", "post"):
            theirs, changes = ask(world, who, method, world.filled(address))
            nowhere, _none = ask(world, who, method, world.filled(address, unknown=True))
            assert not changes
            assert theirs.status_code == nowhere.status_code in {404, 405}, (who, method, address.path)
            assert plain(theirs) == plain(nowhere), (who, method, address.path)


_PASSING = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|value=\"\w{64}\"|/\d+/|\b987654\b")


def plain(answer: Any) -> bytes:
    """The page without what is different each time: ids that stand in its own address, and the proof of a form."""
    return _PASSING.sub(b"", answer.seen)


@pytest.mark.promise("L3")
def test_no_page_of_another_practice_names_anything_of_this_one(world: World) -> None:
    for address in CLOSED:
        if address.name.startswith(("help", "mfa_", "account_")) or not wants(address, "get"):
            continue
        answer, _changes = ask(world, "stranger", "get", world.filled(address))
        for word in (b"Harbour Lane", b"HL-1", b"HL-2", b"Ana Lima", b"Clinician", b"harbour-lane", b"a.example"):
            if word == b"Clinician":  # a role's name too
                continue
            assert word not in answer.seen, (address.name, word)


# What shows a key of its own is no form: no browser sends it by itself.
POSTS = [one for one in ROWED if ROWS[one.name].get("post", "key") != "key"]


@pytest.mark.promise("L2")
@named(POSTS)
def test_a_form_from_another_site_does_nothing(world: World, address: Address) -> None:
    who = "nobody" if wants(address, "post") == "anyone" else "owner"
    answer, changes = ask(world, who, "post", world.filled(address), csrf=True)
    assert (answer.status_code, changes) == (403, [])


FRESH = [one for one in ROWED if ROWS[one.name].get("fresh")]


@pytest.fixture
def long_ago(world: World) -> Iterator[None]:
    """The owner has a password, and typed it so long ago that nobody knows who sits there now."""
    user, before = world.people["owner"].user, dict(world.cookies)
    user.set_password(PASSWORD)
    user.save()
    world.sign_in()
    yield
    world.cookies = before


@pytest.mark.promise("L2")
@pytest.mark.usefixtures("long_ago")
@named(FRESH)
def test_what_leaves_the_practice_or_opens_it_wants_a_fresh_proof(world: World, address: Address) -> None:
    for method in ("get", "post"):
        if wants(address, method):
            answer, changes = ask(world, "owner", method, world.filled(address))
            assert answer.status_code == 302 and "/reauthenticate/" in answer["Location"], (method, answer)
            assert not changes


@pytest.mark.promise("L2")
def test_a_person_who_was_shut_out_gets_in_nowhere(world: World) -> None:
    browser = world.browser("supervisor")
    Membership.objects.filter(pk=world.people["supervisor"].pk).update(is_active=False)
    for address in CLOSED:
        if address.name.startswith(("account_", "mfa_", "usersessions", "members:second-step")):
            continue
        answer = browser.get(world.filled(address))
        assert answer.status_code == 403 or is_to_sign_in(answer), address.name
