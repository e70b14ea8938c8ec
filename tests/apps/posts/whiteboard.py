"""A picture with words in it."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import doorframe.adapters.render

FONT = Path(doorframe.adapters.render.__file__).parent / "fonts" / "SourceSans3-Regular.otf"


def board(*lines: str) -> Image.Image:
    """A whiteboard, 900 pixels wide, with these lines on it."""
    image = Image.new("RGB", (900, 80 * len(lines) + 40), "white")
    font = ImageFont.truetype(str(FONT), 48)
    for at, line in enumerate(lines):
        ImageDraw.Draw(image).text((30, 20 + 80 * at), line, fill=(20, 20, 40), font=font)
    return image
