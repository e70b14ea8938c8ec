"""Whisper: only from a folder whose hash is right, never from the network. The package itself is played by the test."""

from __future__ import annotations

import hashlib
import importlib.util
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from doorframe.adapters.speech import UNKNOWN, Missing, NotHeard, engines, whisper
from doorframe.adapters.speech.whisper import MANIFEST, Whisper, check
from tests.adapters.speech import sounds as s

FILES = {"model.bin": b"weights", "config.json": b"{}", "tokenizer.json": b"{}", "vocabulary.txt": b"a"}


def word(text: str, start: float, end: float) -> SimpleNamespace:
    return SimpleNamespace(word=text, start=start, end=end)


def segment(*words: SimpleNamespace, logprob: float = -0.1) -> SimpleNamespace:
    text = "".join(one.word for one in words)
    return SimpleNamespace(start=words[0].start, end=words[-1].end, text=text, words=list(words), avg_logprob=logprob)


class Played:
    """Stands for faster_whisper.WhisperModel and writes down how it was called."""

    calls: list[tuple[str, dict[str, Any], dict[str, str | None]]] = []
    heard: list[tuple[int, str, dict[str, Any]]] = []
    answer: list[Any] = []
    error: Exception | None = None

    def __init__(self, folder: str, **options: Any) -> None:
        names = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
        Played.calls.append((folder, options, {name: os.environ.get(name) for name in names}))

    def transcribe(self, samples: Any, **options: Any) -> tuple[Iterator[Any], Any]:
        Played.heard.append((len(samples), str(samples.dtype), options))

        def found() -> Iterator[Any]:
            if Played.error:
                raise Played.error
            yield from Played.answer

        return found(), None


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> type[Played]:
    """faster-whisper as the test plays it."""
    module = ModuleType("faster_whisper")
    module.WhisperModel = Played  # type: ignore[attr-defined]
    module.__spec__ = importlib.util.spec_from_loader("faster_whisper", None)
    monkeypatch.setitem(sys.modules, "faster_whisper", module)
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "0")
    Played.calls, Played.heard, Played.answer, Played.error = [], [], [], None
    return Played


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder with a model and its manifest, as sha256sum writes it."""
    folder = tmp_path / "base.en"
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    (folder / MANIFEST).write_text("".join(f"{sha256(data)}  {name}\n" for name, data in FILES.items()))
    return folder


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return s.written(tmp_path / "1.wav", s.wav(s.voice(4)))


@pytest.mark.promise("J5")
def test_the_model_is_read_from_its_folder_and_never_fetched(package: type[Played], model: Path, sound: Path) -> None:
    package.answer = [segment(word(" That", 0.1, 0.4), word(" never", 0.4, 0.8))]
    engine = Whisper(model)
    assert package.calls == [], "the model is read when it is needed"
    found = [engine.transcribe(sound), engine.transcribe(sound)][0]
    ((folder, options, surroundings),) = package.calls
    assert folder == str(model) and options["local_files_only"] is True and options["device"] == "cpu"
    assert surroundings == {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    length, kind, asked = package.heard[0]
    assert (length, kind, asked["vad_filter"]) == (64_000, "float32", False)
    (one,) = found.segments
    assert (one.start, one.end, one.speaker, one.text) == (0.1, 0.8, UNKNOWN, "That never")
    assert one.sure == pytest.approx(math.exp(-0.1), abs=0.001)
    assert found.engine == f"whisper base.en {sha256(b'weights')[:12]}" and found.seconds == 4


def test_a_segment_is_cut_where_nobody_speaks(package: type[Played], model: Path, sound: Path) -> None:
    package.answer = [segment(word(" One", 0, 1), word(" two", 1.2, 1.5), word(" three\u202e", 2.6, 3)),
                      SimpleNamespace(start=3, end=3.5, text=" four", words=None, avg_logprob=0.2),
                      SimpleNamespace(start=3, end=3.5, text=" \n", words=[], avg_logprob=-1)]  # fmt: skip
    found = Whisper(model).transcribe(sound)
    assert [(one.start, one.end, one.text, one.sure) for one in found.segments] == [
        (0, 1.5, "One two", 0.905), (2.6, 3, "three", 0.905), (3, 3.5, "four", 1.0),
    ]  # fmt: skip


@pytest.mark.parametrize("error", [RuntimeError("Anna"), ValueError("Anna"), OSError("Anna")])
def test_an_error_inside_is_a_sentence(package: type[Played], model: Path, sound: Path, error: Exception) -> None:
    package.error = error
    with pytest.raises(NotHeard, match="stopped with an error") as found:
        Whisper(model).transcribe(sound)
    assert "Anna" not in str(found.value) and found.value.__suppress_context__


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, model: Path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Missing, match=r"doorframe\[speech\]"):
        Whisper(model)


def test_without_a_folder_it_says_so(package: type[Played]) -> None:
    with pytest.raises(Missing, match=r"--model.*fetches none"):
        engines.choose("whisper")
    with pytest.raises(Missing, match="no such folder"):
        engines.choose("whisper", model=Path("nowhere"))


# --- the hash


def test_a_manifest_or_a_hash_will_do(model: Path) -> None:
    assert check(model) == check(model, sha256(b"weights").upper()) == sha256(b"weights")
    (model / MANIFEST).unlink()
    assert check(model, f" {sha256(b'weights')}\n") == sha256(b"weights")


def test_a_manifest_may_hold_stars_and_itself(model: Path) -> None:
    lines = [f"{sha256(data)} *{name}" for name, data in FILES.items()] + [f"{sha256(b'')} *{MANIFEST}", ""]
    (model / MANIFEST).write_text("\r\n".join(lines))
    assert check(model) == sha256(b"weights")


@pytest.mark.parametrize("name", FILES)
def test_another_file_is_refused(model: Path, name: str) -> None:
    (model / name).write_bytes(b"something else")
    with pytest.raises(Missing, match=f"{name} .* is not the file"):
        check(model)


def test_both_hashes_must_be_right(model: Path) -> None:
    with pytest.raises(Missing, match="is not the file"):
        check(model, sha256(b"other"))
    (model / MANIFEST).unlink()
    for wrong in (sha256(b"other"), "abc", "0" * 64):
        with pytest.raises(Missing, match="is not the file"):
            check(model, wrong)


def test_without_any_hash_nothing_is_read(model: Path) -> None:
    (model / MANIFEST).unlink()
    with pytest.raises(Missing, match=r"Nothing says which model .*sha256sum"):
        check(model)
    (model / MANIFEST).write_text("\n")
    with pytest.raises(Missing, match="Nothing says which model"):
        check(model)


@pytest.mark.parametrize("name", whisper.NEEDED)
def test_a_folder_that_lacks_a_file_would_make_the_package_fetch_it(model: Path, name: str) -> None:
    (model / name).unlink()
    with pytest.raises(Missing, match=f"has no {name}"):
        check(model)


def test_a_manifest_must_name_everything_that_matters(model: Path) -> None:
    (model / MANIFEST).write_text(f"{sha256(b'weights')}  model.bin\n")
    with pytest.raises(Missing, match=r"does not name config\.json"):
        check(model)


@pytest.mark.parametrize(
    "line", ["model.bin", "abc  model.bin", f"{'0' * 64}  ../model.bin", f"{'0' * 64}  /etc/passwd", "<html>"]
)
def test_a_manifest_that_is_none_is_refused(model: Path, line: str) -> None:
    with (model / MANIFEST).open("a") as file:
        file.write(line + "\n")
    with pytest.raises(Missing, match="has a line that is not"):
        check(model)


def test_a_manifest_that_names_what_is_gone_is_refused(model: Path) -> None:
    (model / "vocabulary.txt").unlink()
    with pytest.raises(Missing, match=r"vocabulary\.txt .* is not the file"):
        check(model)
