"""An address that only takes forms still answers whoever opens it, and a reader without an account is led nowhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from doorframe.apps.members.models import Membership

BACKEND = "doorframe.apps.members.backends.MemberBackend"
VALUES = {"uuid": uuid.uuid4().hex, "slug": "nothing", "int": "1", "str": "x", "path": "x"}


@pytest.fixture
def signed_in(owner: Membership) -> Client:
    client = Client()
    client.force_login(owner.user, backend=BACKEND)
    return client


def _routes(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address of the site, with something in each of its gaps."""
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, address)
        elif isinstance(pattern, URLPattern) and "(?P" not in address and "^" not in address:
            for name, converter in pattern.pattern.converters.items():
                kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
                value = str(uuid.UUID(VALUES["uuid"])) if kind == "uuid" else VALUES[kind]
                address = address.replace(f"<{kind}:{name}>", value).replace(f"<{name}>", value)
            yield address


def test_every_address_that_takes_forms_alone_says_so(signed_in: Client, owner: Membership) -> None:
    refused = []
    for address in _routes(get_resolver()):
        answer = signed_in.get(address)
        if answer.status_code != 405:
            continue
        if address.startswith("/api/"):  # programs read these, and get the problem in JSON
            assert answer["Content-Type"] == "application/problem+json" and "GET" not in answer["Allow"], address
            continue
        refused.append(address)
        soup = BeautifulSoup(answer.content, "html.parser")
        words = " ".join(soup.get_text(" ").split())
        assert answer["Allow"] and "GET" not in answer["Allow"], address
        assert len(soup.find_all("h1")) == 1 and "What was kept" in words and "What to do next" in words, address
        assert "It only takes what a button or a form sends" in words, address
        assert soup.select_one("main a.button[href='/']") is not None, address
    assert {reverse("policies:import"), reverse("policies:start"), reverse("choose-practice")} <= set(refused)
    assert len(refused) >= 5, refused


def test_an_address_that_is_only_read_says_so(signed_in: Client) -> None:
    for address in ("/policy/", "/help/"):
        answer = signed_in.post(address)
        assert answer.status_code == 405
        assert "nothing can be sent to it" in answer.content.decode()


@pytest.mark.parametrize("path", ["/p/nobody", "/p/nobody/", "/p/nobody/v1/", "/p/nobody/versions/"])
def test_a_reader_at_a_wrong_address_is_told_whom_to_ask(db: None, path: str) -> None:
    answer: Any = Client().get(path, follow=True)
    assert answer.status_code == 404 and not answer.cookies
    soup = BeautifulSoup(answer.content, "html.parser")
    words = " ".join(soup.get_text(" ").split())
    assert "ask the practice that gave it to you" in words
    assert "Today" not in words and "saved" not in words
    assert [str(link["href"]) for link in soup.select("body a")] == ["#main"]


def test_our_own_pages_still_lead_to_today(signed_in: Client) -> None:
    answer = signed_in.get("/nothing-here/")
    assert answer.status_code == 404 and "Go to Today" in answer.content.decode()
