"""`doorframe screen`: whether a draft may be posted; exit 1 when something was found."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

from doorframe.adapters import lasting, toml_cache
from doorframe.adapters.screener import Screener, as_data, with_everything
from doorframe.cli import common
from doorframe.engines.content import loader
from doorframe.engines.screening.verdict import KINDS, NOTHING_FOUND, Draft, Profile, Verdict, place

LARGEST = 4_000_000
"""Bytes of one draft that are read."""

_PLACED = ("platform", "country", "region", "profession")
"""What a draft may say of where it goes and who posts it."""

_SAID = {
    "do-not-post": "Do not post this.",
    "ask": "A person must decide.",
    "nothing-found": "Nothing found. That is no guarantee: please read it once more as a client would.",
}
_MISSING = {
    "names": "Names of people and places were not read: no model for names is installed.",
    "second-reader": "No second reader is installed, so only the rules were used.",
}


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="doorframe screen",
        description="Say whether a draft may be posted: which words could tell of a client, why, and what to say.",
        epilog="Nothing is kept and nothing is sent anywhere.",
    )
    parser.add_argument("file", metavar="FILE", nargs="?", default="", help="the draft, or - for standard input")
    parser.add_argument("--kind", choices=KINDS, default="post", help="what it is")
    parser.add_argument("--platform", default="", help="where it would go: instagram, google ...")
    parser.add_argument("--country", default="", help="where the practice is: US, CA, UK, IE, AU or NZ")
    parser.add_argument("--region", default="", help="TX, ON ...")
    parser.add_argument("--profession", default="", help="psychologist, counsellor ...")
    parser.add_argument(
        "--profile", metavar="TOML", default="", help='the practice\'s own names: own = ["Harbour Therapy"]'
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument(
        "--jsonl",
        metavar="IN",
        default="",
        help="many drafts, one JSON object a line; what a line does not say, the options do",
    )
    parser.add_argument("--out", metavar="OUT", default="", help="with --jsonl: where the results go, a line each")
    parser.add_argument("--rules-only", action="store_true", help="use no model, even where one is installed")
    options = parser.parse_args(argv)
    if bool(options.file) == bool(options.jsonl):
        parser.error("name one draft (or - for standard input), or many with --jsonl")
    if options.out and not options.jsonl:
        parser.error("--out goes with --jsonl; of one draft the result is printed")
    screener = _screener(options.rules_only)
    profile = _profile(options.profile)
    usual = {name: getattr(options, name) for name in ("kind", *_PLACED)}
    if options.jsonl:
        return _many(options.jsonl, options.out, screener, profile, usual)
    verdict = screener.screen(_draft({"text": _text(options.file)}, usual), profile=profile)
    if options.json:
        print(json.dumps(as_data(verdict), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_say(verdict)))
    return 0 if verdict.outcome == NOTHING_FOUND else 1


def _screener(rules_only: bool) -> Screener:
    try:
        with toml_cache.parser(toml_cache.place()) as toml:
            rules = loader.load_screening(*common.content_folders(), toml=toml)
    except loader.ContentError as error:
        first = error.problems[0]
        common.fail(f"The content cannot be used: {first} ({len(error.problems)} in all; run: doorframe content check)")
    return Screener(rules) if rules_only else with_everything(rules)


def _draft(row: Mapping[str, object], usual: Mapping[str, str]) -> Draft:
    """What a line, or the command, says of a draft; `usual` holds for what it does not say."""
    said = {name: str(row.get(name) or usual[name]) for name in ("kind", *_PLACED)}
    country, region = place(said["country"], said["region"])
    kind = said["kind"] if said["kind"] in KINDS else "post"
    return Draft(str(row["text"]), kind, said["platform"], country, region, said["profession"].strip().lower())


def _profile(name: str) -> Profile:
    if not name:
        return Profile()
    try:
        told = tomllib.loads(Path(name).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        common.fail(f"There is no file {name}, so nothing was screened.")
    except (OSError, ValueError) as error:
        common.fail(f"{name} cannot be read as TOML, so nothing was screened: {type(error).__name__}.")
    own = told.get("own", [])
    if set(told) - {"own"} or not isinstance(own, list) or not all(isinstance(word, str) for word in own):
        common.fail(f'{name} must hold a list of names: own = ["Harbour Therapy", "12 Mill Lane"].')
    return Profile(tuple(own))


def _text(name: str) -> str:
    data = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else _bytes(name)
    if len(data) > LARGEST:
        common.fail(f"{name} is larger than {LARGEST // 1_000_000} MB, so it was not screened. Is it the right file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        common.fail(f"{name} is not UTF-8 text, so it was not screened. Save it as UTF-8.")


def _bytes(name: str) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(LARGEST + 1)


def _many(name: str, out: str, screener: Screener, profile: Profile, usual: Mapping[str, str]) -> int:
    """Every line of a file. A line that cannot be read gets a line that says so; all others are still done."""
    if not out:
        return _stream(name, sys.stdout, screener, profile, usual)
    target = Path(out).resolve()
    if target == Path(name).resolve():
        common.fail("--out must be another file than the one that is read; nothing was written.")
    if target.is_dir():
        common.fail(f"{out} is a folder, so nothing was screened. Name a file in it, for example {out}/results.jsonl.")
    if not target.parent.is_dir():
        common.fail(f"There is no folder {Path(out).parent}, so nothing was screened. Make it, or name another place.")
    # A pipe or a device is written to, never replaced by a file.
    whole = target.is_file() or not target.exists()
    part = target.with_name(f".{target.name}.{os.getpid()}.part") if whole else target
    try:
        with part.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            code = _stream(name, file, screener, profile, usual)
        if whole:
            part.replace(target)
    finally:
        if whole:
            part.unlink(missing_ok=True)
    lasting.settle(target.parent)
    return code


def _stream(name: str, out: TextIO, screener: Screener, profile: Profile, usual: Mapping[str, str]) -> int:
    found = wrong = 0
    for row in _lines(name):
        if "error" in row:
            wrong += 1
            print(json.dumps(row, ensure_ascii=False), file=out)
            continue
        verdict = screener.screen(_draft(row, usual), profile=profile)
        found += verdict.outcome != NOTHING_FOUND
        print(json.dumps({"id": row.get("id"), **as_data(verdict)}, ensure_ascii=False), file=out)
    if wrong:
        print(f"doorframe: {name}: {wrong} lines could not be read; the results name them.", file=sys.stderr)
        return 2
    return 1 if found else 0


def _lines(name: str) -> Iterator[dict[str, object]]:
    """Each line as its object, or {"line", "error"}. Memory holds one line."""
    stream = sys.stdin.buffer if name == "-" else Path(name).open("rb")  # noqa: SIM115
    with stream:
        number = 0
        while raw := stream.readline(LARGEST + 1):
            number += 1
            if len(raw) > LARGEST:
                while raw and not raw.endswith(b"\n"):
                    raw = stream.readline(LARGEST)
                yield {"id": None, "line": number, "error": "longer than 4 MB"}
                continue
            if raw.strip():
                yield _row(raw, number)


def _row(raw: bytes, number: int) -> dict[str, object]:
    try:
        row = json.loads(raw.decode("utf-8-sig"), parse_constant=_refused)
    except (ValueError, RecursionError):
        return {"id": None, "line": number, "error": "not JSON in UTF-8"}
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return {"id": row.get("id") if isinstance(row, dict) else None, "line": number, "error": "has no text"}
    row.pop("error", None)
    return row


def _refused(constant: str) -> None:
    """NaN and Infinity are no JSON, though Python would read them."""
    raise ValueError(constant)


def _say(verdict: Verdict) -> list[str]:
    lines = [_SAID[verdict.outcome]]
    for one in verdict.findings:
        words = " ".join(one.text.split())
        lines += ["", f"  “{words}”" if words else "  The whole text", f"    {one.why}"]
        lines.append(f"    Rule {one.rule}" + (f": {', '.join(one.cites)}" if one.cites else ""))
    if verdict.people:
        lines += ["", verdict.people.said, *(f"  {line}" for line in verdict.people.assumptions)]
    if verdict.rewrites:
        lines += ["", "Safer:"]
        lines += [f"  {one.label}" + (f": “{one.words}”" if one.words else "") for one in verdict.rewrites]
    return [*lines, *(["", *(_MISSING[name] for name in verdict.missing)] if verdict.missing else [])]
