"""What a file is, by its first bytes; its name is believed only where it says the same."""

from __future__ import annotations

from doorframe.adapters.image.errors import EMPTY, NO_PICTURE, Refused

ENDINGS = {
    "jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "png": ("png", "apng"),
    "webp": ("webp",),
    "heic": ("heic", "heif", "hif"),
}
"""The endings of a name that go with a kind. The first one is the ending that we write."""

SAID = {"jpeg": "JPEG", "png": "PNG", "webp": "WebP", "heic": "HEIC"}

_OTHERS = {
    "gif",
    "svg",
    "avif",
    "bmp",
    "tif",
    "tiff",
    "ico",
    "psd",
    "jxl",
    "pdf",
    "zip",
    "docx",
    "html",
    "txt",
    "mp4",
    "mov",
}
"""Endings that promise something else than the four kinds."""

_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_HEIC_SHARED = {b"mif1", b"msf1"}
"""Brands that HEIC shares with AVIF; the brands after them tell."""
_AVIF = {b"avif", b"avis"}

_FILM = "This is a film. Choose a picture, or save one frame of it as PNG."
_SAVE_AS = "Open it, save it as {}, and try again."
_REFUSED = (
    (b"GIF8", f"This is a GIF, which can hold many pictures. {_SAVE_AS.format('PNG')}"),
    (b"BM", f"This is a BMP picture. {_SAVE_AS.format('PNG')}"),
    (b"II*\x00", f"This is a TIFF or raw camera picture. {_SAVE_AS.format('JPEG')}"),
    (b"MM\x00*", f"This is a TIFF or raw camera picture. {_SAVE_AS.format('JPEG')}"),
    (b"8BPS", f"This is a Photoshop file, and its layers stay with it. {_SAVE_AS.format('PNG')}"),
    (b"\xff\x0a", f"This is a JPEG XL picture. {_SAVE_AS.format('JPEG')}"),
    (b"\x00\x00\x00\x0cJXL ", f"This is a JPEG XL picture. {_SAVE_AS.format('JPEG')}"),
    (b"\x00\x00\x01\x00", f"This is an icon. {_SAVE_AS.format('PNG')}"),
    (b"%PDF", "This is a PDF and not a picture. Make a screenshot of the page, and try that."),
    (b"PK", "This is a ZIP or Office file and not a picture. Take the picture out of it, and try that."),
)


def kind_of(data: bytes) -> str:
    """ "jpeg", "png", "webp" or "heic". Raises Refused for everything else, and says what it is where that is known."""
    if not data:
        raise Refused(EMPTY)
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp":
        return _of_brands(data)
    raise Refused(_why_not(data))


def _of_brands(data: bytes) -> str:
    """HEIC, or the refusal of its relatives: AVIF and films begin in the same way."""
    end = min(int.from_bytes(data[:4], "big"), len(data), 512)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, end - 3, 4))}
    if brands & _AVIF:
        raise Refused(f"This is an AVIF picture. {_SAVE_AS.format('JPEG')}")
    if brands & _HEIC or data[8:12] in _HEIC_SHARED:
        return "heic"
    raise Refused(_FILM)


def _why_not(data: bytes) -> str:
    for sign, sentence in _REFUSED:
        if data.startswith(sign):
            return sentence
    if b"<svg" in data[:4096].lower():
        return f"This is an SVG drawing, which can hold hidden text and links. {_SAVE_AS.format('PNG')}"
    return NO_PICTURE


def check_name(name: str, kind: str) -> None:
    """Refuse a picture whose name promises another kind: it was renamed, and somebody should know."""
    ending = ending_of(name)
    if ending in ENDINGS[kind] or ending not in _OTHERS | {known for some in ENDINGS.values() for known in some}:
        return
    raise Refused(
        f"The name ends in .{ending}, but this is a {SAID[kind]} picture. "
        f"Rename it so that it ends in .{ENDINGS[kind][0]}, and try again."
    )


def stem_of(name: str) -> str:
    """A file's name without folders and ending."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return last.rsplit(".", 1)[0] if "." in last else last


def ending_of(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return last.rsplit(".", 1)[1].lower() if "." in last else ""
