"""A screener of a few fixed words, so that these tests stand on the room and not on the quality of the rules."""

from __future__ import annotations

import re
from typing import Any

from doorframe.adapters.names import Names, NoNames
from doorframe.engines.screening.verdict import (
    ASK,
    DO_NOT_POST,
    NOTHING_FOUND,
    Authorisation,
    Draft,
    Finding,
    People,
    Profile,
    Rewrite,
    Verdict,
)

GRAVE = "a client of mine"
TIME = " on Saturday"
STORY = f"Huge win! After two years of panic {GRAVE} flew to Lisbon{TIME}. This is why I do this work."
LOOK = "Somebody told me lately that sleep is a skill."
PLAIN = "Ten minutes of daylight before noon help you to fall asleep at night."
ASSUMPTION = "Two in a hundred people are afraid of flying."


class Fake:
    """`calls` holds the draft, the profile and the authorisation of each question."""

    release = "fixed words"

    def __init__(self) -> None:
        self.names: Names = NoNames()
        self.calls: list[tuple[Draft, Profile | None, Authorisation | None]] = []

    def screen(
        self, draft: Draft, *, profile: Profile | None = None, authorisation: Authorisation | None = None
    ) -> Verdict:
        self.calls.append((draft, profile, authorisation))
        own = profile.own if profile else ()
        found = [one for one in (*_grave(draft.text), *_look(draft.text)) if one.text not in own]
        rewrites = [
            Rewrite(f"{one.rule}/{step}", one.family, step, one.start, one.end, words, label)
            for one in found
            for step, words, label in _WAYS.get(one.text, ())
        ]
        outcome = NOTHING_FOUND if not found else DO_NOT_POST if any(_is_grave(one) for one in found) else ASK
        people = People(1, 3, "About 1 to 3 people fit.", (ASSUMPTION,)) if any(map(_is_grave, found)) else None
        risk = "high" if people else "none"
        return Verdict(outcome, tuple(found), people, tuple(rewrites), risk, risk, "", "", ("names", "second-reader"))


_WAYS: dict[str, tuple[tuple[str, str, str], ...]] = {
    GRAVE: (("plural", "many people", "Make it about people in general"),),
    TIME: (("drop", "", "Leave out the time"),),
}


def _is_grave(finding: Finding) -> bool:
    return finding.outcome == DO_NOT_POST


def _grave(text: str) -> list[Finding]:
    return [
        Finding("case-story", "case-story", one.start(), one.end(), one.group(), DO_NOT_POST,
                "One real client would know themselves.", ("hipaa/164.502(a)",), "plural")
        for one in re.finditer(re.escape(GRAVE), text)
    ]  # fmt: skip


def _look(text: str) -> list[Finding]:
    return [
        Finding("recent", "case-story", one.start(), one.end(), one.group(), ASK, "It says when.", (), "drop")
        for one in re.finditer(f"{TIME}|told me lately", text)
    ]  # fmt: skip


def use(monkeypatch: Any) -> Fake:
    """Let the room ask this one."""
    from doorframe.apps.posts import screening

    made = Fake()
    monkeypatch.setattr(screening, "screener", lambda: made)
    monkeypatch.setattr(screening, "warm", lambda: None)
    return made
