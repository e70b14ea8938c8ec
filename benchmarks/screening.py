"""Screening: against presidio-analyzer with the same model for names, on rules alone, cold, at ten times the drafts."""

from __future__ import annotations

import importlib.util
import itertools
import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator

from benchmarks.measure import ROOT, Row, Unable, interleaved, ms
from doorframe.adapters.names import MODELS, load
from doorframe.adapters.screener import Screener, with_everything
from doorframe.engines.content import loader
from doorframe.engines.screening.verdict import Draft

TEXTS = ROOT / "tests" / "evaluation" / "screening" / "development"
WORDS = 60
WANTED_A_SECOND = 1000
MARGIN = 1.3
BATCH = 100


def drafts(count: int, start: int = 0) -> list[Draft]:
    """So many posts of sixty words from texts as people write them."""
    return list(itertools.islice(posts(), start, start + count))


class _Turns:
    """Batches of drafts, made before anything is timed: each turn screens others than the last."""

    def __init__(self, size: int, turns: int) -> None:
        self._size = size
        self._drafts = drafts(size * (turns + 1))

    def __call__(self, turn: int) -> list[Draft]:
        return self._drafts[self._size * turn : self._size * (turn + 1)]


def posts() -> Iterator[Draft]:
    """Posts of sixty words, without end."""
    rows = [json.loads(line) for path in sorted(TEXTS.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    words = [word for row in rows for word in row["text"].split()]
    for number in itertools.count():
        begin = number * WORDS % (len(words) - WORDS)
        yield Draft(" ".join(words[begin : begin + WORDS]))


def rows(rounds: int) -> list[Row]:
    """Processor time on one core; batches take turns."""
    rules = loader.load_screening()
    alone, named, whole = Screener(rules), Screener(rules, load()), with_everything(rules)
    if not named.names.name or whole.reader is None:
        raise Unable("The model for names is not installed: python3 run.py bench installs it where it can be had.")
    for one in (alone, named, whole):
        _judge(one, drafts(BATCH))
    other = _presidio()
    other(drafts(5))
    turns = max(3, rounds // 3)
    batch, small, large = _Turns(BATCH, turns), _Turns(200, 3), _Turns(2000, 3)
    ours, theirs, bare, full = interleaved(
        turns,
        lambda turn: _judge(named, batch(turn)), lambda turn: other(batch(turn)),
        lambda turn: _judge(alone, batch(turn)), lambda turn: _judge(whole, batch(turn)),
        clock=time.process_time,
    )  # fmt: skip
    few, many = interleaved(3, lambda turn: _judge(alone, small(turn)), lambda turn: _judge(alone, large(turn)),
                            clock=time.process_time)  # fmt: skip
    return [
        Row("rules and names, against presidio-analyzer with the same model", ours / theirs, 1 / 1.5,
            f"{BATCH / ours:.0f} posts a second, presidio {BATCH / theirs:.0f}"),
        Row("rules alone, against a thousand posts a second", bare * WANTED_A_SECOND / BATCH, 1,
            f"{BATCH / bare:.0f} posts a second"),
        Row("one post with everything, as a share of 50 ms", full / BATCH / 0.05, 1, f"{ms(full / BATCH)} a post"),
        Row("ten times the drafts", many / few, 10 * MARGIN, f"{ms(few)} for 200, {ms(many)} for 2,000"),
        _memory(alone), _cold(turns),
    ]  # fmt: skip


def _judge(screener: Screener, texts: list[Draft]) -> None:
    for _ in screener.screen_all(texts):
        pass


def _presidio() -> Callable[[list[Draft]], None]:
    if importlib.util.find_spec("presidio_analyzer") is None:
        raise Unable("presidio-analyzer is not installed: run this with python3 run.py bench.")
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    model = next(name for name in MODELS if importlib.util.find_spec(name))
    known = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
    engine = AnalyzerEngine(
        nlp_engine=NlpEngineProvider(nlp_configuration=known).create_engine(), supported_languages=["en"]
    )

    def analyse(texts: list[Draft]) -> None:
        for text in texts:
            engine.analyze(text=text.text, language="en")

    return analyse


def _memory(screener: Screener) -> Row:
    peaks = []
    for count in (200, 2000):
        tracemalloc.start()
        for draft in itertools.islice(posts(), count):
            screener.screen(draft)
        peaks.append(tracemalloc.get_traced_memory()[1] / 1e6)
        tracemalloc.stop()
    said = f"{peaks[0]:.1f} MB at most for 200 drafts, {peaks[1]:.1f} MB for 2,000"
    return Row("memory at ten times the drafts", peaks[1] / peaks[0], 1.5, said)


def _cold(rounds: int) -> Row:
    """A first draft on the command line, beyond Python itself; the content is parsed already, as after any start."""
    screen = [sys.executable, "-m", "doorframe.cli.main", "screen", "-", "--rules-only"]
    bare = [sys.executable, "-c", "pass"]

    def run(command: list[str]) -> None:
        subprocess.run(command, input=b"A quiet morning.", capture_output=True, cwd=ROOT, check=False)

    run(screen)
    ours, theirs = interleaved(rounds, lambda _: run(screen), lambda _: run(bare))
    return Row("a cold draft beyond bare Python, as a share of 0.5 s", (ours - theirs) / 0.5, 1, ms(ours - theirs))
