"""`doorframe detect evaluate` and `backtest`: how alerts fit labels, what a change would alter before it counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from doorframe.adapters import detector
from doorframe.cli.main import main
from doorframe.engines.content import loader
from doorframe.engines.detection.measure import Share, area, calibration_error
from tests.cli.test_detect import Marked

HARM = [("Ana", "you shouted at me on Monday"), ("Ben", "that never happened, Ana")]
CALM = [("Ana", "tea at four then"), ("Ben", "lovely, I will bring the cake")]
TOLD = [("Ana", "my ex said that never happened"), ("Ben", "I am so sorry he did")]


def line(id: str, label: object, said: list[tuple[str, str]], kind: str = "") -> str:
    return json.dumps({
        "id": id, "label": label, "kind": kind, "messages": [{"author": who, "text": text} for who, text in said],
    })  # fmt: skip


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(detector, "load", lambda _folder=None: Marked())
    file = tmp_path / "data.jsonl"
    lines = [
        line("h1", "manipulative", HARM),
        line("c1", "benign", CALM, "ordinary"),
        line("c2", False, CALM, "banter"),
        line("t1", 0, TOLD, "reporting"),
        line("h2", True, CALM),
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def change(tmp_path: Path, text: str) -> str:
    file = tmp_path / "change.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.mark.promise("J12")
def test_the_figures_of_labelled_windows(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["detect", "evaluate", str(data), "--json"]) == 0
    found = said(capsys)
    assert (found["found"], found["windows"]) == (0.5, 5) and found["flagged"] == pytest.approx(1 / 3)
    assert found["kinds"] == {"banter": 0.0, "ordinary": 0.0, "reporting": 1.0}
    assert main(["detect", "evaluate", str(data)]) == 0
    assert "windows that do not, flagged: 0.333 (" in capsys.readouterr().out


@pytest.mark.promise("J12")
def test_a_change_of_a_threshold_is_tried_before_it_counts(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["detect", "backtest", str(data), "--change", change(tmp_path, "alert = 0.01"), "--json"]) == 0
    found = said(capsys)
    assert (found["before"]["found"], found["after"]["found"]) == (0.5, 1.0)
    assert found["now_alerts"] == ["c1", "c2", "h2"] and found["no_longer"] == []
    assert main(["detect", "backtest", str(data), "--change", change(tmp_path, "alert = 0.999")]) == 0
    words = capsys.readouterr().out
    assert "Before:" in words and "After:" in words
    assert "No longer an alert, though it deserves it: h1" in words and "No longer an alert, rightly: t1" in words
    assert main(["detect", "evaluate", str(data), "--json"]) == 0
    assert said(capsys)["found"] == 0.5  # and nothing was switched on


@pytest.mark.promise("J12")
def test_a_change_of_a_tactics_cues_is_tried_and_alters_no_alert(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = (loader.OWN / "detection" / "tactics" / "denial-of-events.toml").read_text(encoding="utf-8")
    more = own.replace('id = "never-said"', 'id = "cake"\npatterns = ["bring the cake"]\n[[cues]]\nid = "never-said"')
    more = more.replace("matches = [", 'matches = [\n  "I will bring the cake.",')
    assert main(["detect", "backtest", str(data), "--change", change(tmp_path, more), "--json"]) == 0
    found = said(capsys)
    assert found["tactic"] == "denial-of-events" and found["alerts_change"] is False
    assert found["differ"] == ["c1", "c2", "h2"] and found["do not"]["after"] == 1.0


@pytest.mark.promise("J12")
def test_a_change_runs_in_the_shadow_and_raises_no_alert(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = change(tmp_path, "alert = 0.01")
    assert main(["detect", str(data), "--json", "--shadow", file]) == 1
    rows = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert [row["alert"] for row in rows] == [True, False, False, True, False]
    assert all(row["shadow"]["alert"] for row in rows)
    assert main(["detect", str(data), "--shadow", file]) == 1
    assert "5 windows, 2 to look at." in (words := capsys.readouterr().out)
    assert "In the shadow, with the change: 5 to look at, 3 of them new, 0 no longer." in words
    assert main(["detect", str(data), "--shadow", change(tmp_path, "nothing = 1")]) == 2


def refusals(data: Path, file: str, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """What is said of a change by each way to try one, all of which end with 2."""
    for command in (["backtest", str(data), "--change"], [str(data), "--shadow"]):
        assert main(["detect", *command, file]) == 2
        yield capsys.readouterr()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("alert = ", "cannot be read as TOML"), ("", "it is empty"), ("threshold = 1", "unknown: threshold"),
        ('alert = "high"', "are numbers"), ("[weights]\nloud = 1", "weights are those of"),
        ('id = "guilt"\n', "The change cannot be used"),
    ],
)  # fmt: skip
def test_what_is_no_change_is_said_to_be_none(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, why: str
) -> None:
    for found in refusals(data, change(tmp_path, text), capsys):
        assert why in found.err and "Traceback" not in found.err


@pytest.mark.parametrize(
    "text",
    ["alert = 80", "alert = -0.1", "alert = nan", f"alert = {10**400}", "bias = inf", "[weights]\nwhole = 1e300"],
)
def test_numbers_that_would_lose_every_alert_are_refused(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    wanted = "alert is a score, so it lies between 0 and 1." if "alert" in text else "none beyond a million."
    for found in refusals(data, change(tmp_path, text), capsys):
        assert wanted in found.err and not found.out
        assert len(found.err.splitlines()) == 1


@pytest.mark.promise("J12")
def test_a_change_of_the_quick_look_shows_what_it_would_skip(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["detect", "backtest", str(data), "--change", change(tmp_path, "skip = -3.0"), "--json"]) == 0
    found = said(capsys)
    assert found["before"]["skipped"] == {"deserve a look": 1, "do not": 2}
    assert found["after"]["skipped"] == {"deserve a look": 0, "do not": 0}
    assert main(["detect", "backtest", str(data), "--change", change(tmp_path, "skip = 1")]) == 0
    words = capsys.readouterr().out
    assert "the quick look skips 0.500 (" in words and "the quick look skips 1.000 (" in words
    assert main(["detect", str(data), "--shadow", change(tmp_path, "skip = 1")]) == 2
    assert "use: doorframe detect backtest" in capsys.readouterr().err


@pytest.mark.promise("J12")
def test_other_languages_are_counted_and_count_in_no_figure(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    german = [
        ("Ana", "Das habe ich dir am Montag doch alles genau so erzählt"),
        ("Ben", "Nein, das bildest du dir ein"),
    ]
    lines = [line("g1", "manipulative", german), line("g2", "benign", german, "banter")]
    data.write_text(data.read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")
    file = change(tmp_path, "alert = 0.01")
    for command in (["evaluate", str(data)], ["backtest", str(data), "--change", file]):
        assert main(["detect", *command, "--json"]) == 0
        found = said(capsys)
        assert found["uncovered"] == 2 and found.get("before", found)["windows"] == 5
        assert main(["detect", *command]) == 0
        words = capsys.readouterr().out
        assert "2 windows are not in English; what is not covered is not scored and counts in no figure." in words


def test_figures_of_nothing_are_null_and_a_file_without_windows_is_no_measure(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.write_text(line("h1", "manipulative", HARM) + "\n", encoding="utf-8")
    assert main(["detect", "evaluate", str(data), "--json"]) == 0
    out = capsys.readouterr().out
    assert "NaN" not in out and json.loads(out)["flagged"] is None and json.loads(out)["area"] is None
    assert main(["detect", "evaluate", str(data)]) == 0
    assert "nan" not in capsys.readouterr().out
    for text in ("", "\n\n", json.dumps({"id": "x", "messages": [{"text": "a"}]})):
        data.write_text(text, encoding="utf-8")
        assert main(["detect", "evaluate", str(data), "--json"]) == 2
        found = capsys.readouterr()
        assert "holds no labelled window" in found.err and not found.out


@pytest.mark.promise("J12")
def test_a_change_in_the_shadow_is_told_of_an_export_too(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = tmp_path / "export.csv"
    export.write_text("author,text\nAna,tea at four then\nBen,lovely I will bring the cake\n", encoding="utf-8")
    shadow = ["--shadow", change(tmp_path, "alert = 0.01")]
    assert main(["detect", "--conversation", str(export), *shadow]) == 0
    assert "In the shadow, with the change: 1 to look at, 1 of them new, 0 no longer." in capsys.readouterr().out
    assert main(["detect", "--conversation", str(export), "--json", *shadow]) == 0
    assert "In the shadow" not in capsys.readouterr().out


def test_lines_without_a_label_are_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.write_text(data.read_text(encoding="utf-8") + line("x", "maybe", CALM) + "\n{\n", encoding="utf-8")
    assert main(["detect", "evaluate", str(data), "--json"]) == 2
    found = capsys.readouterr()
    assert json.loads(found.out)["windows"] == 5
    assert "line 6: has no label" in found.err and "line 7: not JSON" in found.err


def test_measures_are_those_of_the_books() -> None:
    assert area([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == pytest.approx(0.75)
    assert calibration_error([1.0] * 10, [False] * 10) == pytest.approx(1.0)
    assert Share(50, 100).interval == pytest.approx((0.404, 0.596), abs=0.001)
    assert str(Share(0, 0)) == "none"
