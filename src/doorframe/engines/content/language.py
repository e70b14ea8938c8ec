"""What a language needs besides sentences: its spelling, how it joins words, says dates and denies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

# What is never respelled inside a text: placeholders of content and of the interface, markup, addresses, file names.
_FIXED = r"\{[^{}]*\}|%\(\w+\)[sd]|<[^<>]*>|https?://\S+|\S+@\S+|@\w+|\w[\w-]*(?:\.[\w-]+)+"
_WORD = r"[A-Za-z]+"
_WORDS = re.compile("[a-z]+")
_PART = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Spelling:
    """Another spelling of the same language.

    words  from the spelling that content is written in, lower case, to this one
    keep   names and phrases that stay as they are
    date   how a date is said here, where that differs: "{month} {day}, {year}"
    """

    words: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    date: str = ""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The small customs of the language that content is written in. Without them nothing is invented.

    tag         "en": the language of the content, the beginning of every document's tag
    last        the word before the last of several: "a, b and c"
    months      twelve names
    date        "{day} {month} {year}"; month is the same without the day
    call        the verb for a number whose own way is not said; calls are the beginnings that are verbs already
    denies      patterns of words that turn a sentence around, turns of what ends their reach
    ends        patterns of what ends a sentence
    """

    tag: str = "en"
    last: str = ""
    months: tuple[str, ...] = ()
    date: str = ""
    month: str = ""
    call: str = ""
    calls: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


def spell(text: str, spelling: Spelling | None) -> str:
    """The text in another spelling. Names to keep, placeholders, markup and addresses stay as they are."""
    if spelling is None or not spelling.words:
        return text
    if "%(" not in text and spelling.words.keys().isdisjoint(_WORDS.findall(text.lower())):
        return text  # most texts hold no word that is spelled in two ways
    return _finder(spelling.keep).sub(lambda match: _like(match, spelling.words), text)


@lru_cache(maxsize=8)
def _finder(keep: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(keep, key=len, reverse=True))
    fixed = f"{names}|{_FIXED}" if names else _FIXED
    return re.compile(f"{fixed}|(?P<word>{_WORD})")


def _like(match: re.Match[str], words: Mapping[str, str]) -> str:
    """The word that takes this one's place, with its capitals."""
    word = match.group("word")
    found = words.get(word.lower()) if word else None
    if word is None or found is None:
        return match.group()
    if word.isupper() and len(word) > 1:
        return found.upper()
    return found[:1].upper() + found[1:] if word[:1].isupper() else found


def denied(grammar: Grammar, before: str) -> bool:
    """Whether what stands before a phrase, in the same clause, turns it around: "Please do not" before "call"."""
    turn, denial = _any_of(grammar.turns), _any_of(grammar.denies)
    start = max((match.end() for match in turn.finditer(before)), default=0) if turn else 0
    return denial is not None and denial.search(before, start) is not None


def sentences(grammar: Grammar, text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of the text begins and ends; the whole text is one where the language names no ends."""
    end, start = _any_of(grammar.ends), 0
    for match in end.finditer(text) if end else ():
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def affirmed_beside(grammar: Grammar, sentence: str, words: tuple[int, int], cue: tuple[int, int]) -> bool:
    """Whether a sentence says these words of that cue and denies neither. Both are given by where they stand.

    What stands before the first of the two may deny it, and what stands between may deny the second: in "When it
    cannot wait, e-mail me" the cue itself holds a denial, which does not reach the words.
    """
    first, second = sorted((words, cue))
    return not denied(grammar, sentence[: first[0]]) and not denied(grammar, sentence[first[1] : second[0]])


@lru_cache(maxsize=8)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE) if patterns else None


def join_words(words: Sequence[str], last: str) -> str:
    """ "a", "a and b", "a, b and c"; with commas alone where the language names no last word."""
    words = [word for word in words if word]
    if len(words) < 2 or not last:
        return ", ".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def say_date(iso: str, grammar: Grammar, spelling: Spelling | None = None) -> str:
    """A date as people say it: "21 November 2026", in the United States "November 21, 2026"; else as it came."""
    return _said(iso, (spelling.date if spelling else "") or grammar.date, grammar) or iso


def say_month(iso: str, grammar: Grammar) -> str:
    """ "November 2026" from "2026-11-21"; "" where nobody has checked."""
    return _said(iso, grammar.month, grammar)


def _said(iso: str, pattern: str, grammar: Grammar) -> str:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return ""
    if not pattern or len(grammar.months) != 12:
        return iso
    values = {"day": str(day.day), "month": grammar.months[day.month - 1], "year": str(day.year)}
    return say(pattern, values)


def say(sentence: str, values: Mapping[str, object]) -> str:
    """A sentence with its {placeholders} filled. What is filled in is never read as a placeholder itself."""
    return _PART.sub(lambda match: str(values.get(match.group(1), match.group())), sentence)
