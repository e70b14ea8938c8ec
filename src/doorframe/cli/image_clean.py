"""`doorframe image clean`: a picture without what its file tells, proved clean; 0 when it is written, 2 when not."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import warnings
from contextlib import suppress
from pathlib import Path

from doorframe.adapters import image, lasting
from doorframe.adapters.image import kinds
from doorframe.cli.errors import fail

_TELLING_DIGITS = 6
"""Digits in a name from which it may be a date."""

_LAST = "Now look at the picture itself: people, reflections, screens, whiteboards, name tags, papers and windows."


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="doorframe image clean",
        description="Write a picture anew from its pixels alone, say what its file told, and check the new file.",
        epilog="Reads JPEG, PNG, WebP and HEIC, and writes the same kind (JPEG for HEIC). Nothing is sent anywhere. "
        "Exit codes: 0 written and checked, 2 refused.",
    )
    parser.add_argument("source", metavar="IN", help="a picture, or - for standard input")
    parser.add_argument("target", metavar="OUT", help="the new file; never the same as IN")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    options = parser.parse_args(argv)
    # What libraries note on their way through a broken file is no answer for a person.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    target = _target(options.source, options.target)
    data = _bytes(options.source)
    try:
        cleaned = image.clean(data, "" if options.source == "-" else options.source)
    except image.Refused as refused:
        fail(f"{_shown(options.source)}: {refused} Nothing was written.")
    _check_ending(target, cleaned.name)
    _write(target, cleaned.data)
    print(_json(target, cleaned) if options.json else _say(options.source, target, cleaned))
    return 0


def _target(source: str, target: str) -> Path:
    """Where to write. Fails where that is the picture itself, or no place for a file."""
    path = Path(target)
    if not target or "\0" in target:
        fail("Name the file to write after the picture.")
    if path.is_dir():
        fail(f"{target} is a folder. Name a file in it, for example {path / 'picture.jpg'}.")
    if not path.parent.is_dir():
        fail(f"There is no folder {path.parent}.")
    with suppress(OSError, ValueError):
        if source != "-" and path.samefile(source):
            fail(f"{target} is the picture itself, and it is not overwritten. Name another file to write.")
    return path


def _bytes(name: str) -> bytes:
    """The picture, and one byte more than is taken, so that what is too large is seen to be."""
    if not name:
        fail("Name a picture, or - for standard input.")
    try:
        if name == "-":
            return sys.stdin.buffer.read(image.LARGEST_FILE + 1)
        if not Path(name).exists():
            fail(f"There is no file {name}.")
        if not Path(name).is_file():
            fail(f"{name} is not a file.")
        with Path(name).open("rb") as file:
            return file.read(image.LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        fail(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.")


def _shown(source: str) -> str:
    return "The picture" if source == "-" else source


def _check_ending(target: Path, name: str) -> None:
    """A file that ends in .png and holds a JPEG would be one more disguise."""
    ending, right = kinds.ending_of(target.name), kinds.ending_of(name)
    kind = next(kind for kind, endings in kinds.ENDINGS.items() if right in endings)
    if ending and ending not in kinds.ENDINGS[kind]:
        fail(f"The clean picture is a {kinds.SAID[kind]}. Name a file that ends in .{right}; nothing was written.")


def _write(path: Path, data: bytes) -> None:
    try:
        lasting.write(path, data)
    except OSError as error:
        fail(f"{path} could not be written: {error.strerror or error}. Nothing was changed.")


def _json(target: Path, cleaned: image.Cleaned) -> str:
    values = {
        "file": str(target),
        "neutral_name": cleaned.name,
        "width": cleaned.size[0],
        "height": cleaned.size[1],
        "found": [{"kind": found.kind, "said": found.said} for found in cleaned.found],
        "checks": [{"id": check.id, "said": check.said, "holds": check.holds} for check in cleaned.proof],
    }
    return json.dumps(values, ensure_ascii=False, indent=2)


def _say(source: str, target: Path, cleaned: image.Cleaned) -> str:
    wide, high = cleaned.size
    lines = [f"{target}: written, {wide} by {high} pixels.", ""]
    if cleaned.found:
        old = "the picture that came in" if source == "-" else source
        lines += [f"In {old}, and gone:", *(f"  {found.said}" for found in cleaned.found)]
    else:
        lines += ["Nothing was found beside the picture."]
    lines += ["", "Checked in the new file:", *(f"  [holds] {check.said}" for check in cleaned.proof), ""]
    if _tells(source, target):
        lines += [f"The name {target.name} can tell something itself; {cleaned.name} tells nothing."]
    return "\n".join([*lines, _LAST])


def _tells(source: str, target: Path) -> bool:
    """Whether the new name holds the old one, or enough digits for a date."""
    stem, old = kinds.stem_of(target.name).lower(), kinds.stem_of(source).lower()
    return (old not in ("", "-", "picture") and old in stem) or sum(map(str.isdigit, stem)) >= _TELLING_DIGITS
