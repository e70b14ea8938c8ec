"""What a sentence encoder would add to the audit's word patterns.

    python -m pip install -r requirements/encoder.txt
    python -m tests.evaluation.coverage.ablation [--write]

Every example of every topic file is a point; a sentence that lies near the points of a topic, and nearer than to any
text that the topic must pass, would make the topic seen. The table shows recall and precision of topics as the nearness
asked for falls, from word patterns alone to meaning alone. --write puts it into docs/evaluation/encoder.md.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np

from doorframe.engines.content.loader import load, load_audit
from doorframe.engines.coverage.blocks import read
from doorframe.engines.coverage.sight import Sieve
from tests.evaluation.coverage.evaluate import PARTS, REPORT, Case, cases
from tests.evaluation.coverage.meaning import Encoder, folder

NEAR = (0.80, 0.75, 0.70, 0.65, 0.60, 0.55)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what a sentence encoder would add.")
    parser.add_argument("--write", action="store_true", help="write docs/evaluation/encoder.md")
    write = parser.parse_args().write
    rules = load_audit(load())
    sieve, encoder = Sieve(rules), Encoder(folder())
    points = {topic: _points(encoder, rule) for topic, rule in rules.topics.items()}
    lines = HEAD.splitlines()
    for part in PARTS:
        lines += ["", f"## {part.capitalize()} part", "", *_table(cases(part, sieve), encoder, points)]
    text = "\n".join(lines) + "\n"
    if write:
        REPORT.with_name("encoder.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


HEAD = """# What a sentence encoder would add

Written by `python -m tests.evaluation.coverage.ablation --write`, after `pip install -r requirements/encoder.txt`.

The audit sees topics by word patterns. Here every example of every topic file is also a point in the space of
all-MiniLM-L6-v2, and a sentence near enough to one, and nearer to it than to any text that the topic must pass, makes
the topic seen. Each row is one nearness (cosine)."""


def _table(found: list[Case], encoder: Encoder, points: dict[str, tuple[Any, Any]]) -> list[str]:
    begun = time.perf_counter()
    nearest = [_nearest(encoder, case, points) for case in found]
    took = time.perf_counter() - begun
    words = sum(len(case.text.split()) for case in found)
    lines = ["| topics are seen by | recall | precision |", "| --- | --- | --- |",
             _row("word patterns", found, nearest, patterns=True, near=None)]  # fmt: skip
    lines += [
        _row(f"word patterns, or meaning at {near:.2f}", found, nearest, patterns=True, near=near) for near in NEAR
    ]
    lines += [_row(f"meaning alone at {near:.2f}", found, nearest, patterns=False, near=near) for near in NEAR]
    return [*lines, "", f"The encoder took {1000 * took / words * 500:.0f} ms for a page of 500 words."]


def _points(encoder: Encoder, rule: Any) -> tuple[Any, Any]:
    good = [one.plain for example in rule.examples for block in read(example.text) for one in block.sentences]
    bad = [one.plain for text in rule.passes for block in read(text) for one in block.sentences]
    return encoder.encode(good), encoder.encode(bad)


def _nearest(encoder: Encoder, case: Case, points: dict[str, tuple[Any, Any]]) -> dict[str, float]:
    """For each topic how near the nearest sentence lies, of those nearer to it than to what it must pass."""
    sentences = encoder.encode([one.plain for block in read(case.text) if not block.heading for one in block.sentences])
    found = {}
    for topic, (good, bad) in points.items():
        to_good, to_bad = (sentences @ good.T).max(1), (sentences @ bad.T).max(1)
        found[topic] = float(np.where(to_good > to_bad, to_good, 0).max())
    return found


def _row(name: str, found: list[Case], nearest: list[dict[str, float]], *, patterns: bool, near: float | None) -> str:
    both = missed = false = 0
    for case, distances in zip(found, nearest, strict=True):
        seen = {id for id, topic in case.report.topics.items() if topic.status != "missing"} if patterns else set()
        if near is not None and case.report.audience != "none":
            seen |= {topic for topic, value in distances.items() if value >= near}
        wanted = set(case.topics)
        both, missed, false = both + len(seen & wanted), missed + len(wanted - seen), false + len(seen - wanted)
    return f"| {name} | {both / max(1, both + missed):.3f} | {both / max(1, both + false):.3f} |"


if __name__ == "__main__":
    raise SystemExit(main())
