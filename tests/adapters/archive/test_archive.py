"""An archive part by part: every line once, what is broken counted, what is done not done again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from doorframe.adapters.archive import sources, work
from doorframe.adapters.archive.book import Book, Refused, Stamp
from doorframe.adapters.archive.parts import Seams
from doorframe.adapters.archive.scoring import digest, scoring
from doorframe.engines.detection.conversation import Message
from doorframe.engines.detection.windows import windows
from tests.adapters.archive.running import SETTINGS, STAMP, go, planned, table, written
from tests.adapters.archive.samples import archive, ids, message, model, results, scaled

pytestmark = [pytest.mark.promise("L4")]

# Where it is cut


def test_parts_cover_a_file_without_gap_and_keep_conversations_whole(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    found, seams = planned(source, 50)
    assert [part.lines for part in found] == [80] * 5 and seams == Seams()
    assert [part.start for part in found] == [0, *(part.end for part in found[:-1])]
    assert found[-1].end == (source / "a.jsonl").stat().st_size
    assert [part.line for part in found] == [1, 81, 161, 241, 321]


def test_a_long_conversation_is_cut_where_it_pauses_and_windows_are_as_if_it_were_not(tmp_path: Path) -> None:
    times = [n * 60.0 + (n // 37) * 30_000 for n in range(400)]
    source = written(tmp_path / "in", [message("one", n, at=at) for n, at in enumerate(times)])
    assert len(planned(source, 50)[0]) == 6 and planned(source, 50)[1].forced == 0
    go(source, tmp_path / "out")
    whole = windows("one", [Message(str(n), "", "", at) for n, at in enumerate(times)])
    assert ids(tmp_path / "out") == [one.id for one in whole]


def test_a_conversation_without_a_pause_is_cut_at_last_and_said(tmp_path: Path) -> None:
    source = written(tmp_path / "in", [message("one", n, at=n) for n in range(1000)])
    found, seams = planned(source, 20)
    assert [part.lines for part in found] == [200] * 5 and seams.forced == 4


def test_conversations_that_come_again_are_noticed(tmp_path: Path) -> None:
    source = written(tmp_path / "in", [message(f"c{n % 3}", n, at=n) for n in range(90)])
    assert planned(source, 50)[1].again == 87
    go(source, tmp_path / "out", lines=200)
    assert len(ids(tmp_path / "out")) == 3 * 7, "followed side by side as long as they are in one part"


def test_a_file_of_windows_is_cut_after_so_many_lines(tmp_path: Path) -> None:
    line = (
        json.dumps({"id": "w", "messages": [{"id": "1", "author": "a", "text": "I think that it is a zebra"}]}) + "\n"
    )
    source = written(tmp_path / "in", [line] * 120)
    assert [part.lines for part in planned(source, 50)[0]] == [50, 50, 20]
    _, totals = go(source, tmp_path / "out")
    assert (totals["windows"], totals["alerts"]) == (120, 120)
    assert totals["left"] == {work.SEEN: 49 + 49 + 19}


# What is broken


def test_what_cannot_be_read_is_counted_and_named_by_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGEST", 5_000)
    rows = [message("one", n, at=n) for n in range(100)]
    rows[10] = "{nope\n"
    rows[20] = json.dumps({"text": "x" * 20_000}) + "\n"
    rows[30] = '{"text": 5}\n'
    rows[40] = "[" * 4_000 + "\n"
    rows[50] = "\n"
    rows[60] = rows[61]
    rows[70] = '{"id": "h", "conversation": "one", "author": "A\\u202e", "text": "a\\ud800 \\u0000 b"}\n'
    rows[99] = rows[99][:-20]
    _, totals = go(written(tmp_path / "in", rows), tmp_path / "out", lines=30)
    assert totals["left"] == {
        "has no text": 1, "longer than 4 MB": 1, "not JSON in UTF-8": 3, "twice under one id": 1,
    }  # fmt: skip
    assert totals["lines"] == 100 and totals["messages"] == 100 - 6 - 1
    lines = [json.loads(line) for name, data in results(tmp_path / "out").items() if name != "manifest.json"
             for line in data.splitlines()]  # fmt: skip
    assert sorted(row["line"] for row in lines if "error" in row) == [11, 21, 31, 41, 100]


def test_bytes_that_are_no_letters(tmp_path: Path) -> None:
    source = written(tmp_path / "in", [message("one", n, at=n) for n in range(20)])
    with (source / "a.jsonl").open("ab") as file:
        file.write(b"\xff\xfe\x00" * 100 + b"\n" + b'{"text": "\xff"}\n')
    assert go(source, tmp_path / "out")[1]["left"] == {"not JSON in UTF-8": 2}


# Again


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    assert go(source, tmp_path / "out")[0].fresh == 5
    before = results(tmp_path / "out")
    outcome, totals = go(source, tmp_path / "out")
    assert (outcome.fresh, outcome.kept, outcome.changed) == (0, 5, 0)
    assert results(tmp_path / "out") == before and totals["windows"] == 90


def test_a_changed_input_is_noticed(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    go(source, tmp_path / "out")
    text = (source / "a.jsonl").read_text(encoding="utf-8")
    (source / "a.jsonl").write_text(text.replace("c5", "d5"), encoding="utf-8")
    outcome, totals = go(source, tmp_path / "out")
    assert (outcome.fresh, outcome.kept, outcome.changed) == (1, 4, 1) and totals["windows"] == 90
    (source / "a.jsonl").write_text(text.splitlines(keepends=True)[0], encoding="utf-8")
    outcome, totals = go(source, tmp_path / "out")
    assert outcome.removed == 4 and totals["windows"] == 1


def test_a_file_that_is_added_changes_nothing_else(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    go(source, tmp_path / "out")
    (source / "A0.jsonl").write_text(message("new", 1), encoding="utf-8")
    outcome, _ = go(source, tmp_path / "out")
    assert (outcome.fresh, outcome.kept) == (1, 5)


@pytest.mark.parametrize("harm", ["missing", "torn"])
def test_a_result_that_is_not_as_it_was_written_is_made_anew(tmp_path: Path, harm: str) -> None:
    source = archive(tmp_path / "in")
    go(source, tmp_path / "out")
    before = results(tmp_path / "out")
    first = sorted((tmp_path / "out").glob("part-*"))[0]
    first.unlink() if harm == "missing" else first.write_bytes(first.read_bytes()[:-5])
    assert go(source, tmp_path / "out")[0].fresh == 1
    assert results(tmp_path / "out") == before


def test_another_model_or_setting_scores_everything_anew(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    go(source, tmp_path / "out")
    for stamp in (Stamp("2", "fake", "0" * 64, None, False), Stamp("2", "fake", "0" * 64, 0.9, False)):
        assert go(source, tmp_path / "out", stamp=stamp)[0].fresh == 5
        assert go(source, tmp_path / "out", stamp=stamp)[0].fresh == 0


def test_what_scores_hang_on_is_in_the_account(tmp_path: Path) -> None:
    place = tmp_path / "model"
    told = [scoring(scaled(model(place, alert, linear)), str(place))
            for alert, linear in ((0.5, b"one"), (0.6, b"one"), (0.6, b"two"))]  # fmt: skip
    assert told[0]["scale"]["alert"] == 0.5 and {"bias", "weights", "message", "skip"} < told[0]["scale"].keys()
    source = archive(tmp_path / "in")
    for one in told:
        stamp = replace(STAMP, scoring=one)
        assert go(source, tmp_path / "out", stamp=stamp)[0].fresh == 5
        assert go(source, tmp_path / "out", stamp=stamp)[0].kept == 5


def test_a_manifest_from_before_the_scale_was_kept_is_no_stranger(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    go(source, tmp_path / "out")
    manifest = tmp_path / "out" / "manifest.json"
    data = json.loads(manifest.read_text(encoding="utf-8"))
    del data["scoring"], data["other_endings"]
    manifest.write_text(json.dumps(data), encoding="utf-8")
    assert go(source, tmp_path / "out")[0].fresh == 5


@pytest.mark.parametrize("cut", [1, 40, 400, 1200])
def test_a_torn_journal_costs_the_torn_line_alone(tmp_path: Path, cut: int) -> None:
    source = archive(tmp_path / "in")
    go(source, tmp_path / "whole")
    book = Book(tmp_path / "out", STAMP)
    for part in planned(source, 50)[0]:
        book.keep(work.score(part, str(source), str(tmp_path / "out"), SETTINGS), new=True)
    book.close()
    journal = tmp_path / "out" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-cut])
    (tmp_path / "out" / f".part-{'0' * 12}-{'0' * 14}-{'0' * 12}{work.UNFINISHED}").write_bytes(b"half")
    outcome, _ = go(source, tmp_path / "out")
    assert (cut > 1) <= outcome.fresh <= 4 and outcome.fresh + outcome.kept == 5
    assert results(tmp_path / "out") == results(tmp_path / "whole")


def test_a_file_that_changes_while_it_is_read_is_said(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    part = planned(source, 50)[0][1]
    with (source / "a.jsonl").open("r+b") as file:
        file.seek(part.start + 30)
        file.write(b"?")
    with pytest.raises(work.Changed):
        work.score(part, str(source), str(source), SETTINGS)
    assert not list(source.glob("*part-*")), "nothing half is left behind"


def test_a_worker_with_another_model_is_refused(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    for other in (replace(SETTINGS, sha256="1" * 64), replace(SETTINGS, scoring="1" * 64)):
        with pytest.raises(work.OtherModel):
            work.score(planned(source, 50)[0][0], str(source), str(tmp_path), other)


def test_a_worker_that_lives_on_takes_the_scale_of_now(tmp_path: Path) -> None:
    source, place = archive(tmp_path / "in"), model(tmp_path / "model", 0.5)
    for alert, alerts in ((0.5, 4), (1.0, 0)):
        told = digest(scoring(scaled(model(place, alert)), str(place)))
        settings = replace(SETTINGS, model=str(place), reader="tests.adapters.archive.samples:scaled", scoring=told)
        assert work.score(planned(source, 50)[0][0], str(source), str(tmp_path), settings).alerts == alerts


def test_one_command_at_a_time_and_no_strange_folder(tmp_path: Path) -> None:
    book = Book(tmp_path / "out", STAMP)
    with pytest.raises(Refused, match="Another command"):
        Book(tmp_path / "out", STAMP)
    book.close()
    (tmp_path / "out" / "manifest.json").write_text('{"name": "a web application"}', encoding="utf-8")
    with pytest.raises(Refused, match="not from this command"):
        Book(tmp_path / "out", STAMP)


# Parquet


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_nulls_are_no_names(tmp_path: Path, ending: str) -> None:
    rows = [{"conversation": None, "id": None, "author": None, "at": n * 60.0, "text": f"I think that it is a line {n}"}
            for n in range(30)]  # fmt: skip
    if ending == "parquet":
        table(rows, tmp_path / "in" / "a.parquet")
    else:
        written(tmp_path / "in", [json.dumps(row) + "\n" for row in rows])
    _, totals = go(tmp_path / "in", tmp_path / "out", lines=10)
    assert (totals["messages"], totals["left"], totals["parts"]) == (30, {}, 1)
    found = [json.loads(line) for path in (tmp_path / "out").glob("part-*") for line in path.open("rb")]
    assert {row["conversation"] for row in found} == {""}


def test_no_conversation_and_null_are_one(tmp_path: Path) -> None:
    rows = [{"conversation": None, "text": "a"}, {"text": "b"}, {"conversation": "", "text": "c"}] * 10
    source = written(tmp_path / "in", [json.dumps(row) + "\n" for row in rows])
    assert planned(source, 5)[1].again == 0


def test_parquet_gives_what_lines_give(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    source = archive(tmp_path / "in")
    rows = [json.loads(line) for line in (source / "a.jsonl").open(encoding="utf-8")]
    (tmp_path / "columns").mkdir()
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "columns" / "a.parquet", row_group_size=33)
    go(source, tmp_path / "out")
    outcome, totals = go(tmp_path / "columns", tmp_path / "other")
    assert totals["lines"] == 400 and ids(tmp_path / "other") == ids(tmp_path / "out")
    assert outcome.fresh == 5 and go(tmp_path / "columns", tmp_path / "other")[0].kept == 5
    (tmp_path / "columns" / "b.parquet").write_bytes(b"PAR1 not at all PAR1")
    outcome, totals = go(tmp_path / "columns", tmp_path / "other")
    assert [row[0] for row in outcome.failed] == ["b.parquet"] and totals["parts"] == 5
