"""The ladder to a safer text: for each finding the smallest change that mends it, taken one step at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doorframe.engines.content.screening import Detail, ScreeningRules
from doorframe.engines.screening import wording
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
    text, sentences = draft.text, wording.Sentences(draft.text)
    if findings and draft.kind == "reply" and (notice := rules.replacements.get("reply")):
        yield Rewrite("reply/replace", "confirming", "replace", 0, len(text), notice, "Use the one neutral reply")
    stopped = {(one.start, one.end) for one in findings}
    for detail, seen in details:
        if (seen.start, seen.end) in stopped:
            yield from _detail(text, detail, seen, sentences.around(seen.start, seen.end), rules)
    for one in findings:
        start, end = sentences.around(one.start, one.end)
        if one.family == "case-story" and (many := wording.of_many(text, (start, end))):
            yield Rewrite(f"{one.rule}/plural", one.family, "plural", *many, rules.replacements["plural-label"])
        words, label = rules.replacements.get(one.family, ""), rules.replacements.get(f"{one.family}-label", "")
        if words and label:
            space = " " if start else ""
            yield Rewrite(f"{one.rule}/replace", one.family, "replace", start, end, space + words, label)
        yield Rewrite(f"{one.rule}/drop", one.family, "drop", start, end, "", "Leave out the sentence")


def _detail(
    text: str, detail: Detail, seen: Seen, sentence: tuple[int, int], rules: ScreeningRules
) -> Iterator[Rewrite]:
    """How a detail is told more loosely, or left out, in a sentence that stays whole."""
    place = (text, seen.start, seen.end)
    if detail.step == "blur":
        change = wording.without_time(*place, sentence)
        if change is None and (change := wording.somebody(*place, rules.replacements["somebody"], sentence)):
            yield Rewrite(f"{detail.id}/generalise", "case-story", "generalise", *change,
                          rules.replacements["somebody-label"])  # fmt: skip
            return
    elif detail.words and (change := wording.somebody(*place, detail.words, sentence)):
        yield Rewrite(f"{detail.id}/{detail.step}", "case-story", detail.step, *change, detail.said)
        return
    else:
        change = wording.without_part(*place, sentence)
    if change is not None:
        step = "blur" if detail.step == "blur" else "drop"
        label = rules.replacements["part-label"] if detail.words else detail.said
        yield Rewrite(f"{detail.id}/{step}", "case-story", step, *change, label)
