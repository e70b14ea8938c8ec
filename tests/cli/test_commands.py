"""The commands, as a contract: exit codes, files, JSON, one sentence for whatever goes wrong."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

import pytest

from doorframe.cli import main
from doorframe.engines.interview import answers_file
from tests.cli.commands import python, run
from tests.engines.practices import basics, pack

EVERY = [("policy", "new"), ("policy", "build"), ("policy", "check"), ("policy", "audit"), ("content", "check"),
         ("content", "docs"), ("image", "clean"), ("detect", ""), ("detect", "audio"),
         ("detect", "archive"), ("detect", "evaluate"), ("detect", "backtest"), ("detect", "report"),
         ("screen", ""), ("verify", "")]  # fmt: skip


# Help


def test_every_command_is_tried_here() -> None:
    assert set(main.COMMANDS) == set(EVERY)


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_every_command_has_help(command: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main([*command, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: doorframe {' '.join(command)}")
    assert "show this help" in text


def test_help_names_every_group_and_each_group_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(group in text for group, _ in EVERY)
    for group, command in EVERY:
        assert main.main([group, "--help"]) == 0
        assert command in capsys.readouterr().out


HEAVY = ["django", "typst", "docx", "numpy", "markdown_it", "cryptography", "textstat"]
UNWANTED = [*HEAVY, "doorframe.engines.assembly.assemble", "doorframe.adapters.render"]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["policy", "--help"], []])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys; from doorframe.cli.main import main; main(sys.argv[1:]);"
        f"print('LOADED', sorted(set({UNWANTED!r}) & set(sys.modules)))"
    )
    done = python(script, *arguments)
    assert "LOADED []" in done.stdout, done.stdout + done.stderr


def test_the_import_check_can_fail() -> None:
    done = python(f"import sys, docx; print(sorted(set({HEAVY!r}) & set(sys.modules)))")
    assert "docx" in done.stdout


# Use


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 2),
        (["--version"], 0),
        (["policy"], 2),
        (["poetry", "new"], 2),
        (["policy", "write"], 2),
        (["policy", "new", "--colour", "red"], 2),
        (["policy", "build"], 2),
        (["policy", "check"], 2),
        (["policy", "audit"], 2),
    ],
    ids=str,
)
def test_wrong_use_is_2(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(arguments) == code
    captured = capsys.readouterr()
    assert captured.out or captured.err


@pytest.mark.promise("B1")
def test_new_then_check_then_build(tmp_path: Path) -> None:
    made = run("policy", "new", "--country", "US", "--profession", "psychologist", "--set", "sms=never")
    assert made.returncode == 0 and made.stderr == ""
    blank = tmp_path / "answers.toml"
    blank.write_text(made.stdout, encoding="utf-8")
    assert run("policy", "check", blank).returncode == 1, "nobody has said whose policy it is"

    text = made.stdout
    for key, value in basics("US", "psychologist").items():
        if isinstance(value, str):
            text, count = re.subn(rf"(?m)^(?:# )?{key} = .*$", f"{key} = {json.dumps(value)}", text)
            assert count == 1, key
    blank.write_text(text, encoding="utf-8")
    checked = run("policy", "check", blank)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.startswith("Nothing keeps this policy from being published.")
    assert "Reading grade (Flesch-Kincaid): " in checked.stdout

    built = run("policy", "build", blank, "--out", tmp_path / "out", "--date", "2026-11-21")
    assert built.returncode == 0, built.stderr
    assert built.stderr == "", "nothing is left to settle"
    expected = {f"{name}.{format}" for name, output in pack().outputs.items() for format in output.formats}
    assert {path.name for path in (tmp_path / "out").iterdir()} == expected | {"manifest.json"}
    assert [Path(line).name for line in built.stdout.splitlines()] == [
        f"{name}.{format}" for name, output in pack().outputs.items() for format in output.formats
    ]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    for file in manifest["files"]:
        data = (tmp_path / "out" / file["file"]).read_bytes()
        assert data and hashlib.sha256(data).hexdigest() == file["sha256"]


@pytest.mark.promise("B1")
def test_the_same_answers_give_the_same_bytes(answers: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        assert run("policy", "build", answers, "--out", tmp_path / folder, "--date", "2026-11-21").returncode == 0
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two


def test_only_what_was_asked_for(answers: Path, tmp_path: Path) -> None:
    done = run("policy", "build", answers, "--out", tmp_path / "out", "--only", "policy, summary", "--format", "md,pdf")
    assert done.returncode == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"policy.md", "policy.pdf", "summary.pdf", "manifest.json"}


def test_answers_come_through_standard_input_too(answers: Path, tmp_path: Path) -> None:
    text = answers.read_text(encoding="utf-8")
    assert run("policy", "check", "-", stdin=text).returncode == 0
    assert run("policy", "check", "-", stdin=b"\xef\xbb\xbf" + text.encode()).returncode == 0, "a mark is no mistake"
    done = run("policy", "build", "-", "--out", tmp_path / "out", "--only", "policy", "--format", "md", stdin=text)
    assert done.returncode == 0
    assert (tmp_path / "out" / "policy.md").exists()


def test_a_draft_is_written_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    path.write_text('country = "UK"\n', encoding="utf-8")
    done = run("policy", "build", path, "--out", tmp_path / "out", "--only", "policy", "--format", "md")
    assert done.returncode == 0
    assert "These are drafts" in done.stderr
    assert "Draft" in (tmp_path / "out" / "policy.md").read_text(encoding="utf-8")


NAMES = [
    'O\'Hara "Q" & Sons <b>',
    "ד״ר ליאה כהן",
    "مركز السلام",
    "Zoë 🙂 日本",
    "#let x = 1",
    "{{ x }} {practice_name}",
    "a\\b$c_*d*",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_kind(tmp_path: Path, name: str) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(answers_file.write(pack(), {**basics(), "practice_name": name}), encoding="utf-8")
    done = run("policy", "build", path, "--out", tmp_path / "out", "--date", "2026-11-21", "--only", "policy")
    assert done.returncode == 0, done.stderr
    assert {p.name for p in (tmp_path / "out").iterdir()} >= {"policy.pdf", "policy.docx", "policy.html", "policy.md"}
    html = (tmp_path / "out" / "policy.html").read_text(encoding="utf-8")
    assert "<b>" not in html.split("</head>")[-1]


def test_a_name_on_the_command_line_reaches_the_file() -> None:
    done = run("policy", "new", "--set", 'practice_name=Zoë "Q" 🙂 כהן')
    assert 'practice_name = "Zoë \\"Q\\" 🙂 כהן"' in done.stdout


# The shapes of what is printed for programs


def test_the_shape_of_a_check(answers: Path, tmp_path: Path) -> None:
    result = json.loads(run("policy", "check", answers, "--json").stdout)
    assert set(result) >= {"publishable", "findings", "reading_grade", "pack"}
    assert result["publishable"] is True
    assert set(result["reading_grade"]) >= {"whole", "sections"}
    assert isinstance(result["reading_grade"]["whole"], float)

    blank = tmp_path / "blank.toml"
    blank.write_text("", encoding="utf-8")
    done = run("policy", "check", blank, "--json")
    result = json.loads(done.stdout)
    assert done.returncode == 1 and result["publishable"] is False
    for finding in result["findings"]:
        assert set(finding) >= {"kind", "id", "message", "why", "screens", "blocks", "words"}
        assert set(finding["screens"]) <= set(pack().screen)


def test_the_shape_of_a_build(answers: Path, tmp_path: Path) -> None:
    done = run("policy", "build", answers, "--out", tmp_path / "out", "--only", "policy", "--format", "md", "--json")
    manifest = json.loads(done.stdout)
    assert manifest == json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest) >= {"files", "pack", "pack_sha256", "version", "dated", "publishable"}
    assert [set(file) >= {"name", "format", "file", "sha256"} for file in manifest["files"]] == [True]
    assert manifest["publishable"] is True and len(manifest["pack_sha256"]) == 64


def test_the_shape_of_a_content_check(tmp_path: Path) -> None:
    done = run("content", "check", "--json")
    result = json.loads(done.stdout)
    assert done.returncode == 0 and result["problems"] == [] and result["pack"]
    clause = tmp_path / "policy" / "clauses" / "friending.md"
    clause.parent.mkdir(parents=True)
    clause.write_text("no front matter", encoding="utf-8")
    done = run("content", "check", tmp_path, "--json")
    assert done.returncode == 1
    assert any(line.startswith("policy/clauses/friending.md:1: ") for line in json.loads(done.stdout)["problems"])
    plain = run("content", "check", tmp_path)
    assert plain.returncode == 1 and "policy/clauses/friending.md:1: " in plain.stdout


# Alone: no network, no database, no Django

ALONE = """
import socket, sys
def refuse(*arguments, **keywords):
    raise AssertionError("reached for the network")
socket.socket = refuse
socket.create_connection = refuse
socket.getaddrinfo = refuse
from doorframe.cli.main import main
code = main(sys.argv[1:])
loaded = sorted({"django", "sqlite3", "psycopg", "doorframe.apps", "doorframe.web"} & set(sys.modules))
print("ALONE", code, loaded, file=sys.stderr)
"""


@pytest.mark.promise("L1")
@pytest.mark.parametrize(
    "command",
    [
        ["policy", "new", "--country", "UK"],
        ["policy", "build", "FILE", "--out", "OUT"],
        ["policy", "check", "FILE"],
        ["content", "check"],
        ["content", "docs", "--help"],
    ],
    ids=" ".join,
)
def test_no_network_no_database_no_django(answers: Path, tmp_path: Path, command: list[str]) -> None:
    places = {"FILE": str(answers), "OUT": str(tmp_path / "out")}
    done = python(ALONE, *(places.get(word, word) for word in command))
    assert done.stderr.splitlines()[-1] == "ALONE 0 []", done.stderr


def test_the_check_for_the_network_can_fail() -> None:
    script = ALONE.replace("code = main(sys.argv[1:])", "code = 0; import sqlite3; socket.create_connection(('x', 1))")
    assert "reached for the network" in python(script).stderr
    assert sys.executable
