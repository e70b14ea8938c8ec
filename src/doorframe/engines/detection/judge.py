"""From what a model thinks of a window to signals with an author, whom they go towards, a tactic and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log

from doorframe.engines.detection import addressee
from doorframe.engines.detection.conversation import (
    DIRECTIONS,
    GROUP,
    UNCLEAR,
    Opinion,
    Reading,
    Signal,
    Verdict,
    Window,
    named,
)

SIGNS = ("whole", "first", "second", "words")
"""What the score weighs: the window's log odds, those of its two strongest messages, and those of its words alone."""

TOLD = 0.5
"""From so much on a message counts as telling of harm instead of doing it."""

PLAIN = 0.8
"""From so much on such a message is shown in a window without an alert too: a weak guess there is only noise."""

LEAST = 0.02
"""Score from which a message of a window without an alert is given a tactic; with less, only by a cue of that tactic.
Below, a tactic named beside a bystander's words is a guess that reads like an accusation."""

LONGEST = 240
"""Signs of a marked sentence; of a longer one the words that carry it are marked with a few around them."""

NAMED = 0.34
"""A tactic with less is not named."""

_FURTHEST = 9.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How log odds become a score. It belongs to a model and stands in its card.

    weights  of SIGNS
    bias     added to their sum
    message  (slope, shift) for one message
    alert    the score from which a window is an alert
    skip     log odds of the words alone below which the model is not asked at all; None to ask always
    """

    bias: float = 0.0
    weights: Mapping[str, float] = field(default_factory=lambda: {"whole": 1.0})
    message: tuple[float, float] = (1.0, 0.0)
    alert: float = 0.5
    skip: float | None = None


def signs(reading: Reading, words: float) -> dict[str, float]:
    """What the score weighs, as log odds."""
    strongest = sorted((one.harm for one in reading.messages), reverse=True)
    first, second = (*strongest, 0.0, 0.0)[:2]
    return {"whole": log_odds(reading.whole), "first": log_odds(first), "second": log_odds(second), "words": words}


def score(weighed: Mapping[str, float], scale: Scale) -> float:
    """Calibrated probability that a moderator would want to look at a window."""
    return sigmoid(scale.bias + sum(scale.weights.get(name, 0.0) * weighed[name] for name in SIGNS))


def unsaid(_tactics: Sequence[str], _direction: str) -> str:
    """No sentence: where no content is loaded."""
    return ""


def unseen(_text: str) -> Sequence[tuple[str, str, int, int]]:
    """No cues: where no content is loaded."""
    return ()


def judge(
    window: Window,
    reading: Reading,
    words: float,
    scale: Scale,
    *,
    threshold: float | None = None,
    why: Callable[[Sequence[str], str], str] = unsaid,
    cues: Callable[[str], Sequence[tuple[str, str, int, int]]] = unseen,
    model: tuple[str, str] = ("", ""),
    shadow: Scale | None = None,
) -> Verdict:
    """A window's verdict.

    words      log odds of its words alone
    threshold  another than the model's own
    why        gives the sentence for tactics and a direction
    cues       gives (id, tactic, start, end) of the content's cues in a text
    shadow     another scale that is tried beside it and counts for nothing
    """
    weighed = signs(reading, words)
    total = score(weighed, scale)
    alert = total >= (scale.alert if threshold is None else threshold)
    found = [
        _signal(window, place, opinion, scale, why, cues, sure=alert)
        for place, opinion in enumerate(reading.messages)
        if _told(opinion, TOLD if alert else PLAIN) or (alert and place in _strongest(reading, scale))
    ]
    found.sort(key=lambda one: (one.direction != "towards", -one.score))
    tried = None if shadow is None else (other := score(weighed, shadow), other >= shadow.alert)
    return Verdict(window.id, total, alert, signals=tuple(found), model=model, shadow=tried)


def _strongest(reading: Reading, scale: Scale) -> set[int]:
    """The messages of an alert to look at: the strongest, and each that would be likely by itself."""
    order = sorted(range(len(reading.messages)), key=lambda place: -reading.messages[place].harm)
    likely = [place for place in order if _message(reading.messages[place], scale) >= TOLD]
    return set(likely[:4] or order[:1])


def _told(opinion: Opinion, enough: float = TOLD) -> bool:
    """Whether a message tells of harm instead of doing it, at least so likely."""
    likeliest = max(opinion.directions, key=lambda name: opinion.directions[name], default="towards")
    return likeliest != "towards" and opinion.directions[likeliest] >= enough and opinion.harm < TOLD


def _message(opinion: Opinion, scale: Scale) -> float:
    return sigmoid(scale.message[0] * log_odds(opinion.harm) + scale.message[1])


def _signal(window: Window, place: int, opinion: Opinion, scale: Scale, why: Callable[[Sequence[str], str], str],
            cues: Callable[[str], Sequence[tuple[str, str, int, int]]], *, sure: bool) -> Signal:  # fmt: skip
    message = window.messages[place]
    direction = "towards" if not _told(opinion) else max(DIRECTIONS, key=lambda name: opinion.directions.get(name, 0.0))
    seen = cues(message.text)
    tactics, likely = _tactics(opinion), round(_message(opinion, scale), 4)
    if not sure and likely < LEAST and not {one[1] for one in seen} & {name for name, _ in tactics}:
        tactics = ((UNCLEAR, 1.0),)
    start, end = _words(message.text, opinion, seen)
    towards, *unsure = _towards(window, place, direction)
    return Signal(
        message.id, message.author, towards, direction, tactics,
        likely, start, end, message.text[start:end],
        why(named(tactics) or [name for name, _ in tactics], direction), tuple(one[0] for one in seen), *unsure,
    )  # fmt: skip


def _tactics(opinion: Opinion) -> tuple[tuple[str, float], ...]:
    """The two likeliest tactics and what is left as unclear, together one at most."""
    total = max(1.0, sum(opinion.tactics.values()))
    order = sorted(((name, value / total) for name, value in opinion.tactics.items()), key=lambda one: -one[1])
    named = [(name, round(value, 3)) for name, value in order[:2] if value >= NAMED * (order[0][1] if order else 1)]
    left = round(max(0.0, 1 - sum(value for _, value in named)), 3)
    ranked = sorted([*named[:2], (UNCLEAR, left)], key=lambda one: -one[1])
    return tuple(ranked[:3])


def _words(text: str, opinion: Opinion, seen: Sequence[tuple[str, str, int, int]]) -> tuple[int, int]:
    """The sentence with the words that carry it: the strongest, else a cue; else the first sentence."""
    if opinion.words:
        start, end, _ = opinion.words[0]
    elif seen:
        start, end = seen[0][2], seen[0][3]
    else:
        start = end = len(text) - len(text.lstrip())
    return _sentence(text, start, end)


_ENDS = re.compile(r"[.!?…]+(?=\s|$)|\n")
_EDGE = re.compile(r"[\s.!?,;:…)\]]*")
_AROUND = 40


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence, or the sentences, in which a stretch stands; a few words around it where that is too long."""
    stretch = text[start:end].strip(" \n.!?…,")
    start = text.find(stretch, start) if stretch else start
    end = start + len(stretch) if stretch else max(start, end)
    first = max((match.end() for match in _ENDS.finditer(text, 0, start)), default=0)
    following = _ENDS.search(text, end)
    last = following.end() if following else len(text)
    if last - first > max(LONGEST, end - start):
        first = max(first, text.rfind(" ", 0, max(0, start - _AROUND)) + 1)
        after = text.find(" ", end + _AROUND)
        last = min(last, after if after >= 0 else len(text))
    lead = _EDGE.match(text, first, last)
    first = lead.end() if lead and lead.end() <= start else first
    return first, first + len(text[first:last].rstrip())


def _towards(window: Window, place: int, direction: str) -> tuple[str, ...]:
    """Whom a message goes to, the likeliest first: one, or two where that is not plain."""
    if direction in {"received", "self"}:
        return (window.messages[place].author,)
    if direction in {"reported", "quoted"}:
        return (GROUP,)
    return addressee.choose(window, place).names


def sigmoid(value: float) -> float:
    """1 / (1 + e^-value), within bounds."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))


def log_odds(probability: float) -> float:
    """ln(p / (1 - p)), within bounds."""
    inside = min(max(probability, 1e-6), 1 - 1e-6)
    return max(-_FURTHEST, min(_FURTHEST, log(inside / (1 - inside))))
