"""`doorframe verify` on an evidence pack: one answer, its reasons, and no fault whatever the file is."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from doorframe.adapters import kept, seal_pdf
from doorframe.adapters.export.evidence import About, Entry, acknowledgement, pack, trail_lines
from doorframe.cli.main import main
from tests.adapters.export.samples import PRACTICE, trail
from tests.adapters.seal_pdf import samples as sealed

LINKS = trail(9)


@cache
def whole() -> bytes:
    practice = {"uid": PRACTICE, "name": "Harbour Lane Therapy", "country": "US", "time_zone": "America/Los_Angeles"}
    made = {**sealed.record(), "practice": practice, "events": [], "chain": {"seq": 9, "hash": LINKS[8].hash}}
    paper = seal_pdf.paper(sealed.policy(), made, words=sealed.words(), key=sealed.key())
    pdf = seal_pdf.seal(paper, key=sealed.key(), at=sealed.AT, name=sealed.NAME)
    entries = [
        *acknowledgement(made, sealed_pdf=pdf, policy=kept.words(sealed.policy())),
        Entry("trail.jsonl", trail_lines(LINKS, is_open=lambda link: link.seq > 4)),
    ]
    about = About("client", "HL-7K3M", PRACTICE, "Harbour Lane Therapy", "2026-11-22T08:00:00Z", (9, LINKS[8].hash))
    with pack(entries, about=about) as file:
        return file.read()


def changed(name: str, change: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole())) as before, zipfile.ZipFile(out, "w") as after:
        for each in before.namelist():
            data = before.read(each)
            after.writestr(each, change(data) if each == name else data)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pack.zip"
    path.write_bytes(whole())
    return path


@pytest.mark.promise("D3")
def test_a_whole_pack_holds(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(file)]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"{file}: This pack is as it was made.\n")
    assert "FAILS" not in told
    for words in ("Harbour Lane Therapy", "client HL-7K3M", "9, 4 of them closed", f"event 9, {LINKS[8].hash}"):
        assert words in told
    assert sealed.key().fingerprint in re.sub(r"\s", "", told)


@pytest.mark.promise("D3")
def test_a_changed_pack_fails_with_its_reason(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(changed("trail.jsonl", lambda data: data.replace(b'"n":7', b'"n":8')))
    assert main(["verify", str(file)]) == 1
    told = capsys.readouterr().out
    assert "Something in this pack does not hold." in told
    assert "[FAILS] trail.jsonl: Record 7 was altered after it was written." in told


def test_every_seal_is_looked_at_and_may_be_compared(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(file), "--trust", sealed.key().fingerprint, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["outcome"], found["certificates"]) == ("intact", {sealed.key().fingerprint: 1})
    assert main(["verify", str(file), "--trust", "ab" * 32, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [one["path"] for one in found["findings"]] == ["acknowledgements/7KQ-M3F/sealed.pdf"]


@pytest.mark.promise("D3")
def test_it_works_from_standard_input_and_without_a_network(file: Path) -> None:
    """In a process of its own, where making a socket ends it."""
    code = (
        "import socket, sys\n"
        "def none(*a, **k): raise SystemExit('a socket was asked for')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = none\n"
        "from doorframe.cli.main import main\n"
        "sys.exit(main(['verify', '-']))"
    )
    with file.open("rb") as source:
        done = subprocess.run([sys.executable, "-c", code], stdin=source, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("-: This pack is as it was made.")
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: b"PK", "This is not a ZIP file"),
        (lambda: b"PK\x03\x04 and no more", "This ZIP file is damaged"),
        (lambda: whole()[:3000], "This ZIP file is damaged"),
        (lambda: changed("manifest.json", lambda data: b"{}"), "The manifest of this file is not one"),
    ],
    ids=["two letters", "a start", "half", "no manifest"],
)
def test_what_is_no_pack_is_refused_in_a_sentence(
    make: Callable[[], bytes], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(make())
    assert main(["verify", str(path)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"doorframe: {path}: {sentence}")


def test_words_of_a_stranger_do_not_steer_the_terminal(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def rename(data: bytes) -> bytes:
        made = json.loads(data)
        made["practice"]["name"] = "\x1b[2J\x1b[31mAll is well\nReally"
        return json.dumps(made).encode()

    file.write_bytes(changed("manifest.json", rename))
    assert main(["verify", str(file)]) == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "All is well Really" in told
