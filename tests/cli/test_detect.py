"""`doorframe detect`: what goes in and out a line, and what is said of a line that cannot be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from doorframe.adapters import detector, small_model
from doorframe.cli.main import main
from doorframe.engines.detection.conversation import DIRECTIONS, TACTICS, Opinion, Reading
from doorframe.engines.detection.judge import Scale
from doorframe.engines.detection.spoken import Said


class Marked:
    """A reader that minds one word, so that no test rests on what a model thinks."""

    model = ("fake-1", "0" * 64)
    scale = Scale(0.0, {"whole": 1.0}, (1.0, 0.0), 0.5, -1.0)

    def __init__(self) -> None:
        self.asked = 0

    def words(self, said: Sequence[Said]) -> float:
        return 0.0 if any("never happened" in one.text for one in said) else -2.0

    def read(self, said: Sequence[Said]) -> Reading:
        self.asked += 1
        found = [0.95 if "never happened" in one.text else 0.02 for one in said]
        ways = dict.fromkeys(DIRECTIONS, 0.1)
        return Reading(max(found), tuple(Opinion(one, ways, dict.fromkeys(TACTICS, 0.1)) for one in found))


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Marked:
    made = Marked()
    monkeypatch.setattr(detector, "load", lambda _folder=None: made)
    return made


def line(id: str, *said: tuple[str, str], start: int = 0) -> str:
    messages = [
        {"id": str(place), "author": who, "at": start + 60 * place, "text": text}
        for place, (who, text) in enumerate(said, 1)
    ]
    return json.dumps({"id": id, "messages": messages}, ensure_ascii=False)


HARM = line("w1", ("Ana", "you shouted at me on Monday"), ("Ben", "😀 that never happened, Ana"))
CALM = line("w2", ("Ana", "tea at four then, as we said"), ("Ben", "lovely, I will bring the cake"))


def run(tmp_path: Path, lines: Sequence[str], *more: str) -> int:
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return main(["detect", str(file), *more])


@pytest.mark.promise("J2")
def test_a_line_in_is_a_line_out(reader: Marked, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, [HARM, CALM], "--json") == 1
    first, second = (json.loads(one) for one in capsys.readouterr().out.splitlines())
    assert set(first) == {"id", "score", "alert", "language", "covered", "signals", "model"}
    signal = first["signals"][0]
    assert {"message_id", "author", "towards", "direction", "tactic", "start", "end", "text", "why"} <= set(signal)
    assert (signal["message_id"], signal["author"], signal["towards"]) == ("2", "Ben", "Ana")
    text = json.loads(HARM)["messages"][1]["text"]
    assert text[signal["start"] : signal["end"]] == signal["text"] and signal["why"]
    assert first["alert"] and not second["alert"] and first["model"] == {"id": "fake-1", "sha256": "0" * 64}


def test_in_words_for_a_person(reader: Marked, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, [CALM]) == 0
    assert "1 windows, 0 to look at. A person decides." in capsys.readouterr().out
    assert run(tmp_path, [HARM]) == 1
    said = capsys.readouterr().out
    assert "possible pattern, have a look" in said and "message 2, Ben, it may be towards Ana" in said
    assert "    before, Ana: “" in said


@pytest.mark.promise("J2")
def test_another_language_is_said_to_be_not_covered(
    reader: Marked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    german = line("w3", ("Ana", "Das habe ich dir am Montag doch alles genau so erzählt"),
                  ("Ben", "Nein, das bildest du dir nur ein, never happened"))  # fmt: skip
    assert run(tmp_path, [german], "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["language"], found["covered"], found["score"], found["signals"]) == ("de", False, 0.0, [])
    assert reader.asked == 0


@pytest.mark.promise("J4")
def test_history_shows_a_pair_that_comes_again(
    reader: Marked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days = [line(f"d{day}", ("Ana", "you shouted at me"), ("Ben", "that never happened, Ana"), start=day * 86_400)
            for day in (0, 3, 6, 9)]  # fmt: skip
    run(tmp_path, days, "--json", "--history")
    pair = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (pair["pair"], pair["hits"]) == (["Ben", "Ana"], 4) and pair["level"] in {"rising", "high"}
    run(tmp_path, days[:1], "--json", "--history")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["level"] == "low"


def test_the_quick_look_asks_the_model_only_where_a_word_points_somewhere(reader: Marked, tmp_path: Path) -> None:
    assert run(tmp_path, [CALM] * 20 + [HARM], "--quick") == 1
    assert reader.asked == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{", "not JSON in UTF-8"), ("[]", "not an object"), ('{"id": 1}', "has no messages"),
        ('{"id": 1, "messages": [{"author": "A"}]}', "has a message without text"),
        ('{"id": 1, "messages": [' + ", ".join(['{"text": "a"}'] * 201) + "]}", "more than 200 messages"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_named_and_the_rest_is_done(
    reader: Marked, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str, said: str
) -> None:
    assert run(tmp_path, [CALM, wrong, HARM], "--json") == 2
    found = capsys.readouterr()
    assert len(found.out.splitlines()) == 2 and "line 2" in found.err and said in found.err
    assert "Traceback" not in found.err


def test_a_wrong_threshold_and_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, [CALM], "--threshold", "2") == 2
    assert main(["detect", str(tmp_path / "none.jsonl")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_damaged_model_is_not_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder: Any = tmp_path / "model"
    folder.mkdir()
    for file in detector.SHIPPED.iterdir():
        (folder / file.name).write_bytes(file.read_bytes() if file.name != "model.onnx" else b"not a model")
    assert small_model.can_run(folder)
    assert run(tmp_path, [HARM], "--model", str(folder)) == 2
    assert "The detector’s file is damaged, so it was not used." in capsys.readouterr().err


@pytest.mark.promise("J2")
@pytest.mark.parametrize("id", [None, "", "7"])
def test_messages_that_share_an_id_are_quoted_with_their_own_words(
    reader: Marked, tmp_path: Path, capsys: pytest.CaptureFixture[str], id: object
) -> None:
    said = [("Ana", "you shouted at me on Monday"), ("Ben", "that never happened, Ana"), ("Cal", "it never happened")]
    messages = [{"id": id, "author": who, "text": text} for who, text in said]
    assert run(tmp_path, [json.dumps({"id": "w", "messages": messages})]) == 1
    words = capsys.readouterr().out
    assert "Ben, it may be towards Ana: “that never happened, Ana”" in words and "“it never happened”" in words
    assert words.count("that never happened") == 1


@pytest.mark.promise("J4")
def test_history_reads_milliseconds_and_text_and_counts_a_message_once(
    reader: Marked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = 1_709_413_200
    days = []
    for day, author in enumerate(("Ben", " Ben", "Ben ", "Ben"), 1):
        at = (first + day * 86_400) * 1000
        days.append(json.dumps({"id": f"d{day}", "messages": [
            {"author": "Ana", "at": at, "text": "you shouted at me"},
            {"author": author, "at": str(at), "text": "that never happened, Ana"},
        ]}))  # fmt: skip
    strange = json.dumps({"id": "s", "messages": [{"author": "Cal", "at": "2999-01-01", "text": "good morning all"}]})
    run(tmp_path, [*days, *days, strange], "--json", "--history")
    found = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    pairs = [one for one in found if "pair" in one]
    assert [(one["pair"], one["hits"]) for one in pairs] == [(["Ben", "Ana"], 4)] and pairs[0]["level"] == "high"


@pytest.mark.promise("J4")
def test_what_has_no_date_is_said_and_not_added_up(
    reader: Marked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = [{"author": who, "text": text} for who, text in (("Ana", "you did"), ("Ben", "that never happened, Ana"))]
    undated = json.dumps({"id": "u", "messages": said})
    run(tmp_path, [HARM, undated], "--json", "--history")
    found = capsys.readouterr()
    assert json.loads(found.out.splitlines()[-1])["hits"] == 1
    assert "1 signal has no date, so it is not added up over time." in found.err
    run(tmp_path, [HARM, undated], "--json")
    assert "no date" not in capsys.readouterr().err


def test_whoever_has_no_name_is_somebody(reader: Marked, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, [line("w", ("", "you shouted at me"), ("", "that never happened"))]) == 1
    words = capsys.readouterr().out
    assert "message 2, somebody" in words and "before, somebody: “" in words
