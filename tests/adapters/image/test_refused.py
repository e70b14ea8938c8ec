"""What is not taken, and the sentence that says so; whatever the bytes are, nothing else is ever raised."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from doorframe.adapters import image as images
from doorframe.adapters.image import Refused, clean, look, pixels
from doorframe.adapters.image.proof import prove
from tests.adapters.image import samples as s


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("notes.txt", s.SECRET)
    return out.getvalue()


def said(data: bytes, name: str = "") -> str:
    """The sentence. It can be acted on, and it tells nothing of the file."""
    with pytest.raises(Refused) as refused:
        clean(data, name)
    with pytest.raises(Refused) as by_look:
        look(data, name)
    sentence = str(refused.value)
    assert str(by_look.value) == sentence
    assert sentence.endswith(".") and len(sentence) < 160 and "Error" not in sentence
    assert "Anna" not in sentence and "4711" not in sentence
    return sentence


SVG = b"<?xml version='1.0'?>\n<!-- x -->\n<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
GIF = s.saved(s.corners(), "GIF", save_all=True, append_images=[Image.new("RGB", (96, 64), s.RED)])
AVIF = b"\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf" + b"\0" * 99


@pytest.mark.promise("F7")
@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "", "This file is empty."),
        (b"\0" * 100, "", "not a picture that can be cleaned"),
        (b"Dear Anna Meyer 4711", "a.jpg", "not a picture that can be cleaned"),
        (archive(), "holiday.jpg", "a ZIP or Office file and not a picture"),
        (SVG, "logo.svg", "an SVG drawing"),
        (SVG, "logo.png", "an SVG drawing"),
        (GIF, "moving.gif", "a GIF"),
        (GIF, "moving.png", "a GIF"),
        (s.saved(s.corners(), "TIFF"), "", "a TIFF or raw camera picture"),
        (s.saved(s.corners(), "BMP"), "", "a BMP picture"),
        (s.saved(s.corners(), "ICO"), "", "an icon"),
        (s.saved(s.corners(), "PDF"), "", "a PDF and not a picture"),
        (b"8BPS\0\1", "", "a Photoshop file"),
        (AVIF, "a.heic", "an AVIF picture"),
        (s.FILM, "a.jpg", "a film"),
        (s.png(), "room.jpg", "The name ends in .jpg, but this is a PNG picture."),
        (s.jpeg(), "room.png", "The name ends in .png, but this is a JPEG picture."),
        (s.heic(), "IMG_4711.JPG", "The name ends in .jpg, but this is a HEIC picture."),
        (s.webp(), "Anna.pdf", "The name ends in .pdf, but this is a WebP picture."),
        (s.jpeg()[:2] + s.jpeg(), "", "damaged"),
        (b"\xff\xd8\xff" + b"\0" * 50, "", "damaged"),
        (s.png()[:33] + s.png()[-12:], "", "damaged"),
        (s.png().replace(b"IDAT", b"IDAX"), "", "damaged"),
        (s.jpeg().replace(b"\xff\xda", b"\xff\xfe", 1), "", "damaged"),
        (s.saved(s.corners(), "WEBP")[:-1], "", "damaged"),
        (s.heic()[:200], "", "damaged"),
    ],
)
def test_what_is_refused_and_how_it_is_said(data: bytes, name: str, words: str) -> None:
    assert words in said(data, name)


@pytest.mark.parametrize("name", ["a.JPG", "a.jpeg", "a.jfif", "upload.tmp", "upload", "", "a.b/c"])
def test_names_that_promise_nothing_else_are_taken(name: str) -> None:
    assert clean(s.jpeg(), name).name == "picture.jpg"


# Bombs


def claiming_jpeg(wide: int, high: int) -> bytes:
    data = s.jpeg()
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", high, wide) + data[at + 4 :]


def claiming_webp(wide: int, high: int) -> bytes:
    head = b"\0\0\0\0" + (wide - 1).to_bytes(3, "little") + (high - 1).to_bytes(3, "little")
    body = b"WEBP" + s.riff(b"VP8X", head) + s.saved(s.corners(), "WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


BOMBS = {
    "png": s.claiming(60_000, 60_000),
    "png, one pixel high": s.claiming(2**31 - 1, 1),
    "png, one pixel wide": s.claiming(1, 70_000),
    "jpeg": claiming_jpeg(60_000, 60_000),
    "webp": claiming_webp(16_000_000, 16_000_000),
}


@pytest.mark.promise("F7")
@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_before_it_is_opened(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(pixels, "decoded", opened)
    assert "more than 64 million pixels" in said(data)


def test_a_heic_bomb_is_refused_before_its_pixels_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pixels, "LARGEST_PICTURE", 96 * 64 - 1)
    assert "more than 64 million pixels" in said(s.heic())


def test_the_limit_itself_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pixels, "LARGEST_PICTURE", 96 * 64)
    assert clean(s.heic()).size == clean(s.png()).size == (96, 64)
    assert "pixels" in said(s.png(image=s.corners(97, 64)))


def test_a_file_over_the_limit_is_not_even_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "LARGEST_FILE", len(s.jpeg()))
    assert clean(s.jpeg()).size == (96, 64)
    assert "larger than 40 MB" in said(s.jpeg(after=b"x"))


def test_two_pictures_at_once_are_opened_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, most = [0], [0]
    decoded = pixels.decoded

    def slowly(*arguments: Any) -> Any:
        opened[0] += 1
        most[0] = max(most[0], opened[0])
        time.sleep(0.05)
        try:
            return decoded(*arguments)
        finally:
            opened[0] -= 1

    monkeypatch.setattr(pixels, "decoded", slowly)
    with ThreadPoolExecutor(4) as pool:
        names = [one.name for one in pool.map(images.clean, [s.jpeg()] * 4)]
    assert names == ["picture.jpg"] * 4
    assert most == [1]


def test_a_picture_for_which_memory_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pixels, "decoded", full)
    assert "too large to be opened here" in said(s.jpeg())


# Cut and changed


WHOLE = {"jpeg": s.telephone(), "png": s.screenshot(), "webp": s.webp(after=s.SECRET), "heic": s.heic(after=s.FILM)}
PLAIN = {"jpeg": s.jpeg(), "png": s.png(), "webp": s.saved(s.corners(), "WEBP"), "heic": s.heic()}


@pytest.mark.parametrize("data", PLAIN.values(), ids=PLAIN)
@pytest.mark.parametrize("part", range(20))
def test_a_picture_of_which_only_a_part_arrived(data: bytes, part: int) -> None:
    assert any(word in said(data[: len(data) * part // 20]) for word in ("damaged", "empty", "not a picture", "film"))


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE)
def test_a_cut_is_a_sentence_or_a_clean_picture(data: bytes) -> None:
    """What is cut behind the picture's own end leaves a whole picture."""
    for part in range(20):
        _refused_or_clean(data[: len(data) * part // 20])


def _refused_or_clean(data: bytes) -> None:
    try:
        cleaned = clean(data)
    except Refused as refused:
        assert "Anna" not in str(refused)
        return
    assert s.SECRET not in cleaned.data and look(cleaned.data) == ()
    assert all(check.holds for check in cleaned.proof)


STARTS = [
    b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8X",
    b"\0\0\0\x18ftypheic", b"<svg", b"GIF89a", b"PK\x03\x04",
]  # fmt: skip
QUIET = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])


@QUIET
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=400), name=st.text(max_size=12))
def test_no_bytes_and_no_name_raise_anything_else(start: bytes, rest: bytes, name: str) -> None:
    for call in (clean, look):
        try:
            call(start + rest, name)
        except Refused as refused:
            assert str(refused)


@pytest.mark.filterwarnings("ignore")
@QUIET
@given(
    kind=st.sampled_from(sorted(WHOLE)),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=6)), max_size=6),
)
def test_no_change_to_a_picture_raises_anything_else(kind: str, changes: list[tuple[float, bytes]]) -> None:
    data = bytearray(WHOLE[kind])
    for place, new in changes:
        at = int(place * len(data))
        data[at : at + len(new)] = new
    _refused_or_clean(bytes(data))
    if kind != "heic":
        assert not all(check.holds for check in prove(bytes(data), kind, s.corners())), "these tell, or are broken"


@pytest.mark.filterwarnings("ignore")
@QUIET
@given(block=st.binary(max_size=200), after=st.binary(max_size=60))
def test_no_block_of_any_words_is_left_behind(block: bytes, after: bytes) -> None:
    """Metadata of any bytes, known or not, well made or not, goes; the picture stays as it was."""
    for data in (
        s.jpeg(s.segment(0xE1, b"Exif\0\0" + block), s.segment(0xED, block), s.segment(0xE5, block), after=after),
        s.png(s.chunk(b"eXIf", block), s.chunk(b"iTXt", block), s.chunk(b"teSt", block), after=after),
    ):
        assert look(clean(data).data) == ()
