"""The ladder to a safer text: for each finding the smallest change that mends it, taken one step at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doorframe.engines.content.screening import Detail, ScreeningRules
from doorframe.engines.screening.sight import Seen
from doorframe.engines.screening.verdict import Draft, Finding, Rewrite


def ladder(
    draft: Draft, findings: Sequence[Finding], details: Sequence[tuple[Detail, Seen]], rules: ScreeningRules
) -> Iterator[Rewrite]:
    """Safer wordings, the gentlest first, none twice. Each replaces one stretch; the result is screened again."""
    offered: set[tuple[int, int, str]] = set()
    for one in _steps(draft, findings, details, rules):
        if (one.start, one.end, one.words) not in offered:
            offered.add((one.start, one.end, one.words))
            yield one


def _steps(
    draft: Draft, findings: Sequence[Finding], details: Sequence[tuple[Detail, Seen]], rules: ScreeningRules
) -> Iterator[Rewrite]:
    if findings and draft.kind == "reply" and (notice := rules.replacements.get("reply")):
        yield Rewrite("reply/replace", "confirming", "replace", 0, len(draft.text), notice, "Use the one neutral reply")
    stopped = {(one.start, one.end) for one in findings}
    for detail, seen in details:
        if (seen.start, seen.end) in stopped:
            start = seen.start if detail.words else _spaced(draft.text, seen.start, seen.end)
            yield Rewrite(f"{detail.id}/{detail.step}", "case-story", detail.step, start, seen.end, detail.words,
                          detail.said)  # fmt: skip
    for one in findings:
        words, label = rules.replacements.get(one.family, ""), rules.replacements.get(f"{one.family}-label", "")
        start, end = sentence(draft.text, one.start, one.end)
        if words and label:
            space = " " if start else ""
            yield Rewrite(f"{one.rule}/replace", one.family, "replace", start, end, space + words, label)
        yield Rewrite(f"{one.rule}/drop", one.family, "drop", start, end, "", "Leave out the sentence")


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around a stretch, with the space before it."""
    first = max((text.rfind(sign, 0, start) + 1 for sign in ".!?\n"), default=0)
    ends = [place for sign in ".!?\n" if (place := text.find(sign, end)) >= 0]
    return first, min(ends, default=len(text) - 1) + 1


def _spaced(text: str, start: int, end: int) -> int:
    """Where a stretch begins that is left out: with the space before it, so that none is left before a full stop."""
    after = text[end : end + 1]
    return start - 1 if start and text[start - 1] == " " and (not after or not after.isalnum()) else start
