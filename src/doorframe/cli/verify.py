"""`doorframe verify`: whether a sealed file or an evidence pack is as it was made; needs the file and nothing else."""

from __future__ import annotations

import argparse
import io
import json
import logging
import sys
import warnings
from pathlib import Path
from typing import IO, TYPE_CHECKING

from doorframe.adapters.seal_pdf import verifying
from doorframe.cli.errors import fail

if TYPE_CHECKING:
    from doorframe.adapters.seal_pdf.verdict import Verdict

_ZIP = b"PK"
"""The first bytes of every ZIP file."""
_ABOUT = {"practice": "Practice", "reference": "Record", "client": "Client", "state": "Outcome", "policy": "Policy",
          "sealed_at": "Sealed"}  # fmt: skip


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="doorframe verify",
        description="Say whether a sealed PDF or an evidence pack is as it was made. Needs the file alone.",
        epilog="Exit codes: 0 intact, 1 altered, 2 no seal or cannot be read.",
    )
    parser.add_argument("file", metavar="FILE", help="a sealed PDF or an evidence pack (ZIP), or - for standard input")
    parser.add_argument(
        "--trust", default="", metavar="HASH", help="the fingerprint of its certificate, as the practice tells it"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    options = parser.parse_args(argv)
    trust = verifying.fingerprint(options.trust)
    if options.trust and not trust:
        fail("A fingerprint is 64 digits and letters from a to f; colons and spaces may stand between them.")
    # What libraries note on their way through a broken file is no answer for a person.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with _opened(options.file) as file:
        first = file.read(len(_ZIP))
        file.seek(0)
        if first == _ZIP:
            from doorframe.cli import verify_pack

            return verify_pack.run(options.file, file, trust=trust, as_json=options.json)
        verdict = verifying.verify(file.read(verifying.LARGEST + 1), trust=trust)
    print(_json(verdict.as_plain()) if options.json else _say(options.file, verdict))
    return verdict.exit_code


def _json(values: dict[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, indent=2)


def _opened(name: str) -> IO[bytes]:
    """The file, at its beginning. What comes on standard input is read at once, up to the largest PDF."""
    if not name:
        fail("Name a sealed PDF or an evidence pack, or - for standard input.")
    try:
        if name == "-":
            return io.BytesIO(sys.stdin.buffer.read(verifying.LARGEST + 1))
        if not Path(name).exists():
            fail(f"There is no file {name}.")
        if not Path(name).is_file():
            fail(f"{name} is not a file.")
        return Path(name).open("rb")
    except (OSError, ValueError) as error:
        fail(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.")


def _say(name: str, verdict: Verdict) -> str:
    lines = [f"{name}: {verdict.sentence}"]
    lines += [f"  [{'holds' if check.ok else 'FAILS'}] {check.sentence}" for check in verdict.checks]
    if verdict.about:
        lines += ["", "What the record inside is about"]
        lines += [f"  {_ABOUT[about]:<10} {words}" for about, words in verdict.about]
    if verdict.seal:
        lines += ["", "Whose seal it says it is"]
        lines += [f"  {label:<10} {words}" for label, words in _seal(verdict) if words]
    if verdict.notes:
        lines += ["", "What this proves, and what it does not", *(f"  - {note}" for note in verdict.notes)]
    return safe("\n".join(lines))


def _seal(verdict: Verdict) -> list[tuple[str, str]]:
    seal = verdict.seal
    assert seal is not None
    return [
        ("Name", seal.name),
        ("Time", seal.sealed_at),
        ("Witness", f"{seal.witnessed} by {seal.witness}" if seal.witnessed else ""),
        ("Issued by", "its own holder" if seal.self_signed else seal.issuer),
        ("SHA-256", grouped(seal.fingerprint)),
    ]


def grouped(fingerprint: str) -> str:
    """Four at a time, as people read such a number to each other."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))


def safe(text: str) -> str:
    """Without what could steer a terminal: names in a file are whatever its maker wrote."""
    return "".join(character if character == "\n" or character.isprintable() else "\ufffd" for character in text)
