"""How well the detector tells: on the development part for those who build it, on the sealed part for the final figure.

python -m tests.evaluation.detection.evaluate development [--writer m05,m09]   figures
python -m tests.evaluation.detection.evaluate development --misses             the windows themselves, development alone
python -m tests.evaluation.detection.evaluate sealed --because "..."           totals alone; written into sealed/LOG.md
python -m tests.evaluation.detection.evaluate both --write --because "..."     docs/evaluation/detection.md
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from doorframe.adapters import detector
from doorframe.engines.detection import judge
from doorframe.engines.detection.conversation import Signal, Verdict
from doorframe.engines.detection.measure import Share, area, calibration_error
from doorframe.engines.detection.spoken import called, spoken
from tests.evaluation.detection import corpus
from tests.evaluation.detection.corpus import HARD, KINDS, Labelled

Judged = Sequence[tuple[Labelled, Verdict]]


def judged_by(windows: Sequence[Labelled], model: Path | None = None) -> Judged:
    """Every window with the verdict of everything together."""
    ask = detector.Detector(detector.load(model))
    return [(one, ask.judge(one.window)) for one in windows]


def share(rows: Sequence[object], of: Callable[..., bool], hit: Callable[..., bool]) -> Share:
    """Of how many for which `of` holds `hit` holds too."""
    chosen = [row for row in rows if of(row)]
    return Share(sum(bool(hit(row)) for row in chosen), len(chosen))


def figures(judged: Judged) -> dict[str, Share]:
    """Alerts: of benign windows, of each kind, of manipulative ones; and of true alerts who, where, what, which way."""
    alert = lambda row: row[1].alert  # noqa: E731
    found = {
        "benign windows flagged": share(judged, lambda row: not row[0].manipulative, alert),
        "manipulative windows found": share(judged, lambda row: row[0].manipulative, alert),
        "subtle ones found": share(judged, lambda row: row[0].subtle, alert),
    }
    for kind in KINDS[1:]:
        found[f"{kind}: flagged"] = share(judged, lambda row, kind=kind: row[0].kind == kind, alert)
    true = [row for row in judged if row[0].manipulative and row[1].alert]
    found |= {
        "right author": share(true, bool, lambda row: _first(row) and _first(row).author in _authors(row[0])),
        "a harmful message among the first two": share(true, bool, lambda row: _messages(row[0]) & _shown(row, 2)),
        "a right tactic among the first two": share(true, bool, _tactic_right),
        "right direction": share(true, bool, lambda row: bool(_first(row)) and _first(row).direction == "towards"),
        "right member towards whom": share(true, bool, _towards_right),
    }
    return found


def _first(row: tuple[Labelled, Verdict]) -> Signal | None:
    return row[1].signals[0] if row[1].signals else None


def _authors(one: Labelled) -> set[str]:
    return {signal["author"] for signal in one.done}


def _messages(one: Labelled) -> set[str]:
    return {signal["message"] for signal in one.done}


def _shown(row: tuple[Labelled, Verdict], many: int) -> set[str]:
    return {signal.message_id for signal in row[1].signals[:many]}


def _tactic_right(row: tuple[Labelled, Verdict]) -> bool:
    gold = {tactic for signal in row[0].done for tactic in signal["tactics"]}
    first = _first(row)
    named = [name for name, _ in first.tactic if name != "unclear"][:2] if first else []
    return bool(gold & set(named))


def _towards_right(row: tuple[Labelled, Verdict]) -> bool:
    first = _first(row)
    gold = {signal["towards"] for signal in row[0].done if first and signal["message"] == first.message_id}
    return bool(first) and (first.towards in gold or not gold)


def voices(windows: Sequence[Labelled], model: Path | None = None) -> dict[str, list[float]]:
    """Each voice alone, for every window: words alone, the encoder's whole window, its strongest message, all of it."""
    reader = detector.load(model)
    assert reader is not None, "the detector's programs are not installed"
    found: dict[str, list[float]] = {
        "words alone (hashed n-grams)": [], "encoder, whole window": [], "encoder, strongest message": [],
        "everything together": [],
    }  # fmt: skip
    for one in windows:
        said = spoken(one.messages)
        signs = judge.signs(reader.read(said), reader.words(said))
        values = (signs["words"], signs["whole"], signs["first"], judge.score(signs, reader.scale))
        for voice, value in zip(found.values(), values, strict=True):
            voice.append(value)
    return found


def renamed(one: Labelled, names: Sequence[str]) -> Labelled:
    """The same window with other names for who speaks, in the text too."""
    authors = list(dict.fromkeys(message.author for message in one.messages))
    other = dict(zip(authors, names, strict=False))
    known = {form: other[author] for author in authors for form in called(author)}
    forms = sorted(known, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)@?(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.IGNORECASE)
    messages = []
    for message in one.messages:
        text = pattern.sub(lambda found: known.get(found[0].lstrip("@").lower(), found[0]), message.text)
        messages.append(replace(message, author=other[message.author], text=text))
    return replace(one, messages=tuple(messages))


def telling(judged: Judged) -> list[str]:
    """The figures of one judging, as lines."""
    values, labels = [row[1].score for row in judged], [row[0].manipulative for row in judged]
    lines = [f"{name:40} {figure}" for name, figure in figures(judged).items()]
    hard = share(judged, lambda row: row[0].kind in HARD, lambda row: row[1].alert)
    return [
        *lines,
        f"{'hard kinds together: flagged':40} {hard}",
        f"{'area under the curve':40} {area(values, labels):.3f}",
        f"{'calibration error':40} {calibration_error(values, labels):.3f}",
    ]


def log(because: str, judged: Judged) -> None:
    """One line in sealed/LOG.md: the sealed part was scored."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=corpus.HERE)
    found = figures(judged)
    said = ", ".join(f"{name} {found[name].value:.3f}" for name in list(found)[:3])
    line = f"| {date.today().isoformat()} | {commit.stdout.strip()} | {said} | {because} |\n"
    with (corpus.HERE / "sealed" / "LOG.md").open("a", encoding="utf-8") as file:
        file.write(line)


def main(arguments: list[str]) -> int:
    """Print the figures of one part, or write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=[*corpus.PARTS, "both"])
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--writer", default="")
    parser.add_argument("--because", default="")
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    if options.part != "development" and (options.misses or options.writer or not options.because):
        parser.error("the sealed part gives totals alone, and each scoring has a reason (--because)")
    if options.write and find_spec("irl_gaslight") is None:
        parser.error("the page compares with irl-gaslight: install requirements/benchmarks.txt first")
    if options.part == "both":
        from tests.evaluation.detection import report

        report.write(options.because, None if options.write else print)
        return 0
    windows = [
        one for one in corpus.part(options.part) if not options.writer or one.writer in options.writer.split(",")
    ]
    judged = judged_by(windows, options.model)
    print("\n".join(telling(judged)))
    if options.part == "sealed":
        log(options.because, judged)
    if options.misses:
        _misses(judged)
    return 0


def _misses(judged: Judged) -> None:
    for one, verdict in judged:
        if verdict.alert == one.manipulative:
            continue
        print(f"\n{one.id} {one.kind}{' subtle' if one.subtle else ''} {verdict.score:.2f}")
        for message in one.messages:
            print(f"   {message.author}: {message.text}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
