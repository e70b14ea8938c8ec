"""Packs that hold on another machine, the register, the bundle, and the trail to look through."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from doorframe.adapters.export.evidence import verify_pack
from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Client
from doorframe.apps.jobs.models import Job
from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.signatures import packs, queries
from doorframe.apps.signatures.actions import answering, asking, proof
from doorframe.apps.signatures.actions import evidence as actions
from doorframe.apps.signatures.models import Acknowledgement, EvidencePack, Seal
from doorframe.apps.signatures.queries import evidence as proofs
from doorframe.apps.trail.models import Event
from tests.apps.signatures.clock import Clock
from tests.apps.signatures.conftest import BACKEND, publish, work

ALONE = """
import socket, sys
def refuse(*args, **more):
    raise OSError("there is no network here")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from doorframe.cli.main import main
sys.argv = ["doorframe", "verify", sys.argv[1]]
sys.exit(main())
"""
"""The command as it runs on a machine that has neither our settings nor a network."""


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Packs of a test lie in its own folder."""
    settings.DATA = tmp_path / "data"


@pytest.fixture
def signed(owner: Membership, asked: Acknowledgement, now: datetime) -> Acknowledgement:
    """Ana signed on paper, it was countersigned, and the file is sealed; another client was asked too."""
    her = queries.signers(asked)[0]
    answering.record_elsewhere(signer=her, actor=owner, at=now, method="paper", on=now.date())  # type: ignore[arg-type]
    answering.countersign(item=asked, actor=owner, at=now)
    work(now)
    ben = clients.add_client(actor=owner, at=now, values={"code": "B-2"}, people=[{"name": "Ben Ode"}])
    asking.ask(client=ben, paper=queries.current_paper(owner.practice), actor=owner, at=now)
    return queries.whole(asked)


@pytest.fixture
def made(owner: Membership) -> Callable[..., tuple[EvidencePack, bytes]]:
    """Asks for a pack, lets the job run, and gives the pack with its bytes."""

    def make(**wanted: Any) -> tuple[EvidencePack, bytes]:
        pack = actions.ask_for_pack(actor=owner, at=timezone.now(), **wanted)
        work(timezone.now())
        pack.refresh_from_db()
        assert pack.stage == "ready", Job.objects.latest("created_at").error_sentence
        return pack, b"".join(packs.parts(pack))

    return make


def signed_in(member: Membership) -> Browser:
    browser = Browser()
    browser.force_login(member.user, backend=BACKEND)
    return browser


def on_another_machine(data: bytes, folder: Path) -> subprocess.CompletedProcess[str]:
    """What `doorframe verify` says there."""
    file = folder / "pack.zip"
    file.write_bytes(data)
    return subprocess.run(
        [sys.executable, "-I", "-c", ALONE, str(file)], cwd=folder, env={"PATH": "/nowhere", "LANG": "C.UTF-8"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def texts(data: bytes) -> str:
    """Everything readable in a pack but the PDFs."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return "\n".join(file.read(name).decode() for name in file.namelist() if not name.endswith(".pdf"))


@pytest.mark.promise("D3")
def test_a_pack_of_one_client_holds_on_another_machine(
    made: Callable[..., tuple[EvidencePack, bytes]], signed: Acknowledgement, tmp_path: Path
) -> None:
    _pack, data = made(kind="client", client=signed.client)
    assert verify_pack(data) == []
    found = on_another_machine(data, tmp_path)
    assert found.returncode == 0, found.stdout + found.stderr
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        names = set(file.namelist())
    folder = f"acknowledgements/{signed.reference}"
    assert {f"{folder}/{name}" for name in ("record.json", "sealed.pdf", "policy.json", "fhir.json")} <= names


@pytest.mark.promise("D3")
def test_a_pack_that_was_altered_does_not_hold(
    made: Callable[..., tuple[EvidencePack, bytes]], signed: Acknowledgement, tmp_path: Path
) -> None:
    _pack, data = made(kind="client", client=signed.client)
    at = data.index(signed.reference.encode())
    found = on_another_machine(data[:at] + b"X" + data[at + 1 :], tmp_path)
    assert found.returncode in {1, 2}


@pytest.mark.promise("D3")
def test_a_pack_of_one_client_tells_nothing_of_another(
    made: Callable[..., tuple[EvidencePack, bytes]], signed: Acknowledgement
) -> None:
    _pack, data = made(kind="client", client=signed.client)
    assert "A-1" in texts(data)
    assert "B-2" not in texts(data) and "Ben Ode" not in texts(data)
    _pack, whole = made(kind="practice")
    assert "B-2" in texts(whole)
    assert verify_pack(whole) == []
    _pack, version = made(kind="version", paper=signed.paper)
    assert verify_pack(version) == []
    assert texts(version).count('"doorframe-acknowledgement/1"') == 2


@pytest.mark.promise("D3")
def test_a_pack_lies_encrypted_and_goes_after_a_day(
    made: Callable[..., tuple[EvidencePack, bytes]], owner: Membership, signed: Acknowledgement
) -> None:
    pack, data = made(kind="client", client=signed.client)
    (kept,) = (settings.DATA / "packs").iterdir()
    assert b"manifest.json" in data and b"manifest.json" not in kept.read_bytes()
    assert not actions.forget_pack(pack=pack, at=timezone.now())
    later = timezone.now() + timedelta(hours=24, minutes=1)
    answer = signed_in(owner).post(f"/acknowledgements/evidence/{pack.uid}/take/")
    assert b"".join(answer.streaming_content) == data  # type: ignore[attr-defined]
    assert Event.objects.filter(name="signatures.evidence.taken").count() == 1
    with pytest.raises(Exception, match="kept for a day"):
        actions.take_pack(pack=pack, actor=owner, at=later)


@pytest.mark.django_db(transaction=True)
def test_a_pack_whose_day_is_over_leaves_no_file(
    made: Callable[..., tuple[EvidencePack, bytes]], owner: Membership, signed: Acknowledgement
) -> None:
    pack, _data = made(kind="client", client=signed.client)
    assert actions.forget_pack(pack=pack, at=timezone.now() + timedelta(hours=25))
    assert not packs.is_there(pack)
    assert "removed" in signed_in(owner).get(f"/acknowledgements/evidence/{pack.uid}/").content.decode()


@pytest.mark.promise("D3")
def test_nobody_gets_a_pack_of_somebody_else(
    made: Callable[..., tuple[EvidencePack, bytes]], owner: Membership, stranger: Membership, signed: Acknowledgement
) -> None:
    pack, _data = made(kind="practice")
    at = timezone.now()
    lead = add_member(actor=owner, email="kim@a.example", name="Kim", role=Role.SUPERVISOR, at=at)
    clinician = add_member(actor=owner, email="lee@a.example", name="Lee", role=Role.CLINICIAN, at=at)
    for member, status in ((lead, 404), (stranger, 404), (clinician, 403)):
        browser = signed_in(member)
        assert browser.get(f"/acknowledgements/evidence/{pack.uid}/").status_code == status
        assert browser.post(f"/acknowledgements/evidence/{pack.uid}/take/").status_code == status
    assert signed_in(clinician).get("/acknowledgements/evidence/").status_code == 403


@pytest.mark.promise("D3")
def test_asking_for_a_pack_takes_a_fresh_proof_of_who_asks(owner: Membership, signed: Acknowledgement) -> None:
    owner.user.set_password("a quiet long password")
    owner.user.save()
    stale = Browser()
    stale.force_login(owner.user, backend=BACKEND)
    for page in ("new/", "register/", f"bundle/{signed.uid}/"):
        assert stale.get(f"/acknowledgements/evidence/{page}").status_code == 302
        assert stale.post(f"/acknowledgements/evidence/{page}", {"kind": "practice"}).status_code == 302
    assert not EvidencePack.objects.exists()
    fresh = stale
    fresh.post("/me/reauthenticate/", {"password": "a quiet long password"})
    assert fresh.post("/acknowledgements/evidence/new/", {"kind": "client", "code": "NOBODY"}).status_code == 422
    assert fresh.post("/acknowledgements/evidence/new/", {"kind": "version"}).status_code == 422
    assert fresh.post("/acknowledgements/evidence/new/", {"kind": "client", "code": "a-1"}).status_code == 302
    assert EvidencePack.objects.get().reference == "A-1"


@pytest.mark.promise("D4")
def test_the_register_names_nobody_and_runs_no_formula(owner: Membership, signed: Acknowledgement) -> None:
    Client.objects.filter(code="B-2").update(code="=1+1")
    browser = signed_in(owner)
    answer = browser.post("/acknowledgements/evidence/register/", {"format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["practice_id"] for row in rows] == ["'=1+1", "A-1"]
    assert rows[1]["state"] == "complete" and rows[1]["sealed_sha256"] == Seal.objects.get().sha256
    assert "Ana" not in text and "Ben" not in text
    answer = browser.post("/acknowledgements/evidence/register/", {"format": "json"})
    listed = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert [row["practice_id"] for row in listed] == ["=1+1", "A-1"]
    assert listed[1]["signers"][0]["method"] == "paper"
    assert Event.objects.filter(name="signatures.register.taken").count() == 2


@pytest.mark.promise("D4")
def test_one_record_leaves_as_a_bundle_without_names_unless_asked_for(
    owner: Membership, signed: Acknowledgement
) -> None:
    browser, address = signed_in(owner), f"/acknowledgements/evidence/bundle/{signed.uid}/"
    plain = browser.post(address)
    assert plain["Content-Type"] == "application/fhir+json"
    assert json.loads(plain.content)["resourceType"] == "Bundle" and "Ana Lima" not in plain.content.decode()
    assert "Ana Lima" in browser.post(address, {"names": "yes"}).content.decode()


@pytest.mark.promise("D3")
def test_the_trail_is_read_by_client_version_and_day(owner: Membership, signed: Acknowledgement) -> None:
    browser = signed_in(owner)
    page = browser.get("/acknowledgements/trail/").content.decode()
    assert "Asked to read and sign" in page and "Ana Lima" not in page and "Ben Ode" not in page
    hers = browser.get("/acknowledgements/trail/?code=a-1").content.decode()
    assert "Sealed" in hers and "B-2" not in hers
    assert "Nothing fits" in browser.get("/acknowledgements/trail/?version=9").content.decode()
    assert "Nothing fits" in browser.get("/acknowledgements/trail/?until=2020-01-01").content.decode()
    assert "Sealed" in browser.get("/acknowledgements/trail/?version=1&since=2020-01-01").content.decode()
    assert browser.get("/acknowledgements/trail/?since=yesterday").status_code == 422
    assert browser.get("/acknowledgements/trail/?before=99999999999999999999999").status_code == 200


@pytest.mark.promise("D3")
def test_the_trail_is_checked_on_request_and_says_what_came_of_it(owner: Membership, signed: Acknowledgement) -> None:
    browser = signed_in(owner)
    browser.post("/acknowledgements/trail/verify/")
    work(timezone.now())
    assert "events hold, from the first to the last" in browser.get("/acknowledgements/trail/").content.decode()


@pytest.mark.promise("D3")
def test_the_trail_asks_the_database_as_often_for_many_events(owner: Membership, signed: Acknowledgement) -> None:
    wanted = proofs.Narrowed(code="A-1")

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            proofs.trail_page(owner.practice, wanted)
        return len(found)

    few = asked()
    for number in range(60):
        answering.explain(item=signed, actor=owner, at=timezone.now(), on=timezone.localdate() - timedelta(number))
    assert asked() == few == 1
    assert len(proofs.trail_page(owner.practice, wanted)) == proofs.PAGE + 1


@pytest.mark.promise("D3")
def test_proof_goes_only_when_every_clock_has_run_out(
    owner: Membership, signed: Acknowledgement, now: datetime
) -> None:
    def let_go(years: int) -> int:
        at = now + timedelta(days=366 * years)
        return proof.let_go(practice=owner.practice, at=at, today=at.date())

    assert let_go(7) == 0, "the version is in force, and the client still comes"
    left = now + timedelta(days=366 * 2)
    publish(owner, left, material=True, response_time="within four working days")
    assert let_go(9) == 0, "the client still comes"
    clients.change_client(client=signed.client, actor=owner, at=left, values={"status": "former"})
    assert let_go(7) == 0, "six years from the end of the version are not over"
    assert let_go(9) == 1
    assert not Seal.objects.get().data
    assert let_go(9) == 0


@pytest.mark.promise("D3")
def test_the_daily_look_asks_for_the_next_one_once(
    owner: Membership, signed: Acknowledgement, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(now, monkeypatch)
    rows = Job.objects.filter(name="signatures.proof.let-go")
    assert rows.filter(state="waiting").count() == 1
    # Noon: the look is early in the morning, and before it the tenth day would not have come yet.
    clock.work_until((timezone.now() + timedelta(days=10)).replace(hour=12))
    assert rows.filter(state="done").count() == 10
    assert rows.filter(state="waiting").count() == 1
