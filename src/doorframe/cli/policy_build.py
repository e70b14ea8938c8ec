"""`doorframe policy build`: answers in, documents and a manifest out."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

from doorframe.adapters.render import RenderError, render, warnings
from doorframe.cli import common
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.content.schema import Pack
from doorframe.engines.interview.findings import Finding, findings


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="doorframe policy build",
        description="Turn an answers file into documents. What cannot be published yet says “Draft” on every page.",
    )
    parser.add_argument("answers", metavar="FILE", help="an answers file, or - for standard input")
    parser.add_argument(
        "--out", required=True, metavar="DIR", help="the folder for the documents; made if it is missing"
    )
    parser.add_argument(
        "--only", default="", metavar="NAMES", help="policy,appendix,handbook,summary,talking-points,notices"
    )
    parser.add_argument("--format", default="", metavar="FORMATS", help="pdf,docx,html,md")
    parser.add_argument(
        "--date", default="", metavar="YYYY-MM-DD", help="the date printed on the documents; today if left out"
    )
    parser.add_argument("--json", action="store_true", help="print the manifest")
    options = parser.parse_args(argv)
    pack = common.load_pack()
    wanted = _wanted(pack, options.only, options.format)
    dated = _date(options.date)
    answers = common.read_answers(options.answers, pack)
    blocking = [finding for finding in findings(pack, answers) if finding.blocks]
    folder = _folder(options.out)
    edition = Edition(dated=dated, draft=bool(blocking))
    files = _write_all(pack, answers, wanted, edition, folder, quiet=options.json)
    manifest = {"files": files, "pack": pack.label, "pack_sha256": pack.sha256, "version": edition.version,
                "dated": dated, "publishable": not blocking}  # fmt: skip
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    _write(folder / "manifest.json", text.encode())
    _finish(blocking, options.answers, text if options.json else "")
    return 0


def _wanted(pack: Pack, only: str, formats: str) -> list[tuple[str, str]]:
    names = _listed(only) if only else list(pack.outputs)
    for name in names:
        if name not in pack.outputs:
            common.fail(f"There is no document “{name}”. There are {', '.join(pack.outputs)}.")
    asked = _listed(formats) if formats else []
    every = {item for output in pack.outputs.values() for item in output.formats}
    for item in asked:
        if item not in every:
            common.fail(f"There is no format “{item}”. There are {', '.join(sorted(every))}.")
    wanted = [(name, item) for name in names for item in pack.outputs[name].formats if not asked or item in asked]
    if not wanted:
        common.fail(f"{', '.join(names)} cannot be written as {', '.join(asked)}.")
    for name in [name for name in names if only and name not in {made for made, _ in wanted}]:
        known = ", ".join(pack.outputs[name].formats)
        print(f"{name} is left out: it comes as {known}, not as {', '.join(asked)}.", file=sys.stderr)
    return wanted


def _listed(words: str) -> list[str]:
    """The names between commas, each once."""
    found = list(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    if not found:
        common.fail(f"“{words}” names nothing.")
    return found


def _date(text: str) -> str:
    try:
        return (date.fromisoformat(text) if text else date.today()).isoformat()
    except ValueError:
        common.fail(f"“{text}” is not a date. Write it as 2026-11-21.")


def _folder(name: str) -> Path:
    folder = Path(name)
    if not name.strip():
        common.fail("Name a folder after --out. Nothing was written.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A manifest that is there speaks of other files than those that are written now.
        (folder / "manifest.json").unlink(missing_ok=True)
    except OSError as error:
        common.fail(f"Nothing can be written to the folder {name}: {error.strerror or error}.")
    return folder


def _write_all(
    pack: Pack,
    answers: dict[str, object],
    wanted: list[tuple[str, str]],
    edition: Edition,
    folder: Path,
    *,
    quiet: bool,
) -> list[dict[str, str]]:
    files = []
    for name, format in wanted:
        document = assemble(pack, answers, name, edition)
        try:
            data = render(document, format)
        except RenderError as error:
            common.fail(f"{name}.{format} could not be made: {error} Files written before it are complete.")
        path = folder / f"{name}.{format}"
        _write(path, data)
        for warning in warnings(document, format):
            print(f"{path.name}: {warning}", file=sys.stderr)
        print(path, file=sys.stderr if quiet else sys.stdout, flush=True)
        files.append({"name": name, "format": format, "file": path.name, "sha256": hashlib.sha256(data).hexdigest()})
    return files


def _write(path: Path, data: bytes) -> None:
    """Write whole or not at all: a reader never meets half a document."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        common.fail(f"{path} could not be written: {error.strerror or error}. Files written before it are complete.")


def _finish(blocking: list[Finding], name: str, manifest: str) -> None:
    if manifest:
        sys.stdout.write(manifest)
    if blocking:
        count = f"{len(blocking)} thing{'s' if len(blocking) > 1 else ''}"
        print(
            f"These are drafts and say so on every page: {count} must be settled first. "
            f"See: doorframe policy check {name}",
            file=sys.stderr,
        )
