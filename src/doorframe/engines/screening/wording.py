"""Safer English: a time left out, a person made anybody, a part of a sentence left out, one told as many.

Each function gives the change, or None where the sentence would be left broken: then the whole sentence can go instead.
Words of grammar alone stand here; what a reader is told stands in content/screening.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from doorframe.engines.screening.lines import ends_of

Change = tuple[int, int, str]
"""Replace text[start:end] by the words."""

_FOLLOWS_AS_TEXT = """
    a about after again ago all am among an and are around as asked asks at be because been before but by can
    can't could did didn't does doesn't down during each every for from gets goes had has have he he's her his
    how i i'm i've if in into is isn't it it's its just keeps me might must my never no not now of off on once
    only onto or our out over put said says she she's should since so some still such tells than that that's the
    their them then there they this those though through till to too told tonight today tomorrow under until up
    us very was wasn't we were what when where whether which while who whom whose why will with without would
    yesterday yet you your
"""
_FOLLOWS = frozenset(_FOLLOWS_AS_TEXT.split())
"""Words that no noun is: what stands before them ends there."""

_PAST = {
    "admitted": "admit", "apologised": "apologise", "arrived": "arrive", "asked": "ask", "ate": "eat",
    "began": "begin", "bought": "buy", "broke": "break", "brought": "bring", "called": "call", "came": "come",
    "cancelled": "cancel", "chose": "choose", "confessed": "confess", "cried": "cry", "described": "describe",
    "did": "do", "discovered": "discover", "drew": "draw", "explained": "explain", "fell": "fall", "felt": "feel",
    "forgot": "forget", "found": "find", "gave": "give", "got": "get", "handed": "hand", "held": "hold",
    "knew": "know", "laughed": "laugh", "learned": "learn", "learnt": "learn", "left": "leave", "let": "let",
    "looked": "look", "lost": "lose", "made": "make", "managed": "manage", "mentioned": "mention", "met": "meet",
    "named": "name", "noticed": "notice", "opened": "open", "paid": "pay", "phoned": "phone", "put": "put",
    "ran": "run", "rang": "ring", "read": "read", "realised": "realise", "realized": "realize",
    "remembered": "remember", "said": "say", "sang": "sing", "sat": "sit", "saw": "see", "sent": "send",
    "shared": "share", "showed": "show", "slept": "sleep", "smiled": "smile", "sobbed": "sob", "spent": "spend",
    "spoke": "speak", "started": "start", "stayed": "stay", "stood": "stand", "stopped": "stop",
    "struggled": "struggle", "talked": "talk", "texted": "text", "thanked": "thank", "thought": "think",
    "told": "tell", "took": "take", "tried": "try", "turned": "turn", "walked": "walk", "wanted": "want",
    "went": "go", "wept": "weep", "whispered": "whisper", "woke": "wake", "won": "win", "wondered": "wonder",
    "wore": "wear", "wrote": "write",
}  # fmt: skip

_OWN = r"(?:an?|one|the|my|our|this|that|another|every|each|some|any|no|his|her|their|your|its|\w+['’]s)"
_BEFORE_TIME = re.compile(
    r"(?:\b(?:on|at|by|after|before|since|until|till|from|for|in)\s+"
    r"(?:(?:an?|the|about|around|this|last|next|every|each)\s+)?"
    r"|\b(?:this|last|next|every|each|late|early|around|about)\s+)$", re.IGNORECASE,
)  # fmt: skip
_AFTER_TIME = re.compile(r"\s+(?:morning|afternoon|evening|night|week|weekend|o['’]clock)\b", re.IGNORECASE)
_NEEDS_MORE = re.compile(
    rf"(?:\b(?:{_OWN}|is|was|it['’]s|are|were|be|been|than|of|and|or|to|with|between)|^\W*)\s+$", re.IGNORECASE
)
_SOMEBODYS = re.compile(r"\b(?:an?|one|this|that|my|our|another|the)\s+(?:(?!of\b)[\w'’-]+\s+)?$", re.IGNORECASE)
_WORD = re.compile(r"[\w'’-]+")
_NEXT = re.compile(r"\s+([\w'’-]+)")
_QUOTED = re.compile(r"[\"“”„«»]|(?<!\w)['‘]|['’](?!\w)")
_SPLIT = re.compile(r"\s*[,;](?!\d)\s*|\s+[–—-]\s+|\s*—\s*|:\s+")
_LEANS_AS_TEXT = """
    after although as at because before besides between by despite during even ever every everyone for from
    given how if in instead just like no not of on once only rather since so somehow still that though till to
    until when whenever where whether which while who whose why with within without
"""
_LEANS = frozenset(_LEANS_AS_TEXT.split())
"""Words with which a part begins that cannot stand alone."""

_BESIDE = re.compile(r"(?:who|whose|which|aged?|an?|the|my|now|\d+)\b", re.IGNORECASE)
_FEWEST = 3
"""Words that must be left of a sentence when a part of it goes."""

_MANY = {
    "People": "client patient person woman man lady guy bloke widow widower member soul somebody someone",
    "Couples": "couple pair", "Families": "family", "Young people": "teen teenager kid child boy girl lad student",
    "Parents": "mum mom mother dad father parent",
}  # fmt: skip
_MANY_OF = {one: many for many, ones in _MANY.items() for one in ones.split()}
_ADVERB = r"(?:(?:still|never|finally|just|always|only|even|now|really|also|almost|nearly|once|then)\s+)*"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_PART = r"(?:morning|afternoon|evening|night)"
_WHEN = (
    r"(?:(?:(?:a few|some|many|two|three|\d+) )?(?:days|weeks|months|years) ago|an? (?:day|week|month|year|while) ago|"
    r"long ago|today|tonight|yesterday|just now|earlier|"
    rf"(?:this|last|on) (?:{_PART}|week|weekend|month|{_DAY})(?: {_PART})?)"
)
_TIMES = re.compile(rf"\s*\b{_WHEN}\b,?", re.IGNORECASE)
_ONE = re.compile(
    rf"\s*(?:{_WHEN},?\s+)?"
    r"(?:(?:an?|one|another|my|this|that)\s+(?:(?:new|former|young|older|old|long-term|lovely|dear)\s+){0,2}"
    rf"(?P<noun>{'|'.join(_MANY_OF)})|(?P<open>somebody|someone)|"
    r"one of (?:my|our) (?P<several>clients|patients|people|couples))"
    rf"(?:\s+(?:of (?:mine|ours)|i (?:see|saw|work with|sat with)))?\s+(?:{_WHEN}\s+)?{_ADVERB}(?P<verb>\w+)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    rf"\b(?P<who>she|he)\b(?P<short>['’](?:s|d|ll))?(?P<rest>\s+{_ADVERB}(?P<verb>[\w'’]+))?|"
    r"\b(?P<whose>herself|himself|hers|her|his|him)\b(?P<next>\s+[\w'’-]+)?",
    re.IGNORECASE,
)
_TOO = re.compile(rf"\b(?P<link>and|but|then)\s+(?P<adverb>{_ADVERB})(?P<verb>[a-z]+)\b", re.IGNORECASE)
_THEIRS = {"herself": "themselves", "himself": "themselves", "him": "them", "hers": "theirs"}
_THIRD = {"was": "were", "is": "are", "has": "have", "does": "do", "goes": "go", "wasn't": "weren't",
          "isn't": "aren't", "hasn't": "haven't", "doesn't": "don't"}  # fmt: skip


class Sentences:
    """Where the sentences of one text begin and end, each with the space before it."""

    def __init__(self, text: str) -> None:
        self._ends = [*ends_of(text), len(text)]

    def around(self, start: int, end: int) -> tuple[int, int]:
        """The sentence, or the sentences, in which a stretch stands."""
        first = bisect_right(self._ends, start)
        last = bisect_right(self._ends, max(start, end - 1))
        begin = self._ends[first - 1] if first else 0
        return begin, self._ends[min(last, len(self._ends) - 1)]


def without_time(text: str, start: int, end: int, sentence: tuple[int, int]) -> Change | None:
    """A time left out with the word that leads to it: “on Monday”, “at nine this morning”."""
    first, last = sentence
    if more := _AFTER_TIME.match(text, end, last):
        end = more.end()
    if before := _BEFORE_TIME.search(text[first:start]):
        start = first + before.start()
    following = _NEXT.match(text, end, last)
    if text[end : end + 2] in {"'s", "’s"} or not _WORD.search(text[first:start] + text[end:last]):
        return None
    if _at_beginning(text[first:start]):
        return _capital(text, start, end, last)
    if _NEEDS_MORE.search(text[first:start]) and not (following and _is_thing(following[1])):
        return None
    return _tidy(text, start, end)


def somebody(text: str, start: int, end: int, words: str, sentence: tuple[int, int]) -> Change | None:
    """A person, told by a job or an hour, as anybody: “a bank officer told me”, “my four o’clock forgot”."""
    before = _SOMEBODYS.search(text[sentence[0] : start])
    following = _NEXT.match(text, end, sentence[1])
    if before is None or (following and _is_thing(following[1])) or text[end : end + 1] in {"'", "’", "-"}:
        return None
    start = sentence[0] + before.start()
    return start, end, _as_first(words) if _at_beginning(text[sentence[0] : start]) else words


def without_part(text: str, start: int, end: int, sentence: tuple[int, int]) -> Change | None:
    """The part between two commas in which something stands, left out where the rest can stand alone."""
    first, last = sentence
    begun = first + len(text[first:last]) - len(text[first:last].lstrip())
    closed = first + len(text[first:last].rstrip().rstrip(".!?…"))
    if _QUOTED.search(text, begun, last):
        return None
    cuts = [match.span() for match in _SPLIT.finditer(text, begun, closed)]
    parts = list(zip([begun, *(right for _, right in cuts)], [*(left for left, _ in cuts), closed], strict=True))
    place = next((number for number, (left, right) in enumerate(parts) if left <= start and end <= right), None)
    if place is None or len(parts) == 1:
        return None
    rest = [text[left:right] for number, (left, right) in enumerate(parts) if number != place]
    if sum(len(_WORD.findall(one)) for one in rest) < _FEWEST or not _stands(rest):
        return None
    left, right = parts[place]
    if place == 0:
        return _capital(text, left, cuts[0][1], last) if _leans(text[left:right]) else None
    if place == len(parts) - 1:
        return cuts[-1][0], right, ""
    # “My client, who is a nurse, told me”: both commas go.
    beside = _BESIDE.match(text, left, right)
    return cuts[place - 1][0], cuts[place][1] if beside else right, " " if beside else ""


def of_many(text: str, sentence: tuple[int, int]) -> Change | None:
    """What one person did, said of people in general: “A client told me that she…” as “People sometimes tell me…”."""
    first, last = sentence
    said = text[first:last]
    found = _ONE.match(said)
    verb = _PAST.get(found["verb"].lower()) if found else None
    if found is None or verb is None or _QUOTED.search(said):
        return None
    rest = _TIMES.sub("", said[found.end() :])
    if {one["who"].lower() for one in _PRONOUN.finditer(rest) if one["who"]} == {"she", "he"}:
        return None
    habit = _too(rest)
    if habit is None:
        return None
    many = _MANY_OF.get((found["noun"] or found["open"] or "").lower()) or (
        "Couples" if (found["several"] or "").lower() == "couples" else "People"
    )
    space = said[: len(said) - len(said.lstrip())]
    return first, last, f"{space}{many} sometimes {verb}{_PRONOUN.sub(_they, habit)}"


def _too(rest: str) -> str | None:
    """What else they did, told as a habit as well: “and said” as “and say”. None where that cannot be told."""
    for match in reversed(list(_TOO.finditer(rest))):
        verb = match["verb"].lower()
        if verb not in _PAST and (verb.endswith("ed") or verb in {"was", "had", "is", "has"}):
            return None
        rest = rest[: match.start("verb")] + _PAST.get(verb, match["verb"]) + rest[match.end("verb") :]
    return rest


def _they(match: re.Match[str]) -> str:
    """One pronoun for one person as that for several, with its verb."""
    if match["whose"]:
        return _theirs(match["whose"].lower(), (match["next"] or "").strip().lower()) + (match["next"] or "")
    short, rest, verb = (match["short"] or "").replace("’", "'"), match["rest"] or "", match["verb"] or ""
    if short == "'s":
        done = verb.lower() in _PAST or verb.lower() in {"been", "had", "gone", "done"}  # “she's tired” is neither
        return ("they have" if done else "they are") + rest
    if short:
        return f"they{match['short']}{rest}"
    return "they" + (rest[: len(rest) - len(verb)] + _several(verb) if verb else rest)


def _theirs(whose: str, following: str) -> str:
    """“her son” as “their son”, “left her” as “left them”."""
    if whose in _THEIRS:
        return _THEIRS[whose]
    owned = bool(following) and following not in _FOLLOWS
    return "their" if owned else ("theirs" if whose == "his" else "them")


def _several(verb: str) -> str:
    """A verb as it follows “they”: “sets” as “set”, “was” as “were”, “slept” as it is."""
    small = verb.lower().replace("’", "'")
    if small in _THIRD:
        return _THIRD[small]
    if not small.endswith("s") or small.endswith("ss") or small in _PAST:
        return verb
    if small.endswith("ies") and len(small) > 4:
        return verb[:-3] + "y"
    return verb[:-2] if small.endswith(("sses", "shes", "ches", "xes", "zes")) else verb[:-1]


def _is_thing(word: str) -> bool:
    """Whether a word goes on with what a person or a time belongs to: “my Tuesday group”, “the nurse manager”."""
    small = word.lower().replace("’", "'")
    return small not in _FOLLOWS and small not in _PAST and not small.endswith(("ed", "ing"))


def _stands(parts: Sequence[str]) -> bool:
    return not _leans(parts[0]) or (len(parts) > 1 and not all(_leans(one) for one in parts))


def _leans(part: str) -> bool:
    word = _WORD.search(part)
    return word is None or word.group().lower() in _LEANS


def _at_beginning(before: str) -> bool:
    return not _WORD.search(before)


def _capital(text: str, start: int, end: int, last: int) -> Change | None:
    """Leave out how a sentence begins; what follows begins it now."""
    gap = re.compile(r"[\s,:;–—-]*").match(text, end, last)
    end = gap.end() if gap else end
    if end >= last or not text[end].isalnum():
        return None
    return (start, end + 1, text[end].upper()) if text[end].islower() else (start, end, "")


def _tidy(text: str, start: int, end: int) -> Change:
    """Leave a stretch out with the space before it, so that none is left before a full stop."""
    if start and text[start - 1] == " " and (end >= len(text) or not text[end].isalnum()):
        start -= 1
    return start, end, ""


def _as_first(words: str) -> str:
    return words[:1].upper() + words[1:]
