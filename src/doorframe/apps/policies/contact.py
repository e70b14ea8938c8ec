"""On the public page a telephone number and an e-mail address are links: a reader with a phone taps them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain

from doorframe.apps.library import queries as library
from doorframe.apps.policies.models import Version
from doorframe.engines.assembly.document import Block, Document, ListBlock, Note, Paragraph, Section
from doorframe.engines.interview.facts import resolve
from doorframe.engines.text import Span

_NUMBER = re.compile(r"[+(]?\d[\d\s()./-]*")
_FEWEST_DIGITS = 3
"""As many as an emergency number has; fewer are no number that one could call."""

Targets = dict[str, str]
"""Words as they stand in the text, and where they lead."""


def linked(document: Document, version: Version) -> Document:
    """The same words, in which the practice's number and address, and the emergency number, are links."""
    facts = resolve(library.pack(), version.answers)
    targets: Targets = {}
    for name in ("phone", "emergency_number"):
        words = str(facts.get(name) or "").strip()
        if target := _telephone(words):
            targets[words] = target
    if email := str(facts.get("email") or "").strip():
        targets[email] = f"mailto:{email}"
    if not targets:
        return document
    # The longest first, so that no number is found inside another.
    found = "|".join(re.escape(words) for words in sorted(targets, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w@.-])({found})(?![\w@-])")
    return replace(document, sections=tuple(_section(section, pattern, targets) for section in document.sections))


def _telephone(words: str) -> str:
    """The target of a number; "" for words that are more than one number, such as “999 or 112”."""
    if not _NUMBER.fullmatch(words):
        return ""
    digits = re.sub(r"\D", "", words)
    plus = "+" if words.startswith("+") else ""
    return f"tel:{plus}{digits}" if len(digits) >= _FEWEST_DIGITS else ""


def _section(section: Section, pattern: re.Pattern[str], targets: Targets) -> Section:
    blocks = tuple(_block(block, pattern, targets) for block in section.blocks)
    return replace(
        section, blocks=blocks, sections=tuple(_section(child, pattern, targets) for child in section.sections)
    )


def _block(block: Block, pattern: re.Pattern[str], targets: Targets) -> Block:
    if isinstance(block, (Paragraph, Note)):
        return replace(block, spans=_spans(block.spans, pattern, targets))
    if isinstance(block, ListBlock):
        return replace(block, items=tuple(_spans(item, pattern, targets) for item in block.items))
    return block


def _spans(spans: tuple[Span, ...], pattern: re.Pattern[str], targets: Targets) -> tuple[Span, ...]:
    return tuple(chain.from_iterable(_split(span, pattern, targets) for span in spans))


def _split(span: Span, pattern: re.Pattern[str], targets: Targets) -> list[Span]:
    if span.link:
        return [span]
    parts = [part for part in pattern.split(span.text) if part]
    return [replace(span, text=part, link=targets.get(part, "")) for part in parts]
