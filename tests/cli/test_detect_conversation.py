"""`doorframe detect --conversation`: any export in, messages to look at out."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from doorframe.adapters import detector
from doorframe.cli import main
from tests.adapters import fake_reader
from tests.adapters.conversations.samples import IOS_US, MBOX

pytestmark = [pytest.mark.promise("J6")]


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector, "load", fake_reader.load)


def chat(tmp_path: Path, lines: int = 20, bad: tuple[int, ...] = (5,)) -> Path:
    place = tmp_path / "night room.txt"
    place.write_text("".join(
        f"31/12/2023, 21:{n:02} - {'Ana' if n % 2 else 'Ben'}: I think that {'zebra ' * (n in bad)}it is line {n}\n"
        for n in range(lines)
    ), encoding="utf-8")  # fmt: skip
    return place


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main.main(["detect", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_one_line_a_message_though_two_windows_hold_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--conversation", chat(tmp_path))
    assert code == 1
    before, first, second, after, _, last = out.splitlines()
    assert first == "2023-12-31 21:05  Ana, it may be towards Ben: “I think that zebra it is line 5”"
    assert second.startswith("    night room, message 6. These words may use something given, owed")
    assert (
        before == "    before, Ben: “I think that it is line 4”"
        and after == "    after, Ben: “I think that it is line 6”"
    )
    assert last == "4 windows, 2 with a possible pattern; messages to look at: 1. A person decides."
    assert err == "doorframe: Read as a WhatsApp chat: 20 messages; nothing was left out.\n"


def test_json_is_one_line_a_window(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--conversation", chat(tmp_path), "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 1 and len(rows) == 4 and sum(row["alert"] for row in rows) == 2
    assert set(rows[0]) >= {"id", "score", "alert", "language", "signals", "model"}


def test_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--conversation", chat(tmp_path), "--history", "--json")
    assert json.loads(out.splitlines()[-1])["pair"] == ["Ana", "Ben"]


def dated(tmp_path: Path, *, at: tuple[int, ...]) -> Path:
    place = tmp_path / "a.json"
    place.write_text(json.dumps([
        {"id": n, "author": "Ana" if n % 2 else "Ben", "text": f"I think that {'zebra ' * (n % 2)}it is line {n}",
         **({"at": 1704358800 + n * 7200} if n in at else {})}
        for n in range(8)
    ]), encoding="utf-8")  # fmt: skip
    return place


def test_what_has_no_date_is_not_added_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for extra in ([], ["--json"]):
        _, out, err = run(capsys, "--conversation", dated(tmp_path, at=()), "--history", *extra)
        assert err.count("doorframe: 4 signals have no date, so they are not added up over time.") == 1
        assert "low (" not in out and '"level"' not in out
    _, out, err = run(capsys, "--conversation", dated(tmp_path, at=(1, 3, 5)), "--history")
    assert (
        "1 signal has no date, so it is not added up over time." in err and "Ana towards Ben: high (3 signals)" in out
    )
    assert "no date" not in run(capsys, "--conversation", dated(tmp_path, at=tuple(range(8))), "--history")[2]
    assert "no date" not in run(capsys, "--conversation", dated(tmp_path, at=()))[2]


def test_what_is_piped_in_is_said_to_be_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "pipe"
    os.mkfifo(place)
    code, out, err = run(capsys, "--conversation", place)
    assert (code, out) == (2, "")
    assert err == (
        f"doorframe: {place} is no file that can be read twice, so nothing was read. Save it first and name the file.\n"
    )


def test_a_table_that_names_nobody_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "a.csv"
    place.write_text("writer of it;text\nAna;I am here with you all tonight\n", encoding="utf-8")
    assert "doorframe: No column says who wrote; name it author." in run(capsys, "--conversation", place)[2]


def test_quiet_and_broken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--conversation", chat(tmp_path, bad=()))[0] == 0
    place = tmp_path / "a.json"
    place.write_text('[{"text": "I am here with you all tonight"}, {"text": nope}]', encoding="utf-8")
    code, _, err = run(capsys, "--conversation", place)
    assert code == 2 and "left out were 1: 1 broken" in err


def test_same_ids_in_two_conversations_are_two_messages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "a.jsonl"
    place.write_text("".join(
        json.dumps({"conversation": name, "id": "1", "author": "Ana", "text": "It is a zebra that you see"}) + "\n"
        for name in ("one", "two")
    ), encoding="utf-8")  # fmt: skip
    assert "messages to look at: 2" in run(capsys, "--conversation", place)[1]


def test_quoted_words_are_not_the_writers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "list.mbox"
    place.write_text(MBOX, encoding="utf-8")
    assert run(capsys, "--conversation", place)[0] == 0


def test_signs_that_steer_a_terminal_are_not_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "a.json"
    text = "You are \x9b31m a zebra \u202eand that is it"
    place.write_text(json.dumps([{"author": "A\u202eb\x1b]0;x", "text": text}]), encoding="utf-8")
    out = run(capsys, "--conversation", place)[1]
    assert "zebra" in out and not any(sign in out for sign in "\x1b\x9b\u202e")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--conversation", "-"],
        ["--conversation", "nowhere.txt"],
        [],
        ["x", "--conversation", "y"],
        ["x", "--format", "csv"],
    ],
    ids=str,
)
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, *arguments)
    assert code == 2 and "Traceback" not in err and err


def test_a_format_that_is_named_is_not_guessed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "a.csv"
    place.write_text(IOS_US, encoding="utf-8")
    assert "a WhatsApp chat" in run(capsys, "--conversation", place)[2]
    code, _, err = run(capsys, "--conversation", place, "--format", "csv")
    assert code == 2 and "names no column" in err
