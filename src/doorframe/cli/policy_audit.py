"""`doorframe policy audit`: what a policy that exists already covers and lacks; exit 1 when something is found."""

from __future__ import annotations

import argparse
import json
import sys

from doorframe.cli import common
from doorframe.engines.coverage.audit import audit
from doorframe.engines.coverage.report import Report, as_data
from doorframe.engines.coverage.sight import Sieve


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="doorframe policy audit", description="Say what a policy covers and lacks.")
    parser.add_argument("files", metavar="FILE", nargs="+", help="a policy, or - for standard input")
    parser.add_argument("--country", default="", help="US, UK, CA, AU or IE")
    parser.add_argument("--profession", default="", help="psychologist, counsellor, social-worker ...")
    parser.add_argument(
        "--json", action="store_true", help="print the result as JSON, one line for each of several files"
    )
    options = parser.parse_args(argv)
    pack = common.load_pack()
    sieve = Sieve(common.load_audit(pack))
    found = False
    for name in options.files:
        text = sys.stdin.read() if name == "-" else open(name, encoding="utf-8").read()  # noqa: SIM115
        report = audit(text, sieve, country=options.country, profession=options.profession)
        found = found or bool(report.findings)
        print(json.dumps(as_data(report), ensure_ascii=False) if options.json else _say(report))
    return 1 if found else 0


def _say(report: Report) -> str:
    lines = [f"For: {report.audience}", f"Reading grade: {report.grade}"]
    for seen in report.topics.values():
        lines.append(f"  {seen.status:14} {seen.topic} {seen.stance}")
    lines += [f"  [{one.severity}] {one.title}: “{one.quote.text}”" for one in report.findings]
    return "\n".join(lines)
