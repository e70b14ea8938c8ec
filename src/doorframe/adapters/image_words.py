"""The words in a picture, read by the program tesseract where it is installed. Nothing is sent anywhere."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

from doorframe.adapters.image import upright

PROGRAM = "tesseract"
SECONDS = 60
"""A page full of words takes a few seconds; what takes longer than this is given up."""

LONGEST_TEXT = 20_000
"""Letters, far more than a picture can show readably."""

_LONGEST_SIDE = 4000
"""Pixels. Letters of a screenshot keep their size; the wall of a large photograph is read as from a step back."""
_SMALLEST_SIDE = 1000
"""Pixels. Below this the picture is doubled: the program misses letters that are a few pixels high."""


class NotRead(Exception):
    """A reader is there and could not read. str() is one sentence for the person; it holds nothing of the picture."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words in a picture, line by line, "" where it shows none. Handwriting and slanted words are often missed."""

    text: str


def read(data: bytes) -> Words | None:
    """The words in a picture; None where no reader of pictures is installed.

    Raises NotRead where the reader fails or takes too long, and Refused for what is not a picture (see image.clean).
    """
    program = shutil.which(PROGRAM)
    if program is None:
        return None
    # The picture goes in by a pipe. What the program may write beside that goes into a folder of its own.
    with tempfile.TemporaryDirectory(prefix="doorframe-", ignore_cleanup_errors=True) as folder:
        return Words(_tidy(_run(program, _prepared(data), folder)))


def _prepared(data: bytes) -> bytes:
    """A grey PNG in a size that is read well."""
    image = upright(data)
    if image.mode in ("RGBA", "LA"):
        from PIL import Image

        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    image = image.convert("L")
    longest = max(image.size)
    factor = 2.0 if longest < _SMALLEST_SIDE else min(1.0, _LONGEST_SIDE / longest)
    if factor != 1.0:
        image = image.resize((max(1, round(image.width * factor)), max(1, round(image.height * factor))))
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _run(program: str, png: bytes, folder: str) -> str:
    """What the program prints. It is ended, and waited for, when its time is up."""
    surroundings = {**os.environ, "TMPDIR": folder, "TEMP": folder, "TMP": folder, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(
            [program, "stdin", "stdout", "--psm", "11"], input=png, capture_output=True, cwd=folder, env=surroundings,
            timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotRead(
            "Reading the words in this picture took too long. Read them yourself before you post it."
        ) from None
    except OSError as error:
        raise NotRead("The program that reads words in pictures does not start. Read them yourself.") from error
    if done.returncode:
        raise NotRead("The words in this picture could not be read. Read them yourself before you post it.")
    return done.stdout.decode("utf-8", "replace")


def _tidy(text: str) -> str:
    """Lines without empty ones and without what no person writes, up to a limit."""
    plain = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
    lines = (" ".join(line.split()) for line in plain.splitlines())
    return "\n".join(line for line in lines if line)[:LONGEST_TEXT]
