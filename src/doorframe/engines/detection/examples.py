"""Every example in the content of the detector, tried: where a file says that a cue stands, one stands."""

from __future__ import annotations

from collections.abc import Iterator

from doorframe.engines.content.detection import DetectionContent, Tactic
from doorframe.engines.content.schema import Problem
from doorframe.engines.detection.cues import Cues


def check(content: DetectionContent) -> list[Problem]:
    """Every example that does not hold, and every cue that no example shows, with its file and line."""
    cues = Cues(content)
    return [problem for tactic in content.tactics.values() for problem in _of_tactic(tactic, cues)]


def _of_tactic(tactic: Tactic, cues: Cues) -> Iterator[Problem]:
    shown: set[str] = set()
    for text in (*tactic.matches, *tactic.also):
        seen = _seen(text, tactic, cues)
        shown |= seen
        if not seen:
            yield Problem(tactic.file, tactic.lines[text], f"in “{text}” a cue of this tactic must stand")
    for text in tactic.passes:
        seen = _seen(text, tactic, cues)
        if seen:
            yield Problem(
                tactic.file,
                tactic.lines[text],
                f"in “{text}” no cue of this tactic may stand: {', '.join(sorted(seen))}",
            )
    for cue in tactic.cues:
        if cue.id not in shown:
            yield Problem(tactic.file, cue.line, f"no example shows the cue “{cue.id}”")


def _seen(text: str, tactic: Tactic, cues: Cues) -> set[str]:
    return {id for id, of, _, _ in cues.find(text) if of == tactic.id}
