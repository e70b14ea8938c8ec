"""`doorframe detect audio`: from a recording to seconds to listen to, with the network off and nothing left behind.

The detector's reader is the test's own: it looks for one sentence. What hears is a small program that says what it is
told to say.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from doorframe.adapters import detector
from doorframe.cli import main
from doorframe.engines.detection import judge
from doorframe.engines.detection.conversation import Opinion, Reading
from doorframe.engines.detection.spoken import Said
from tests.adapters.speech import sounds as s
from tests.cli.commands import one_sentence, run

HARM = "that never happened"
ANNA = ["I wrote it down on the day so that I would remember it."]
BEN = ["You are imagining it, that never happened and you know it."]


class Reader:
    """Flags a message in which HARM stands."""

    model = ("test", "0" * 64)
    scale = judge.Scale()

    def words(self, said: Sequence[Said]) -> float:
        return 0.0

    def read(self, said: Sequence[Said]) -> Reading:
        opinions = []
        for one in said:
            at = one.text.find(HARM)
            words = ((one.origin(at), one.origin(at + len(HARM)), 0.9),) if at >= 0 else ()
            share = 0.95 if words else 0.02
            opinions.append(Opinion(share, {"towards": share}, {"denial-of-events": share}, words))
        return Reading(max(one.harm for one in opinions), tuple(opinions))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in: two tracks, both as one file, a program that hears, and a folder for temporary files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(detector, "load", lambda folder=None: Reader())
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    anna = s.joined(s.silence(30), s.voice(4), s.silence(16))
    ben = s.joined(s.silence(40), s.voice(4, 300), s.silence(6))
    s.written(tmp_path / "two.wav", s.wav(anna, ben))
    s.written(tmp_path / "anna.wav", s.wav(anna))
    s.written(tmp_path / "ben.wav", s.wav(ben))
    s.written(tmp_path / "room.wav", s.wav(anna + ben))
    s.written(tmp_path / "silent.wav", s.wav(s.silence(20)))
    hears(tmp_path, {"1": ANNA, "2": BEN})
    return tmp_path


def hears(folder: Path, words: dict[str, list[str]], extra: str = "", every: float = 5) -> None:
    """Write the program: for each track its sentences, one after another, nearly four seconds long."""
    body = (
        f"import json, os, sys, time\nfrom pathlib import Path\nwords = {words!r}\n{extra}\n"
        "said = words.get(Path(sys.argv[1]).stem, [])\n"
        f"print(json.dumps([{{'start': 0.3 + {every} * at, 'end': 4 + {every} * at, 'text': text, 'sure': 0.4}}\n"
        "                  for at, text in enumerate(said)]))\n"
    )
    (folder / "hear.py").write_text(body, encoding="utf-8")


def detect(*arguments: str, speech: bool = True) -> int:
    program = ["--speech", "command", "--command", f'"{sys.executable}" hear.py {{file}}'] if speech else []
    return main.main(["detect", "audio", *arguments, *program])


def left(folder: Path) -> list[Path]:
    return list((folder / "temp").iterdir())


@pytest.mark.promise("J5")
@pytest.mark.parametrize(
    ("arguments", "author", "towards"),
    [
        (["--track", "Anna=anna.wav", "--track", "Ben=ben.wav"], "Ben", "Anna"),
        (["two.wav"], "speaker 2", "speaker 1"),
    ],
)
def test_a_signal_leads_to_the_seconds_and_the_words(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], author: str, towards: str
) -> None:
    assert detect(*arguments) == 1
    out = capsys.readouterr().out
    assert "0:00:50, 2 speakers, heard by command python" in out
    assert "0:00:40 to 0:00:43: possible pattern, have a look (" in out
    assert f"  {author}, it may be towards {towards}: “{BEN[0]}”" in out
    assert (
        "These words may tell somebody that what they remember did not happen." in out
        and "These words may be misheard." in out
    )
    assert "1 windows, 1 to look at. Listen to the seconds yourself: a person decides." in out
    assert left(folder) == []


@pytest.mark.promise("J5")
def test_json_has_the_seconds_of_the_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hears(folder, {"1": ANNA, "2": ["It is nice to be here today.", *BEN]})
    long = s.joined(s.silence(40), s.voice(9, 300), s.silence(6))
    s.written(folder / "ben.wav", s.wav(long))
    assert detect("--track", "Anna=anna.wav", "--track", "Ben=ben.wav", "--json") == 1
    (line,) = capsys.readouterr().out.splitlines()
    result = json.loads(line)
    (found,) = [one for one in result["signals"] if one["author"] == "Ben"]
    assert found["start_seconds"] == pytest.approx(45, abs=0.2) and found["end_seconds"] == pytest.approx(
        48.75, abs=0.3
    )
    assert (found["text"], found["towards"], found["direction"], found["sure"]) == (BEN[0], "Anna", "towards", 0.4)
    assert found["tactic"][0][0] == "denial-of-events" and found["score"] > 0.5
    assert found["manner"] == [] and found["pace"] > 0 and found["louder"] is None
    assert (result["alert"], result["covered"], result["language"], result["model"]["id"]) == (True, True, "en", "test")
    speech = result["speech"]
    assert (speech["seconds"], speech["speakers"], speech["estimated"]) == (55, ["Anna", "Ben"], False)
    assert speech["spoken"] == pytest.approx(14, abs=0.8)


def test_on_one_track_nobody_says_who_it_was(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hears(folder, {"1": [*ANNA, *BEN]})
    assert detect("room.wav") == 1
    out = capsys.readouterr().out
    assert "voices not told apart" in out and "All voices are on one track" in out
    assert f"  speaker unknown: “{BEN[0]}”" in out and "towards" not in out


def test_how_it_was_said_stands_beside_it_and_is_called_no_proof(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = "We can talk about the plan for the week."
    turns = [s.joined(s.voice(4, loud=0.1), s.silence(3)) for _ in range(6)]
    s.written(folder / "ben.wav", s.wav(s.joined(*turns, s.voice(4, loud=0.4), s.silence(3))))
    hears(folder, {"2": [usual] * 6 + [f"{BEN[0]} {BEN[0]}"]}, every=5.5)
    assert detect("--track", "Anna=anna.wav", "--track", "Ben=ben.wav") == 1
    out = capsys.readouterr().out
    assert "sound: spoken faster than usual for this voice (" in out and "louder than usual for this voice" in out
    assert "It proves nothing about a person." in out


def test_nothing_to_look_at_is_nought(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hears(folder, {"1": ANNA})
    assert detect("anna.wav") == 0
    assert "1 windows, 0 to look at." in capsys.readouterr().out
    assert detect("anna.wav", "--threshold", "0") == 1


def test_a_recording_without_a_word(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert detect("silent.wav") == 0
    assert capsys.readouterr().out == "silent.wav: 0:00:20, and no word in it was heard.\n"
    assert detect("silent.wav", "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["covered"], result["signals"], result["speech"]["seconds"]) == (False, [], 20)


def test_another_language_is_not_scored_in_silence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hears(folder, {"1": ["Das habe ich nie gesagt und du weißt das auch ganz genau, so war es nicht."]})
    assert detect("anna.wav") == 0
    assert "1 windows are not in English; they are not covered" in capsys.readouterr().out


def test_words_without_times_are_told_to_be_an_estimate(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "hear.py").write_text(f"print({BEN[0]!r})")
    assert detect("room.wav") == 1
    assert "the seconds are an estimate" in capsys.readouterr().out


# --- what cannot be done


WITH_READER = """
import sys
from doorframe.adapters import detector
from doorframe.cli import main
from tests.cli.test_detect_audio import Reader
detector.load = lambda folder=None: Reader()
sys.exit(main.main(sys.argv[1:]))
"""
"""The command with the test's own reader, as a program of its own."""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["two.wav"], "two.wav: No engine for speech is chosen"),
        ([], "Name one recording, or one --track"),
        (["two.wav", "--track", "Anna=anna.wav"], "Name one recording, or one --track"),
        (["--track", "anna.wav"], "--track is a name, = and a file"),
        (["--track", "=anna.wav"], "--track is a name, = and a file"),
        (["--track", "Anna=anna.wav", "--track", "anna =ben.wav"], "the same name"),
        (["nowhere.wav"], "There is no file nowhere.wav."),
        (["two.wav", "--threshold", "much"], "--threshold is"),
        (["two.wav", "--speech", "command"], "two.wav: --command needs the place of the file"),
        (["two.wav", "--speech", "whisper", "--model", "nowhere"], "two.wav: "),
        (["hear.py", "--speech", "command", "--command", "python3 {file}"], "hear.py: This is no recording"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert detect(*arguments, speech=False) == 2
    captured = capsys.readouterr()
    assert one_sentence(captured.err).startswith(sentence) or sentence in captured.err
    assert captured.out == "" and left(folder) == []


@pytest.mark.promise("J5")
def test_a_program_that_fails_leaves_nothing_and_tells_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extra = "Path('left.txt').write_text('Anna said'); print('Anna said'); sys.stderr.write('Anna said'); sys.exit(1)"
    hears(folder, {}, extra)
    assert detect("two.wav") == 2
    captured = capsys.readouterr()
    assert "stopped with an error" in one_sentence(captured.err)
    assert "Anna" not in captured.err + captured.out and left(folder) == []
    assert sorted(path.name for path in folder.iterdir()) == [
        "anna.wav", "ben.wav", "hear.py", "room.wav", "silent.wav", "temp", "two.wav",
    ]  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals there")
def test_ended_by_a_signal_it_tidies_up_and_ends_its_program(folder: Path, checkout: Path) -> None:
    hears(folder, {}, "Path('../../running').write_text(str(os.getpid())); time.sleep(600)")
    command = [sys.executable, "-c", WITH_READER, "detect", "audio", "two.wav", "--speech", "command"]
    process = subprocess.Popen(
        [*command, "--command", f'"{sys.executable}" hear.py {{file}}'], stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(checkout), "TMPDIR": str(folder / "temp")},
    )  # fmt: skip
    running = folder / "running"
    until = time.monotonic() + 60
    while not (running.exists() and running.read_text()) and process.poll() is None and time.monotonic() < until:
        os.sched_yield()
    assert len(left(folder)) == 1
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (128 + signal.SIGTERM, b"")
    assert left(folder) == []
    with pytest.raises(ProcessLookupError):
        os.kill(int(running.read_text()), 0)


# --- the network is off


OFF = """
import sys

def off(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        sys.stderr.write("NETWORK: " + event)
        raise OSError("the network is off")

sys.addaudithook(off)
import socket
try:
    socket.create_connection(("127.0.0.1", 9))
except OSError as error:
    assert "off" in str(error)
else:
    raise AssertionError("the network is on")
sys.stderr.write("-- ")
"""


@pytest.mark.promise("J5")
def test_all_of_it_runs_with_the_network_off(folder: Path, checkout: Path) -> None:
    arguments = [
        "detect",
        "audio",
        "two.wav",
        "--speech",
        "command",
        "--command",
        f'"{sys.executable}" hear.py {{file}}',
    ]
    done = subprocess.run(
        [sys.executable, "-c", OFF + WITH_READER, *arguments], capture_output=True, text=True, encoding="utf-8",
        timeout=120, env={**os.environ, "PYTHONPATH": str(checkout), "TMPDIR": str(folder / "temp")}, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert done.stderr.partition("-- ")[2] == "", "nothing reached for the network"
    assert HARM in done.stdout and "0:00:40 to" in done.stdout
    assert left(folder) == []


def test_help_is_there_and_names_it(tmp_path: Path) -> None:
    assert "NAME=FILE" in run("detect", "audio", "--help").stdout
    assert "detect audio" in run().stdout
