"""What a picture file tells beside its picture: each block alone, with look-alikes that tell nothing."""

from __future__ import annotations

import zlib

import pytest
from PIL import Image

from doorframe.adapters.image import clean, look
from doorframe.adapters.image.finds import SAID
from tests.adapters.image import samples as s

WHOLE_EXIF = {"location", "date", "author", "camera", "serial", "maker", "comment", "exif", "thumbnail"}
PRESS = {"iptc", "author", "caption", "date", "location"}
TOLD = WHOLE_EXIF | {"xmp", "people"}
"""What `exif()` and XMP of the samples tell together."""
SILENT_EXIF = b"II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00"


AUTHOR = s.ROOM % b"dc:creator='x'"


def xmp(words: bytes) -> bytes:
    return s.jpeg(s.segment(0xE1, s.XMP_HEAD + s.ROOM % words))


def raw_profile(name: bytes, block: bytes) -> bytes:
    text = b"\n%s\n%8d\n%s" % (name, len(block), block.hex().encode())
    return s.png(s.chunk(b"tEXt", b"Raw profile type " + name + b"\x00" + text))


TELLING = {
    "exif": (s.jpeg(s.exif_segment()), WHOLE_EXIF),
    "exif without a place": (s.jpeg(s.exif_segment(gps=False)), WHOLE_EXIF - {"location"}),
    "exif without a thumbnail": (s.jpeg(s.exif_segment(thumbnail=False)), WHOLE_EXIF - {"thumbnail"}),
    "exif that says only how it is turned": (s.jpeg(s.segment(0xE1, b"Exif\0\0" + SILENT_EXIF)), {"exif"}),
    "exif that is broken": (s.jpeg(s.segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff")), {"exif"}),
    "exif in a second block": (s.jpeg(s.segment(0xE1, b"Exif\0\0" + SILENT_EXIF), s.exif_segment()), WHOLE_EXIF),
    "xmp with a place": (xmp(b"exif:GPSLatitude='51'"), {"xmp", "location"}),
    "xmp with a city": (xmp(b"photoshop:City='Hull'"), {"xmp", "location"}),
    "xmp with faces": (xmp(b"mwg-rs:Regions='x'"), {"xmp", "people"}),
    "xmp with a title": (xmp(b"dc:title='x'"), {"xmp", "caption"}),
    "xmp with a program": (xmp(b"xmp:CreatorTool='x'"), {"xmp", "software"}),
    "xmp with another picture": (xmp(b"GImage:Data='x'"), {"xmp", "frames"}),
    "xmp of a motion photo without its film": (xmp(b"GCamera:MotionPhoto='1'"), {"xmp"}),
    "xmp that says nothing known": (xmp(b"tiff:Orientation='1'"), {"xmp"}),
    "xmp in UTF-16": (s.jpeg(s.segment(0xE1, s.XMP_HEAD + (AUTHOR).decode().encode("utf-16"))),
                      {"xmp", "author"}),
    "press data": (s.jpeg(s.segment(0xED, s.iptc())), PRESS),
    "a comment": (s.jpeg(s.segment(0xFE, s.SECRET)), {"comment"}),
    "a thumbnail in JFIF": (s.jpeg(s.segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1abc")), {"thumbnail"}),
    "other pictures": (s.jpeg(s.segment(0xE2, b"MPF\0" + s.SECRET)), {"frames"}),
    "a picture after the end": (s.jpeg(after=s.jpeg()), {"frames", "trailing"}),
    "a film after the end": (s.jpeg(after=s.FILM), {"motion", "trailing"}),
    "one byte after the end": (s.jpeg(after=b"\0"), {"trailing"}),
    "content credentials": (s.jpeg(s.segment(0xEB, b"JP\0\1")), {"credentials"}),
    "a program's own block": (s.jpeg(s.segment(0xE7, s.SECRET)), {"other"}),
    "a profile": (s.jpeg(s.segment(0xE2, b"ICC_PROFILE\0\1\1" + s.profile())), {"profile"}),
    "png: exif": (s.png(s.chunk(b"eXIf", s.exif())), WHOLE_EXIF),
    "png: exif with a head": (s.png(s.chunk(b"eXIf", b"Exif\0\0" + s.exif())), WHOLE_EXIF),
    "png: a text": (s.png(s.chunk(b"tEXt", b"Mood\0" + s.SECRET)), {"text"}),
    "png: an author": (s.png(s.chunk(b"iTXt", b"Author\0\0\0\0\0" + s.SECRET)), {"text", "author"}),
    "png: packed xmp": (s.png(s.chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(AUTHOR))),
                        {"text", "xmp", "author"}),
    "png: exif in text": (raw_profile(b"exif", b"Exif\0\0" + s.exif()), WHOLE_EXIF | {"text"}),
    "png: press data in text": (raw_profile(b"iptc", s.iptc()), PRESS | {"text"}),
    "png: xmp in text": (raw_profile(b"xmp", AUTHOR), {"text", "xmp", "author"}),
    "png: a broken block in text": (s.png(s.chunk(b"tEXt", b"Raw profile type exif\0\nexif\n4\nzz")), {"text", "exif"}),
    "png: a time": (s.png(s.chunk(b"tIME", b"\x07\xea\1\1\0\0\0")), {"date"}),
    "png: a profile": (s.png(s.chunk(b"iCCP", b"mine\0\0" + zlib.compress(s.profile()))), {"profile"}),
    "png: a program's own": (s.png(s.chunk(b"iDOT", s.SECRET)), {"other"}),
    "png: after the end": (s.png(after=s.SECRET), {"trailing"}),
    "webp: all": (s.webp(), TOLD | {"profile"}),
    "webp: a program's own": (s.webp(s.riff(b"abcd", s.SECRET)), TOLD | {"profile", "other"}),
    "heic: all": (s.heic(), TOLD),
    "heic: more pictures": (s.heic(more=2), TOLD | {"frames"}),
    "heic: a film": (s.heic(after=b"\0\0\0\x17mpvd" + s.SECRET), TOLD | {"motion"}),
    "heic: a program's own": (s.heic(after=b"\0\0\0\x17sefd" + s.SECRET), TOLD | {"other"}),
    "heic: after the end": (s.heic(after=s.SECRET), TOLD | {"trailing"}),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize(("data", "kinds"), TELLING.values(), ids=TELLING)
def test_each_block_is_told_for_what_it_is(data: bytes, kinds: set[str]) -> None:
    assert {found.kind for found in look(data)} == kinds
    cleaned = clean(data)
    assert {found.kind for found in cleaned.found} == kinds
    assert look(cleaned.data) == ()


SILENT = {
    "jpeg": s.jpeg(),
    "jpeg with a grid of dots": s.jpeg(dpi=(300, 300)),
    "jpeg with Adobe's note on colours": s.jpeg(s.segment(0xEE, b"Adobe\0\x64\0\0\0\0\1")),
    "progressive jpeg": s.jpeg(progressive=True),
    "jpeg with restart marks": s.jpeg(restart_marker_blocks=1),
    "png": s.png(),
    "png with how it is shown": s.png(s.chunk(b"gAMA", b"\0\0\xb1\x8f"), s.chunk(b"sRGB", b"\0")),
    "png with dots": s.saved(s.corners(), "PNG", dpi=(72, 72)),
    "png with see-through parts": s.saved(s.corners().convert("P"), "PNG", transparency=0),
    "webp": s.saved(s.corners(), "WEBP"),
    "webp without loss": s.saved(s.corners(), "WEBP", lossless=True),
    "webp with see-through parts": s.saved(s.corners().convert("RGBA"), "WEBP"),
}


@pytest.mark.parametrize("data", SILENT.values(), ids=SILENT)
def test_a_file_that_tells_nothing_is_not_accused(data: bytes) -> None:
    assert look(data) == clean(data).found == ()


@pytest.mark.parametrize(
    "data", [s.telephone(), s.screenshot(), s.webp(), s.heic()], ids=["jpeg", "png", "webp", "heic"]
)
def test_what_stood_there_is_in_no_sentence_and_no_log(data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    for library in ("PIL", "exifread"):
        caplog.set_level(0, logger=library)
    cleaned = clean(data, f"{s.SECRET.decode()}.x")
    words = repr([cleaned.found, cleaned.proof, cleaned.name]) + caplog.text
    assert not [part for part in ("Anna", "4711", "2026", "iPhone", "51") if part in words]


@pytest.mark.parametrize(
    ("name", "told"),
    [("IMG_20261103_session.jpg", True), ("C:\\Anna\\room.jpg", True), ("/tmp/anna/picture.jpg", False),
     ("Picture.JPG", False), ("", False), ("room", True)],
)  # fmt: skip
def test_a_name_of_its_own_is_told_and_replaced(name: str, told: bool) -> None:
    cleaned = clean(s.jpeg(), name)
    assert [found.kind for found in cleaned.found] == (["name"] if told else [])
    assert cleaned.name == "picture.jpg"


def test_the_gravest_comes_first_and_each_once() -> None:
    kinds = [found.kind for found in look(s.telephone())]
    assert kinds[0] == "location" and kinds == [kind for kind in SAID if kind in set(kinds)]


def test_colours_under_what_is_see_through() -> None:
    image = s.corners().convert("RGBA")
    image.paste((9, 9, 9, 0), (0, 0, 48, 32))
    assert "hidden" not in {found.kind for found in look(s.png(image=image))}, "one even colour hides nothing"
    image = s.corners().convert("RGBA")
    image.putalpha(Image.new("L", image.size, 0))
    cleaned = clean(s.png(image=image))
    assert [found.kind for found in cleaned.found] == ["hidden"]
