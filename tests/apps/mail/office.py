"""A mail server that does what a test tells it, and what the one kind of letter of these tests writes."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from django.db import transaction

from doorframe.apps.mail import actions, words
from doorframe.apps.mail.models import Letter
from doorframe.apps.mail.registry import Composed
from doorframe.apps.members.models import Membership

KIND = "tests.invitation"
LINK = "https://post.example/r/abc"


class PostOffice:
    """The server. `answers` is used up one a message, then it says 250; "cut" takes the message and hangs up."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answers: list[str] = []
        self.recipients: list[str] = []
        self._controller: Controller | None = None

    def open(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def close(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answer = self.recipients.pop(0) if self.recipients else "250 OK"
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("2") or answer == "cut":
            self.raw.append(envelope.content)
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
            parsed = BytesParser(policy=default).parsebytes(envelope.content)
            assert isinstance(parsed, EmailMessage)
            self.taken.append(parsed)
        if answer == "cut":
            server.transport.abort()
        return answer

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.taken]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Desk:
    """What the kind of letter for tests writes; a test may change each part, or raise."""

    def __init__(self) -> None:
        self.to = "ana@home.example"
        self.subject, self.body = words.invitation("Imani Cole", LINK, datetime(2026, 12, 1, tzinfo=UTC))
        self.sender_name = "Dr Imani Cole, PhD"
        self.wanted = True
        self.error: Exception | None = None
        self.written = 0

    def compose(self, letter: Letter) -> Composed | None:
        self.written += 1
        if self.error:
            raise self.error
        return Composed(self.to, self.subject, self.body, self.sender_name) if self.wanted else None


def post(owner: Membership, at: datetime, **more: Any) -> Letter:
    """Ask for a letter as an action of a room does."""
    with transaction.atomic():
        return actions.post(practice=owner.practice, kind=KIND, args={"signer": 7}, at=at, **more)
