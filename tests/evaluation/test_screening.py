"""The evaluation of screening: its texts keep their own rules, and the figures that docs show are those of today."""

from __future__ import annotations

import hashlib
import json
from functools import cache

import pytest

from doorframe.adapters.second_reader import SHIPPED
from tests.evaluation.screening import corpus, report
from tests.evaluation.screening.corpus import FAMILIES, Text
from tests.evaluation.screening.evaluate import Share, chosen, judge

FILES = sorted(path for part in corpus.PARTS for path in (corpus.HERE / part).glob("*.jsonl"))


@cache
def texts(part: str) -> tuple[Text, ...]:
    return tuple(corpus.part(part))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_text_follows_the_rules(path: object) -> None:
    assert list(corpus.errors(path)) == []  # type: ignore[arg-type]


@pytest.mark.promise("F1")
def test_the_corpus_is_as_large_and_as_hard_as_was_promised() -> None:
    everything = [text for part in corpus.PARTS for text in texts(part)]
    found = corpus.count(everything)
    assert len(everything) >= 2400 and len({text.writer for text in everything}) >= 8
    hard = found["level"]["hard"] + found["level"]["look-alike"]
    assert hard >= 0.6 * len(everything) and sum(found["pairs"].values()) >= 300
    assert len(found["country"]) == 8 and all(found["family"][family] >= 60 for family in FAMILIES)


def test_no_text_stands_in_both_parts() -> None:
    ours, sealed = ({" ".join(text.text.lower().split()) for text in texts(part)} for part in corpus.PARTS)
    assert not ours & sealed


@pytest.mark.promise("F1")
def test_the_page_in_docs_holds_the_figures_of_today() -> None:
    """One writer is judged anew with everything that is installed; all others would take minutes."""
    rows = [text for text in texts("development") if text.writer == "w08"]
    page = report.PAGE.read_text(encoding="utf-8")
    assert report.writer_row("w08", judge(rows, chosen("", None))) in page, (
        'run: python -m tests.evaluation.screening.evaluate both --write --because "..."'
    )
    assert f"{len(texts('sealed'))} texts" in page and "### Each family" in page


def test_a_tenth_was_read_twice() -> None:
    known = {text.id for part in corpus.PARTS for text in texts(part)}
    rows = corpus.second()
    read = {one["id"] for one in rows}
    assert len(read) == len(rows) >= 0.1 * len(known) - 1 and read <= known
    assert {one["outcome"] for one in rows} == set(corpus.OUTCOMES)
    assert report.kappa([(1, 1), (1, 0), (0, 1), (0, 0)]) == 0 and report.kappa([(1, 1), (0, 0)]) == 1


def test_every_scoring_of_the_sealed_part_has_a_reason() -> None:
    lines = (corpus.HERE / "sealed" / "LOG.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| 20")]
    assert rows and all(line.split("|")[4].strip() for line in rows)


def test_the_reader_is_the_one_of_its_card_and_learned_from_the_texts_that_are_here() -> None:
    card = json.loads((SHIPPED / "card.json").read_text(encoding="utf-8"))
    assert hashlib.sha256((SHIPPED / "model.onnx").read_bytes()).hexdigest() == card["sha256"]
    assert (SHIPPED / "model.onnx").stat().st_size < 25_000_000
    files = [(corpus.HERE / "development" / f"{writer}.jsonl").read_bytes() for writer in card["writers"]]
    assert hashlib.sha256(b"".join(files)).hexdigest() == card["data_sha256"]
    assert sum(data.count(b"\n") for data in files) == card["texts"]
    assert not {*card["held"], *card["left"]} & set(card["writers"]) and not set(card["held"]) & set(card["left"])


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"), [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (50, 100, 0.404, 0.596)]
)
def test_wilsons_interval(hits: int, of: int, low: float, high: float) -> None:
    """Against the interval as tables give it."""
    assert Share(hits, of).interval == pytest.approx((low, high), abs=0.001)
