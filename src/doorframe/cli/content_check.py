"""`doorframe content check`: schema, citations, topics and examples, with file and line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from doorframe.cli import common
from doorframe.engines.content import loader
from doorframe.engines.coverage import examples
from doorframe.engines.detection import examples as detection_examples
from doorframe.engines.interview.findings import example_problems
from doorframe.engines.mail.neutral import example_problems as example_problems_of_mail
from doorframe.engines.screening import examples as screening_examples


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="doorframe content check", description="Check our content, or ours with a folder of your own on top."
    )
    parser.add_argument("folder", nargs="?", help="your own content folder; DOORFRAME_CONTENT if left out")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    options = parser.parse_args(argv)
    folders = [Path(options.folder)] if options.folder else common.content_folders()
    if folders and not folders[0].is_dir():
        common.fail(f"There is no folder {options.folder}.")
    pack, problems = loader.read(*folders)
    lines = [str(problem) for problem in problems]
    if pack is not None:
        lines += example_problems(pack)
        rules, faults = loader.read_audit(pack, *folders)
        lines += [str(problem) for problem in faults or examples.check(rules)]
        lines += [str(problem) for problem in loader.read_signing(pack, *folders)[1]]
        lines += [str(problem) for problem in loader.read_authorisation(pack, *folders)[1]]
        verified = frozenset(ref for ref, item in pack.references.items() if item.verified)
        screened, gaps = loader.read_screening(*folders, verified=verified)
        lines += [str(problem) for problem in gaps or screening_examples.check(screened)]
        lines += [str(problem) for problem in loader.read_people(*folders)[1]]
        tactics, amiss = loader.read_detection(*folders, verified=verified)
        lines += [str(problem) for problem in amiss or detection_examples.check(tactics)]
        words, wrong = loader.read_mail(*folders)
        lines += [str(problem) for problem in wrong] or example_problems_of_mail(words)
    if options.json:
        print(json.dumps({"problems": lines, "pack": pack.label if pack else ""}, ensure_ascii=False, indent=2))
    else:
        for line in lines:
            print(line)
        print(f"{len(lines)} problems." if lines else f"All is well: {pack.label if pack else ''}.")
    return 1 if lines else 0
