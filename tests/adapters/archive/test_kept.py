"""What stays in a folder of results: what is somebody else's, and what was made of files that now fail."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from doorframe.adapters.archive import sources
from doorframe.adapters.archive.book import Book, Refused
from tests.adapters.archive.running import STAMP, Stumbling, go, table
from tests.adapters.archive.samples import archive, ids, results

pytestmark = [pytest.mark.promise("L4")]


def test_what_is_somebody_elses_stays(tmp_path: Path) -> None:
    source, target = archive(tmp_path / "in"), tmp_path / "out"
    target.mkdir()
    theirs = {"part-00000.jsonl", "part-notes.jsonl", ".part-notes.unfinished", f"part-{'A' * 12}-{'0' * 14}.jsonl"}
    orphan = f"part-{'a' * 12}-{'0' * 14}.jsonl"
    for name in (*theirs, orphan):
        (target / name).write_text("mine", encoding="utf-8")
    for removed in (1, 0):
        assert go(source, target)[0].removed == removed, "the orphan alone, of a part that nobody took any more"
        assert {name for name, data in results(target).items() if data == b"mine"} == theirs


def test_a_journal_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text('{"day": 1}\n', encoding="utf-8")
    with pytest.raises(Refused, match=r"journal\.jsonl there is not from this command"):
        Book(tmp_path, STAMP)
    assert (tmp_path / "journal.jsonl").read_text(encoding="utf-8") == '{"day": 1}\n'


@pytest.mark.parametrize("torn", [b"", b"\n", b"\n\0\0\0", b'\n{"st', b'\n{"st\0\0\n{"stamp": {}}\n'])
def test_a_journal_of_ours_that_was_torn_is_not_refused(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / "journal.jsonl").write_bytes(torn)
    Book(tmp_path, STAMP).close()


# What fails


def test_where_a_part_fails_what_was_made_before_stays_unless_something_newer_stands_there(tmp_path: Path) -> None:
    source, target = archive(tmp_path / "in"), tmp_path / "out"
    go(source, target)
    outcome, totals = go(source, target, lines=100, pool=Stumbling(121))
    # Lines 1 to 120 and 241 to 400 are new; of what was made of 81 to 160 and 161 to 240 the latter is still needed.
    assert outcome.failed == [("a.jsonl", 121, "a.jsonl changed while it was read.")]
    assert (outcome.spared, totals["parts"], totals["lines"]) == (1, 4, 120 + 80 + 160)
    assert len(set(ids(target))) == len(ids(target)) == len(list(target.glob("part-*"))) * 18 + 9
    outcome, totals = go(source, target, lines=100)
    assert (outcome.spared, outcome.removed, totals["lines"], totals["windows"]) == (0, 1, 400, 90)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("footer"), "damaged or cut short"),
        (OSError("Couldn't deserialize thrift"), "damaged or cut short"),
        (PermissionError(13, "denied"), "may not open it"),
        (FileNotFoundError(2, "gone"), "went away"),
        (OSError(5, "input/output"), "disk or network folder"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_why_a_file_cannot_be_read_is_said_in_words(error: OSError | ValueError, said: str) -> None:
    assert said in sources.why(error) and "Error" not in sources.why(error)


def test_files_with_other_endings_are_counted(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    for name in ("b.jsonl.gz", "c.JSON", "deep/d.json", "README", ".DS_Store"):
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).touch()
    outcome, _ = go(source, tmp_path / "out")
    assert outcome.others == {"": 1, ".gz": 1, ".json": 2}
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["other_endings"] == outcome.others


@pytest.mark.parametrize("harm", ["cut short", "a page is broken"])
def test_a_file_that_cannot_be_read_any_more_keeps_its_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setattr(sources, "_BATCH", 33)
    rows = [json.loads(line) for line in (archive(tmp_path / "lines") / "a.jsonl").open(encoding="utf-8")]
    place, target = table(rows, tmp_path / "in" / "a.parquet"), tmp_path / "out"
    archive(tmp_path / "in", 1)
    _, before = go(place.parent, target)
    made, whole = results(target), place.read_bytes()
    place.write_bytes(whole[:-9] if harm == "cut short" else whole[:8000] + bytes(2000) + whole[10_000:])
    for _ in range(2):
        outcome, totals = go(place.parent, target)
        (file, line, why), found = outcome.failed[0], results(target)
        assert file == "a.parquet" and why.startswith("it cannot be read, because it is damaged or cut short.")
        assert (line > 1) == (harm != "cut short") and outcome.spared + outcome.kept == 6
        assert totals == before and outcome.removed == 0
        assert {**found, "manifest.json": b""} == {**made, "manifest.json": b""}
    # With another model nothing of it can be made anew, and what there is does not count, but stays.
    outcome, totals = go(place.parent, target, stamp=replace(STAMP, model="other"))
    assert outcome.removed == 0 and outcome.spared and results(target).keys() == made.keys()
    assert totals["parts"] + outcome.spared == 6
    place.write_bytes(whole)
    outcome, totals = go(place.parent, target)
    assert totals == before and (outcome.spared, outcome.removed) == (0, 0)
