"""What goes into the detector and what comes out: messages, windows, signals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from doorframe.engines.content.detection import DIRECTIONS, TACTICS

__all__ = ["DIRECTIONS", "GROUP", "TACTICS", "UNCLEAR", "Message", "Opinion", "Reading", "Signal", "Verdict", "Window"]

UNCLEAR = "unclear"
"""Said where no tactic stands out: people agree on tactics only moderately."""

NEARLY = 0.6
"""A second tactic is told with the first where it has so much of its share."""

GROUP = "group"
"""Whom it is done to, where it is done to everybody."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    id      unique within the conversation
    author  as the platform names them; never shown to a model
    at      seconds since 1970 in UTC, None where the source gives no time
    text    as written
    start   seconds into a recording where it begins, None for written words
    end     seconds into the recording where it ends
    """

    id: str
    author: str
    text: str
    at: float | None = None
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Messages that stand one after another, oldest first: what is judged together."""

    id: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Signal:
    """One message that deserves a look.

    message_id  the message
    author      who wrote it
    towards     whom it may be done to: a member's name, "group", or "" where nothing tells
    direction   one of DIRECTIONS
    tactic      up to two of (tactic, share), the likelier first; "unclear" has what is left
    score       calibrated probability that a moderator would want to look at this message
    start, end  code points of the message's text: the words that carry it
    text        those words
    why         one or two sentences for a moderator, about the words and never about the person
    cues        ids of the content's cues that stand near, which explain and never decide
    or_towards  somebody else whom it may be done to, where that is not plain; else ""
    """

    message_id: str
    author: str
    towards: str
    direction: str
    tactic: tuple[tuple[str, float], ...]
    score: float
    start: int
    end: int
    text: str
    why: str
    cues: tuple[str, ...] = ()
    or_towards: str = ""

    @property
    def named(self) -> list[str]:
        """The tactics that a person is told."""
        return named(self.tactic)


def named(tactic: Sequence[tuple[str, float]]) -> list[str]:
    """Of tactics with their shares, likeliest first, those to tell: none where unclear leads, two where nearly equal.

    A weak guess reads like an accusation, and a wrong one turns a moderator's eyes from what is there.
    """
    if not tactic or tactic[0][0] == UNCLEAR:
        return []
    least = tactic[0][1] * NEARLY
    return [name for name, share in tactic if name != UNCLEAR and share >= least][:2]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the detector thinks of one window.

    score     calibrated probability that a moderator would want to look
    alert     whether it is at or above the threshold
    language  "en", or another code, or "" where it cannot be told; other than English nothing is scored
    covered   False where the language is not covered: then score is 0 and nothing was looked for
    signals   where to look, the likeliest first; messages that only tell of harm are among them with their direction
    model     id and sha256 of what judged; ("", "") where nothing could
    shadow    (score, alert) that a change under trial would have given; it counts for nothing
    """

    id: str
    score: float
    alert: bool
    language: str = "en"
    covered: bool = True
    signals: tuple[Signal, ...] = ()
    model: tuple[str, str] = ("", "")
    shadow: tuple[float, bool] | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model thinks of one message, as probabilities.

    harm        that it is done here, to a member or the group
    directions  of each of DIRECTIONS, where anything of the kind is in the message
    tactics     of each of TACTICS
    words       (start, end, share) of the message's words that carry it, strongest first
    """

    harm: float
    directions: Mapping[str, float] = field(default_factory=dict)
    tactics: Mapping[str, float] = field(default_factory=dict)
    words: tuple[tuple[int, int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model thinks of a window: the whole, and each message in order."""

    whole: float
    messages: tuple[Opinion, ...]
