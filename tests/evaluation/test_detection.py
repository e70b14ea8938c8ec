"""The evaluation of the detector: its windows keep their own rules, and docs show the figures of today."""

from __future__ import annotations

import hashlib
import json
from functools import cache

import pytest

from doorframe.adapters.detector import SHIPPED
from tests.evaluation.detection import corpus, report, talk
from tests.evaluation.detection.corpus import HARD, KINDS, Labelled
from tests.evaluation.detection.evaluate import area, calibration_error, judged_by, renamed

FILES = sorted(path for part in corpus.PARTS for path in (corpus.HERE / part).glob("*.jsonl"))


@cache
def windows(part: str) -> tuple[Labelled, ...]:
    return tuple(corpus.part(part))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_window_follows_the_rules(path: object) -> None:
    assert list(corpus.errors(path)) == []  # type: ignore[arg-type]


@pytest.mark.promise("J2")
def test_the_corpus_is_as_large_and_as_hard_as_was_promised() -> None:
    everything = [one for part in corpus.PARTS for one in windows(part)]
    assert len(everything) >= 3000 and len({one.writer for one in everything}) >= 10
    manipulative = [one for one in everything if one.manipulative]
    assert 0.35 <= len(manipulative) / len(everything) <= 0.5
    assert sum(one.subtle for one in manipulative) >= 0.3 * len(manipulative)
    assert {one.kind for one in everything} == set(KINDS) and {one.channel for one in everything} == set(
        corpus.CHANNELS
    )
    hard = [one for one in everything if one.kind in HARD]
    assert all(sum(one.kind == kind for one in hard) >= 100 for kind in HARD)


@pytest.mark.promise("J3")
def test_counting_gives_little_away() -> None:
    everything = [one for part in corpus.PARTS for one in windows(part)]
    for what, (high, low) in corpus.balance(everything).items():
        if not what.startswith("share"):
            assert abs(high - low) <= 0.25 * max(high, low), what


def test_no_card_stands_in_both_parts() -> None:
    ours, sealed = ({one.card for one in windows(part)} for part in corpus.PARTS)
    assert not ours & sealed


@pytest.mark.promise("J2")
def test_the_page_in_docs_holds_the_figures_of_today() -> None:
    """One writer is judged anew; all would take minutes."""
    rows = [one for one in windows("development") if one.writer == "m02"]
    assert report.writer_row("m02", judged_by(rows)) in report.PAGE.read_text(encoding="utf-8"), (
        'run: python -m tests.evaluation.detection.evaluate both --write --because "..."'
    )


@pytest.mark.promise("J3")
def test_other_names_change_nothing() -> None:
    rows = [one for one in windows("development") if one.writer == "m02"][:40]
    plain = judged_by(rows)
    other = judged_by([renamed(one, report.OTHER_NAMES) for one in rows])
    swapped = judged_by([renamed(one, list(dict.fromkeys(m.author for m in one.messages))[::-1]) for one in rows])
    for first, second, third in zip(plain, other, swapped, strict=True):
        assert first[1].score == pytest.approx(second[1].score, abs=0.02), first[0].id
        assert first[1].score == pytest.approx(third[1].score, abs=0.02), first[0].id


def test_a_fifth_was_read_twice() -> None:
    known = {one.id for part in corpus.PARTS for one in windows(part)}
    rows = corpus.second()
    read = {one["id"] for one in rows}
    assert len(read) == len(rows) >= 0.18 * len(known) and read <= known


def test_ordinary_talk_is_its_own_and_marked_on_its_own_messages() -> None:
    """Nothing that was learned stands in it, or quiet there would prove nothing."""
    said = talk.talks()
    assert len(said) == 8 and sum(map(len, said.values())) > 900
    marks = json.loads((talk.TALK / "week.marks.json").read_text(encoding="utf-8"))
    pressing, unsure = ({tuple(one) for one in marks[name]} for name in ("pressing", "unsure"))
    assert not pressing & unsure and pressing | unsure <= {(name, one.id) for name in said for one in said[name]}
    long = {one.text for messages in said.values() for one in messages if len(one.text) > 40}
    assert not long & {message.text for part in corpus.PARTS for one in windows(part) for message in one.messages}


def test_every_scoring_of_the_sealed_part_has_a_reason() -> None:
    lines = (corpus.HERE / "sealed" / "LOG.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| 20")]
    assert rows and all(line.split("|")[4].strip() for line in rows)


@pytest.mark.promise("J12")
def test_the_model_is_the_one_of_its_card_and_learned_from_the_windows_that_are_here() -> None:
    card = json.loads((SHIPPED / "card.json").read_text(encoding="utf-8"))
    assert hashlib.sha256((SHIPPED / "model.onnx").read_bytes()).hexdigest() == card["sha256"]
    assert (SHIPPED / "model.onnx").stat().st_size < 25_000_000
    files = [(corpus.HERE / "development" / f"{writer}.jsonl").read_bytes() for writer in card["writers"]]
    assert hashlib.sha256(b"".join(files)).hexdigest() == card["data_sha256"]
    assert sum(data.count(b"\n") for data in files) == card["texts"] and not set(card["held"]) & set(card["writers"])


def test_the_area_and_the_error_are_those_of_the_books() -> None:
    assert area([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == pytest.approx(0.75)
    assert area([1, 1, 1, 1], [False, True, False, True]) == pytest.approx(0.5)
    assert calibration_error([0.5] * 10, [True] * 5 + [False] * 5, bins=1) == pytest.approx(0.0)
    assert calibration_error([1.0] * 10, [False] * 10) == pytest.approx(1.0)
