"""How well the audit reads policies it has never seen.

    python -m tests.evaluation.coverage.evaluate [development|sealed|both] [--write] [--faults] [--folder FOLDER]

Every figure is computed from the labelled policies in this folder (see AUTHORING.md). --write puts the report into
docs/evaluation/coverage.md; --faults lists what went wrong in the development part, document by document.
"""

from __future__ import annotations

import argparse
import random
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from doorframe.adapters.read import read
from doorframe.engines.content.loader import load, load_audit
from doorframe.engines.coverage.audit import audit
from doorframe.engines.coverage.report import Report
from doorframe.engines.coverage.sight import Sieve
from doorframe.engines.detection.measure import Share

HERE = Path(__file__).resolve().parent
REPORT = HERE.parents[2] / "docs" / "evaluation" / "coverage.md"
PARTS = ("development", "sealed")
NEAR = 250
"""Letters between a finding and the labelled words within which both mean the same place."""

ANYWHERE = {"crisis-route", "mixed-voice", "hard-to-read", "disagree"}
"""Defects of the whole text: where the finding points is a matter of taste."""

SAMPLES = 1000


@dataclass(frozen=True)
class Case:
    """One document with its labels and what the audit said."""

    name: str
    text: str
    labels: dict[str, Any]
    report: Report

    @property
    def topics(self) -> dict[str, dict[str, Any]]:
        return dict(self.labels.get("topics", {}))

    @property
    def defects(self) -> list[dict[str, Any]]:
        return list(self.labels.get("defects", []))


@dataclass
class Tally:
    """Counts of one document, so that documents can be drawn again for an interval."""

    counts: Counter[str] = field(default_factory=Counter)
    topics: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    kinds: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    faults: list[str] = field(default_factory=list)


def cases(part: str, sieve: Sieve, folder: Path = HERE) -> list[Case]:
    """Every labelled document of a part, audited with its own country and profession."""
    found = []
    for labels in sorted((folder / part).glob("*.toml")):
        known = tomllib.loads(labels.read_text(encoding="utf-8"))
        path = next(labels.with_suffix(ending) for ending in (".md", ".txt") if labels.with_suffix(ending).exists())
        text = read(path.read_bytes()).text
        report = audit(text, sieve, country=known.get("country", ""), profession=known.get("profession", ""))
        found.append(Case(labels.stem, text, known, report))
    return found


def tally(case: Case) -> Tally:
    """What is right and wrong in one document."""
    found = Tally()
    found.counts["documents"] = 1
    found.counts["audience right"] = int(case.report.audience == case.labels["audience"])
    if case.report.audience != case.labels["audience"]:
        found.faults.append(f"audience: {case.report.audience}, labelled {case.labels['audience']}")
    _tally_topics(case, found)
    _tally_defects(case, found)
    return found


def _tally_topics(case: Case, found: Tally) -> None:
    seen = {id: topic for id, topic in case.report.topics.items() if topic.status != "missing"}
    for id in sorted(set(seen) | set(case.topics)):
        kind = "both" if id in seen and id in case.topics else "missed" if id in case.topics else "false"
        found.counts[kind] += 1
        found.topics[id][kind] += 1
        if kind != "both":
            quote = case.topics[id].get("quote", "") if kind == "missed" else _first(seen[id].evidence)
            found.faults.append(f"{kind} {id}: {_line(quote)}")
            continue
        _tally_both(case, id, seen[id], found)


def _tally_both(case: Case, id: str, seen: Any, found: Tally) -> None:
    label = case.topics[id]
    if label["status"] in {"adequate", "mentioned"}:
        right = seen.status == label["status"]
        found.counts["status right" if right else "status wrong"] += 1
        found.topics[id]["status right" if right else "status wrong"] += 1
        if not right:
            parts = [part.id for part in seen.parts if part.found]
            found.faults.append(
                f"status {id}: {seen.status} {parts}, labelled {label['status']} {label.get('parts', [])}"
            )
    if label.get("stance"):
        right = seen.stance == label["stance"]
        found.counts["stance right" if right else "stance wrong"] += 1
        if not right:
            found.faults.append(
                f"stance {id}: {seen.stance or '-'}, labelled {label['stance']}: {_line(label['quote'])}"
            )


def _tally_defects(case: Case, found: Tally) -> None:
    left = list(case.report.findings)
    for defect in case.defects:
        place = _span(case.text, defect["quote"])
        match = next((one for one in left if one.kind == defect["kind"] and _same(one.quote, place, one.kind)), None)
        found.kinds[defect["kind"]]["found" if match else "missed"] += 1
        found.counts["defects found" if match else "defects missed"] += 1
        if match is None:
            found.faults.append(f"defect missed {defect['kind']}: {_line(defect['quote'])}")
            continue
        # Further findings of the kind at the same place say the same again.
        left = [one for one in left if not (one.kind == defect["kind"] and _same(one.quote, place, one.kind))]
    for one in left:
        found.kinds[one.kind]["false"] += 1
        found.counts["false findings"] += 1
        found.faults.append(f"defect false {one.kind}: {_line(one.quote.text)}")


def _span(text: str, quote: str) -> tuple[int, int]:
    start = text.find(quote)
    return (start, start + len(quote)) if quote and start >= 0 else (-1, -1)


def _same(quote: Any, place: tuple[int, int], kind: str) -> bool:
    if kind in ANYWHERE or place == (-1, -1):
        return True
    return bool(quote.start < place[1] + NEAR and place[0] - NEAR < quote.end)


def _first(quotes: Sequence[Any]) -> str:
    return quotes[0].text if quotes else ""


def _line(words: str) -> str:
    return " ".join(words.split())[:150]


Figure = Callable[[Counter[str]], float]


def share(good: str, *bad: str) -> Figure:
    """A share of counts; 1 where there is nothing to count."""

    def of(counts: Counter[str]) -> float:
        whole = counts[good] + sum(counts[name] for name in bad)
        return counts[good] / whole if whole else 1.0

    return of


FIGURES: dict[str, tuple[Figure, str]] = {
    "Topic recall": (share("both", "missed"), "at least .92"),
    "Topic precision": (share("both", "false"), "at least .92"),
    "Adequate or mentioned right": (share("status right", "status wrong"), "at least .85"),
    "Stance right": (share("stance right", "stance wrong"), ""),
    "Defects found": (share("defects found", "defects missed"), "at least .90"),
    "False findings a document": (lambda counts: counts["false findings"] / max(1, counts["documents"]), "at most .20"),
    "Audience right": (lambda counts: counts["audience right"] / max(1, counts["documents"]), ""),
}


def interval(tallies: Sequence[Tally], figure: Figure) -> tuple[float, float]:
    """The middle 95 % of the figure over documents drawn again, with a fixed seed."""
    chance = random.Random(20261121)
    drawn = []
    for _ in range(SAMPLES):
        counts: Counter[str] = Counter()
        for one in chance.choices(tallies, k=len(tallies)):
            counts.update(one.counts)
        drawn.append(figure(counts))
    drawn.sort()
    return drawn[int(0.025 * SAMPLES)], drawn[int(0.975 * SAMPLES) - 1]


def added(tallies: Iterable[Tally]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for one in tallies:
        counts.update(one.counts)
    return counts


def report(parts: dict[str, list[Tally]]) -> str:
    """The page docs/evaluation/coverage.md."""
    lines = [
        "# How well the audit reads", "",
        "Written by `python -m tests.evaluation.coverage.evaluate both --write`; do not edit. The policies were",
        "written for this by four hands from four briefs, half of them with defects planted, and labelled by four",
        "others who had seen neither the notes nor the audit; `tests/evaluation/coverage/AUTHORING.md` holds the",
        "rules. What the audit knows was written with the development part in sight. The sealed part was only ever",
        "counted. Intervals are 95 %: over documents drawn again for the whole, Wilson's for each topic and defect.",
    ]  # fmt: skip
    for name, tallies in parts.items():
        lines += ["", f"## {name.capitalize()} part", "", *_whole(tallies), "", "### Each topic", "", *_topics(tallies)]
        lines += ["", "### Each defect", "", *_kinds(tallies)]
    return "\n".join(lines) + "\n"


def _whole(tallies: list[Tally]) -> list[str]:
    counts = added(tallies)
    lines = [f"{counts['documents']} documents, {counts['both'] + counts['missed']} topics in them, "
             f"{counts['defects found'] + counts['defects missed']} defects.", "",
             "| figure | value | interval | target |", "| --- | --- | --- | --- |"]  # fmt: skip
    for name, (figure, target) in FIGURES.items():
        low, high = interval(tallies, figure)
        lines.append(f"| {name} | {figure(counts):.3f} | {low:.3f} to {high:.3f} | {target} |")
    return lines


def _topics(tallies: list[Tally]) -> list[str]:
    lines = ["| topic | there | recall | precision | adequate or mentioned right |", "| --- | --- | --- | --- | --- |"]
    merged: dict[str, Counter[str]] = defaultdict(Counter)
    for one in tallies:
        for id, counts in one.topics.items():
            merged[id].update(counts)
    for id, counts in sorted(merged.items()):
        there, told = counts["both"] + counts["missed"], counts["both"] + counts["false"]
        judged = counts["status right"] + counts["status wrong"]
        cells = [id, str(there), _share(counts["both"], there), _share(counts["both"], told)]
        lines.append(f"| {' | '.join(cells)} | {_share(counts['status right'], judged)} |")
    return lines


def _kinds(tallies: list[Tally]) -> list[str]:
    lines = ["| defect | labelled | found | false |", "| --- | --- | --- | --- |"]
    merged: dict[str, Counter[str]] = defaultdict(Counter)
    for one in tallies:
        for kind, counts in one.kinds.items():
            merged[kind].update(counts)
    for kind, counts in sorted(merged.items()):
        whole = counts["found"] + counts["missed"]
        lines.append(f"| {kind} | {whole} | {_share(counts['found'], whole)} | {counts['false']} |")
    return lines


def _share(good: int, whole: int) -> str:
    if not whole:
        return "–"
    low, high = Share(good, whole).interval
    return f"{good / whole:.2f} ({low:.2f} to {high:.2f})"


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the audit on labelled policies.")
    parser.add_argument("part", nargs="?", default="development", choices=[*PARTS, "both"])
    parser.add_argument("--write", action="store_true", help="write docs/evaluation/coverage.md")
    parser.add_argument("--faults", action="store_true", help="list what is wrong, of the development part alone")
    parser.add_argument("--folder", type=Path, default=HERE, help="another folder with the same parts")
    options = parser.parse_args()
    sieve = Sieve(load_audit(load()))
    names = PARTS if options.part == "both" else (options.part,)
    parts = {name: [(case.name, tally(case)) for case in cases(name, sieve, options.folder)] for name in names}
    text = report({name: [one for _, one in found] for name, found in parts.items()})
    if options.write:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(text, encoding="utf-8")
    print(text)
    for case, one in parts.get("development", []) if options.faults else []:
        print(f"\n== {case}", *one.faults, sep="\n   ")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
