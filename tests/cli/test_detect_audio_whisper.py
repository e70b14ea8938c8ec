"""`doorframe detect audio --speech whisper`, all of it real: recordings of speech, Whisper, Doorframe's own detector.

Every run is a program of its own with the network off.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.speech import talk
from tests.cli.commands import one_sentence
from tests.cli.test_detect_audio import OFF

MOST_APART = 1.5
"""Seconds."""

WITNESSED = """
import os
wrote = []

def written(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, os.PathLike)):
        path, mode = os.fspath(arguments[0]), arguments[1]
        if mode and set(mode) & set("wax+"):
            wrote.append((path, oct(os.stat(os.path.dirname(path) or ".").st_mode & 0o777)))

sys.addaudithook(written)
from doorframe.cli import main
try:
    code = main.main(sys.argv[1:])
except SystemExit as stop:
    code = stop.code
import json
with open(os.environ["WITNESS"], "w") as file:
    json.dump(wrote[:-1], file)
sys.exit(code)
"""
"""The command, which writes down each file that is opened to be written, and who may look into its folder."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return talk.model_in(tmp_path_factory.mktemp("model"))


@pytest.fixture
def trap() -> Iterator[talk.Trap]:
    made = talk.Trap()
    yield made
    made.close()


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The folder in which the command makes its temporary files."""
    place = tmp_path / "temp"
    place.mkdir()
    return place


def detect(temporary: Path, trap: talk.Trap, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command with the network off: Python asks nobody, and what is beneath it would walk into the trap."""
    around = {
        **os.environ, **trap.surroundings, "PYTHONUTF8": "1", "WITNESS": str(temporary.parent / "witness.json"),
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)),
        **dict.fromkeys(("XDG_CACHE_HOME", "LOCALAPPDATA"), str(temporary.parent / "cache")),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", OFF + WITNESSED, "detect", "audio", *map(str, arguments), "--speech", "whisper"],
        capture_output=True, text=True, encoding="utf-8", timeout=120, env=around, check=False,
    )  # fmt: skip
    assert trap.came == 0
    # What comes first is the proof that the network is off.
    done.stderr = done.stderr.partition("-- ")[2]
    return done


LOW = ("--threshold", "0.8")
"""With voices not told apart the same words are a near miss: .88 beside a threshold of .90. With tracks it is .96."""


def wrote(temporary: Path) -> list[tuple[Path, str]]:
    """What the command wrote, and the mode of the folder in which it wrote."""
    # Compiled Python and parsed content are no trace of a recording.
    others = ("__pycache__", str(temporary.parent / "cache"))
    found = json.loads((temporary.parent / "witness.json").read_text(encoding="utf-8"))
    return [(Path(path), mode) for path, mode in found if not any(other in path for other in others)]


@pytest.mark.promise("J5")
def test_from_speech_to_the_seconds_to_listen_to(model: Path, temporary: Path, trap: talk.Trap) -> None:
    before = {path: path.read_bytes() for _, path in talk.TRACKS}
    tracks = [word for name, path in talk.TRACKS for word in ("--track", f"{name}={path}")]
    done = detect(temporary, trap, *tracks, "--model", model, "--json")
    assert (done.returncode, done.stderr) == (1, "")
    (line,) = done.stdout.splitlines()
    result = json.loads(line)
    assert (result["alert"], result["covered"], result["language"]) == (True, True, "en")
    assert result["model"]["id"].startswith("detection-"), "Doorframe’s own"
    first = max(result["signals"], key=lambda one: float(one["score"]))
    assert (first["author"], first["direction"]) == (talk.HARM.speaker, "towards")
    assert set(talk.words(first["text"])) <= set(talk.words(talk.HARM.text)) and "imagining" in first["text"]
    assert talk.HARM.start - MOST_APART <= first["start_seconds"] < first["end_seconds"]
    assert first["end_seconds"] <= talk.HARM.end + MOST_APART
    speech = result["speech"]
    assert speech["engine"] == f"whisper whisper-tiny.en {talk.FILES['model.bin'][:12]}"
    assert speech["speakers"] == list(talk.SPEAKERS) and speech["seconds"] == pytest.approx(talk.SECONDS, abs=0.1)
    # A piece of speech for each track, where only this person may look, and gone.
    found = wrote(temporary)
    assert sorted(path.name for path, _ in found if path.suffix == ".wav") == ["1.wav", "2.wav", "3.wav"]
    assert all(temporary in path.parents and not path.exists() for path, _ in found), found
    assert os.name == "nt" or {mode for path, mode in found if path.suffix == ".wav"} == {"0o700"}
    assert list(temporary.iterdir()) == []
    assert {path: path.read_bytes() for _, path in talk.TRACKS} == before


@pytest.mark.promise("J5")
def test_one_track_for_all_in_words(model: Path, temporary: Path, trap: talk.Trap) -> None:
    done = detect(temporary, trap, talk.ROOM, "--model", model, "--sha256", talk.FILES["model.bin"], *LOW)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(
        "room.ogg: 0:00:44, voices not told apart, heard by whisper whisper-tiny.en 1a5afae06a4d"
    )
    (place,) = (at for at, line in enumerate(lines) if "imagining things" in line)
    assert lines[place].startswith("  speaker unknown: “")
    start, end = (int(clock[-2:]) for clock in lines[place - 1].partition(": possible")[0].split(" to "))
    assert talk.HARM.start - MOST_APART - 1 <= start < end <= talk.HARM.end + MOST_APART
    assert "Listen to the seconds yourself: a person decides." in done.stdout
    assert list(temporary.iterdir()) == []


def test_another_model_is_refused_before_anything_is_written(model: Path, temporary: Path, trap: talk.Trap) -> None:
    done = detect(temporary, trap, talk.ROOM, "--model", model, "--sha256", "0" * 64)
    assert done.returncode == 2 and done.stdout == ""
    sentence = one_sentence(done.stderr)
    assert sentence.startswith("room.ogg: model.bin in the folder of the Whisper model is not the file whose hash")
    assert wrote(temporary) == [] and list(temporary.iterdir()) == []
