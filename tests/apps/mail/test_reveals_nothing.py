"""C7: every mail that Doorframe can send, in every language, read for words that tell of care."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.contrib.sites.shortcuts import get_current_site
from django.core import mail
from django.test import RequestFactory
from django.utils import translation

from doorframe.apps.mail import checks, names, registry, words
from doorframe.apps.members import actions as members
from doorframe.apps.members import links
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.engines.content import loader
from doorframe.engines.reading import flesch_kincaid
from doorframe.web import settings as own

NAME, LINK, UNTIL = "Imani Cole", "https://post.example/r/abc", datetime(2026, 12, 1, 12, tzinfo=UTC)
LANGUAGES = [code for code, _name in own.LANGUAGES]
RUN = 6
"""So many words in a row that stand in a clause too are a piece of it."""

CLIENTS = {
    "invitation": lambda: words.invitation(NAME, LINK, UNTIL),
    "invitation with a code": lambda: words.invitation(NAME, LINK, UNTIL, with_code=True),
    "invitation of nobody": lambda: words.invitation("", LINK, UNTIL),
    "reminder": lambda: words.reminder(NAME, LINK, UNTIL),
    "reminder with a code": lambda: words.reminder(NAME, LINK, UNTIL, with_code=True),
    "copy": lambda: words.copy_ready(NAME, LINK, UNTIL),
    "new version": lambda: words.new_version(NAME, LINK, UNTIL),
    "new version with a code": lambda: words.new_version(NAME, LINK, UNTIL, with_code=True),
    "answer": lambda: words.answer_ready(NAME, LINK, UNTIL),
    "code": lambda: words.code_hint(NAME),
}


def runs(text: str) -> set[tuple[str, ...]]:
    said = re.findall(r"\w+", text.casefold())
    return {tuple(said[place : place + RUN]) for place in range(len(said) - RUN + 1)}


@cache
def clauses() -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for file in sorted((loader.OWN / "policy").rglob("*.md")):
        for line in file.read_text(encoding="utf-8").split("+++")[2::2]:
            found |= runs(line)
    return found


def test_the_clauses_are_read() -> None:
    assert len(clauses()) > 8_000


def check(subject: str, body: str) -> None:
    """Nothing tells of care, nothing is of a clause, and it can be read."""
    assert subject and body and len(subject) <= 78 and "\n" not in subject
    assert names.reveals_in_letter(f"{subject}\n{body}") == []
    assert runs(f"{subject}. {body}") & clauses() == set()


@pytest.mark.promise("C7")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", CLIENTS)
def test_the_words_for_clients(which: str, language: str) -> None:
    with translation.override(language):
        subject, body = CLIENTS[which]()
        check(subject, body)
        assert "you need not do anything" in body and "call me on the number" in body
        assert which.endswith(("nobody", "code")) or (NAME in subject and LINK in body)
        assert flesch_kincaid(body.replace(LINK, "")) <= 9


@pytest.mark.promise("C7")
def test_a_code_never_goes_by_mail() -> None:
    assert not any(
        re.search(r"\d{4,}", body.replace("2026", "")) for _subject, body in (make() for make in CLIENTS.values())
    )


@pytest.mark.promise("C7")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_registered_kind_of_letter(language: str) -> None:
    """Whatever a room registers is read here; where it would tell, it is also held back when it is sent."""
    assert len(registry.kinds()) >= 5
    with translation.override(language):
        for kind in registry.kinds():
            check(*kind.sample())
            assert str(kind.label)


@pytest.mark.promise("C7")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_invitation_of_a_colleague(owner: Membership, now: datetime, settings: Any, language: str) -> None:
    settings.SENDS_MAIL = True
    invitation, token = members.invite(actor=owner, email="sam@d.example", role=Role.CLINICIAN, at=now)
    with translation.override(language):
        assert links.send(invitation, f"https://post.example/join/{token}/")
    [message] = mail.outbox
    check(message.subject, message.body)
    assert owner.practice.name not in message.message().as_string()


def templates() -> Iterator[str]:
    """Every letter that allauth has: about signing in, passwords and second steps."""
    folder = Path(allauth.__file__).parent / "templates"
    for app in ("account", "mfa"):
        for file in sorted((folder / app / "email").glob("*_message.txt")):
            if file.stem != "base_message":
                yield f"{app}/email/{file.stem.removesuffix('_message')}"


@pytest.mark.promise("C7")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", list(templates()))
def test_the_mails_about_signing_in(owner: Membership, settings: Any, template: str, language: str) -> None:
    settings.ALLOWED_HOSTS = ["post.example"]
    request = RequestFactory().get("/", headers={"host": "post.example", "user-agent": "Mozilla/5.0"})
    request.user = owner.user
    values = {
        "request": request, "user": owner.user, "email": owner.user.email, "current_site": get_current_site(request),
        "password_reset_url": LINK, "activate_url": LINK, "signup_url": LINK, "code": "QRST-3FGH", "key": "abc",
        "ip": "192.0.2.7", "user_agent": "Mozilla/5.0", "timestamp": UNTIL, "from_email": "a@home.example",
        "to_email": "b@home.example", "uid": "1", "deleted_email": "a@home.example",
    }  # fmt: skip
    with translation.override(language), context.request_context(request):
        message = get_adapter().render_mail(template, owner.user.email, values)
    check(message.subject, message.body)
    assert len(message.body) > 80, "the template was found and filled"


def test_there_are_mails_about_signing_in() -> None:
    assert len(list(templates())) > 10


@pytest.mark.promise("C7")
@pytest.mark.parametrize(
    ("sender", "address", "sends", "named"),
    [
        ("post@letters.example", "https://post.example", True, []),
        ("Harbour Lane <office@harbourlanetherapy.example>", "https://post.example", True, ["DOORFRAME_EMAIL_FROM"]),
        ("Harbour Therapy <post@letters.example>", "", True, ["DOORFRAME_EMAIL_FROM"]),
        ("doorframe@localhost", "", False, []),
        ("post@letters.example", "https://policies.psych.example", True, ["DOORFRAME_PUBLIC_URL"]),
        ("clinic@x.example", "https://clinic.example", True, ["DOORFRAME_EMAIL_FROM", "DOORFRAME_PUBLIC_URL"]),
    ],
)
def test_settings_that_tell_are_named(settings: Any, sender: str, address: str, sends: bool, named: list[str]) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.PUBLIC_URL, settings.SENDS_MAIL = sender, address, sends
    found = checks.warnings(settings)
    assert [sentence.split()[0] for sentence in found] == named
    assert all(sentence.endswith(".") for sentence in found)
