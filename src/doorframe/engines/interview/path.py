"""The way through the interview: computed from answers each time, never stored as an order of pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from doorframe.engines.content.conditions import holds, may_hold, names
from doorframe.engines.content.schema import Field, Pack, Screen
from doorframe.engines.interview.facts import Answers, resolve


@dataclass(frozen=True, slots=True)
class Progress:
    """Where somebody stands: screen `number` of `total`; both count from 1. done of total is never less than before."""

    section: str
    number: int
    total: int
    done: int


def screens(pack: Pack, facts: Mapping[str, object], *, path: str = "") -> list[Screen]:
    """The screens that apply to this practice, in order; only those of one path where it is named."""
    return [screen for screen in pack.screens if holds(screen.when, facts) and path in {"", screen.path}]


def next_screen(pack: Pack, answers: Answers, done: Collection[str]) -> Screen | None:
    """The first screen on the way that has not been done; None when the draft is finished."""
    facts = resolve(pack, answers)
    return next((screen for screen in screens(pack, facts, path="main") if screen.id not in done), None)


def screen_before(pack: Pack, answers: Answers, screen: Screen) -> Screen | None:
    """The screen that Back leads to, or None at the beginning."""
    way = screens(pack, resolve(pack, answers), path="main")
    earlier = [item for item in way if item.order < screen.order]
    return earlier[-1] if earlier else None


def screen_after(pack: Pack, answers: Answers, screen: Screen, done: Collection[str]) -> Screen | None:
    """The next screen that is not done, looking onward from this one first and then from the beginning."""
    way = [item for item in screens(pack, resolve(pack, answers), path="main") if item.id not in done]
    return next((item for item in way if item.order > screen.order), way[0] if way else None)


def visible_fields(screen: Screen, facts: Mapping[str, object]) -> list[Field]:
    """The fields of a screen that apply, in order."""
    return [field for field in screen.fields if holds(field.when, facts)]


def progress(pack: Pack, answers: Answers, done: Collection[str], screen: Screen) -> Progress:
    """How far the interview is. Screens that may still appear are counted from the start, so that the total
    only ever shrinks and the bar never goes backwards."""
    facts = resolve(pack, answers)
    settled = {field.id for item in pack.screens if item.id in done for field in item.fields}

    def known(name: str) -> bool:
        base = name.split(".", 1)[0]
        if base in pack.derived:
            return all(known(inner) for inner in names(pack.derived[base]))
        return base in settled

    way = [item for item in pack.screens if item.path == "main" and may_hold(item.when, facts, known)]
    ids = [item.id for item in way]
    finished = sum(1 for id in ids if id in done)
    number = ids.index(screen.id) + 1 if screen.id in ids else finished + 1
    title = next((section.name for section in pack.sections if section.id == screen.section), "")
    return Progress(title, min(number, len(way)), len(way), finished)
