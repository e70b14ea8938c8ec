"""`doorframe content docs`: write the reference pages that come from content, or say which are out of date."""

from __future__ import annotations

import argparse
from pathlib import Path

from doorframe.cli import common
from doorframe.cli.reference import pages


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="doorframe content docs", description="Write the reference pages that come from content."
    )
    parser.add_argument("--out", default="docs/reference", metavar="DIR", help="the folder for the pages")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is out of date")
    options = parser.parse_args(argv)
    folder = Path(options.out)
    if options.out == parser.get_default("out") and not folder.is_dir():
        common.fail("There is no folder docs/reference here. Go to the checkout, or name a folder with --out.")
    wanted = pages(common.load_pack())
    stale = [name for name, text in wanted.items() if _read(folder / name) != text]
    if options.check:
        for name in stale:
            print(f"{folder / name} is out of date.")
        print("Write them again with: doorframe content docs" if stale else "Every page is up to date.")
        return 1 if stale else 0
    for name in stale:
        _write(folder / name, wanted[name])
        print(folder / name)
    print(f"{len(stale)} of {len(wanted)} pages written." if stale else "Every page was up to date.")
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        common.fail(f"{path} could not be written: {error.strerror or error}.")
