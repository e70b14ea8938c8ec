"""Every page of the application that a signed-in person can open, as the words they read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import translation

from doorframe.apps.library import queries as library
from doorframe.apps.members.actions import create_practice
from doorframe.apps.policies import actions
from doorframe.engines.interview.facts import resolve
from doorframe.engines.interview.path import screens
from tests.pseudo_language import seen

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
NAMES = {
    "/practice/": {"option"},
    "/acknowledgements/evidence/register/": {"code"},
    "/acknowledgements/trail/": {"code"},
    "/posts/log/export/": {"code"},
}
"""Where elements hold lists of names: of time zones and states, of columns, of events."""
BACKEND = "doorframe.apps.members.backends.MemberBackend"


def every_page(*, language: str, answers: dict[str, object]) -> Iterator[tuple[str, str]]:
    """(address, words) of each page of a practice in this language, with a draft that holds these answers."""
    member = create_practice(
        name="Harbour Lane", owner_email="imani@harbour.example", owner_name="Imani Cole", password=None, at=NOW,
        language=language,
    )  # fmt: skip
    client = Client()
    client.force_login(member.user, backend=BACKEND)
    with translation.override(language.lower()):
        version = actions.start_version(actor=member, at=NOW, answers=answers)
    addresses = [*_without_arguments(get_resolver())]
    addresses += [reverse(f"policies:{name}", args=[version.uid]) for name in ("check", "draft", "documents", "embed")]
    for screen in screens(library.pack(), resolve(library.pack(), answers)):
        addresses.append(reverse("policies:screen", args=[version.uid, screen.id]))
    for address in addresses:
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            yield address, seen(answer.content.decode(), without=NAMES.get(address, ()))


def _without_arguments(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if "<" in address or "(" in address or address.startswith("/static"):
            continue
        if isinstance(pattern, URLResolver):
            yield from _without_arguments(pattern, address)
        elif isinstance(pattern, URLPattern):
            yield address
