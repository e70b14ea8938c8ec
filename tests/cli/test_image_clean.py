"""`doorframe image clean`: exit codes, sentences, JSON; the picture that was given is never touched."""

from __future__ import annotations

import errno
import io
import json
import os
from pathlib import Path
from typing import IO, Any

import pytest
from PIL import Image

from doorframe.adapters.image import look
from doorframe.cli import main
from tests.adapters.image import samples as s
from tests.cli.commands import one_sentence, python, run

KINDS = {"jpg": s.telephone(), "png": s.screenshot(), "webp": s.webp(), "heic": s.heic()}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a telephone's picture IMG_20261103.jpg."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "IMG_20261103.jpg").write_bytes(s.telephone())
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.promise("F7")
@pytest.mark.parametrize("ending", KINDS)
def test_a_picture_is_written_clean_and_that_is_told(tmp_path: Path, ending: str) -> None:
    source, target = tmp_path / f"room.{ending}", tmp_path / f"picture.{ending.replace('heic', 'jpg')}"
    source.write_bytes(KINDS[ending])
    done = run("image", "clean", source, target)
    assert (done.returncode, done.stderr) == (0, "")
    assert source.read_bytes() == KINDS[ending]
    assert look(target.read_bytes()) == ()
    assert done.stdout.startswith(f"{target}: written, 96 by 64 pixels.")
    for words in (
        f"In {source}, and gone:",
        "(location)",
        "(EXIF)",
        "No byte after the end.",
        "Now look at the picture",
    ):
        assert words in done.stdout
    assert done.stdout.count("[holds]") == 11
    assert "Anna" not in done.stdout and "can tell something itself" not in done.stdout
    assert names(tmp_path) == sorted([source.name, target.name])


def test_json_says_the_same(folder: Path) -> None:
    done = run("image", "clean", "IMG_20261103.jpg", "out.jpg", "--json", cwd=folder)
    result = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (result["file"], result["neutral_name"], result["width"], result["height"]) == (
        "out.jpg",
        "picture.jpg",
        96,
        64,
    )
    assert {"location", "name", "trailing"} <= {found["kind"] for found in result["found"]}
    assert all(check["holds"] is True and check["said"] for check in result["checks"])
    assert "Anna" not in done.stdout


def test_a_picture_without_anything_beside_it(folder: Path) -> None:
    (folder / "picture.png").write_bytes(s.png())
    done = run("image", "clean", "picture.png", "other.png", cwd=folder)
    assert done.returncode == 0 and "Nothing was found beside the picture." in done.stdout


def test_a_picture_on_standard_input(folder: Path) -> None:
    done = run("image", "clean", "-", "out.jpg", stdin=s.telephone(), cwd=folder)
    assert done.returncode == 0 and "In The picture, and gone" not in done.stdout
    assert "In the picture that came in, and gone:" in done.stdout
    assert look((folder / "out.jpg").read_bytes()) == ()


@pytest.mark.parametrize(
    ("target", "warned"),
    [("IMG_20261103_clean.jpg", True), ("2026-11-03.jpg", True), ("room.jpg", False), ("picture-2.jpg", False)],
)
def test_a_new_name_that_tells_something_is_pointed_out(
    folder: Path, target: str, warned: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["image", "clean", "IMG_20261103.jpg", target]) == 0
    assert ("can tell something itself; picture.jpg tells nothing" in capsys.readouterr().out) is warned


# What goes wrong


@pytest.fixture
def trouble(folder: Path) -> Path:
    """Everything that somebody might name by mistake."""
    (folder / "folder").mkdir()
    files = {
        "notes.jpg": b"PK\x03\x04notes", "logo.svg": b"<svg/>", "bomb.png": s.claiming(60_000, 60_000),
        "empty.jpg": b"", "moving.gif": s.saved(s.corners(), "GIF"), "half.jpg": s.jpeg()[:600],
        "room.heic": s.heic(), "room.png": s.jpeg(),
    }  # fmt: skip
    for name, data in files.items():
        (folder / name).write_bytes(data)
    os.link("IMG_20261103.jpg", "linked.jpg")
    if os.name != "nt":
        os.symlink("IMG_20261103.jpg", "pointing.jpg")
    return folder


@pytest.mark.promise("F7")
@pytest.mark.parametrize(
    ("source", "target", "sentence"),
    [
        ("nowhere.jpg", "out.jpg", "There is no file nowhere.jpg."),
        ("folder", "out.jpg", "folder is not a file."),
        ("", "out.jpg", "Name a picture, or - for standard input."),
        ("IMG_20261103.jpg", "", "Name the file to write after the picture."),
        ("IMG_20261103.jpg", "folder", "folder is a folder. Name a file in it, for example "),
        ("IMG_20261103.jpg", "no/out.jpg", "There is no folder no."),
        ("IMG_20261103.jpg", "notes.jpg/out.jpg", "There is no folder notes.jpg."),
        ("IMG_20261103.jpg", "IMG_20261103.jpg", "IMG_20261103.jpg is the picture itself, and it is not overwritten."),
        ("IMG_20261103.jpg", "folder/../IMG_20261103.jpg", "folder/../IMG_20261103.jpg is the picture itself"),
        ("IMG_20261103.jpg", "linked.jpg", "linked.jpg is the picture itself"),
        pytest.param("IMG_20261103.jpg", "pointing.jpg", "pointing.jpg is the picture itself",
                     marks=pytest.mark.skipif(os.name == "nt", reason="making links needs rights there")),
        ("IMG_20261103.jpg", "out.png", "The clean picture is a JPEG. Name a file that ends in .jpg;"),
        ("room.heic", "out.heic", "The clean picture is a JPEG. Name a file that ends in .jpg;"),
        ("notes.jpg", "out.jpg", "notes.jpg: This is a ZIP or Office file"),
        ("logo.svg", "out.png", "logo.svg: This is an SVG drawing"),
        ("bomb.png", "out.png", "bomb.png: This picture has more than 64 million pixels."),
        ("empty.jpg", "out.jpg", "empty.jpg: This file is empty."),
        ("moving.gif", "out.gif", "moving.gif: This is a GIF"),
        ("half.jpg", "out.jpg", "half.jpg: This picture is damaged"),
        ("room.png", "out.png", "room.png: The name ends in .png, but this is a JPEG picture."),
        ("-", "out.jpg", "The picture: This file is empty."),
        ("a\0b", "out.jpg", "There is no file a\0b."),
        ("IMG_20261103.jpg", "a\0b", "Name the file to write after the picture."),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_one_sentence_and_2(
    trouble: Path, source: str, target: str, sentence: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    before = {path: path.read_bytes() for path in trouble.iterdir() if path.is_file()}
    assert main.main(["image", "clean", source, target]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert one_sentence(captured.err).startswith(sentence)
    assert {path: path.read_bytes() for path in trouble.iterdir() if path.is_file()} == before, "nothing has changed"


def test_a_picture_that_may_not_be_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(self: Path, *_: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    assert main.main(["image", "clean", "IMG_20261103.jpg", "out.jpg"]) == 2
    assert one_sentence(capsys.readouterr().err) == "IMG_20261103.jpg cannot be read: Permission denied."


class _Half:
    """A file on a disk that has room for the first half alone."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def __enter__(self) -> _Half:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, data: bytes) -> int:
        self.file.write(data[: len(data) // 2])
        self.file.flush()
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("when", ["write", "sync", "rename"])
def test_a_full_disk_leaves_what_was_there(
    folder: Path, when: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def full(self: Path, mode: str = "r", *rest: Any) -> Any:
        file = opened(self, mode, *rest)
        return _Half(file) if mode == "wb" else file

    (folder / "out.jpg").write_bytes(b"older")
    opened = Path.open
    broken = {"write": (Path, "open", full), "sync": (os, "fsync", fail), "rename": (Path, "replace", fail)}
    with monkeypatch.context() as patch:
        patch.setattr(*broken[when])
        assert main.main(["image", "clean", "IMG_20261103.jpg", "out.jpg"]) == 2
    sentence = one_sentence(capsys.readouterr().err)
    assert sentence == "out.jpg could not be written: No space left on device. Nothing was changed."
    assert names(folder) == ["IMG_20261103.jpg", "out.jpg"]
    assert (folder / "out.jpg").read_bytes() == b"older"


def test_who_stops_it_meets_no_half_picture(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    assert main.main(["image", "clean", "IMG_20261103.jpg", "out.jpg"]) == 2
    assert "Stopped." in capsys.readouterr().err and names(folder) == ["IMG_20261103.jpg"]


def test_another_file_of_that_name_is_replaced_whole(folder: Path) -> None:
    (folder / "out.jpg").write_bytes(b"older" * 10_000)
    assert main.main(["image", "clean", "IMG_20261103.jpg", "out.jpg"]) == 0
    assert Image.open(folder / "out.jpg").size == (96, 64)
    assert look((folder / "out.jpg").read_bytes()) == ()


def test_help_loads_no_library_of_pictures() -> None:
    script = (
        "import sys; from doorframe.cli.main import main; main(['image', 'clean', '--help']);"
        "print('LOADED', sorted({'PIL', 'pillow_heif', 'exifread', 'django'} & set(sys.modules)))"
    )
    done = python(script)
    assert "LOADED []" in done.stdout and "0 written and checked, 2 refused" in " ".join(done.stdout.split())


def test_it_needs_no_network_and_says_nothing_on_the_way(folder: Path) -> None:
    """A broken EXIF block makes libraries talk; nobody else may hear of it."""
    (folder / "odd.jpg").write_bytes(s.jpeg(s.segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + s.SECRET)))
    script = (
        "import socket, sys\n"
        "def shut(*_, **__): raise SystemExit('reached for the network')\n"
        "socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = shut\n"
        "from doorframe.cli.main import main\n"
        "raise SystemExit(main(['image', 'clean', 'odd.jpg', 'out.jpg']))\n"
    )
    done = python(script, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Anna" not in done.stdout and "(EXIF)" in done.stdout
