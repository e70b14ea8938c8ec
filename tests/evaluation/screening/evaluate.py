"""How well screening tells: on the development part for those who write rules, on the sealed part for the final figure.

python -m tests.evaluation.screening.evaluate development            everything together
python -m tests.evaluation.screening.evaluate development --only rules    the rules alone
python -m tests.evaluation.screening.evaluate development --misses   the texts themselves, development alone
python -m tests.evaluation.screening.evaluate sealed --because "..." totals alone; written into sealed/LOG.md
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from doorframe.adapters.screener import Screener, with_everything
from doorframe.engines.content import loader
from doorframe.engines.detection.measure import Share
from doorframe.engines.screening.verdict import Draft, Verdict
from tests.evaluation.screening import corpus
from tests.evaluation.screening.corpus import FAMILIES, Text

Judged = Sequence[tuple[Text, Verdict]]


def judge(texts: Sequence[Text], screener: Screener) -> Judged:
    """Every text with its verdict."""
    return [(text, screener.screen(draft(text))) for text in texts]


def draft(text: Text) -> Draft:
    """A labelled text as a draft."""
    return Draft(text.text, text.kind, text.platform, text.country, text.region, text.profession)


def share(judged: Judged, of: object, hit: object) -> Share:
    """How many of those for which `of` holds `hit` holds for too."""
    rows = [row for row in judged if of(row)]  # type: ignore[operator]
    return Share(sum(bool(hit(row)) for row in rows), len(rows))  # type: ignore[operator]


def figures(judged: Judged) -> dict[str, Share]:
    """The figures that the targets speak of."""
    stopped = lambda row: row[1].outcome != "nothing-found"  # noqa: E731
    passed = lambda row: row[1].outcome == "nothing-found"  # noqa: E731
    found = {
        "unsafe not passed": share(judged, lambda row: row[0].unsafe, stopped),
        "hard unsafe not passed": share(judged, lambda row: row[0].level == "hard", stopped),
        "hard look-alikes passed": share(judged, lambda row: row[0].level == "look-alike", passed),
        "ordinary passed": share(judged, lambda row: row[0].level == "ordinary", passed),
        "do not post is right": share(
            judged, lambda row: row[1].outcome == "do-not-post", lambda row: row[0].outcome == "do-not-post"
        ),
        "do not post is unsafe": share(judged, lambda row: row[1].outcome == "do-not-post", lambda row: row[0].unsafe),
        "do not post found as such": share(
            judged, lambda row: row[0].outcome == "do-not-post", lambda row: row[1].outcome == "do-not-post"
        ),
    }
    for family in FAMILIES:
        found[f"{family}: not passed"] = share(judged, lambda row, family=family: family in row[0].families, stopped)
    return found


def span_f1(judged: Judged) -> float:
    """F1 over characters: those of labelled spans against those of findings."""
    right = said = true = 0
    for text, verdict in judged:
        gold = {place for _, start, end in text.spans for place in range(start, end)}
        mine = {place for one in verdict.findings for place in range(one.start, one.end)}
        right, said, true = right + len(gold & mine), said + len(mine), true + len(gold)
    return 2 * right / (said + true) if said + true else 0.0


def pairs_right(judged: Judged) -> Share:
    """Of how many minimal pairs the graver text is judged more gravely."""
    rank = {"nothing-found": 0, "ask": 1, "do-not-post": 2}
    pairs: dict[str, list[tuple[Text, Verdict]]] = {}
    for row in judged:
        if row[0].pair:
            pairs.setdefault(row[0].pair, []).append(row)
    rows = [sorted(pair, key=lambda row: rank[row[0].outcome]) for pair in pairs.values()]
    return Share(sum(rank[low[1].outcome] < rank[high[1].outcome] for low, high in rows), len(rows))


def telling(judged: Judged) -> list[str]:
    """The figures of one judging, as lines."""
    lines = [f"{name:32} {figure}" for name, figure in figures(judged).items()]
    return [
        *lines,
        f"{'span F1 (characters)':32} {span_f1(judged):.3f}",
        f"{'pairs told apart':32} {pairs_right(judged)}",
    ]


def chosen(how: str, model: Path | None) -> Screener:
    """A screener with everything, or with a part of it alone: "rules", "names" (rules and names), "reader"."""
    rules = loader.load_screening()
    if how == "rules":
        return Screener(rules)
    whole = with_everything(rules, model=model)
    if how == "names":
        return Screener(rules, whole.names)
    if how == "reader":
        return Screener(replace(rules, rules={}), None, whole.reader)
    return whole


def main(arguments: list[str]) -> int:
    """Print the figures of one part, or write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=[*corpus.PARTS, "both"])
    parser.add_argument("--only", choices=["rules", "names", "reader"], default="")
    parser.add_argument("--misses", action="store_true", help="the texts that are judged wrongly; development alone")
    parser.add_argument("--writer", default="", help="w01,w02: these writers alone")
    parser.add_argument("--family", default="")
    parser.add_argument("--because", default="", help="why the sealed part is scored")
    parser.add_argument("--model", type=Path, default=None, help="another second reader than the one that ships")
    parser.add_argument("--write", action="store_true", help="with both: write docs/evaluation/screening.md")
    options = parser.parse_args(arguments)
    if options.part != "development" and (options.misses or options.writer or not options.because):
        parser.error("the sealed part gives totals alone, and each scoring has a reason (--because)")
    if options.write and find_spec("presidio_analyzer") is None:
        parser.error("the page compares with presidio-analyzer: install requirements/benchmarks.txt first")
    if options.part == "both":
        from tests.evaluation.screening import report

        report.write(options.because, print if not options.write else None)
        return 0
    texts = [
        text for text in corpus.part(options.part) if not options.writer or text.writer in options.writer.split(",")
    ]
    judged = judge(texts, chosen(options.only, options.model))
    print("\n".join(telling(judged)))
    if options.part == "sealed":
        log(options.only or "everything", options.because, judged)
    if options.misses:
        _misses(judged, options.family)
    return 0


def log(what: str, because: str, judged: Judged) -> None:
    """One line in sealed/LOG.md: the sealed part was scored."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=corpus.HERE)
    found = figures(judged)
    said = ", ".join(f"{name} {found[name].value:.3f}" for name in list(found)[:5])
    line = f"| {date.today().isoformat()} | {commit.stdout.strip()} | {what}: {said} | {because} |\n"
    with (corpus.HERE / "sealed" / "LOG.md").open("a", encoding="utf-8") as file:
        file.write(line)


def _misses(judged: Judged, family: str) -> None:
    for text, verdict in judged:
        families = set(text.families) | {one.family for one in verdict.findings}
        if verdict.outcome == text.outcome or (family and family not in families):
            continue
        seen = "; ".join(f"{one.rule}: {one.text}" for one in verdict.findings)
        print(f"\n{text.id} {text.level} {text.kind} {text.country}: {text.outcome}, judged {verdict.outcome} [{seen}]")
        print(f"   {text.text!r}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
