"""Words that are a script, a formula, a header or a secret: shown as words, sent as words, and logged nowhere."""

from __future__ import annotations

import csv
import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client as Browser

from doorframe.adapters import seal_pdf
from doorframe.apps.accounts.models import Account, Worksheet
from doorframe.apps.clients.models import Person
from doorframe.apps.connections.models import ApiToken, Endpoint
from doorframe.apps.members.models import Practice, User
from doorframe.apps.policies.models import Version
from doorframe.apps.posts.models import OwnNames, Post
from doorframe.apps.signatures.actions import answering, questions, visits
from doorframe.apps.signatures.models import Paper, Question, Seal, Signer
from doorframe.apps.trail import queries as trail
from doorframe.apps.trail.models import Event
from doorframe.apps.trail.testing import unguarded
from doorframe.web.logs import QuietFormatter
from tests.walls.test_headers import CLOSED_NAMES, READERS
from tests.walls.test_matrix import ROWED, ROWS, ask
from tests.walls.world import World, undone

pytestmark = [pytest.mark.django_db]

NASTY = "=1+1 <script>alert(7)</script><img src=x onerror=alert(7)> \"'{{ 7 }}{% now %}"
JANE, MAIL = "Jane Qroe", "jane.qroe@post.example"


@pytest.fixture
def nasty(world: World) -> World:
    """Everything that anybody can write holds a script."""
    for model, names in (
        (Practice, ["name"]), (User, ["display_name"]), (Person, ["name", "relationship", "authority"]),
        (Signer, ["name", "relationship", "authority", "signed_name", "reason"]),
        (Question, ["text", "title", "answer"]),
        (Account, ["handle", "purpose", "owner", "recovery"]), (Worksheet, ["handle"]), (Endpoint, ["name"]),
        (ApiToken, ["name"]), (Version, ["title", "change_note"]), (Post, ["text", "note"]), (OwnNames, ["lines"]),
    ):  # fmt: skip
        model.objects.update(**dict.fromkeys(names, NASTY))  # type: ignore[attr-defined]
    Paper.objects.update(change_note=NASTY, changes=[{"id": "email", "title": NASTY, "how": "changed"}])
    return world


@pytest.mark.promise("C1")
def test_a_script_that_was_stored_is_shown_as_words_on_every_page(nasty: World) -> None:
    shown = set()
    for address in ROWED:
        if "get" not in ROWS[address.name] or address.name.startswith(("help", "api:")):
            continue
        people = ("owner", "desk") if address.name in CLOSED_NAMES else ("nobody", *READERS)
        for who in people:
            answer, _changes = ask(nasty, who, "get", nasty.filled(address))
            assert answer.status_code < 500 or address.name == "healthz", address.name
            if not answer.get("Content-Type", "").startswith("text/html"):
                continue
            soup = BeautifulSoup(answer.seen, "html.parser")
            assert b"<script>alert" not in answer.seen, (who, address.name)
            assert not soup.find(onerror=True) and not soup.find(src="x"), (who, address.name)
            if "alert(7)" in soup.get_text():
                shown.add(address.name)
    assert {"today", "clients:client", "acks:item", "acks:question", "accounts:index", "public:versions"} <= shown
    assert {"posts:index", "posts:post", "posts:change"} <= shown


@pytest.mark.promise("D4")
@pytest.mark.parametrize(
    ("place", "shape"), [("/clients/export/", "csv"), ("/acknowledgements/evidence/register/", "csv")]
)
def test_no_cell_of_a_table_that_leaves_is_a_formula(nasty: World, place: str, shape: str) -> None:
    with undone():
        answer: Any = nasty.browser("owner").post(place, {"format": "csv"})
        data = b"".join(answer) if answer.streaming else answer.content
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) >= 3
    for cell in (cell for row in rows for cell in row):
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")) or re.fullmatch(r"-?\d+", cell), cell


@pytest.mark.promise("C7")
@pytest.mark.parametrize(
    "name", ["Lane\r\nBcc: evil@x.example", "Lane\nX: 1", "=?utf-8?q?=0ABcc:_evil?=", "a\x01b", "<evil@x.example>"]
)
def test_no_name_writes_a_header_of_a_letter(world: World, name: str, mailoutbox: Any) -> None:
    User.objects.update(display_name=name)
    Practice.objects.update(name=name)
    world.browser("nobody").post("/me/password/reset/", {"email": "owner@a.example\r\nBcc: evil@x.example"})
    assert not mailoutbox
    Browser().post("/me/password/reset/", {"email": world.people["owner"].user.email})
    assert len(mailoutbox) == 1
    for message in mailoutbox:
        raw = message.message().as_bytes()
        head = raw.split(b"\n\n", 1)[0]
        assert not re.search(rb"^(Bcc|X):", head, re.M)
        assert message.recipients() == [world.people["owner"].user.email]


@pytest.mark.promise("C8")
@pytest.mark.parametrize("change", ["byte", "appended", "shortened"])
def test_a_sealed_file_that_was_touched_is_found_out(world: World, change: str) -> None:
    data = bytes(Seal.objects.get().data or b"")
    assert seal_pdf.verify(data).outcome == "intact"
    middle = len(data) // 3
    touched = {
        "byte": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "appended": data + b"\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n",
        "shortened": data[:-200],
    }[change]
    assert seal_pdf.verify(touched).outcome != "intact"


@pytest.mark.promise("D3")
def test_a_line_of_the_trail_that_was_changed_past_the_guards_is_named(world: World) -> None:
    practice = world.people["owner"].practice
    assert trail.verify(practice).is_whole
    event = Event.objects.filter(practice=practice, name="signatures.answer.signed").get()
    with unguarded():
        Event.objects.filter(pk=event.pk).update(data={"method": "typed"})
    report = trail.verify(practice)
    assert not report.is_whole and str(event.seq) in str(report.breaks)


# The log


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log as it would be written, of everything."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def no_word(text: str, *words: str) -> None:
    for word in (JANE, "Qroe", MAIL, *words):
        assert word not in text, text[-2000:]


@pytest.mark.promise("C10")
def test_what_people_write_reaches_no_log(world: World, log: io.StringIO) -> None:
    with undone():
        owner, reader = world.browser("owner"), world.browser("reader of HL-2")
        owner.post("/clients/add/", {"code": "HL-9", "name": JANE, "email": MAIL})
        owner.post("/clients/search/", {"q": JANE})
        owner.get(f"/clients/?q={JANE}")
        owner.get(f"/clients/{JANE}/")
        owner.post("/practice/people/invite/", {"email": MAIL, "role": "clinician"})
        reader.post("/read/ask/email/", {"text": f"{JANE} {MAIL}"})
        reader.post("/read/sign/", {"name": JANE, "strokes": JANE})
        reader.post("/read/answer/", {"choice": "decline", "reason": JANE})
        Browser().post("/me/login/", {"login": MAIL, "password": JANE})
        Browser().get("/nowhere/", headers={"user-agent": JANE, "referer": f"https://x.example/{JANE}"})
        Browser().get("/", headers={"host": "qroe.example"})
        Browser(enforce_csrf_checks=True).post("/me/login/", {"login": MAIL})
    no_word(log.getvalue())


@pytest.mark.promise("C10")
def test_a_fault_of_ours_writes_neither_words_nor_secrets(
    world: World, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_given: Any) -> None:
        raise ValueError(f"{JANE} {MAIL}")

    monkeypatch.setattr(questions, "ask_about", fail)
    monkeypatch.setattr(answering, "sign", fail)
    monkeypatch.setattr(visits, "open_link", fail)
    reader = world.browser("reader of HL-2")
    assert reader.post("/read/ask/email/", {"text": JANE}).status_code == 500
    assert reader.post("/read/sign/", {"name": JANE}).status_code == 500
    token = world.things["token"]
    answer = world.browser("nobody").post(f"/c/{token}/", {"code": "493817"})
    assert answer.status_code == 500 and JANE.encode() not in answer.content
    written = log.getvalue()
    assert written.count("ValueError raised at") == 3 and "/c/…/" in written
    no_word(written, token, "493817")


@pytest.mark.promise("C10")
def test_the_trail_holds_no_words_of_clients(world: World) -> None:
    kept = str([(event.name, event.data, event.subject_id) for event in Event.objects.all()])
    for word in ("Ana Lima", "ana@post.example", "Do you read my posts?", world.things["token"]):
        assert word not in kept
