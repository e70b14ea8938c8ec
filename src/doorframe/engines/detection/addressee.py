"""Whom a message goes to: one of those who take part or the whole group, from who speaks when and who is called.

The weights were fitted on the development windows by `doorframe-train towards`; four parts held out in turn, the right
one was named in .94 (the last speaker alone: .86).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, sqrt

from doorframe.engines.detection.conversation import GROUP, Message, Window
from doorframe.engines.detection.spoken import called, naming

WEIGHTS: Mapping[str, float] = {
    "last": 1.04,
    "next": 0.22,
    "called": 1.41,
    "called-elsewhere": 0.7,
    "mentioned": 0.54,
    "mentioned-elsewhere": 0.61,
    "opener": 1.39,
    "part": 2.05,
    "of-self": 1.4,
    "touching": 2.09,
    "group": 1.98,
    "group-word": 0.36,
    "group-you": -0.66,
}
"""How much each of the features speaks for somebody, as log odds."""

SURE = 0.75
"""From so much on the likeliest is named alone. Below it that one is right in six of ten, and two are named."""

_MOST = 1.5
"""Calls in other messages of the same author count so much at most."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a message may go to. names: the likeliest first, one where that is plain, else two."""

    names: tuple[str, ...]
    share: float


def choose(window: Window, place: int) -> Choice:
    """Whom the message at a place of the window goes to: names of members, or GROUP."""
    if not (others := _others(window, place)):
        return Choice((GROUP,), 1.0)
    candidates = [*others, GROUP]
    totals = [sum(WEIGHTS[name] * value for name, value in features(window, place, one).items()) for one in candidates]
    most = max(totals)
    shares = [exp(total - most) for total in totals]
    order = sorted(range(len(candidates)), key=lambda number: -shares[number])
    share = shares[order[0]] / sum(shares)
    shown = order[:1] if share >= SURE or len(others) == 1 else order[:2]
    return Choice(tuple(candidates[number] for number in shown), share)


def _others(window: Window, place: int) -> list[str]:
    author = window.messages[place].author
    return list(dict.fromkeys(one.author for one in window.messages if one.author != author))


def features(window: Window, place: int, candidate: str) -> dict[str, float]:
    """What speaks for one of the others, or for GROUP: names of WEIGHTS with values from 0 to about 1."""
    message = window.messages[place]
    if candidate == GROUP:
        said = message.text
        return {"group": 1.0, "group-word": float(bool(_ALL.search(said))), "group-you": float(bool(_YOU.search(said)))}
    return {**_around(window, place, candidate), **_calls(window, place, candidate), **_part(window, place, candidate)}


def _around(window: Window, place: int, candidate: str) -> dict[str, float]:
    """Who spoke last before the message, and who speaks first after it."""
    author = window.messages[place].author
    before = [one.author for one in window.messages[:place] if one.author != author]
    after = [one.author for one in window.messages[place + 1 :] if one.author != author]
    return {"last": float(before[-1:] == [candidate]), "next": float(after[:1] == [candidate])}


def _calls(window: Window, place: int, candidate: str) -> dict[str, float]:
    """How the author calls them, here and in the messages around: spoken to, or spoken of."""
    found = dict.fromkeys(("called", "mentioned", "called-elsewhere", "mentioned-elsewhere"), 0.0)
    pattern = naming(called(candidate))
    for number, one in enumerate(window.messages):
        if one.author != window.messages[place].author:
            continue
        to, of = _called(pattern, one)
        here = number == place
        near = 1.0 if here else 1 / sqrt(abs(number - place))
        where = "" if here else "-elsewhere"
        found[f"called{where}"] = min(_MOST, found[f"called{where}"] + near * to)
        found[f"mentioned{where}"] = min(_MOST, found[f"mentioned{where}"] + near * of)
    return found


def _part(window: Window, place: int, candidate: str) -> dict[str, float]:
    """Their part in the talk: who opened it, how much is theirs, how much of it touches the author's messages."""
    messages, author = window.messages, window.messages[place].author
    theirs = [number for number, one in enumerate(messages) if one.author == candidate]
    touching = sum(
        messages[beside].author == author
        for number in theirs for beside in (number - 1, number + 1) if 0 <= beside < len(messages)
    )  # fmt: skip
    return {
        "opener": float(messages[0].author == candidate),
        "part": len(theirs) / sum(one.author != author for one in messages),
        "of-self": sum(bool(_SELF.search(messages[number].text)) for number in theirs) / len(theirs),
        "touching": min(touching, 4) / 4,
    }


_ALL = re.compile(
    r"(?<!\w)(?:every(?:one|body)|all of you|you all|y'all|guys|folks|girls|ladies|lads|you lot|people|"
    r"th(?:e|is) group|nobody|anyone)(?!\w)", re.IGNORECASE,
)  # fmt: skip
_YOU = re.compile(r"(?<!\w)(?:you|your|you['’]re|youre|u|ur|yourself)(?!\w)", re.IGNORECASE)
_SELF = re.compile(r"(?<!\w)(?:i|i['’]m|im|my|me|i['’]ve)(?!\w)", re.IGNORECASE)
_DOES = re.compile(
    r"['’]s(?!\w)|\s+(?:says|said|told|saw|is|was|has|had|and|knows|thinks|agrees|heard|can|did|would|won['’]t|"
    r"didn['’]t)(?!\w)", re.IGNORECASE,
)  # fmt: skip
_LINKED = re.compile(
    r"(?<!\w)(?:to|with|for|and|than|by|about|at|from|of|like|what|that|on|told|ask|asked|tell)$", re.IGNORECASE
)
_BREAKS = frozenset(",.!?…;:\n—–-)@")


def _called(pattern: re.Pattern[str] | None, message: Message) -> tuple[bool, bool]:
    """Whether somebody is spoken to by name, and whether they are spoken of."""
    matches = list(pattern.finditer(message.text)) if pattern else []
    to = [_spoken_to(message.text, match) for match in matches]
    return any(to), not all(to)


def _spoken_to(text: str, match: re.Match[str]) -> bool:
    """“Ana, listen”, “come on Ana” and “about you Ana that” speak to her; “Ana says” and “ask Ana.” speak of her."""
    before, after = text[max(0, match.start() - 20) : match.start()].rstrip(), text[match.end() : match.end() + 20]
    if _DOES.match(after):
        return False
    if match[0].startswith("@") or not before or before[-1] in _BREAKS or before.lower().endswith(("you", " u")):
        return True
    ends = not after.strip() or after.lstrip()[0] in _BREAKS
    return ends and not _LINKED.search(before)
