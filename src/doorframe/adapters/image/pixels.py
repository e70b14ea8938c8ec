"""The pixels of a picture and nothing else: read, turned upright, brought to sRGB, written anew."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from doorframe.adapters.image.blocks import without_head
from doorframe.adapters.image.errors import NO_HEIC, Refused
from doorframe.adapters.image.finds import Blocks
from doorframe.adapters.image.walk import PNG_SIGN, Part, Walk

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_FILE = 40 * 1024 * 1024
"""Bytes. The largest pictures of telephones stay below this, their little films included."""

LARGEST_PICTURE = 64_000_000
"""Pixels: 50-megapixel cameras of telephones stay below this. One picture needs about
twelve bytes of memory a pixel, so 770 MB at the limit."""

_LONGEST_SIDE = 65_000
"""Pixels: what a JPEG can hold."""

_QUALITY = 92
_ORIENTATION = 0x0112


def check_size(width: int, height: int) -> None:
    """Refuse what would fill the memory, before a single pixel is unpacked."""
    if width * height > LARGEST_PICTURE or max(width, height) > _LONGEST_SIDE:
        raise Refused("This picture has more than 64 million pixels. Save a smaller copy, and try again.")


def decoded(data: bytes, walk: Walk, blocks: Blocks) -> Image:
    """The picture's own pixels, as they are stored; a profile is in `info`. Adds what the decoder knows to the blocks.

    The decoder of a JPEG or PNG gets only the parts that hold the picture. Raises Refused, or whatever the
    library raises at a damaged file.
    """
    return _heic(data, blocks) if walk.kind == "heic" else _loaded(_bare(data, walk))


def _loaded(data: bytes) -> Image:
    from PIL import Image  # late: most commands never need it

    image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    check_size(*image.size)
    image.load()
    return image


def _bare(data: bytes, walk: Walk) -> bytes:
    """The file without the parts that are not needed to show the picture."""
    if walk.kind == "webp":
        return data[: len(data) - len(walk.rest)]
    sign = PNG_SIGN if walk.kind == "png" else b""
    return sign + b"".join(data[part.start : part.end] for part in walk.parts if _shows(part, walk.kind))


def _shows(part: Part, kind: str) -> bool:
    if kind == "png":
        return part.name in ("IHDR", "PLTE", "tRNS", "IDAT", "IEND")
    return part.name in ("APP0", "APP14") or not (part.name.startswith("APP") or part.name == "COM")


def _heic(data: bytes, blocks: Blocks) -> Image:
    try:
        import pillow_heif
    except ImportError as error:
        raise Refused(NO_HEIC) from error
    container = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
    check_size(*container.size)
    info = container.info
    for name, some in (("exif", blocks.exif), ("xmp", blocks.xmp), ("icc_profile", blocks.profiles)):
        if info.get(name):
            some.append(without_head(bytes(info[name])))
    if info.get("metadata"):
        blocks.kinds.add("other")
    if info.get("thumbnails"):
        blocks.kinds.add("thumbnail")
    if len(container) > 1 or info.get("depth_images") or info.get("aux"):
        blocks.kinds.add("frames")
    image: Image = container[container.primary_index].to_pillow()
    return image


def flat(image: Image, walk: Walk, blocks: Blocks) -> Image:
    """The picture as it is seen: upright, in sRGB, 8 bits a channel, nothing under see-through parts. A pixel copy."""
    from PIL import Image

    image = _eight_bits(image)
    image = _in_srgb(image, blocks.profiles)
    if walk.kind != "heic":  # the decoder of HEIC has turned it already
        image = _upright(image, blocks)
    if image.mode in ("RGBA", "LA"):
        image = _uncovered(image, blocks)
        image = _on_white(image) if walk.kind == "heic" else image
    copy = Image.new(image.mode, image.size)
    copy.paste(image)
    return copy


def _eight_bits(image: Image) -> Image:
    """One of L, LA, RGB, RGBA and CMYK."""
    see_through = image.info.get("transparency")
    if image.mode.startswith("I"):
        image = image.convert("I").point([at // 256 for at in range(65536)], "L")
        if isinstance(see_through, int):
            image.info["transparency"] = see_through // 256
    if image.mode in ("L", "LA", "RGBA", "CMYK") and "transparency" not in image.info:
        return image
    if "transparency" in image.info or image.mode in ("PA", "RGBa") or getattr(image.palette, "mode", "") == "RGBA":
        return image.convert("RGBA")
    if image.mode == "La":
        return image.convert("LA")
    return image.convert("L" if image.mode == "1" else "RGB")


def _in_srgb(image: Image, profiles: list[bytes]) -> Image:
    """In sRGB where a profile says that it is not; a profile that cannot be used is left aside, as viewers do."""
    converted = _converted(image, profiles[0]) if profiles and profiles[0] else image
    return converted.convert("RGB") if converted.mode == "CMYK" else converted


def _converted(image: Image, profile: bytes) -> Image:
    from PIL import ImageCms

    colours = "RGB" if image.mode in ("RGB", "RGBA") else "CMYK" if image.mode == "CMYK" else "L"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = source.profile.xcolor_space.strip()
        named = ImageCms.getProfileDescription(source)
        if {"RGB": "RGB", "CMYK": "CMYK", "GRAY": "L"}.get(space) != colours or named.startswith("sRGB"):
            return image
        plain = image if image.mode == colours else image.convert(colours)
        turned = ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError):
        return image
    if turned is None:
        return image
    if colours == "L":
        turned = turned.convert("L")
    if image.mode in ("RGBA", "LA"):
        turned.putalpha(image.getchannel("A"))
    return turned


def _upright(image: Image, blocks: Blocks) -> Image:
    """Turned and mirrored as the camera said (EXIF 3.0, tag Orientation)."""
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM, 5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE, 8: Transpose.ROTATE_90,
    }  # fmt: skip
    turn = turns.get(_orientation(blocks))
    return image if turn is None else image.transpose(turn)


def _orientation(blocks: Blocks) -> int:
    from PIL import Image

    for block in blocks.exif:
        exif = Image.Exif()
        try:
            exif.load(block)
            found = exif.get(_ORIENTATION)
        except Exception:  # a damaged block can fail anywhere inside the library; then the picture stays as it is
            continue
        if isinstance(found, int):
            return found
    return 1


def _uncovered(image: Image, blocks: Blocks) -> Image:
    """Black under what is wholly see-through: an eraser may have left there what it was meant to remove."""
    from PIL import Image, ImageStat

    alpha = image.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return image
    mask = alpha.point([255, *[0] * 255])
    colours = image.convert(image.mode[:-1])
    if mask.getbbox() and any(low != high for low, high in ImageStat.Stat(colours, mask).extrema):
        blocks.kinds.add("hidden")
    colours.paste(0 if colours.mode == "L" else (0, 0, 0), mask=mask)
    return Image.merge(image.mode, (*colours.split(), alpha))


def _on_white(image: Image) -> Image:
    from PIL import Image

    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


def written(image: Image, walk: Walk) -> tuple[bytes, str]:
    """The pixels as a new file, and its kind: what came in, and JPEG for HEIC."""
    out = io.BytesIO()
    if walk.kind == "png":
        image.save(out, "PNG")
        return out.getvalue(), "png"
    if walk.kind == "webp":
        image.save(out, "WEBP", lossless=_without_loss(walk), quality=_QUALITY, exact=True)
        return out.getvalue(), "webp"
    image.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue(), "jpeg"


def _without_loss(walk: Walk) -> bool:
    """Whether a WebP, or the first picture of a moving one, was kept without loss."""
    return bool(walk.named("VP8L")) or any(part.data[16:20] == b"VP8L" for part in walk.named("ANMF")[:1])
