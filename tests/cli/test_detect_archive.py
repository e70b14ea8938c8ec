"""`doorframe detect archive`: exit codes, what is said, wrong use in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doorframe.cli import detect_archive, main
from doorframe.cli.errors import UserError
from tests.adapters.archive.samples import archive, message, model

pytestmark = [pytest.mark.promise("L4")]

READER = "tests.adapters.fake_reader:load"


def run(*arguments: object) -> int:
    return detect_archive.run([*map(str, arguments), "--workers", "1"], reader=READER)


def test_from_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = archive(tmp_path / "in"), tmp_path / "out"
    assert run(source, target, "--lines", 200) == 1
    out, err = capsys.readouterr()
    assert out.startswith("90 windows of 400 messages, 20 to look at. A person decides.\nParts done now: 2;")
    assert err.startswith("Beginning") and "Traceback" not in err
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["model"] == {"id": "fake", "sha256": "0" * 64} and manifest["totals"]["alerts"] == 20
    row = json.loads((target / manifest["parts"][0]["result"]).read_bytes().splitlines()[0])
    assert row["signals"][0]["why"] and len(manifest["content_sha256"]) == 64, "explained by the content"
    assert set(row) >= {"conversation", "id", "score", "alert", "language", "signals", "model"}

    (source / "b.jsonl").write_text(message("x", 1) + "{nope\n", encoding="utf-8")
    text = (source / "a.jsonl").read_text(encoding="utf-8")
    (source / "a.jsonl").write_text(text.replace("line", "lime"), encoding="utf-8")
    assert run(source, target, "--lines", 200) == 2
    out, _ = capsys.readouterr()
    assert "The input changed since it was scored: 2 parts were scored again." in out
    assert "1 lines: not JSON in UTF-8." in out


def test_a_changed_threshold_of_the_model_is_another_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target, place = archive(tmp_path / "in"), tmp_path / "out", model(tmp_path / "model", 0.5)
    arguments = [str(source), str(target), "--lines", "50", "--workers", "1", "--model", str(place)]
    reader = "tests.adapters.archive.samples:scaled"
    assert detect_archive.run(arguments, reader=reader) == 1
    model(place, 1.0)
    assert detect_archive.run(arguments, reader=reader) == 0
    assert "Parts done now: 5; done before: 0." in capsys.readouterr().out
    assert detect_archive.run(arguments, reader=reader) == 0
    assert "Parts done now: 0; done before: 5." in capsys.readouterr().out
    model(place, 1.0, b"other words")
    assert detect_archive.run(arguments, reader=reader) == 0
    out = capsys.readouterr().out
    assert "Parts done now: 5;" in out and "Results made with another model, version, setting" in out


def test_files_that_are_passed_over_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = archive(tmp_path / "in", 1)
    (source / "b.jsonl.gz").touch()
    assert run(source, tmp_path / "out") == 1
    assert "1 file with another ending was not read (.gz)." in capsys.readouterr().out
    (source / "c.json").touch()
    (source / "d").touch()
    assert run(source, tmp_path / "out") == 1
    assert "3 files with other endings were not read (no ending, .gz, .json)." in capsys.readouterr().out
    for number in range(9):
        (source / f"e.\x1b{number}").touch()
    run(source, tmp_path / "out")
    out = capsys.readouterr().out
    assert "12 files with other endings" in out and ", …)." in out and "\x1b" not in out


def test_a_file_that_is_cut_short_keeps_its_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    source = archive(tmp_path / "in", 1)
    rows = [json.loads(line) for line in (source / "a.jsonl").open(encoding="utf-8")]
    parquet.write_table(pyarrow.Table.from_pylist(rows), source / "b.parquet")
    run(source, tmp_path / "out")
    (source / "b.parquet").write_bytes((source / "b.parquet").read_bytes()[:-100])
    capsys.readouterr()
    assert run(source, tmp_path / "out") == 2
    out, err = capsys.readouterr()
    assert "1 result from before stays, because its file could not be read or scored now." in out
    assert "removed" not in out and out.startswith("18 windows of 80 messages")
    said = "doorframe: b.parquet, from line 1: it cannot be read, because it is damaged or cut short. Put a whole copy "
    assert f"{said}in its place; run the same command again." in err and "Arrow" not in err


def test_quiet_is_0(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text(message("x", 1), encoding="utf-8")
    assert run(tmp_path / "in", tmp_path / "out") == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere", "out"), "There is no folder"),
        (("in", "in"), "outside IN_DIR"),
        (("in", "in/out"), "outside IN_DIR"),
        (("empty", "out"), "holds no file"),
        (("in", "file"), "is not a folder"),
        (("in", "out", "--threshold", "7"), "--threshold"),
        (("in", "other"), "not from this command"),
    ],
    ids=str,
)
def test_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str) -> None:
    monkeypatch.chdir(tmp_path)
    archive(tmp_path / "in", 1)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UserError, match=said):
        run(*arguments)
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").glob("part-*"))


def test_the_command_is_known_and_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["detect", "archive", "--help"]) == 0
    assert capsys.readouterr().out.startswith("usage: doorframe detect archive")
    assert main.main(["detect", "--help"]) == 0
    assert "archive" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("seconds", "said"), [(5, "5 seconds"), (600, "10 minutes"), (7200, "2.0 hours"), (2e5, "2.3 days")]
)
def test_durations(seconds: float, said: str) -> None:
    assert detect_archive.duration(seconds) == said
