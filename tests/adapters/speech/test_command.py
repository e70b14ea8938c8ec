"""A program of one's own: what it is given, what it may answer, how long it may take; nothing it says is trusted."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from doorframe.adapters.speech import UNKNOWN, Missing, NotHeard, answers, command
from doorframe.adapters.speech.command import Command
from tests.adapters.speech import sounds as s

on_posix = pytest.mark.skipif(os.name == "nt", reason="processes are told apart in another way there")


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Ten seconds in a folder of their own, as hearing.hear writes them."""
    folder = tmp_path / "private"
    folder.mkdir()
    return s.written(folder / "1.wav", s.wav(s.voice(10)))


def program(tmp_path: Path, body: str) -> Command:
    path = tmp_path / "my program.py"
    path.write_text(f"import json, os, sys, time\nfrom pathlib import Path\n{body}\n", encoding="utf-8")
    return Command(f'"{sys.executable}" "{path}" "{{file}}" --and "$HOME; echo hi"')


def said(tmp_path: Path, sound: Path, answer: str) -> list[tuple[float, float, str, str]]:
    found = program(tmp_path, f"sys.stdout.write({answer!r})").transcribe(sound)
    return [(one.start, one.end, one.speaker, one.text) for one in found.segments]


def test_it_is_called_without_a_shell_in_a_folder_that_goes(tmp_path: Path, sound: Path) -> None:
    body = (
        "Path('left.txt').write_text('x')\n"
        "told = [sys.argv[1:], os.getcwd(), os.environ['TMPDIR'], os.environ['HF_HUB_OFFLINE'], sys.stdin.read()]\n"
        "print(json.dumps([{'start': 1, 'end': 2, 'text': json.dumps(told)}]))"
    )
    found = program(tmp_path, body).transcribe(sound)
    arguments, folder, temporary, offline, stdin = json.loads(found.segments[0].text)
    assert arguments == [str(sound), "--and", "$HOME; echo hi"]
    assert folder == temporary == str(sound.parent) and (sound.parent / "left.txt").exists()
    assert (offline, stdin, found.seconds, found.estimated) == ("1", "", 10, False)
    assert found.engine == f"command {Path(sys.executable).name}"


def test_a_file_beside_which_it_is_called_is_found(
    tmp_path: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hear.py").write_text("print('words')")
    monkeypatch.chdir(tmp_path)
    assert Command(f'"{sys.executable}" hear.py {{file}}').transcribe(sound).segments[0].text == "words"


@pytest.mark.parametrize(
    "answer",
    [
        '[{"start": 1, "end": 2.5, "text": " One "}, {"start": 3, "end": 4, "text": "two"}]',
        '{"language": "en", "segments": [{"start": 1, "end": 2.5, "text": "One"}, '
        '{"start": 3, "end": 4, "text": "two"}]}',
        '{"start": 1, "end": 2.5, "text": "One"}\n{"start": 3, "end": 4, "text": "two"}\n',
        '{"transcription": [{"offsets": {"from": 1000, "to": 2500}, "text": "One"}, '
        '{"offsets": {"from": 3000, "to": 4000}, "text": "two"}]}',
        "[00:00:01.000 --> 00:00:02.500]  One\n[00:00:03.000 --> 00:00:04.000]  two\n",
        "1\n00:00:01,000 --> 00:00:02,500\nOne\n\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n",
        "WEBVTT\n\n00:01.000 --> 00:02.500\nOne\n\n00:03.000 --> 00:04.000\ntwo\n",
        "1.0\t2.5\tOne\n3 4 two\n",
        "\ufeff3 4 two\n1.0 2.5 One\n",
    ],
)
def test_answers_of_many_programs_are_understood(tmp_path: Path, sound: Path, answer: str) -> None:
    assert said(tmp_path, sound, answer) == [(1, 2.5, UNKNOWN, "One"), (3, 4, UNKNOWN, "two")]


def test_words_without_times_are_spread_and_that_is_told(tmp_path: Path, sound: Path) -> None:
    found = program(tmp_path, "print('aaaa'); print(); print('bbbbbb')").transcribe(sound)
    assert [(one.start, one.end, one.text) for one in found.segments] == [(0, 4, "aaaa"), (4, 10, "bbbbbb")]
    assert found.estimated


def test_no_word_is_an_answer_too(tmp_path: Path, sound: Path) -> None:
    for answer in ("", "\n", "[]", '{"segments": []}', '[{"start": 0, "end": 1, "text": "  "}]'):
        assert said(tmp_path, sound, answer) == []


def test_speakers_and_how_sure_it_is_are_taken(tmp_path: Path) -> None:
    data = json.dumps([
        {"start": 0, "end": 1, "text": "a", "speaker": "Anna", "confidence": 0.5},
        {"start": 1, "end": 2, "text": "b", "speaker": 7, "sure": 99},
        {"start": 2, "end": 3, "text": "c", "speaker": ["x"], "sure": "very"},
    ])  # fmt: skip
    found, _ = answers.read(data.encode(), 10)
    assert [(one.speaker, one.sure) for one in found] == [("Anna", 0.5), ("7", 1), (UNKNOWN, 0)]


HOSTILE = {
    "times": '[{"start": NaN, "end": Infinity, "text": "a"}, {"start": -5, "end": 1e999, "text": "b"}, '
             '{"start": 9, "end": 2, "text": "c"}, {"start": true, "end": "2", "text": "d"}, '
             '{"start": null, "text": "e"}]',
    "kinds": '[null, 3, "x", [], {"text": 5}, {"text": null}, {"start": 1, "end": 2, "text": "kept"}]',
    "signs": '[{"start": 1, "end": 2, "text": "a\\u202e\\u0000\\u001b[31m\\ud800 b\\r\\nc", '
             '"speaker": "x\\u202ey\\n"}]',
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answers_become_plain_words_within_the_recording(name: str) -> None:
    found, _ = answers.read(HOSTILE[name].encode(), 10)
    assert found
    for one in found:
        assert 0 <= one.start <= one.end <= 10
        assert (one.text + one.speaker).isprintable()
        one.text.encode()


def test_there_is_an_end_to_words_segments_and_speakers() -> None:
    long, _ = answers.read(json.dumps([{"start": 0, "end": 1, "text": "word " * 100_000}]).encode(), 10)
    assert len(long[0].text) <= 5000
    rows = [{"start": 0, "end": 1, "text": "a", "speaker": f"s{number}" * 50} for number in range(60_000)]
    many, _ = answers.read(json.dumps(rows).encode(), 10)
    assert len(many) == answers.MOST
    assert len({one.speaker for one in many}) <= answers.MOST_SPEAKERS + 1
    assert max(len(one.speaker) for one in many) <= 60
    lines, _ = answers.read(b"word\n" * 60_000, 10)
    assert len(lines) == answers.MOST


@pytest.mark.parametrize("answer", ["[" * 100_000, '{"segments": 5}', '{"segments"', '[{"start": 1,', "{'a': 1}"])
def test_what_is_not_understood_is_a_sentence(answer: str) -> None:
    with pytest.raises(NotHeard, match="no form that is understood") as error:
        answers.read(answer.encode(), 10)
    assert error.value.__suppress_context__ or error.value.__context__ is None


def test_bytes_that_are_no_text_are_words_or_nothing(tmp_path: Path) -> None:
    found, _ = answers.read(b"\xff\xfe\x00Anna\x00 1 2 \x80\n", 10)
    assert all(one.text.isprintable() for one in found)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("print('Anna'); sys.stderr.write('Anna'); sys.exit(3)", "stopped with an error"),
        ("os.kill(os.getpid(), 9)", "stopped with an error"),
        ("while True: sys.stdout.write('Anna ' * 10_000)", "more than"),
    ],
)
def test_a_program_that_fails_is_a_sentence(tmp_path: Path, sound: Path, body: str, sentence: str,
                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(command, "LARGEST", 300_000)
    with pytest.raises(NotHeard, match=sentence) as error:
        program(tmp_path, body).transcribe(sound)
    assert "Anna" not in str(error.value)


@on_posix
def test_a_program_that_takes_too_long_is_ended_with_all_it_started(
    tmp_path: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "LEAST_SECONDS", 1.5)
    monkeypatch.setattr(command, "PER_SECOND", 0)
    ids = tmp_path / "ids"
    body = (
        "import subprocess\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"Path({str(ids)!r}).write_text(f'{{os.getpid()}} {{child.pid}}')\n"
        "print('Anna', flush=True); time.sleep(600)"
    )
    began = time.monotonic()
    with pytest.raises(NotHeard, match="took too long"):
        program(tmp_path, body).transcribe(sound)
    assert time.monotonic() - began < 30
    numbers = [int(number) for number in ids.read_text().split()]
    # Whoever is killed is gone when the system comes to it, on a busy machine a moment later.
    while time.monotonic() - began < 60 and not all(map(gone, numbers)):
        time.sleep(0.05)
    assert all(map(gone, numbers))


def gone(number: int) -> bool:
    """Whether a process has ended; one that its new parent has not taken note of yet counts as ended."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def test_longer_recordings_give_it_more_time() -> None:
    assert command._limit(10) >= 120 and command._limit(7200) > command._limit(60) + 7200


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "needs the place of the file"),
        ("python3 hear.py", "needs the place of the file"),
        ('python3 "hear.py {file}', "without an end"),
        ("no-such-program-anywhere {file}", "not on this computer"),
    ],
)
def test_a_command_that_cannot_work_is_refused_at_once(words: str, sentence: str) -> None:
    with pytest.raises(Missing, match=sentence):
        Command(words)


@on_posix
def test_a_program_that_does_not_start_is_a_sentence(tmp_path: Path, sound: Path) -> None:
    path = tmp_path / "hear"
    path.write_text("#!/nowhere/at/all\n")
    path.chmod(0o755)
    with pytest.raises(Missing, match="does not start"):
        Command(f"{path} {{file}}").transcribe(sound)
