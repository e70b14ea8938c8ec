"""The clean picture: the same to the eye, upright, in sRGB, with nothing beside it; and proof that can fail."""

from __future__ import annotations

import io
import sys
import zlib
from itertools import pairwise

import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from doorframe.adapters import image as images
from doorframe.adapters.image import Refused, clean, pixels
from doorframe.adapters.image.proof import prove
from doorframe.adapters.image.walk import walk
from tests.adapters.image import samples as s

SAMPLES = {
    "jpeg": s.telephone(),
    "png": s.screenshot(),
    "webp": s.webp(after=s.SECRET),
    "webp without loss": s.webp(lossless=True),
    "heic": s.heic(more=1, after=s.FILM),
}
NAMES = {"jpeg": "picture.jpg", "png": "picture.png", "webp": "picture.webp", "heic": "picture.jpg"}
ALLOWED = {"SOI", "APP0", "DQT", "SOF", "DHT", "SOS", "EOI", "IHDR", "IDAT", "IEND", "VP8 ", "VP8L", "VP8X", "ALPH"}


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def apart(one: Image.Image, other: Image.Image) -> float:
    """Steps of 255 between two pictures, on average, in the worst channel."""
    assert one.size == other.size
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


@pytest.mark.promise("F7")
@pytest.mark.parametrize(("kind", "data"), SAMPLES.items(), ids=SAMPLES)
def test_nothing_but_the_picture_is_left(kind: str, data: bytes) -> None:
    assert s.SECRET in data or s.SECRET.hex().encode() in data
    cleaned = clean(data)
    seen = walk(cleaned.data, "jpeg" if kind == "heic" else kind.split()[0])
    assert {part.name for part in seen.parts} <= ALLOWED
    assert not seen.rest and seen.parts[-1].end == len(cleaned.data)
    assert all(one.end == next.start for one, next in pairwise(seen.parts)), "no byte between the parts"
    assert s.SECRET not in cleaned.data and s.SECRET.decode().encode("utf-16-be") not in cleaned.data
    for word in (b"Exif", b"http", b"8BIM", b"ICC_PROFILE", b"ftyp", b"iPhone"):
        assert word not in cleaned.data
    assert dict(opened(cleaned.data).getexif()) == {}
    assert cleaned.name == NAMES[kind.split()[0]]
    assert cleaned.size == opened(cleaned.data).size == (96, 64)
    assert len(cleaned.proof) == 11 and all(check.holds for check in cleaned.proof)


@pytest.mark.parametrize(("kind", "data"), SAMPLES.items(), ids=SAMPLES)
def test_cleaning_twice_finds_nothing_more(kind: str, data: bytes) -> None:
    once = clean(data)
    again = clean(once.data)
    assert again.found == ()
    assert again.data == once.data or kind not in ("png", "webp without loss")
    assert clean(data).data == once.data, "same picture, same bytes"


# Upright


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_the_picture_stands_upright(kind: str, orientation: int) -> None:
    """Against the library's own way of turning, and against where the colours must be."""
    block = s.exif(orientation=orientation)
    data = {
        "jpeg": lambda: s.jpeg(s.exif_segment(orientation=orientation)),
        "png": lambda: s.png(s.chunk(b"eXIf", block)),
        "webp": lambda: s.saved(s.corners(), "WEBP", lossless=True, exif=block),
    }[kind]()
    cleaned = clean(data)
    assert apart(opened(cleaned.data), ImageOps.exif_transpose(opened(data))) < 2
    assert cleaned.size == ((96, 64) if orientation < 5 else (64, 96))
    red = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[orientation]
    place = tuple(side // 4 + at * side // 2 for at, side in zip(red, cleaned.size, strict=True))
    near = opened(cleaned.data).convert("RGB").getpixel(place)
    assert all(abs(one - other) < 12 for one, other in zip(near, s.RED, strict=True))


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_heic_picture_is_not_turned_twice(orientation: int) -> None:
    data = s.heic(orientation=orientation)
    seen = pillow_heif.open_heif(io.BytesIO(data)).to_pillow()
    assert apart(opened(clean(data).data), seen) < 6


def test_an_orientation_that_does_not_exist_turns_nothing() -> None:
    assert clean(s.jpeg(s.exif_segment(orientation=9))).size == (96, 64)


# Colours


def test_a_profile_is_applied_and_dropped() -> None:
    """The profile swaps red and blue, so the red corner must come out blue, and no profile be left."""
    for data in (s.telephone(), s.screenshot(), s.webp(lossless=True)):
        near = opened(clean(data).data).convert("RGB").getpixel((10, 10))
        assert all(abs(one - other) < 6 for one, other in zip(near, s.BLUE, strict=True))


def test_a_profile_that_cannot_be_used_is_left_aside() -> None:
    for broken in (b"", b"no profile", s.profile()[:200]):
        cleaned = clean(s.png(s.chunk(b"iCCP", b"x\0\0" + zlib.compress(broken))))
        assert apart(opened(cleaned.data), s.corners()) == 0


@pytest.mark.parametrize(
    ("image", "options", "mode"),
    [
        (s.corners(), {}, "RGB"),
        (s.corners().convert("L"), {}, "L"),
        (s.corners().convert("1"), {}, "L"),
        (s.corners().convert("LA"), {}, "LA"),
        (s.corners().convert("RGBA"), {}, "RGBA"),
        (s.corners().quantize(8), {}, "RGB"),
        (s.corners().quantize(8), {"transparency": 0}, "RGBA"),
        (s.corners().quantize(8), {"transparency": bytes([0, 128, 255])}, "RGBA"),
        (s.corners(), {"transparency": s.RED}, "RGBA"),
        (s.corners().convert("L"), {"transparency": 0}, "RGBA"),
    ],
)
def test_a_png_keeps_every_pixel(image: Image.Image, options: dict[str, object], mode: str) -> None:
    data = s.saved(image, "PNG", **options)
    new = opened(clean(data).data)
    assert new.mode == mode
    seen, meant = new.convert("RGBA"), opened(data).convert("RGBA")
    assert seen.getchannel("A").tobytes() == meant.getchannel("A").tobytes()
    on_white = [Image.alpha_composite(Image.new("RGBA", one.size, "white"), one) for one in (seen, meant)]
    assert on_white[0].tobytes() == on_white[1].tobytes()


def test_sixteen_bits_become_eight() -> None:
    image = Image.new("I;16", (8, 8), 40_000)
    image.putpixel((0, 0), 255)
    new = opened(clean(s.saved(image, "PNG")).data)
    assert (new.mode, new.getpixel((1, 1)), new.getpixel((0, 0))) == ("L", 40_000 // 256, 0)


def test_a_print_picture_becomes_one_for_screens() -> None:
    data = s.saved(s.corners().convert("CMYK"), "JPEG", quality=95)
    new = opened(clean(data).data)
    assert new.mode == "RGB"
    assert apart(new, opened(data).convert("RGB")) < 3


def test_what_was_erased_is_really_gone() -> None:
    """Some programs erase by making see-through; the colours stay below."""
    image = s.corners().convert("RGBA")
    alpha = Image.new("L", image.size, 255)
    alpha.paste(0, (0, 0, 60, 64))
    image.putalpha(alpha)
    for data in (s.png(image=image), s.saved(image, "WEBP", lossless=True, exact=True)):
        new = opened(clean(data).data)
        assert new.crop((0, 0, 60, 64)).convert("RGBA").getcolors() == [(60 * 64, (0, 0, 0, 0))]
        assert new.crop((60, 0, 96, 64)).tobytes() == image.crop((60, 0, 96, 64)).tobytes()


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (7, 1), (1, 300)])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_tiny_and_narrow_pictures(size: tuple[int, int], format: str) -> None:
    image = Image.effect_noise(size, 90).convert("RGB")
    image.putpixel((0, 0), (255, 0, 0))
    assert clean(s.saved(image, format)).size == size


# Several pictures in one file


def test_of_several_pictures_the_first_is_kept_and_that_is_said() -> None:
    others = [Image.new("RGB", (96, 64), s.RED), Image.new("RGB", (96, 64), s.GREEN)]
    for format in ("PNG", "WEBP"):
        data = s.saved(s.corners(), format, save_all=True, append_images=others, lossless=True, duration=50)
        cleaned = clean(data)
        new = opened(cleaned.data)
        assert [found.kind for found in cleaned.found] == ["frames"]
        assert getattr(new, "n_frames", 1) == 1 and apart(new, s.corners()) < 1
    cleaned = clean(s.saved(s.corners(), "MPO", save_all=True, append_images=others))
    assert {found.kind for found in cleaned.found} >= {"frames", "trailing"}
    assert apart(opened(cleaned.data), s.corners()) < 3


# Proof


DIRTY = {
    "exif": (s.jpeg(s.exif_segment()), {"exif", "parts", "silent"}),
    "xmp": (s.jpeg(s.segment(0xE1, s.XMP_HEAD + b"<x/>")), {"xmp", "parts"}),
    "iptc": (s.jpeg(s.segment(0xED, s.iptc())), {"iptc", "parts"}),
    "comment": (s.jpeg(s.segment(0xFE, b"x")), {"comment", "parts", "silent"}),
    "thumbnail": (s.jpeg(s.segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1abc")), {"thumbnail", "parts"}),
    "profile": (s.jpeg(s.segment(0xE2, b"ICC_PROFILE\0\1\1" + s.profile())), {"profile", "parts"}),
    "trailing": (s.jpeg(after=b"\0"), {"trailing"}),
    "motion": (s.jpeg(after=s.FILM), {"trailing", "frames"}),
    "dots": (s.jpeg(dpi=(300, 300)), {"parts"}),
    "adobe": (s.jpeg(s.segment(0xEE, b"Adobe\0\x64\0\0\0\0\1")), {"parts"}),
    "png text": (s.png(s.chunk(b"tEXt", b"a\0b")), {"comment", "parts", "silent"}),
    "png exif": (s.png(s.chunk(b"eXIf", s.exif())), {"exif", "parts"}),
    "png time": (s.png(s.chunk(b"tIME", b"\x07\xea\1\1\0\0\0")), {"parts", "silent"}),
    "png trailing": (s.png(after=b"x"), {"trailing"}),
    "png frames": (s.saved(s.corners(), "PNG", save_all=True, append_images=[Image.new("RGB", (96, 64))]),
                   {"frames", "parts"}),
    "webp exif": (s.webp(), {"exif", "xmp", "profile", "parts"}),
    "webp trailing": (s.saved(s.corners(), "WEBP") + b"x", {"trailing"}),
    "another picture": (s.jpeg(image=Image.new("RGB", (96, 64), s.RED)), {"opens"}),
    "another size": (s.jpeg(image=s.corners(95, 64)), {"opens"}),
    "half": (s.jpeg()[:500], {"opens"}),
    "one pixel other": (s.png(image=ImageChops.offset(s.corners(), 1)), {"opens"}),
}  # fmt: skip


@pytest.mark.parametrize(("data", "fail"), DIRTY.values(), ids=DIRTY)
def test_the_proof_sees_each_thing_that_is_left(data: bytes, fail: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kind = {b"\xff\xd8": "jpeg", b"\x89P": "png", b"RI": "webp"}[data[:2]]
    checks = {check.id: check.holds for check in prove(data, kind, s.corners())}
    assert fail <= {id for id, holds in checks.items() if not holds}
    assert all(check.holds for check in prove(clean(s.png()).data, "png", s.corners())), "and a clean one passes"
    monkeypatch.setattr(pixels, "written", lambda *_: (data, kind))
    with pytest.raises(Refused, match="could not be proved"):
        clean(s.png())


def test_a_reader_that_cannot_look_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError(s.SECRET)

    monkeypatch.setattr("exifread.process_file", broken)
    with pytest.raises(Refused, match="could not be proved"):
        clean(s.png())


def test_without_the_reader_of_heic_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(Refused, match="cannot be read on this installation"):
        clean(s.heic())
    assert images.clean(s.jpeg()).name == "picture.jpg"


def test_a_text_that_grows_without_end_is_dropped_unread() -> None:
    packed = zlib.compress(b"A" * 60_000_000, 9)
    cleaned = clean(s.png(s.chunk(b"zTXt", b"Comment\0\0" + packed), s.chunk(b"iCCP", b"x\0\0" + packed)))
    assert {found.kind for found in cleaned.found} == {"text", "comment", "profile"}
