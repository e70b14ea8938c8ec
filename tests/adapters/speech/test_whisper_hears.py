"""Whisper itself, its smallest model, and people who speak: words, seconds, speakers, the hash, and no network.

Three voices of espeak-ng speak in the recordings; speak.py made them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from doorframe.adapters.speech import UNKNOWN, Missing, engines, hearing
from doorframe.adapters.speech.hearing import Heard
from doorframe.adapters.speech.whisper import NEEDED, Whisper, check
from tests.adapters.speech import sounds as s
from tests.adapters.speech import talk

MOST_WRONG = 0.15
"""Words in error for each that was said. Seen: .02 to .06; each kind of processor rounds in its own way."""

MOST_APART = 1.5
"""Seconds between when a turn was spoken and when it is said to have been."""

SLOWEST = 1.5
"""Seconds of one core for each second of a recording, reading the model included. Seen: .1."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return talk.model_in(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def engine(model: Path) -> Whisper:
    return Whisper(model)


@pytest.fixture(scope="module")
def tracks(engine: Whisper) -> Heard:
    """The recording with a track for each speaker, heard."""
    return hearing.hear(talk.TRACKS, engine)


@pytest.fixture(scope="module")
def room(engine: Whisper) -> Heard:
    """The recording with everybody on one track, heard."""
    return hearing.hear([("", talk.ROOM)], engine)


@pytest.fixture
def trap() -> Iterator[talk.Trap]:
    made = talk.Trap()
    yield made
    made.close()


def test_word_errors_count_what_is_changed_missing_and_too_much() -> None:
    said = talk.words("That never happened, you’re confused.")
    assert said == ["that", "never", "happened", "you're", "confused"]
    assert talk.word_errors(said, said) == 0
    assert talk.word_errors(said, talk.words("that never happens you're so confused")) == 2 / 5
    assert talk.word_errors(said, ["never", "happened"]) == 3 / 5
    assert talk.word_errors(said, []) == 1


@pytest.mark.parametrize("which", ["room", "tracks"])
def test_the_words_are_heard(which: str, request: pytest.FixtureRequest) -> None:
    heard: Heard = request.getfixturevalue(which)
    said = talk.words(" ".join(one.text for one in talk.SAID))
    found = talk.words(" ".join(one.text for one in heard.transcript.segments))
    assert len(said) > 70 and talk.word_errors(said, found) <= MOST_WRONG, " ".join(found)
    assert heard.transcript.engine == f"whisper whisper-tiny.en {talk.FILES['model.bin'][:12]}"
    assert heard.transcript.seconds == pytest.approx(talk.SECONDS, abs=0.1) and not heard.transcript.estimated


@pytest.mark.parametrize("which", ["room", "tracks"])
def test_each_turn_stands_at_the_seconds_at_which_it_was_spoken(which: str, request: pytest.FixtureRequest) -> None:
    heard: Heard = request.getfixturevalue(which)
    left = list(heard.transcript.segments)
    for turn in talk.SAID:
        found = talk.within(turn, left)
        assert found, turn.text
        assert found[0].start == pytest.approx(turn.start, abs=MOST_APART), turn.text
        assert found[-1].end == pytest.approx(turn.end, abs=MOST_APART), turn.text
        assert talk.word_errors(talk.words(turn.text), talk.words(" ".join(one.text for one in found))) < 0.6
        left = [one for one in left if one not in found]
    assert left == [], "nothing is heard where nobody speaks"


def test_a_track_tells_who_speaks_and_one_for_all_tells_nothing(room: Heard, tracks: Heard) -> None:
    assert {one.speaker for one in room.transcript.segments} == {UNKNOWN}
    assert {one.speaker for one in tracks.transcript.segments} == set(talk.SPEAKERS)
    for turn in talk.SAID:
        assert {one.speaker for one in talk.within(turn, tracks.transcript.segments)} == {turn.speaker}
    assert all(0 < (one.sure or 0) <= 1 for one in tracks.transcript.segments)


@pytest.mark.parametrize("hiss", [None, -70, -60])
def test_silence_has_no_words(engine: Whisper, tmp_path: Path, hiss: float | None) -> None:
    """The engine by itself hears “You” in twenty seconds of nothing, as it was taught by films with their subtitles."""
    sound = s.silence(20) if hiss is None else s.noise(20, hiss)
    found = hearing.hear([("", s.written(tmp_path / "silent.wav", s.wav(sound)))], engine)
    assert (found.transcript.segments, found.spoken) == ((), 0)


def test_it_hears_much_faster_than_people_speak(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    began, worked = time.monotonic(), time.process_time()
    heard = hearing.hear([("", talk.ROOM)], Whisper(model))
    # All cores together, so that a busy machine and one with many cores give the same figure.
    worked, passed = time.process_time() - worked, time.monotonic() - began
    seconds = heard.transcript.seconds
    with capsys.disabled():
        print(f"\nwhisper tiny.en: {worked / seconds:.2f} s of one core for a second ({passed / seconds:.2f} s passed)")
    assert heard.transcript.segments and worked / seconds < SLOWEST


# --- the hash


@pytest.mark.parametrize("name", talk.FILES)
def test_one_changed_byte_is_refused(model: Path, tmp_path: Path, name: str) -> None:
    assert check(model) == talk.FILES["model.bin"]
    other = linked(model, tmp_path / "other", without=name)
    data = bytearray((model / name).read_bytes())
    data[len(data) // 2] ^= 1
    (other / name).write_bytes(data)
    with pytest.raises(
        Missing, match=f"^{name} in the folder .* is not the file whose hash was given.* Fetch"
    ) as error:
        engines.choose("whisper", model=other)
    assert str(other) not in str(error.value)


def linked(model: Path, folder: Path, *, without: str) -> Path:
    """The model in another folder with one file left out; the large one is not copied."""
    folder.mkdir()
    for path in model.iterdir():
        if path.name != without:
            os.link(path, folder / path.name)
    return folder


# --- no network


BY_ITSELF = """
import sys
from faster_whisper import WhisperModel
WhisperModel(sys.argv[1], device="cpu", compute_type="int8", local_files_only=True)
"""
OURS = """
import sys
from pathlib import Path
from doorframe.adapters.speech import whisper
whisper._load(Path(sys.argv[1]))
"""
HEARS = """
import sys
from pathlib import Path
from doorframe.adapters.speech.whisper import Whisper
print(len(Whisper(Path(sys.argv[1])).transcribe(Path(sys.argv[2])).segments))
"""


def ran(code: str, trap: talk.Trap, home: Path, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """A program that would find nothing fetched before, and whose every way out leads to the trap."""
    around = {**os.environ, **trap.surroundings, "HF_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", timeout=120, env=around, check=False,
    )  # fmt: skip


@pytest.mark.promise("J5")
def test_the_model_is_read_and_nobody_is_asked(model: Path, tmp_path: Path, trap: talk.Trap) -> None:
    sound = s.written(tmp_path / "1.wav", s.wav(s.voice(2)))
    done = ran(HEARS, trap, tmp_path / "home", model, sound)
    assert (done.returncode, done.stderr) == (0, "") and int(done.stdout) >= 0
    assert trap.came == 0 and not (tmp_path / "home").exists()


@pytest.mark.promise("J5")
def test_what_the_package_would_fetch_by_itself_is_not_fetched(model: Path, tmp_path: Path, trap: talk.Trap) -> None:
    lacks = linked(model, tmp_path / "lacks", without="tokenizer.json")
    assert "tokenizer.json" in NEEDED
    with pytest.raises(Missing, match=r"has no tokenizer\.json"):
        Whisper(lacks)
    # Were that check not there, its settings alone would keep it here.
    done = ran(OURS, trap, tmp_path / "home", lacks)
    assert done.returncode == 1 and "LocalEntryNotFoundError" in done.stderr
    assert trap.came == 0
    # And this is what it does without them, so that the trap is known to catch.
    assert ran(BY_ITSELF, trap, tmp_path / "home", lacks).returncode == 1
    assert trap.came > 0
