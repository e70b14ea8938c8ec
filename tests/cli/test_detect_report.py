"""`doorframe detect report`: a PDF that a screen reader can read too, whole or not at all."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from doorframe.adapters import detection_report, detector
from doorframe.adapters.detection_report import conversations
from doorframe.cli import common, main
from doorframe.engines.detection.account import Account
from doorframe.engines.detection.conversation import Message, Signal, Verdict, Window
from tests.adapters import fake_reader
from tests.adapters.render.test_pdf import elements, tags
from tests.adapters.render.words_of import bare
from tests.cli.commands import one_sentence


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector, "load", fake_reader.load)


def chat(tmp_path: Path, bad: tuple[int, ...] = (5, 30, 31), lines: int = 60) -> Path:
    """Ana and Ben over twenty days, three messages a day."""
    place = tmp_path / "night room.txt"
    place.write_text("".join(
        f"{1 + n // 3:02}/12/2023, 21:{n % 60:02} - {'Ana' if n % 2 else 'Ben'}: "
        f"I think that {'zebra ' * (n in bad)}it is line {n}\n" for n in range(lines)
    ), encoding="utf-8")  # fmt: skip
    return place


def windows(tmp_path: Path, *rows: Any) -> Path:
    place = tmp_path / "in.jsonl"
    place.write_text(
        "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n", encoding="utf-8"
    )
    return place


def one(id: str, text: str, author: str = "Ben", **more: object) -> dict[str, object]:
    said = [
        {"id": "1", "author": "Ana", "text": "It is late and I am here"},
        {"id": "2", "author": author, "text": text},
    ]
    return {"id": id, "messages": said, **more}


def run(tmp_path: Path, *arguments: object) -> tuple[int, Path]:
    out = tmp_path / "report.pdf"
    return main.main(["detect", "report", *map(str, arguments), "--out", str(out), "--date", "2026-11-21"]), out


def opened(out: Path) -> PdfReader:
    return PdfReader(io.BytesIO(out.read_bytes()))


def text(out: Path) -> str:
    return bare("".join(page.extract_text() for page in opened(out).pages))


def pictures(out: Path) -> list[str]:
    tree = opened(out).trailer["/Root"]["/StructTreeRoot"]
    return [str(each["/Alt"]) for each in elements(tree) if each["/S"] == "/Figure"]


def outline(out: Path) -> list[str]:
    def titles(items: Any) -> list[str]:
        return [title for item in items for title in (titles(item) if isinstance(item, list) else [item.title])]

    return titles(opened(out).outline)


# What it holds


@pytest.mark.promise("J4")
def test_a_chat_becomes_a_report_with_headings_pictures_and_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = run(tmp_path, "--conversation", chat(tmp_path))
    assert code == 1 and "messages to look at: 3. A person decides." in capsys.readouterr().out
    assert outline(out)[:5] == [
        "What was read", "What this is, and what it is not", "All of it at a glance", "night room",
        "Between members, over days",
    ]  # fmt: skip
    found = tags(opened(out))
    assert {"/H1", "/H2", "/Table", "/TH", "/Figure", "/L", "/Link"} <= set(found)
    overview, course, *pairs = pictures(out)
    assert overview.startswith("Messages to look at, by day. 3 in all. 2 Dec 2023: 1; 11 Dec 2023: 2.")
    assert "The threshold is a dashed line at 0.50" in course and "filled diamonds: 2 Dec 2023, 21:" in course
    assert len(pairs) == 2 and all("Evidence over days" in alt for alt in pairs)
    said = text(out)
    for words in ("3 messages with a possible pattern", "60 messages in 1 conversation", "read as a WhatsApp chat",
                  "1 Dec 2023, 21:00 to 20 Dec 2023", "0.50, the model’s own", "0" * 64, "message 6",
                  "“I think that zebra it is line 5”", "Ana towards Ben", "One hit stays low", "Presses with guilt",
                  "What only looks like it"):  # fmt: skip
        assert bare(words) in said, words


def test_it_is_accessible_and_the_same_each_time(tmp_path: Path) -> None:
    _, out = run(tmp_path, "--conversation", chat(tmp_path))
    first, reader = out.read_bytes(), opened(out)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en-GB"
    assert "<pdfuaid:part>1<" in root["/Metadata"].get_data().decode()
    assert reader.metadata is not None and reader.metadata.title == "Messages that deserve a look"
    assert all(len(alt) > 40 for alt in pictures(out))
    run(tmp_path, "--conversation", chat(tmp_path))
    assert out.read_bytes() == first


def test_windows_of_a_file_stand_in_its_order(tmp_path: Path) -> None:
    file = windows(tmp_path, one("w1", "All is well with me tonight"), one("w2", "It is a zebra that you see"))
    code, out = run(tmp_path, file)
    assert code == 1 and "Windows of in.jsonl" in outline(out)
    assert bare("w2, message 2") in text(out) and bare("carry no date") in text(out)
    assert bare("cannot be drawn") in text(out) and len(pictures(out)) == 2


def test_nothing_found_is_said_and_no_guarantee(tmp_path: Path) -> None:
    code, out = run(tmp_path, "--conversation", chat(tmp_path, bad=()))
    assert code == 0 and pictures(out) == []
    assert bare("Nothing stood out. That is no guarantee") in text(out) and bare("The conversations") in text(out)


def test_what_was_not_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    german = one("w3", "Nein, das bildest du dir alles nur ein, so war das nicht gestern")
    german["messages"][0]["text"] = "Das habe ich dir am Montag doch alles genau so erzählt"  # type: ignore[index]
    code, out = run(tmp_path, windows(tmp_path, "nope", one("w1", "I am well and you are too"), german, "{}"))
    assert code == 2 and "2 lines that could not be read" in capsys.readouterr().err
    said = text(out)
    assert bare("line 1: not JSON in UTF-8; line 4: has no messages") in said
    assert bare("1 window in a language that is not covered, so nothing was looked for: German 1.") in said


def test_all_in_another_language_is_not_all_quiet(tmp_path: Path) -> None:
    german = one("w3", "Nein, das bildest du dir alles nur ein, so war das nicht gestern")
    german["messages"][0]["text"] = "Das habe ich dir am Montag doch alles genau so erzählt"  # type: ignore[index]
    code, out = run(tmp_path, windows(tmp_path, german))
    assert code == 0 and bare("Nothing was looked at") in text(out) and bare("stood out") not in text(out)


def test_the_options_are_said(tmp_path: Path) -> None:
    _, out = run(tmp_path, "--conversation", chat(tmp_path), "--threshold", "0.3", "--quick", "--paper", "us-letter")
    assert bare("0.30, chosen for this report") in text(out) and bare("The quick way was chosen") in text(out)
    assert int(opened(out).pages[0].mediabox.width) == 612


# Whatever is in it


def test_hostile_words_make_a_report(tmp_path: Path) -> None:
    rows = [
        one("a" * 100_000, "It is a zebra \x1b]0;x\x07 \u202ethat you see <script>", "Б" * 3000),
        one("b", "It is a zebra " + "y" * 1_000_000, "محمد " * 400),
        one("c", 'It is a zebra #panic("x") $a$ \\ud800 `that`', "\u202e\x00\ufffe"),
        one("d", "It is a zebra 👩‍👩‍👧‍👦 שלום that you see", ""),
    ]
    code, out = run(tmp_path, windows(tmp_path, *rows))
    assert code == 1 and bare('#panic("x")') in text(out) and "/Table" in tags(opened(out))
    assert len(out.read_bytes()) < 1_000_000 and "\u202e" not in text(out)


def account(many: int, alerts: int, each: int = 1) -> Account:
    made = Account("file")
    for number in range(many):
        name = f"room {number:05}"
        for place in range(each):
            loud, id = number < alerts, str(place)
            said = Signal(id, "Ana", f"B{number}", "towards", (("guilt", 0.9),), 0.9, 0, 3, "abc", "Why.")
            made.add(Window(f"{name}/{id}", (Message(id, "Ana", "abc", 1.7e9 + 60 * place),)),
                     Verdict(id, 0.9 if loud else 0.1, loud, signals=(said,) if loud else ()), name)  # fmt: skip
    return made


READ = detection_report.Read("x", "a table", (), 0.5, True, ("m", "0"), False, "2026-11-21")


def test_of_many_conversations_those_with_alerts_are_shown_in_full_and_the_rest_in_one_table() -> None:
    made = detection_report.document(account(1000, 3, each=2), READ, common.load_detection())
    titles = [section.title for _, section in made.walk()]
    assert [title for title in titles if title.startswith("room")] == ["room 00000", "room 00001", "room 00002"]
    rest = next(section for _, section in made.walk() if section.id == "rest")
    assert len(rest.blocks[0].rows) == conversations.MOST_LISTED  # type: ignore[union-attr]
    assert "And 797 more" in rest.blocks[1].text


def test_the_size_is_bounded() -> None:
    made = detection_report.document(account(300, 300, each=300), READ, common.load_detection())
    shown = [section for _, section in made.walk() if section.id.startswith("conversation-")]
    assert len(shown) == conversations.MOST_IN_FULL
    assert all(len(section.blocks[-1].rows) == conversations.MOST_ROWS for section in shown)  # type: ignore[union-attr]
    assert "The 60 likeliest are in the table." in shown[0].blocks[0].text
    rest = next(section for _, section in made.walk() if section.id == "rest")
    assert rest.blocks[0].text.startswith("270 conversations among these have something to look at")


# What goes wrong


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["in.jsonl", "--out", "."], ". is a folder."),
        (["in.jsonl", "--out", "nowhere/x.pdf"], "There is no folder nowhere for the report"),
        (["in.jsonl", "--out", "in.jsonl"], "--out names the file that is to be read"),
        (["in.jsonl", "--out", "/dev/null"], "/dev/null is no plain file"),
        (["in.jsonl", "--out", "x.pdf", "--date", "tomorrow"], "“tomorrow” is not a date."),
        (["in.jsonl", "--out", "x.pdf", "--threshold", "2"], '--threshold is "alert" or'),
        (["empty", "--out", "x.pdf"], "empty holds no message that could be read, so no report"),
        (["nowhere", "--out", "x.pdf"], "nowhere: "),
        (["--conversation", "-", "--out", "x.pdf"], "--conversation takes a file or a folder"),
        (["--conversation", "empty", "--out", "x.pdf"], "empty: What kind of export this is cannot be told."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_one_sentence_and_nothing_written(
    arguments: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    before = windows(tmp_path, one("w1", "It is a zebra that you see")).read_bytes()
    Path("empty").touch()
    assert main.main(["detect", "report", *arguments]) == 2
    assert one_sentence(capsys.readouterr().err).startswith(sentence)
    assert sorted(os.listdir()) == ["empty", "in.jsonl"] and Path("in.jsonl").read_bytes() == before


def test_a_report_that_may_not_be_replaced_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report.pdf").write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    code, out = run(tmp_path, "--conversation", chat(tmp_path))
    assert code == 2 and "may not be written here" in one_sentence(capsys.readouterr().err)
    assert out.read_bytes() == b"old"


def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "report.pdf").write_bytes(b"old")
    file = windows(tmp_path, one("w1", "It is a zebra that you see"))
    monkeypatch.setattr(os, "fsync", full)
    code, out = run(tmp_path, file)
    assert code == 2 and "could not be written: No space left" in one_sentence(capsys.readouterr().err)
    assert out.read_bytes() == b"old" and sorted(os.listdir(tmp_path)) == ["in.jsonl", "report.pdf"]
