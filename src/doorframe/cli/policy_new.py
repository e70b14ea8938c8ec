"""`doorframe policy new`: every question as a commented default."""

from __future__ import annotations

import argparse
import sys

from doorframe.cli import common
from doorframe.engines.content.schema import Pack
from doorframe.engines.interview import answers as answers_engine
from doorframe.engines.interview import answers_file


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="doorframe policy new",
        description="Print an answers file: every question with its choices and its usual answer.",
        epilog="Any question can be answered here: --country US --profession psychologist --set sms=never",
    )
    parser.add_argument("--country", help="US, UK, CA, AU, IE or other")
    parser.add_argument("--region", help="for example US-TX or CA-ON")
    parser.add_argument("--profession", help="psychologist, counsellor, social-worker, ...")
    parser.add_argument("--practice", help="solo or group")
    parser.add_argument("--clients", help="adults,minors,couples-families,groups")
    parser.add_argument("--set", action="append", default=[], metavar="QUESTION=ANSWER", help="any other answer")
    options = parser.parse_args(argv)
    pack = common.load_pack()
    presets = _presets(pack, options)
    sys.stdout.write(answers_file.write(common.spoken(pack, presets), presets))
    return 0


def _presets(pack: Pack, options: argparse.Namespace) -> dict[str, object]:
    raw: dict[str, object] = {}
    named = {name: getattr(options, name) for name in ("country", "region", "profession", "practice", "clients")}
    pairs = [(name, value) for name, value in named.items() if value is not None]
    for item in options.set:
        name, equals, value = item.partition("=")
        if not equals:
            common.fail(f"--set takes QUESTION=ANSWER, not “{item}”.")
        pairs.append((name.strip(), value.strip()))
    for name, value in pairs:
        field = pack.fields.get(name)
        several = field is not None and field.kind == "choices"
        raw[name] = [part.strip() for part in value.split(",") if part.strip()] if several else value
    answers, problems = answers_engine.check(pack, raw)
    if problems:
        common.fail(" ".join(problem.message for problem in problems))
    return answers
