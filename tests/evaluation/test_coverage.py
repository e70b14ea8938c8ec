"""The evaluation of the audit: its data keep their own rules, and the figures that docs show are those of today."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from doorframe.engines.content.audit import AuditRules
from doorframe.engines.content.loader import load, load_audit
from doorframe.engines.coverage.sight import Sieve
from tests.evaluation.coverage import evaluate

STATUSES = {"adequate", "mentioned", "contradictory"}
LABELS = sorted(path for part in evaluate.PARTS for path in (evaluate.HERE / part).glob("*.toml"))


@cache
def rules() -> AuditRules:
    return load_audit(load())


@cache
def tallies(part: str) -> tuple[evaluate.Tally, ...]:
    return tuple(evaluate.tally(case) for case in evaluate.cases(part, Sieve(rules())))


def test_there_are_at_least_sixty_policies_and_half_of_them_have_defects() -> None:
    known = [tomllib.loads(path.read_text(encoding="utf-8")) for path in LABELS]
    assert len(known) >= 60
    flawed = sum(any(defect["planted"] for defect in labels.get("defects", [])) for labels in known)
    assert 0.4 <= flawed / len(known) <= 0.6
    halves = [sum(path.parent.name == part for path in LABELS) for part in evaluate.PARTS]
    assert abs(halves[0] - halves[1]) <= 4


@pytest.mark.parametrize("path", LABELS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_label_follows_the_rules(path: Path) -> None:
    labels: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    text = next(path.with_suffix(ending) for ending in (".md", ".txt") if path.with_suffix(ending).exists())
    words = text.read_text(encoding="utf-8")
    assert labels["audience"] in {"client", "staff", "website", "none"}
    if labels["audience"] == "none":
        assert not labels.get("topics") and not labels.get("defects")
    for id, topic in labels.get("topics", {}).items():
        assert id in rules().topics, id
        assert topic["status"] in STATUSES and topic["quote"] in words, id
    for defect in labels.get("defects", []):
        assert defect["kind"] in rules().defects and defect["quote"] in words, defect


@pytest.mark.promise("A9")
@pytest.mark.parametrize("part", evaluate.PARTS)
def test_the_page_in_docs_holds_the_figures_of_today(part: str) -> None:
    text = evaluate.report({part: list(tallies(part))})
    section = text[text.index(f"## {part.capitalize()}") :]
    assert section.strip() in evaluate.REPORT.read_text(encoding="utf-8"), (
        "python -m tests.evaluation.coverage.evaluate both --write"
    )


@pytest.mark.promise("A9")
def test_the_development_part_keeps_its_aims() -> None:
    """Where these fall, a change made the audit worse; the sealed part is only ever a figure in docs."""
    counts = evaluate.added(tallies("development"))
    figures = {name: figure(counts) for name, (figure, _) in evaluate.FIGURES.items()}
    assert figures["Topic recall"] >= 0.92
    assert figures["Topic precision"] >= 0.92
    assert figures["Adequate or mentioned right"] >= 0.85
    assert figures["Defects found"] >= 0.90
    assert figures["False findings a document"] <= 0.20
