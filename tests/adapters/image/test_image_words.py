"""Reading words in a picture: with no reader, with one that misbehaves, and with the real one where it is installed."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

import doorframe.adapters.render
from doorframe.adapters import image_words
from doorframe.adapters.image import Refused
from doorframe.adapters.image_words import NotRead, read
from tests.adapters.image import samples as s

needs_scripts = pytest.mark.skipif(os.name == "nt", reason="a script cannot stand for a program there")
FONT = Path(doorframe.adapters.render.__file__).parent / "fonts" / "SourceSans3-Regular.otf"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader that does what a test writes into it; temporary folders are made where the test can see them."""
    path = tmp_path / "bin" / "tesseract"
    path.parent.mkdir()
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    monkeypatch.setenv("PATH", str(path.parent))
    return path


def write(path: Path, body: str) -> None:
    path.write_text(f"#!{sys.executable}\nimport os, sys, time\nfrom pathlib import Path\n{body}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def left(program: Path) -> list[Path]:
    return list((program.parents[1] / "temp").iterdir())


def test_without_a_reader_there_are_no_words_and_no_error(program: Path) -> None:
    assert read(s.jpeg()) is None


@needs_scripts
def test_the_words_come_line_by_line(program: Path) -> None:
    write(program, r"sys.stdout.buffer.write('  Ward   3 \n\n\nCaf\u00e9\x07\x0c\n \n'.encode())")
    words = read(s.jpeg())
    assert words is not None and words.text == "Ward 3\nCafé"


@needs_scripts
def test_it_gets_pixels_alone_and_works_in_a_folder_that_goes(program: Path) -> None:
    """The reader says what it was given: an upright grey PNG without metadata, and a private folder as its home."""
    report = program.parent / "report"
    write(
        program,
        f"data = sys.stdin.buffer.read()\nPath('left-behind').write_bytes(data)\n"
        f"Path({str(report)!r}).write_text('\\n'.join([*sys.argv[1:], os.getcwd(), os.environ['TMPDIR'], "
        f"oct(os.stat('.').st_mode & 0o777)]))\nPath({str(report) + '.png'!r}).write_bytes(data)",
    )
    assert read(s.jpeg(s.exif_segment(orientation=6))) is not None
    *arguments, home, temporary, mode = report.read_text().splitlines()
    assert arguments[:2] == ["stdin", "stdout"]
    assert home == temporary and mode == "0o700" and not Path(home).exists() and left(program) == []
    given = Image.open(f"{report}.png")
    assert (given.format, given.mode, given.size, given.info) == ("PNG", "L", (128, 192), {})
    assert s.SECRET not in Path(f"{report}.png").read_bytes()


@needs_scripts
@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("sys.stderr.write('Anna'); sys.exit(1)", "could not be read"),
        ("time.sleep(60)", "took too long"),
        ("os.kill(os.getpid(), 9)", "could not be read"),
        ("os.close(0); sys.exit(3)", "could not be read"),
    ],
)
def test_a_reader_that_fails_is_a_sentence(
    program: Path, monkeypatch: pytest.MonkeyPatch, body: str, sentence: str
) -> None:
    monkeypatch.setattr(image_words, "SECONDS", 1)
    write(program, body)
    with pytest.raises(NotRead, match=sentence) as error:
        read(s.jpeg())
    assert "Anna" not in str(error.value) and str(error.value).endswith(".")
    assert left(program) == []


@needs_scripts
def test_a_reader_that_cannot_start_is_a_sentence(program: Path) -> None:
    program.write_text("#!/nowhere/at/all\n")
    program.chmod(0o755)
    with pytest.raises(NotRead, match="does not start"):
        read(s.jpeg())


@needs_scripts
def test_a_picture_that_is_refused_is_refused_here_too(program: Path) -> None:
    write(program, "print('never')")
    for data in (b"", s.claiming(60_000, 60_000), s.png()[:-20]):
        with pytest.raises(Refused):
            read(data)


@needs_scripts
def test_words_without_end_are_cut(program: Path) -> None:
    write(program, "print('word ' * 100_000)")
    words = read(s.jpeg())
    assert words is not None and len(words.text) == image_words.LONGEST_TEXT


def sign(*lines: str) -> Image.Image:
    image = Image.new("RGBA", (900, 80 * len(lines) + 40), (255, 255, 255, 0))
    font = ImageFont.truetype(str(FONT), 48)
    for at, line in enumerate(lines):
        ImageDraw.Draw(image).text((30, 20 + 80 * at), line, fill=(20, 20, 40, 255), font=font)
    return image


@pytest.mark.skipif(os.name == "nt", reason="Windows has no package of it that the tests could install")
def test_the_real_reader_reads_a_whiteboard() -> None:
    board = sign("Group therapy Tuesday", "Anna Meyer 16:30")
    for data in (s.png(image=board), s.jpeg(image=on_white(board)), s.heic(image=on_white(board))):
        words = read(data)
        assert words is not None and "Anna Meyer" in words.text and "therapy" in words.text
    small = on_white(board).resize((board.width // 3, board.height // 3))
    words = read(s.png(image=small))
    assert words is not None and "Anna" in words.text
    blank = read(s.png(image=Image.new("RGB", (400, 300), "white")))
    assert blank is not None and blank.text == ""


def on_white(image: Image.Image) -> Image.Image:
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
