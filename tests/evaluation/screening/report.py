"""The page docs/evaluation/screening.md: what screening was tried on, how well it told, and what others would tell."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from doorframe.adapters.second_reader import SHIPPED
from doorframe.engines.screening.verdict import Finding, Verdict
from tests.evaluation.screening import corpus
from tests.evaluation.screening.corpus import FAMILIES, Text
from tests.evaluation.screening.evaluate import (
    Judged,
    Share,
    chosen,
    figures,
    judge,
    log,
    pairs_right,
    span_f1,
)

PAGE = Path(__file__).parents[3] / "docs" / "evaluation" / "screening.md"
TARGETS = {
    "unsafe not passed": 0.92,
    "hard look-alikes passed": 0.88,
    "ordinary passed": 0.97,
    "do not post is right": 0.95,
}
SPAN_TARGET = 0.60
WAYS = {
    "": "everything together",
    "rules": "rules alone",
    "names": "rules and names",
    "reader": "second reader alone",
}
HEAD = """# How well screening tells

Written by `python -m tests.evaluation.screening.evaluate both --write --because "…"`; do not edit. Each text was
invented for this, by writers with different briefs (country, profession, platform, voice), two thirds of them hard:
look-alikes that are safe, and unsafe texts that look harmless. `tests/evaluation/screening/AUTHORING.md` holds the
rules. Rules and second reader were made with the development part in sight; the reader learned from its writers, save
those that its card names as held, on whose texts its thresholds were set, and those it names as left, from whom nothing
was learned. Nobody who wrote a rule, trained or set a threshold has read the sealed part; `sealed/LOG.md` names each
scoring. Intervals are 95 % (Wilson). “Presidio” is
presidio-analyzer with the same model for names: a text counts as stopped where it finds anything.
"""


def write(because: str, say: Callable[[str], None] | None = None) -> None:
    """Judge both parts in every way and write the page, or hand it to `say`."""
    sections = [HEAD]
    for part in corpus.PARTS:
        texts = corpus.part(part)
        judged = {way: judge(texts, chosen(way, None)) for way in WAYS}
        if part == "sealed":
            log("everything", because, judged[""])
        sections += section(part, texts, judged)
    sections += agreed()
    page = "\n".join(sections)
    say(page) if say else PAGE.write_text(page, encoding="utf-8")


def section(part: str, texts: Sequence[Text], judged: dict[str, Judged]) -> list[str]:
    """One part: its figures, the ways beside each other, the families, and (of the development part) the writers."""
    counted = corpus.count(texts)
    levels = ", ".join(f"{number} {name}" for name, number in sorted(counted["level"].items()))
    lines = [
        f"## {part.capitalize()} part",
        "",
        f"{len(texts)} texts ({levels}), {sum(counted['pairs'].values())} pairs.",
        "",
    ]
    lines += ["| figure | value | interval | of | target |", "| --- | --- | --- | --- | --- |"]
    found = figures(judged[""])
    lines += [row(name, found[name], TARGETS.get(name)) for name in list(found)[: -len(FAMILIES)]]
    lines += [f"| span F1 over characters | {span_f1(judged['']):.3f} | | | at least {SPAN_TARGET:.2f} |"]
    lines += [row("pairs told apart", pairs_right(judged[""]), None), ""]
    lines += ["### Each part of it alone, and a scanner of identifiers", ""]
    lines += ["| way | unsafe not passed | hard look-alikes passed | ordinary passed | do not post is right |"]
    lines += ["| --- | --- | --- | --- | --- |"]
    ways = {WAYS[way]: rows for way, rows in judged.items()}
    ways |= {"Presidio": presidio(texts)} if importlib.util.find_spec("presidio_analyzer") else {}
    for name, rows in ways.items():
        shares = figures(rows)
        lines.append(f"| {name} | " + " | ".join(_short(shares[target]) for target in TARGETS) + " |")
    lines += ["", "### Each family", "", "| family | unsafe not passed | interval | of |", "| --- | --- | --- | --- |"]
    for family in FAMILIES:
        one = found[f"{family}: not passed"]
        low, high = one.interval
        lines.append(f"| {family} | {one.value:.3f} | {low:.3f} to {high:.3f} | {one.of} |")
    return [*lines, "", *(_held(judged[""]) + _writers(judged[""]) if part == "development" else [])]


def agreed() -> list[str]:
    """How far two people agree: a tenth of all texts was read a second time by somebody who saw no label."""
    first = {text.id: text for part in corpus.PARTS for text in corpus.part(part)}
    rows = [(first[one["id"]], one) for one in corpus.second()]
    outcomes = [(text.outcome, one["outcome"]) for text, one in rows]
    stopped = [(one != "nothing-found", other != "nothing-found") for one, other in outcomes]
    grave = [(one == "do-not-post", other == "do-not-post") for one, other in outcomes if one != "nothing-found"]
    families = [
        (family in text.families, family in one["families"])
        for text, one in rows for family in FAMILIES if text.families or one["families"]
    ]  # fmt: skip
    lines = [
        "## How far two readers agree",
        "",
        f"{len(rows)} texts, a tenth, were judged a second time by a reader who saw no label.",
        "",
        "| question | same answer | kappa |",
        "| --- | --- | --- |",
    ]
    asked = {
        "which of the three outcomes": outcomes,
        "should it be stopped at all": stopped,
        "of those to be stopped: do not post, or ask": grave,
        "which families": families,
    }
    for question, pairs in asked.items():
        share = sum(one == other for one, other in pairs) / len(pairs)
        lines.append(f"| {question} | {share:.3f} | {kappa(pairs):.2f} |")
    lines += [
        "",
        "Writers and second readers were language models with the same guide, so this shows that the labels follow",
        "from the guide. It does not show that clinicians would agree so far: they have not been asked yet.",
    ]
    return [*lines, ""]


def kappa(pairs: Sequence[tuple[object, object]]) -> float:
    """Cohen's kappa of two readers' answers: 0 is chance, 1 is always the same."""
    total = len(pairs)
    same = sum(one == other for one, other in pairs) / total
    values = {one for pair in pairs for one in pair}
    chance = sum(
        sum(one == value for one, _ in pairs) * sum(other == value for _, other in pairs) for value in values
    ) / total**2  # fmt: skip
    return (same - chance) / (1 - chance) if chance < 1 else 1.0


def row(name: str, one: Share, target: float | None) -> str:
    """One line of the table of figures."""
    low, high = one.interval
    wanted = f"at least {target:.2f}" if target else ""
    return f"| {name} | {one.value:.3f} | {low:.3f} to {high:.3f} | {one.of} | {wanted} |"


def _short(one: Share) -> str:
    return f"{one.value:.3f}" if one.of else "none"


def _held(judged: Judged) -> list[str]:
    """The same figures on the writers that the second reader did not learn from: thresholds were set on the held."""
    card = json.loads((SHIPPED / "card.json").read_text(encoding="utf-8"))
    return [
        *_apart(judged, card["held"], "Weights and thresholds were set on them: these figures are a little kind."),
        *_apart(judged, card["left"], "Nothing was set on them either: this is what a new set may give."),
    ]


def _apart(judged: Judged, writers: Sequence[str], why: str) -> list[str]:
    found = figures([row for row in judged if row[0].writer in writers])
    lines = [
        f"### The writers {' and '.join(writers)} alone, from whom the reader did not learn", "", why, "",
        "| figure | value | interval | of | target |",
        "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    return [*lines, *(row(name, found[name], TARGETS[name]) for name in TARGETS), ""]


def _writers(judged: Judged) -> list[str]:
    lines = [
        "### Each writer",
        "",
        "| writer | unsafe not passed | look-alikes passed | ordinary passed |",
        "| --- | --- | --- | --- |",
    ]
    for writer in sorted({text.writer for text, _ in judged}):
        lines.append(writer_row(writer, [row for row in judged if row[0].writer == writer]))
    return [*lines, ""]


def writer_row(writer: str, judged: Judged) -> str:
    """One writer's line; a test makes one of them anew."""
    found = figures(judged)
    names = ("unsafe not passed", "hard look-alikes passed", "ordinary passed")
    return f"| {writer} | " + " | ".join(f"{found[name].hits} of {found[name].of}" for name in names) + " |"


def presidio(texts: Sequence[Text]) -> Judged:
    """What a scanner of identifiers would stop: a text in which it finds anything."""
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    from doorframe.adapters.names import MODELS

    model = next(name for name in MODELS if importlib.util.find_spec(name))
    provider = NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
    )
    engine = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])
    judged = []
    for text in texts:
        found = [
            Finding(
                one.entity_type, "identifier", one.start, one.end, text.text[one.start : one.end], "do-not-post", ""
            )
            for one in engine.analyze(text=text.text, language="en")
        ]
        judged.append((text, Verdict("do-not-post" if found else "nothing-found", tuple(found))))
    return judged
