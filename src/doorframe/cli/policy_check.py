"""`doorframe policy check`: contradictions, gaps and reading grade; exit 1 if it could not be published."""

from __future__ import annotations

import argparse
import json
from typing import Any

from doorframe.adapters import reading
from doorframe.cli import common
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.interview.findings import findings


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="doorframe policy check", description="Say what keeps a policy from being published."
    )
    parser.add_argument("answers", metavar="FILE", help="an answers file, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    options = parser.parse_args(argv)
    pack = common.load_pack()
    answers = common.read_answers(options.answers, pack)
    document = assemble(pack, answers, "policy", Edition(dated="2000-01-01"))
    found = findings(common.spoken(pack, answers), answers)
    grades = reading.grades(document)
    result: dict[str, Any] = {
        "publishable": not any(finding.blocks for finding in found),
        "findings": [
            {"kind": f.kind, "id": f.id, "message": f.message, "why": f.why, "screens": list(f.screens),
             "blocks": f.blocks, "words": f.words}
            for f in found
        ],
        "reading_grade": {"whole": grades.whole, "sections": dict(grades.sections)},
        "pack": pack.label,
    }  # fmt: skip
    print(json.dumps(result, ensure_ascii=False, indent=2) if options.json else _say(result))
    return 0 if result["publishable"] else 1


def _say(result: dict[str, Any]) -> str:
    lines = []
    blocking = sum(finding["blocks"] for finding in result["findings"])
    if blocking:
        lines.append(f"This policy cannot be published yet: {blocking} thing{'s' if blocking > 1 else ''} to settle.")
    else:
        lines.append("Nothing keeps this policy from being published.")
    for finding in result["findings"]:
        mark = "must" if finding["blocks"] else "look"
        lines.append(f"  [{mark}] {finding['message']}")
        if finding["words"]:
            lines.append(f"         your words: “{finding['words']}”")
        if finding["why"]:
            lines.append(f"         {finding['why']}")
    lines.append(f"Reading grade (Flesch-Kincaid): {result['reading_grade']['whole']:.1f} for the whole")
    for title, grade in result["reading_grade"]["sections"].items():
        lines.append(f"  {grade:5.1f}  {title}")
    return "\n".join(lines)
