"""`doorframe policy audit`, as others call it: its JSON, its exit codes, its sentences."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from doorframe.cli import main

GOOD = """# My social media policy

## Friending

I don't accept friend requests from current or former clients. It could tell others that you
come here, and blur our work.

## Searching

I do not search for clients online. The one exception is an emergency in which I fear for your safety; if that happens
I note it in your record and tell you at our next session.

## Questions

If you have questions about this policy, please ask me. In an emergency call 911 or go to the nearest emergency room.
"""
DEFECT = GOOD + "\nBy continuing to attend sessions you agree to this policy.\n"
STATUSES = {"adequate", "mentioned", "missing", "contradictory"}


def audit(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main.main(["policy", "audit", *argv])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.md"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.mark.promise("A9")
def test_the_json_is_the_contract(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = audit(capsys, str(good), "--json", "--country", "US", "--profession", "counsellor")
    data = json.loads(out)
    assert code == (1 if data["findings"] else 0)
    assert data["audience"] == "client" and isinstance(data["reading_grade"], float)
    friending = data["topics"]["friending"]
    assert friending["status"] == "adequate" and friending["stance"] == "decline"
    assert friending["parts"]["rule"] is True
    assert {topic["status"] for topic in data["topics"].values()} <= STATUSES
    for topic in data["topics"].values():
        for quote in topic["evidence"]:
            assert GOOD[quote["start"] : quote["end"]] == quote["text"]


@pytest.mark.promise("A9")
def test_every_topic_of_the_policy_is_judged(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from doorframe.engines.content.loader import load

    _, out, _ = audit(capsys, str(good), "--json")
    assert list(json.loads(out)["topics"]) == list(load().topics)


@pytest.mark.promise("A9")
def test_a_finding_quotes_what_it_rests_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.md"
    path.write_text(DEFECT, encoding="utf-8")
    code, out, _ = audit(capsys, str(path), "--json")
    found = [one for one in json.loads(out)["findings"] if one["kind"] == "deemed-consent"]
    assert code == 1 and len(found) == 1
    assert set(found[0]) >= {"kind", "severity", "text", "start", "end", "why", "cites"}
    assert DEFECT[found[0]["start"] : found[0]["end"]] == found[0]["text"]
    assert "By continuing to attend" in found[0]["text"]


def test_several_files_give_a_line_of_json_each(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Fees are due in advance.", encoding="utf-8")
    code, out, _ = audit(capsys, str(good), str(other), "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert [Path(line["file"]).name for line in lines] == ["good.md", "other.txt"]
    assert lines[1]["audience"] == "none" and lines[1]["findings"] == []
    assert code in {0, 1}


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(GOOD.encode())))
    code, out, _ = audit(capsys, "-")
    assert code in {0, 1} and "A policy for clients" in out


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["missing.txt"], "No such file"),
        (["empty.txt"], "This file is empty."),
        (["good.md", "--country", "Mars"], "--country cannot be"),
        (["good.md", "--profession", "wizard"], "--profession cannot be"),
    ],
)
def test_wrong_use_is_one_sentence(
    argv: list[str], sentence: str, good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    code, out, err = audit(capsys, str(tmp_path / argv[0]), *argv[1:])
    assert code == 2 and out == ""
    assert sentence in err and len(err.strip().splitlines()) == 1


def test_one_bad_file_does_not_keep_the_others_from_being_read(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    code, out, err = audit(capsys, str(tmp_path / "empty.txt"), str(good), "--json")
    assert code == 2 and "empty" in err
    assert json.loads(out.splitlines()[0])["audience"] == "client"


def test_it_needs_no_django_no_network_and_no_database() -> None:
    seen = subprocess.run(
        [sys.executable, "-c", "import sys, doorframe.cli.policy_audit; print(sorted(sys.modules))"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name in ("django", "sqlite3", "socket", "docx", "pypdf", "numpy", "typst"):
        assert f"'{name}'" not in seen, name
