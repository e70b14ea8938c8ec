"""`doorframe verify`: exit codes, sentences, JSON, and that nothing is loaded that is not needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doorframe.adapters.export import evidence
from tests.adapters.seal_pdf import samples
from tests.cli.commands import one_sentence, python, run


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    path = tmp_path / "copy.pdf"
    path.write_bytes(samples.short())
    return path


@pytest.mark.promise("C8")
def test_an_intact_file_is_told_in_plain_words(sealed: Path) -> None:
    done = run("verify", sealed)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{sealed}: This file is intact")
    assert done.stdout.count("[holds]") == 8 and "[FAILS]" not in done.stdout
    for words in ("Record     7KQ-M3F", "Issued by  its own holder", "nobody else vouches", "No seal can prove who"):
        assert words in done.stdout
    digits = samples.key().fingerprint
    assert " ".join(digits[at : at + 4] for at in range(0, 64, 4)) in done.stdout


@pytest.mark.promise("C8")
def test_one_byte_more_or_other_is_1(sealed: Path) -> None:
    data = samples.short()
    for changed in (data + b"\n", data[:3000] + bytes([data[3000] ^ 1]) + data[3001:], data[:-100]):
        sealed.write_bytes(changed)
        done = run("verify", sealed)
        assert (done.returncode, done.stderr) == (1, ""), done.stdout
        assert "[FAILS]" in done.stdout and "intact" not in done.stdout.splitlines()[0]


@pytest.mark.promise("C8")
def test_it_works_with_the_file_alone(sealed: Path) -> None:
    """On another machine: no data folder, no settings, and every door to a network shut."""
    script = (
        "import socket, sys\n"
        "def shut(*_, **__): raise SystemExit('reached for the network')\n"
        "socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = shut\n"
        "from doorframe.cli.main import main\n"
        "code = main(['verify', sys.argv[1]])\n"
        "print('LOADED', sorted({'django', 'typst', 'requests', 'psycopg'} & set(sys.modules)))\n"
        "raise SystemExit(code)\n"
    )
    done = python(script, sealed, cwd=sealed.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "LOADED []" in done.stdout


def test_the_answer_as_json(sealed: Path) -> None:
    found = json.loads(run("verify", sealed, "--json").stdout)
    assert found["outcome"] == "intact" and found["about"]["reference"] == "7KQ-M3F"
    assert found["seal"]["fingerprint"] == samples.key().fingerprint
    assert [check["id"] for check in found["checks"]] == [
        "seal", "whole", "record", "policy", "disclosure", "events", "pages", "certificate",
    ]  # fmt: skip
    sealed.write_bytes(samples.short() + b" ")
    assert json.loads(run("verify", sealed, "--json").stdout)["outcome"] == "altered"


def test_the_certificate_can_be_named(sealed: Path) -> None:
    own, other = samples.key().fingerprint, samples.key("rsa").fingerprint
    assert run("verify", sealed, "--trust", own.upper()).returncode == 0
    done = run("verify", sealed, "--trust", other)
    assert done.returncode == 1 and "sealed by somebody else" in done.stdout
    done = run("verify", sealed, "--trust", "abc")
    assert done.returncode == 2 and "64 digits" in one_sentence(done.stderr)


def test_it_reads_standard_input(sealed: Path) -> None:
    done = run("verify", "-", stdin=samples.short())
    assert done.returncode == 0 and done.stdout.startswith("-: This file is intact")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", "is empty"), (b"hello", "is not a PDF"), (b"%PDF-1.7\nx", "cannot be read")],
    ids=["empty", "text", "head"],
)
def test_what_is_no_sealed_file_is_2_and_one_line(tmp_path: Path, data: bytes, sentence: str) -> None:
    path = tmp_path / "file.pdf"
    path.write_bytes(data)
    done = run("verify", path)
    assert (done.returncode, done.stderr) == (2, "")
    assert len(done.stdout.splitlines()) == 1 and sentence in done.stdout


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("nowhere.pdf", "There is no file nowhere.pdf."), (".", ". is not a file."), ("", "Name a sealed PDF"),
     ("a\0b", "There is no file")],
    ids=["nowhere", "folder", "nothing", "null"],
)  # fmt: skip
def test_what_is_no_file_is_2_and_one_sentence(
    name: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from doorframe.cli import main

    monkeypatch.chdir(tmp_path)
    assert main.main(["verify", name]) == 2
    assert sentence in one_sentence(capsys.readouterr().err)


def test_a_pdf_without_a_seal_is_2(tmp_path: Path) -> None:
    path = tmp_path / "plain.pdf"
    path.write_bytes(samples.paper_of(samples.short_record()))
    done = run("verify", path)
    assert done.returncode == 2 and "carries no seal" in done.stdout


def test_an_error_loads_nothing_heavy(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    path.write_bytes(b"no PDF")
    script = (
        "import sys; from doorframe.cli.main import main; main(['verify', sys.argv[1]]);"
        "print('LOADED', sorted({'pyhanko', 'pypdf', 'asn1crypto', 'cryptography', 'typst'} & set(sys.modules)))"
    )
    done = python(script, path)
    assert "LOADED []" in done.stdout, done.stdout + done.stderr


def test_names_in_a_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    from doorframe.adapters import seal_pdf

    path = tmp_path / "copy.pdf"
    pdf = samples.paper_of(samples.short_record())
    path.write_bytes(seal_pdf.seal(pdf, key=samples.key(), at=samples.AT, name="Harbour\x1b[2J\x07 Lane"))
    assert not set(run("verify", path).stdout) & {"\x1b", "\x07"}


# Evidence packs


def packed(tmp_path: Path, pdf: bytes) -> Path:
    told = samples.short_record()
    about = evidence.About(
        "client", "HL-7K3M", told["practice"]["uid"], samples.NAME, "2026-11-21T18:00:00Z", (0, "0" * 64),
        samples.key().fingerprint,
    )  # fmt: skip
    path = tmp_path / "pack.zip"
    path.write_bytes(evidence.pack([evidence.Entry("acknowledgements/7kq/sealed.pdf", pdf)], about=about).read())
    return path


@pytest.mark.promise("D3")
def test_the_seals_in_a_pack_are_looked_at_too(tmp_path: Path) -> None:
    """A pack with a PDF and no record beside it does not hold; what it says tells the seal apart."""
    done = run("verify", packed(tmp_path, samples.short()))
    assert (done.returncode, done.stderr) == (1, "")
    assert "No record lies beside this PDF." in done.stdout


def test_a_zip_that_is_no_pack_is_2(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK\x05\x06" + bytes(18))
    done = run("verify", path)
    assert done.returncode == 2 and "pack" in one_sentence(done.stderr)
