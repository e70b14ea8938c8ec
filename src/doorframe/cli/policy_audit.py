"""`doorframe policy audit`: what a policy that exists already covers and lacks; exit 1 when something is found."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from doorframe.adapters.read import LARGEST_FILE, Unreadable, read
from doorframe.cli import common
from doorframe.engines.content.schema import Pack
from doorframe.engines.coverage.audit import audit
from doorframe.engines.coverage.report import Finding, Report, TopicSeen, as_data
from doorframe.engines.coverage.sight import Sieve

_SHORT = 160
"""Letters of a quote on the screen; the JSON has it whole."""


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="doorframe policy audit",
        description="Say what a policy that exists already covers, what it lacks, and what is wrong with it.",
        epilog="Reads Word (.docx), PDF, HTML, Markdown and plain text. Nothing is kept and nothing is sent anywhere.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a policy, or - for standard input")
    parser.add_argument("--country", default="", help="where the practice is: US, UK, CA, AU or IE")
    parser.add_argument("--profession", default="", help="psychologist, counsellor, social-worker and so on")
    parser.add_argument("--json", action="store_true", help="print the result as JSON; of several files, a line each")
    options = parser.parse_args(argv)
    pack = common.load_pack()
    country = _known(pack, "country", options.country)
    profession = _known(pack, "profession", options.profession)
    sieve = Sieve(common.load_audit(pack))
    failed = found = False
    for name in options.files:
        try:
            text = read(_bytes(name)).text
        except (Unreadable, OSError) as error:
            _complain(name, error)
            failed = True
            continue
        report = audit(text, sieve, country=country, profession=profession, progress=_progress(name))
        found = found or bool(report.findings)
        _print(name, report, pack, sieve, options.json, alone=len(options.files) == 1)
    return 2 if failed else 1 if found else 0


def _known(pack: Pack, field: str, value: str) -> str:
    """An option's value as the interview knows it. Fails with the values there are."""
    ids = [option.id for option in pack.fields[field].options]
    match = next((id for id in ids if id.lower() == value.lower()), "")
    if value and not match:
        common.fail(f"--{field} cannot be “{value}”; it is one of {', '.join(ids)}.")
    return match


def _bytes(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(LARGEST_FILE + 1)
    with Path(name).open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _complain(name: str, error: Unreadable | OSError) -> None:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    print(f"doorframe: {name}: {reason.rstrip('.')}.", file=sys.stderr)


def _progress(name: str) -> Callable[[int, int], None] | None:
    """A line that counts on the terminal, once reading has taken more than a second."""
    if not sys.stderr.isatty():
        return None
    begun = time.monotonic()
    said = begun + 1

    def tell(done: int, total: int) -> None:
        nonlocal said
        now = time.monotonic()
        if now < said and not (done == total and said > begun + 1):
            return
        said = now + 0.2
        end = "\r\033[K" if done == total else ""
        print(f"\r{name}: {done} of {total} sentences{end}", end="", file=sys.stderr, flush=True)

    return tell


def _print(name: str, report: Report, pack: Pack, sieve: Sieve, as_json: bool, *, alone: bool) -> None:
    if as_json:
        data = as_data(report) if alone else {"file": name, **as_data(report)}
        print(json.dumps(data, ensure_ascii=False, indent=2 if alone else None))
        return
    if not alone:
        print(f"== {name}")
    print("\n".join(_say(report, pack, sieve)))


def _say(report: Report, pack: Pack, sieve: Sieve) -> list[str]:
    if report.audience == "none":
        return ["This does not look like a social media policy, so it was not judged as one."]
    whom = next((rule.name for rule in sieve.rules.audiences if rule.id == report.audience), report.audience)
    lines = [f"A policy for {whom}. Reading grade {report.grade:.1f}."]
    for status in ("adequate", "mentioned", "contradictory", "missing"):
        topics = [seen for seen in report.topics.values() if seen.status == status]
        lines += ["", f"{status.capitalize()}: {len(topics)}", *(_topic(seen, pack) for seen in topics)]
    lines += ["", f"To mend: {len(report.findings)}"]
    for one in report.findings:
        lines += _finding(one)
    return lines


def _topic(seen: TopicSeen, pack: Pack) -> str:
    lacking = [part.name.lower() for part in seen.parts if part.needed and not part.found]
    more = f" (not said: {'; '.join(lacking)})" if seen.status == "mentioned" and lacking else ""
    return f"  {pack.topics[seen.topic].name}{more}"


def _finding(one: Finding) -> list[str]:
    words = " ".join(one.quote.text.split())
    short = words if len(words) <= _SHORT else f"{words[: _SHORT - 1]}…"
    lines = [f"  [{one.severity}] {one.title}"]
    lines += [f"      “{short}”"] if short else []
    return [*lines, f"      {one.why}", f"      {one.mend}"]
