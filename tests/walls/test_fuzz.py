"""Nothing that anybody can send makes a page fail: methods, addresses, parameters, every field of every form."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.walls.test_headers import CLOSED_NAMES
from tests.walls.test_matrix import ROWED, ROWS, ask, named
from tests.walls.world import Address, World, undone

pytestmark = [pytest.mark.django_db]

SOURCE = Path(__file__).resolve().parents[2] / "src" / "doorframe"
PARAMETERS = sorted(
    {
        name
        for file in SOURCE.rglob("views/*.py")
        for name in re.findall(r"""GET(?:\.get\(|\.getlist\(|\[)["'](\w+)["']""", file.read_text(encoding="utf-8"))
    }
    | {"after", "page", "q", "next", "back", "state"}
)
"""Every name that a view looks for in an address."""

NUL, LONE, LONG = "%00", "%ED%A0%80", "w" * 10_000
HOSTILE = [
    NUL, LONE, "%FF%FE", LONG, "-1", "0", "%C2%B2", "9" * 30, "1e9", "NaN", "../../etc/passwd",
    "'%3B--", "%3Cscript%3E", "%F0%9F%98%80" * 50, "%E2%80%AE", "%0D%0AX-Evil%3A%201",
]  # fmt: skip
"""Values as they stand in an address or in the body of a form."""
FORM = "application/x-www-form-urlencoded"


def who_opens(address: Address) -> tuple[str, ...]:
    if address.name in CLOSED_NAMES:
        return ("owner",)
    return ("reader of HL-2",) if address.path.startswith(("/read/", "/c/")) else ("nobody",)


def check(answer: Any, said: str) -> None:
    most = 503 if said.startswith("/healthz") else 499
    assert answer.status_code <= most, f"{answer.status_code}: {said[:200]}"
    assert "X-Evil" not in answer.headers, said[:200]


@named(ROWED)
def test_every_method(world: World, address: Address) -> None:
    place = world.filled(address)
    for who in who_opens(address):
        for method in ("head", "options", "put", "patch", "delete", "trace"):
            answer, changes = ask(world, who, method, place)
            check(answer, f"{place} {method} {who}")
            # A head is a get without its body: what a get keeps (a taken copy, a turn that ended), it keeps too.
            assert method == "head" or not changes, (method, place)
            if method not in {"head", "options"} and not address.name.startswith(("account_", "mfa_", "/")):
                assert answer.status_code >= 301 and answer.status_code != 304, (method, place)


NUMBERED = [one for one in ROWED if re.search(r"<(int|str|slug|path|uuid):", one.path)]


@named(NUMBERED)
def test_every_argument(world: World, address: Address) -> None:
    found = {name: str(world.things.get(name, "x")) for name in address.arguments}
    for value in ("-1", "9" * 30, "²", "%00%ED%A0%80", "..", "x" * 3000, "%0d%0aX-Evil:1"):
        for name in found:
            shape = re.compile(rf"<\w+:{name}>")
            if not shape.search(address.path):
                continue
            place = shape.sub(lambda _found: value, address.path)  # noqa: B023
            place = re.sub(r"<\w+:(\w+)>", lambda other: str(world._thing(address, other[1])), place)
            for who in who_opens(address):
                answer, _changes = ask(world, who, "get" if "get" in ROWS[address.name] else "post", place)
                check(answer, place)


GETS = [one for one in ROWED if "get" in ROWS[one.name]]


@named(GETS)
def test_every_parameter(world: World, address: Address) -> None:
    for who in who_opens(address):
        for turn in range(0, len(HOSTILE), 3):
            values = [HOSTILE[(turn + place) % len(HOSTILE)] for place in range(len(PARAMETERS))]
            place = f"{world.filled(address)}?" + "&".join(map("=".join, zip(PARAMETERS, values, strict=True)))
            check(ask(world, who, "get", place)[0], place)


@settings(max_examples=30)
@given(data=st.data())
def test_any_words_in_any_address(world: World, data: st.DataObject) -> None:
    address = data.draw(st.sampled_from(GETS))
    words = st.text(st.characters(exclude_categories=()), max_size=40)
    sent = data.draw(st.dictionaries(st.sampled_from(PARAMETERS) | words, words, max_size=5))
    pairs = [
        f"{quote(name.encode('utf-8', 'surrogatepass'))}={quote(value.encode('utf-8', 'surrogatepass'))}"
        for name, value in sent.items()
    ]
    place = f"{world.filled(address)}?{'&'.join(pairs)}"
    who = data.draw(st.sampled_from(who_opens(address)))
    check(ask(world, who, "get", place)[0], place)


POSTS = [one for one in ROWED if "post" in ROWS[one.name]]


def fields_of(world: World, address: Address, who: str) -> dict[str, str]:
    """The fields of the forms on the page at this address, with what they hold at first."""
    if "get" not in ROWS[address.name]:
        return {}
    answer, _changes = ask(world, who, "get", world.filled(address))
    if "html" not in answer.get("Content-Type", ""):
        return {}
    found: dict[str, str] = {}
    for tag in BeautifulSoup(answer.seen, "html.parser").select("form [name]"):
        if tag.name == "select":
            chosen = tag.select_one("option[selected]") or tag.select_one("option[value]:not([value=''])")
            found.setdefault(str(tag["name"]), str(chosen.get("value", "")) if chosen else "")
        elif tag.name == "textarea":
            found.setdefault(str(tag["name"]), tag.get_text())
        elif (
            tag.get("type") not in {"checkbox", "radio", "file"} or "checked" in tag.attrs or tag.get("type") == "radio"
        ):
            found.setdefault(str(tag["name"]), str(tag.get("value", "")))
    return found


@named(POSTS)
def test_every_field(world: World, address: Address) -> None:
    place = world.filled(address)
    for who in who_opens(address):
        fields = fields_of(world, address, who)
        common = dict.fromkeys(("name", "text", "on", "code", "signer", "kind", "answer", "reason", "event"), "x")
        for value in (NUL, LONE, LONG, "9" * 30, HOSTILE[-1]):
            body = "&".join(f"{quote(name)}={value}" for name in {**common, **fields})
            check(post(world, who, place, body), f"{place} {body}")
        for name in fields:
            for value in (f"{NUL}{LONE}%C2%B2", LONG):
                pairs = {one: quote(kept) for one, kept in fields.items()} | {name: value}
                body = "&".join(f"{quote(one)}={kept}" for one, kept in pairs.items())
                check(post(world, who, place, body), f"{place} {name}={value}")


def post(world: World, who: str, place: str, body: str) -> Any:
    with undone():
        return world.browser(who).post(place, body, content_type=FORM)


@named(POSTS)
def test_bodies_of_another_kind(world: World, address: Address) -> None:
    place = world.filled(address)
    for who in who_opens(address):
        for kind, body in (
            ("application/json", b"[" * 100_000),
            ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a'),
            ("multipart/form-data", b"no boundary"),
            ("multipart/form-data; boundary=" + "x" * 300, b"x"),
            ("text/plain; charset=nothing", b"\xff\xfe"),
            (FORM + "; charset=utf-7", b"name=+ADw-"),
            (FORM, b"&".join(b"a%d=1" % number for number in range(1500))),
        ):
            with undone():
                check(world.browser(who).generic("POST", place, body, content_type=kind), f"{place} {kind}")


@pytest.mark.promise("L2")
def test_a_body_that_is_too_large_is_refused_with_a_page(world: World) -> None:
    body = b"text=" + b"w" * 13 * 1024 * 1024
    for who, place in (("nobody", "/me/login/"), ("reader of HL-2", "/read/ask/email/"), ("owner", "/clients/add/")):
        with undone():
            answer = world.browser(who).post(place, body, content_type=FORM)
        assert answer.status_code == 400 and b"<h1" in answer.content, place
