"""`doorframe detect evaluate` and `backtest`: how alerts fit labels, what a change would alter before it counts."""

from __future__ import annotations

import json
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
    for command in (["backtest", str(data), "--change"], [str(data), "--shadow"]):
        assert main(["detect", *command, change(tmp_path, text)]) == 2
        found = capsys.readouterr()
        assert why in found.err and "Traceback" not in found.err


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
