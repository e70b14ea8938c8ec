"""Ten times the answers or the content may cost ten times as much, and no more."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks.measure import ANSWERS, DATED, Row, interleaved, ms
from doorframe.adapters.render import render
from doorframe.cli import common
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.assembly.compare import compare
from doorframe.engines.assembly.document import Document
from doorframe.engines.content import loader
from doorframe.engines.content.schema import Pack
from doorframe.engines.interview.findings import findings

SIZES = (10, 100)
MARGIN = 1.3
"""Tenfold work may cost this much more than ten times: what is this large no longer fits the processor's cache."""

Answers = dict[str, object]


def rows(rounds: int) -> list[Row]:
    """Each kind of work at ten and at a hundred times the size; the ratio is the growth for each tenfold."""
    pack = loader.load()
    usual = common.read_answers(str(ANSWERS), pack)
    rounds = max(3, rounds // 3)
    found = [_row(name, work, rounds) for name, work in _on_answers(pack, usual).items()]
    return found + [_row(name, work, rounds) for name, work in _on_content(pack, usual).items()]


def _row(name: str, work: Callable[[int], Callable[[int], object]], rounds: int) -> Row:
    small, large = interleaved(rounds, *(work(size) for size in SIZES), clock=time.process_time)
    said = f"{ms(small)} at ten times the usual, {ms(large)} at a hundred; ten would be a straight line"
    return Row(name, large / small, 10 * MARGIN, said)


def many_answers(usual: Answers, size: int) -> Answers:
    """The answers of a practice with so many accounts, crisis lines and words of its own."""
    accounts = [
        {"platform": "instagram", "handle": f"@practice{number}", "kind": "professional", "purpose": "news of groups"}
        for number in range(3 * size)
    ]
    lines = [{"name": f"Line {number}", "number": f"555 {number:04}", "how": "call"} for number in range(2 * size)]
    words = {key: value for key, value in usual.items() if isinstance(value, str) and value.endswith(".")}
    return {**usual, **{key: " ".join([value] * size) for key, value in words.items()},
            "accounts": accounts, "crisis_lines": lines}  # fmt: skip


def much_content(pack: Pack, size: int) -> Pack:
    """A pack with so many times the passages and the rules."""
    return replace(
        pack,
        passages=tuple(replace(item, id=f"{item.id}-{n}") for n in range(size) for item in pack.passages),
        contradictions=pack.contradictions * size,
    )


def _on_answers(pack: Pack, usual: Answers) -> dict[str, Callable[[int], Callable[[int], object]]]:
    def made(size: int, number: int = 0) -> Document:
        answers = {**many_answers(usual, size), "practice_name": f"Practice {number}"}
        return assemble(pack, answers, "policy", Edition(dated=DATED))

    def rendered(format: str) -> Callable[[int], Callable[[int], object]]:
        return lambda size: lambda number: render(made(size, number), format)

    def compared(size: int) -> Callable[[int], object]:
        old, new = made(size), made(size, 1)
        return lambda _: compare(old, new)

    return {
        "answers: assembly": lambda size: lambda number: made(size, number),
        "answers: findings": lambda size: lambda _: findings(pack, many_answers(usual, size)),
        "answers: what changed": compared,
        **{f"answers: to {format}": rendered(format) for format in ("html", "md", "docx", "pdf")},
    }


def _on_content(pack: Pack, usual: Answers) -> dict[str, Callable[[int], Callable[[int], object]]]:
    def assembled(size: int) -> Callable[[int], object]:
        large = much_content(pack, size)
        return lambda _: assemble(large, usual, "policy", Edition(dated=DATED))

    def checked(size: int) -> Callable[[int], object]:
        large = much_content(pack, size)
        return lambda _: findings(large, usual)

    return {"content: assembly": assembled, "content: findings": checked}
