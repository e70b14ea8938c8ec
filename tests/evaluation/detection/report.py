"""The page docs/evaluation/detection.md: what the detector was tried on, how well it tells, what others would."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from doorframe.adapters.detector import SHIPPED
from tests.evaluation.detection import corpus, talk
from tests.evaluation.detection.corpus import HARD, Labelled
from tests.evaluation.detection.evaluate import (
    Judged,
    Share,
    area,
    calibration_error,
    figures,
    judged_by,
    log,
    renamed,
    share,
    voices,
)
from tests.evaluation.screening.report import kappa

PAGE = Path(__file__).parents[3] / "docs" / "evaluation" / "detection.md"
MOST, LEAST = "at most", "at least"
TARGETS: dict[str, tuple[str, float]] = {
    "benign windows flagged": (MOST, 0.02),
    **{f"{kind}: flagged": (MOST, 0.04) for kind in HARD},
    "manipulative windows found": (LEAST, 0.70),
    "right author": (LEAST, 0.95),
    "a harmful message among the first two": (LEAST, 0.80),
    "a right tactic among the first two": (LEAST, 0.60),
    "right direction": (LEAST, 0.90),
}
AREA, CALIBRATION = 0.93, 0.05
OTHER_NAMES = ("Speaker 1", "Speaker 2", "Speaker 3", "Speaker 4", "Speaker 5")
HEAD = """# How well the detector tells

Written by `python -m tests.evaluation.detection.evaluate both --write --because "…"`; do not edit. Each conversation
was invented for this, by writers with different briefs (country, kind of group, channel, voice);
`tests/evaluation/detection/AUTHORING.md` holds the rules. Most windows stand in pairs: the same people, topic and heat,
and one thing differs. The model learned from the development writers save those that its card names as held, on whose
windows its scale and threshold were set. Nobody who built the detector has read the sealed part; `sealed/LOG.md` names
each scoring. Intervals are 95 % (Wilson). Whether any of this holds in a real group nobody knows yet: see
[the model card](../explanation/detector.md).
"""


def write(because: str, say: Callable[[str], None] | None = None) -> None:
    """Judge both parts and write the page, or hand it to `say`."""
    card = json.loads((SHIPPED / "card.json").read_text(encoding="utf-8"))
    development = corpus.part("development")
    held = [one for one in development if one.writer in card["held"]]
    sections = [HEAD]
    for title, windows in (
        ("The sealed part", corpus.part("sealed")),
        (f"The writers {' and '.join(card['held'])}, from whom nothing was learned", held),
    ):
        judged = judged_by(windows)
        if title == "The sealed part":
            log(because, judged)
        sections += section(title, windows, judged)
    sections += _ordinary() + _balance(development) + agreed() + _writers(development)
    page = "\n".join(sections)
    say(page) if say else PAGE.write_text(page, encoding="utf-8")


def section(title: str, windows: Sequence[Labelled], judged: Judged) -> list[str]:
    """One part: its figures and the ways beside each other."""
    values, labels = [row[1].score for row in judged], [one.manipulative for one in windows]
    lines = [
        f"## {title}",
        "",
        f"{len(windows)} windows, {sum(labels)} of them manipulative ({sum(one.subtle for one in windows)} subtle).",
        "",
        "| figure | value | interval | of | target |",
        "| --- | --- | --- | --- | --- |",
        *(row(name, one) for name, one in figures(judged).items()),
        f"| area under the curve | {area(values, labels):.3f} | | | {LEAST} {AREA} |",
        f"| calibration error | {calibration_error(values, labels):.3f} | | | {MOST} {CALIBRATION} |",
        f"| same alerts with other names for the speakers | {_names(windows, judged)} | | | all |",
        "",
        "### Each voice alone",
        "",
        "At the threshold at which two in a hundred benign windows of this part are flagged.",
        "",
        "| way | area under the curve | manipulative windows found |",
        "| --- | --- | --- |",
    ]
    ways = voices(windows)
    if find_spec("irl_gaslight"):
        ways = {"phrase list (irl-gaslight)": phrases(windows), **ways}
    for name, scores in ways.items():
        lines.append(f"| {name} | {area(scores, labels):.3f} | {_found(scores, labels):.3f} |")
    return [*lines, ""]


def _ordinary() -> list[str]:
    """Talk that is no pair and no trial."""
    rows, said, days = talk.seen(), talk.talks(), talk.days()
    return [
        "## A few ordinary days",
        "",
        f"{len(said)} groups, {sum(map(len, said.values()))} messages, {len(rows)} windows, {days:.0f} days of talk",
        "together, written to be like such groups and not for a trial; nothing learned from them. A reader who saw no",
        "verdict marked who presses on whom. Windows overlap, so one act stands in two.",
        "",
        "| figure | value | interval | of | target |",
        "| --- | --- | --- | --- | --- |",
        *(row(name, one) for name, one in talk.figures(rows).items()),
        f"| alerts a day of one group | {sum(one.verdict.alert for one in rows) / days:.1f} | | | |",
        "",
    ]


def row(name: str, one: Share) -> str:
    """One line of the table of figures."""
    low, high = one.interval
    wanted = " ".join(map(str, TARGETS[name])) if name in TARGETS else ""
    return f"| {name} | {one.value:.3f} | {max(0.0, low):.3f} to {high:.3f} | {one.of} | {wanted} |"


def _found(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Share of manipulative windows above the score that two in a hundred benign ones pass."""
    benign = sorted((score for score, so in zip(scores, labels, strict=True) if not so), reverse=True)
    bound = benign[int(0.02 * len(benign))]
    true = [score for score, so in zip(scores, labels, strict=True) if so]
    return sum(score > bound for score in true) / len(true)


def _names(windows: Sequence[Labelled], judged: Judged) -> str:
    other = judged_by([renamed(one, OTHER_NAMES) for one in windows])
    same = share(list(zip(judged, other, strict=True)), bool, lambda pair: pair[0][1].alert == pair[1][1].alert)
    return f"{same.hits} of {same.of}"


def phrases(windows: Sequence[Labelled]) -> list[float]:
    """What a list of phrases says: how many of its markers stand in a window."""
    place = find_spec("irl_gaslight")
    assert place is not None and place.origin is not None
    tactics = json.loads((Path(place.origin).parent / "data" / "tactics.json").read_text(encoding="utf-8"))
    markers = [marker.casefold() for tactic in tactics for marker in tactic["markers"]]
    texts = [" ".join(message.text for message in one.messages).casefold() for one in windows]
    return [float(sum(marker in text for marker in markers)) for text in texts]


def _balance(windows: Sequence[Labelled]) -> list[str]:
    lines = [
        "## What counting would give away",
        "",
        "Of the development part. What differs between the two sides is what a model could lean on.",
        "",
        "| | manipulative | benign |",
        "| --- | --- | --- |",
    ]
    for name, (high, low) in corpus.balance(windows).items():
        lines.append(f"| {name} | {high:.2f} | {low:.2f} |")
    return [*lines, ""]


def agreed() -> list[str]:
    """How far two readers agree on the windows that were read twice."""
    known = {one.id: one for part in corpus.PARTS for one in corpus.part(part)}
    rows = [(known[one["id"]], one) for one in corpus.second()]
    labels = [(one.label, other["label"]) for one, other in rows]
    both = [(one, other) for one, other in rows if one.manipulative and other["label"] == "manipulative"]
    first = [bool({signal["tactics"][0] for signal in one.done} & set(other["tactics"][:2])) for one, other in both]
    author = [other["author"] in {signal["author"] for signal in one.done} for one, other in both]
    return [
        "## How far two readers agree",
        "",
        f"{len(rows)} windows were judged a second time by a reader who saw no label: the same label in "
        f"{sum(a == b for a, b in labels) / len(labels):.3f}, kappa {kappa(labels):.2f}. Where both say manipulative:",
        f"the same author in {sum(author) / len(author):.3f}, the first tactic among the other's two in "
        f"{sum(first) / len(first):.3f}.",
        "",
        "That is far more than people reach (kappa about .46 in published data), and it should comfort nobody: writers",
        "and second readers were language models with the same guide. It says that the labels follow from the guide.",
        "It does not say that moderators would set the same. Ten windows read by moderators are worth more than this.",
        "",
    ]


def _writers(windows: Sequence[Labelled]) -> list[str]:
    judged = judged_by(windows)
    lines = [
        "## Each development writer",
        "",
        "The model learned from most of them, so these figures say little; a test makes one of them anew.",
        "",
        "| writer | manipulative windows found | benign windows flagged |",
        "| --- | --- | --- |",
    ]
    for writer in sorted({one.writer for one in windows}):
        lines.append(writer_row(writer, [one for one in judged if one[0].writer == writer]))
    return [*lines, ""]


def writer_row(writer: str, judged: Judged) -> str:
    """One writer's line."""
    found = figures(judged)
    names = ("manipulative windows found", "benign windows flagged")
    return f"| {writer} | " + " | ".join(f"{found[name].hits} of {found[name].of}" for name in names) + " |"
