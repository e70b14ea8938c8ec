"""Files out and in: documents as they were kept, answers as one file, and what is no answers file."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from doorframe.adapters.render import MEDIA_TYPES
from doorframe.apps.jobs import runner
from doorframe.apps.library import queries as library
from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions, documents
from doorframe.apps.policies.models import IssuedDocument, Version
from doorframe.apps.policies.states import State
from doorframe.apps.trail.models import Event
from doorframe.engines.interview import answers as engine
from tests.apps.policies.conftest import COMPLETE, noon


@pytest.fixture
def issued(owner: Membership, made: Any) -> Version:
    """A published version whose files are written."""
    version: Version = made(owner, State.PUBLISHED)
    assert runner.run_next(now=noon)
    return version


@pytest.mark.promise("B1")
def test_every_document_comes_as_it_was_kept(issued: Version, owner: Membership, signed_in: Any) -> None:
    browser, page = signed_in(owner), ""
    page = browser.get(f"/policy/{issued.uid}/").content.decode()
    kept = {(row.name, row.format): row for row in IssuedDocument.objects.all()}
    assert set(kept) == {(name, format) for name, format, _ in documents.outputs()}
    for (name, format), row in kept.items():
        address = f"/policy/{issued.uid}/documents/{name}.{format}"
        assert address in page
        answer = browser.get(address)
        assert answer.content == bytes(row.data)
        assert (hashlib.sha256(answer.content).hexdigest(), len(answer.content)) == (row.sha256, row.size)
        assert answer["Content-Type"] == MEDIA_TYPES[format]
        assert answer["Content-Disposition"] == f'attachment; filename="harbour-lane-{name}-v1.{format}"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        event = Event.objects.get(name="policies.document.issued", data__name=name, data__format=format)
        assert event.data["sha256"] == row.sha256, "the trail holds the hash of what was handed out"


@pytest.mark.promise("B1")
def test_an_issued_file_is_never_made_anew(
    issued: Version, owner: Membership, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "file", lambda *known: pytest.fail("it is kept"))
    IssuedDocument.objects.filter(name="policy", format="md").update(data=b"as it was")
    browser = signed_in(owner)
    assert browser.get(f"/policy/{issued.uid}/documents/policy.md").content == b"as it was"
    for wrong in ("policy.exe", "nothing.pdf", "summary.docx"):
        assert browser.get(f"/policy/{issued.uid}/documents/{wrong}").status_code == 404


def test_a_draft_is_made_on_the_spot_and_says_so(owner: Membership, made: Any, signed_in: Any) -> None:
    version, browser = made(owner), signed_in(owner)
    for name, format, _ in documents.outputs():
        answer = browser.get(f"/policy/{version.uid}/documents/{name}.{format}")
        assert answer.status_code == 200 and len(answer.content) > 500
    assert "Draft" in browser.get(f"/policy/{version.uid}/documents/policy.md").content.decode()
    inline = browser.get(f"/policy/{version.uid}/documents/policy.pdf?inline")
    assert inline[
        "Content-Disposition"
    ] == 'inline; filename="harbour-lane-policy-draft.pdf"' and inline.content.startswith(b"%PDF")
    assert browser.get(f"/policy/{version.uid}/documents/policy.html?inline")["Content-Disposition"].startswith("att")
    assert browser.get(f"/policy/{version.uid}/documents/policy.exe").status_code == 404
    assert not IssuedDocument.objects.exists()


def test_a_document_that_cannot_be_made_is_explained(
    owner: Membership, made: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from doorframe.adapters.render import RenderError

    def fail(*known: object) -> None:
        raise RenderError("The typeface is missing.")

    monkeypatch.setattr(documents, "file", fail)
    version = made(owner)
    answer = signed_in(owner).get(f"/policy/{version.uid}/documents/policy.pdf")
    assert answer.status_code == 422
    assert "The typeface is missing." in answer.content.decode()


# --- Answers out and in -------------------------------------------------------------------------------------------

FULL: dict[str, Any] = {
    **COMPLETE, "practice_name": 'The "Quiet" Room \\ אב 🌿', "address": "1 Lane\n{{ 7*7 }}\n'''\n# no comment",
    "accounts": [{"platform": "instagram", "handle": "@a\"b", "kind": "professional", "purpose": "art"}],
    "platforms_not_used": ["tiktok"], "clients": ["adults", "couples-families"], "friending": "decline",
}  # fmt: skip


def bring(browser: Client, data: bytes, name: str = "answers.toml") -> Any:
    return browser.post("/policy/import/", {"answers": SimpleUploadedFile(name, data)})


@pytest.mark.promise("A7")
def test_answers_go_out_and_come_back_the_same(
    owner: Membership, stranger: Membership, made: Any, signed_in: Any
) -> None:
    version = made(owner, **FULL)
    sent = signed_in(owner).get(f"/policy/{version.uid}/answers.toml")
    assert sent["Content-Disposition"] == 'attachment; filename="answers.toml"'
    answer = bring(signed_in(stranger), sent.content)
    copy = Version.objects.get(practice=stranger.practice)
    assert answer["Location"] == f"/policy/{copy.uid}/check/"
    assert copy.answers == version.answers == FULL
    assert documents.text_hash(copy) == documents.text_hash(version)
    assert set(copy.done) == {
        "country",
        "profession",
        "practice",
        "licence",
        "clients",
        "contact",
        "accounts",
        "friending",
    }
    again = signed_in(stranger).get(f"/policy/{copy.uid}/answers.toml")
    assert again.content == sent.content


def test_a_file_of_another_editor_comes_in_too(owner: Membership, signed_in: Any) -> None:
    text = 'country = "UK"\r\npractice_name = "Mill"\r\n'
    assert bring(signed_in(owner), b"\xef\xbb\xbf" + text.encode()).status_code == 302
    assert Version.objects.get().answers == {"country": "UK", "practice_name": "Mill"}


BAD = {
    "ten megabytes": b'country = "US"\n' * 700_000,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "nothing but NUL": b"\0" * 50,
    "a spreadsheet": b"PK\x03\x04" + b"\xff\xfe" * 300,
    "no TOML": b"dear all,\nplease find attached",
    "two of a kind": b'country = "US"\ncountry = "UK"\n',
    "unknown keys": b'contry = "US"\n',
    "an unknown choice": b'country = "Mars"\n',
    "a number for a name": b"practice_name = 7\n",
    "a list for a choice": b'country = ["US"]\n',
    "a text for rows": b'accounts = "instagram"\n',
    "an unknown column": b'[[accounts]]\nplatform = "instagram"\nkind = "professional"\nsecret = "x"\n',
    "too long": b'practice_name = "' + b"a" * 9000 + b'"\n',
    "a number without end": b"practice_name = " + b"9" * 5000,
    "nested without end": b"practice_name = " + b"[" * 3000,
    "a table for a name": b'[practice_name]\na = "b"\n',
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_answers_file_gets_a_clear_sentence(owner: Membership, made: Any, signed_in: Any, case: str) -> None:
    kept = made(owner)
    before = (list(Version.objects.values()), Event.objects.count())
    answer = bring(signed_in(owner), BAD[case])
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.content, "html.parser")
    said = [item.get_text(" ", strip=True) for item in soup.select(".note li")]
    assert len(said) == 1, said
    assert 20 < len(said[0]) < 400, said
    assert said[0].endswith((".", "?")), said
    assert "Traceback" not in said[0] and "\x00" not in said[0]
    assert "Nothing of yours was changed" in soup.get_text()
    assert (list(Version.objects.values()), Event.objects.count()) == before
    assert kept.pk


def test_no_file_at_all(owner: Membership, signed_in: Any) -> None:
    for sent in ({}, {"answers": "text, not a file"}, {"answers": io.BytesIO(b"")}):
        answer = signed_in(owner).post("/policy/import/", sent)
        assert answer.status_code in {302, 422}
    assert Version.objects.count() <= 1, "an empty file is an empty interview"


def test_the_limit_is_the_engines_own(owner: Membership, signed_in: Any) -> None:
    assert bring(signed_in(owner), b"#" * (engine.LARGEST_FILE - 1)).status_code == 302
    answer = bring(signed_in(owner), b"#" * (engine.LARGEST_FILE + 1))
    assert answer.status_code == 422 and "kB. An answers file is a few kilobytes" in answer.content.decode()


def test_a_new_version_begins_from_the_old_answers(owner: Membership, made: Any, signed_in: Any) -> None:
    first = made(owner, State.PUBLISHED)
    browser = signed_in(owner)
    browser.post("/policy/start/", {"based_on": first.uid})
    second = Version.objects.get(state=State.DRAFT)
    assert (second.answers, second.based_on, second.number) == (first.answers, first, None)
    for wrong in ("x", "0", "'", str(first.pk)):
        assert browser.post("/policy/start/", {"based_on": wrong}).status_code == 404
    actions.delete_draft(version=second, actor=owner, at=noon())
    assert library.pack().sha256 == first.pack_sha256
