"""What goes wrong, and the one sentence that says it; nothing is lost and no half file is left."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from doorframe.cli import main, policy_build
from tests.cli.commands import PREFIX, one_sentence, run

# What goes wrong


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["policy", "check", "nowhere.toml"], "There is no file nowhere.toml."),
        (["policy", "check", "."], ". cannot be read: "),
        (["policy", "build", "ok.toml", "--out", "o", "--only", "poster"], "There is no document “poster”. There are "),
        (["policy", "build", "ok.toml", "--out", "o", "--format", "rtf"], "There is no format “rtf”. There are "),
        (["policy", "build", "ok.toml", "--out", "o", "--only", "summary", "--format", "md"], "summary cannot be"),
        (["policy", "build", "ok.toml", "--out", "o", "--date", "tomorrow"], "“tomorrow” is not a date."),
        (["policy", "build", "ok.toml", "--out", "ok.toml"], "Nothing can be written to the folder ok.toml: "),
        (
            ["policy", "build", "ok.toml", "--out", "ok.toml/inner"],
            "Nothing can be written to the folder ok.toml/inner: ",
        ),
        (["policy", "build", "ok.toml", "--out", "o", "--only", ","], "“,” names nothing."),
        (["policy", "build", "ok.toml", "--out", ""], "Name a folder after --out."),
        (["policy", "check", ""], "Name an answers file, or - for standard input."),
        (["policy", "new", "--country", "France"], "“country” can be US, UK, CA, AU, IE, other."),
        (["policy", "new", "--set", "friending"], "--set takes QUESTION=ANSWER, not “friending”."),
        (["policy", "new", "--set", "freinding=decline"], "There is no question called “freinding”."),
        (["content", "check", "nowhere"], "There is no folder nowhere."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_goes_wrong_is_one_sentence_and_2(
    answers: Path, arguments: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(answers.parent)
    answers.rename("ok.toml")
    assert main.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert one_sentence(captured.err).startswith(sentence)
    assert not Path("o").exists(), "nothing was written"


BAD = [
    (b'country = "US\n', "is not valid TOML"),
    (b"\xff\xfe\x00", "is not UTF-8 text"),
    (b"x = 1\n" * 200_000, "is larger than 300 kB"),
    (b"x = " + b"[" * 200_000, "nested too deeply"),
    (b"a" + b".a" * 40_000 + b" = 1\n", "nested too deeply"),
    (b"x = {a" + b".a" * 40_000 + b" = 1}\n", "nested too deeply"),
    (b"x = " + b"9" * 9_000, "a number that is far too long"),
    (b'freinding = "decline"\n', "Did you mean “friending”?"),
    (b"phone = 5550100\n", "“phone” must be text in quotes."),
    (b'address = "' + b"a" * 5_001 + b'"\n', "There is room for 5000."),
]


@pytest.mark.parametrize(("data", "words"), BAD, ids=[words for _, words in BAD])
def test_a_bad_answers_file_writes_nothing(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "answers.toml"
    path.write_bytes(data)
    done = run("policy", "build", path, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert words in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
    assert path.read_bytes() == data
    assert words in run("policy", "check", "-", stdin=data).stderr


def test_many_problems_are_counted_not_dropped(tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    path.write_text("".join(f"nothing_{n} = 1\n" for n in range(30)), encoding="utf-8")
    done = run("policy", "check", path)
    assert done.returncode == 2
    assert done.stderr.count("There is no question called") == 20
    assert done.stderr.rstrip().endswith("and 10 more.")


def test_a_content_folder_that_is_not_there(answers: Path) -> None:
    done = run("policy", "check", answers, DOORFRAME_CONTENT="nowhere")
    assert done.returncode == 2
    assert one_sentence(done.stderr) == "The folder nowhere named by DOORFRAME_CONTENT does not exist."


def test_a_broken_content_folder_is_named(answers: Path, tmp_path: Path) -> None:
    (tmp_path / "own" / "policy").mkdir(parents=True)
    (tmp_path / "own" / "policy" / "voice.toml").write_text("= 1", encoding="utf-8")
    done = run("policy", "check", answers, DOORFRAME_CONTENT=str(tmp_path / "own"))
    assert done.returncode == 2
    assert one_sentence(done.stderr).startswith("The content cannot be used: policy/voice.toml:1: ")


def test_ones_own_content_folder_is_used(answers: Path, tmp_path: Path) -> None:
    frame = tmp_path / "own" / "policy" / "frames" / "talking-intro.md"
    frame.parent.mkdir(parents=True)
    ours = Path(policy_build.__file__).parents[1] / "content" / "policy" / "frames" / frame.name
    frame.write_text(ours.read_text(encoding="utf-8").rstrip() + "\nAn own word at the end.\n", encoding="utf-8")
    arguments = ("policy", "build", answers, "--only", "talking-points", "--format", "md", "--out")
    assert run(*arguments, tmp_path / "a", DOORFRAME_CONTENT=str(tmp_path / "own")).returncode == 0
    assert run(*arguments, tmp_path / "b").returncode == 0
    with_it, without = ((tmp_path / name / "talking-points.md").read_text(encoding="utf-8") for name in "ab")
    assert "An own word at the end." in with_it and "An own word at the end." not in without


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The second document meets a full disk after half of it is written."""
    write, count = Path.write_bytes, [0]

    def fails(self: Path, data: bytes) -> int:
        count[0] += 1
        if count[0] == 2:
            write(self, data[: len(data) // 2])
            raise OSError(28, "No space left on device", str(self))
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", fails)
    return


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_leaves_no_half_file(answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    code = main.main(
        ["policy", "build", str(answers), "--out", str(out), "--only", "policy,handbook", "--format", "docx"]
    )
    assert code == 2
    sentence = one_sentence(capsys.readouterr().err)
    assert sentence.endswith("could not be written: No space left on device. Files written before it are complete.")
    assert [path.name for path in out.iterdir()] == ["policy.docx"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("command", [["policy", "new"], ["content", "check"]], ids=str)
def test_an_output_that_takes_nothing_is_one_sentence(command: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([*PREFIX, *command], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert one_sentence(done.stderr) == "The output: No space left on device."


def test_a_reader_who_stops_reading_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*PREFIX, "policy", "new"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_that_refuses_is_one_sentence(
    answers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(self: Path, data: bytes) -> int:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert main.main(["policy", "build", str(answers), "--out", str(tmp_path / "o"), "--only", "policy"]) == 2
    assert "Permission denied" in one_sentence(capsys.readouterr().err)
    assert list((tmp_path / "o").iterdir()) == []


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_the_caller_closed_is_no_fault(answers: Path, tmp_path: Path, closed: str) -> None:
    words = " ".join(
        [*map(str, PREFIX), "policy", "build", str(answers), "--out", str(tmp_path / "o"), "--only", "notices"]
    )
    done = subprocess.run(f"{words} {closed}", shell=True, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert (tmp_path / "o" / "manifest.json").exists()


def test_a_build_that_stops_leaves_no_manifest_of_other_files(
    answers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["policy", "build", str(answers), "--out", str(tmp_path), "--only", "policy", "--format", "md,html"]
    assert main.main(arguments) == 0
    assert (tmp_path / "manifest.json").exists()

    def refuse(document: object, format: str) -> bytes:
        raise policy_build.RenderError("The typeface is missing.")

    monkeypatch.setattr(policy_build, "render", refuse)
    assert main.main(arguments) == 2
    assert not (tmp_path / "manifest.json").exists()


def test_two_builds_into_one_folder_do_not_take_each_others_files(answers: Path, tmp_path: Path) -> None:
    words = [*PREFIX, "policy", "build", str(answers), "--out", str(tmp_path), "--format", "md,html"]
    both = [subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    ends = [(process.communicate()[1], process.returncode) for process in both]
    assert ends == [("", 0)] * 4
    assert not [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")]


def test_a_document_that_does_not_come_in_a_format_is_named(
    answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["policy", "build", str(answers), "--out", str(tmp_path), "--only", "policy,summary", "--format", "md,md"]
    assert main.main(words) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{tmp_path / 'policy.md'}\n"
    assert captured.err == "summary is left out: it comes as pdf, not as md.\n"


def test_the_check_reads_the_folder_that_the_other_commands_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "voice.toml").write_bytes(b"\xff\xfe")
    monkeypatch.setenv("DOORFRAME_CONTENT", str(tmp_path))
    assert main.main(["content", "check"]) == 1
    assert "policy/voice.toml:1: " in capsys.readouterr().out
