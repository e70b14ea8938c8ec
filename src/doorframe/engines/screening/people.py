"""About how many people fit what a draft tells: the details in its words, and what the open tables say of them.

A detail is a place, an age, a sex, a job, a family, a background, a condition, or an event that points to one person.
The number of people around a practice is multiplied by the share of each. Three laws hold, and are tested: taking a
detail out never lowers the number; the order of details does not matter; words that are no detail ("details changed",
"shared with permission") change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

from doorframe.engines.content.screening_people import (
    AGE,
    BANDS,
    EVENT,
    MILLION,
    OLDEST,
    PLACE,
    SEX,
    SHARED,
    Cited,
    Figure,
    PeopleTables,
    Place,
    words_of,
)  # fmt: skip
from doorframe.engines.screening.verdict import People

NARROWS = 3
"""Details count as narrowing where fewer than one in so many of those around a practice still fit."""

_LOW, _HIGH = 0.5, 1.5
"""The range around the number: 400 is said as 200 to 600. The figures themselves are good to a factor of two."""

_THOUSANDS = 2000
_STEPS = tuple(step * 10**power for power in range(7) for step in (1, 1.5, 2, 3, 4, 5, 6, 8) if power or step != 1.5)
_BEFORE_PLACE = frozenset({"in", "from", "near", "at"})
_POSSESSIVE = frozenset({"his", "her", "their"})
_PART_OF_DECADE = frozenset({"early", "mid", "late"})
_AGED = frozenset({"aged", "age", "ages"})
_TURNED = frozenset({"turned", "turns", "turning"})
_YEARS = frozenset({"year", "years", "yr", "yrs", "y"})
_UNITS = frozenset({"month", "months", "week", "weeks", "day", "days", "hour", "hours", "minute", "minutes", "percent"})
_AFTER_BIRTHDAY = frozenset({"on", "this", "next", "in", "today", "tomorrow", "last", "yesterday"})
# fmt: off
_PERSON = frozenset({
    "man", "woman", "boy", "girl", "lady", "guy", "bloke", "client", "patient", "child", "kid", "son", "daughter",
    "wife", "husband", "mother", "father", "mum", "mom", "dad", "brother", "sister", "teen", "teenager",
})
_ONES = {word: number for number, word in enumerate((
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
))}
_TENS = {word: 10 * number for number, word in enumerate((
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
), 2)}
# fmt: on
_DECADES = {f"{word.removesuffix('y')}ies": number for word, number in _TENS.items()}
_NUMBERS = _ONES.keys() | _TENS.keys() | _DECADES.keys()
_ENDS = frozenset(".,;:!?)\n")

Word = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Detail:
    """Something that a draft tells of a person.

    kind       "place", "age", "sex", "occupation", "family", "background", "condition" or "event"
    value      a place's name; ages as "72" or "70-79"; else the name of an entry of the tables
    start,end  code points of the draft
    """

    kind: str
    value: str
    start: int
    end: int


def details(text: str, tables: PeopleTables) -> tuple[Detail, ...]:
    """Every detail in the words of a draft, in their order, none over another; the longest words win."""
    words = words_of(text)
    found: list[Detail] = []
    free = 0
    for at, (word, start, _end) in enumerate(words):
        begins, counts = word in tables.longest, word in _NUMBERS or word[:1].isdigit()
        if at < free or not (begins or counts):
            continue
        count, kind, value = _phrase(text, words, at, tables) if begins else (0, "", "")
        if not count and counts:
            kind, (count, value) = AGE, _age(text, words, at, found)
        if count:
            free = at + count
            found.append(Detail(kind, value, start, words[free - 1][2]))
    return tuple(found)


def _phrase(text: str, words: list[Word], at: int, tables: PeopleTables) -> tuple[int, str, str]:
    """How many words from here make a phrase of the tables, its kind and value; 0 where they make none."""
    for count in range(min(tables.longest[words[at][0]], len(words) - at), 0, -1):
        phrase = " ".join(word for word, _start, _end in words[at : at + count])
        if phrase not in tables.phrases:
            continue
        if phrase in tables.careful and not _is_place(text, words, at):
            continue
        return (count, *tables.phrases[phrase])
    return 0, "", ""


def _is_place(text: str, words: list[Word], at: int) -> bool:
    """Whether "Reading" is the town here: with a capital, and after a word that leads to a place."""
    return at > 0 and text[words[at][1]].isupper() and words[at - 1][0] in _BEFORE_PLACE


def _age(text: str, words: list[Word], at: int, found: list[Detail]) -> tuple[int, str]:
    """How many words from here tell an age, and the age or ages; 0 where they tell none."""
    word = words[at][0]
    decade = _DECADES.get(word) or _decade_in_digits(word)
    if decade:
        return (1, f"{decade}-{decade + 9}") if _someones(words, at) else (0, "")
    number, suffix, count = _number(words, at)
    if not 0 <= number <= OLDEST:
        return 0, ""
    if suffix:
        return (count, str(number)) if _short_age(text, words, at, suffix) else (0, "")
    following = [word for word, _start, _end in words[at + count : at + count + 2]]
    if following[:1] == ["something"] and number % 10 == 0 and number >= 20:
        return count + 1, f"{number}-{number + 9}"
    if following[:1] == ["yo"]:
        return count + 1, str(number)
    if following[:1] in (["f"], ["m"]) and text[words[at + count][1] : words[at + count][2] + 1] in {"F,", "M,"}:
        return count + 1, str(number)
    if len(following) == 2 and following[0] in _YEARS and following[1] in {"old", "olds", "o"}:
        return count + 2, str(number)
    if following[:1] and following[0] in _UNITS:
        return 0, ""
    return (count, str(number)) if _said_of_someone(text, words, at, count, number, found) else (0, "")


def _decade_in_digits(word: str) -> int:
    """40 for "40s", else 0."""
    return int(word[:2]) if len(word) == 3 and word.endswith("0s") and word[0] in "23456789" else 0


def _someones(words: list[Word], at: int) -> bool:
    """Whether a decade is somebody's: "in her late forties", and not "music of the eighties"."""
    before = at - 2 if at and words[at - 1][0] in _PART_OF_DECADE else at - 1
    return before >= 0 and words[before][0] in _POSSESSIVE


def _number(words: list[Word], at: int) -> tuple[int, str, int]:
    """The number that begins here, what clings to it ("yo", "f"), and how many words it takes; -1 for none."""
    word = words[at][0]
    if word in _ONES:
        return _ONES[word], "", 1
    if word in _TENS:
        one = _ONES.get(words[at + 1][0], 0) if at + 1 < len(words) else 0
        close = 1 <= one <= 9 and words[at + 1][1] - words[at][2] == 1
        return (_TENS[word] + one, "", 2) if close else (_TENS[word], "", 1)
    digits = word.rstrip("yormf")
    if not digits.isdecimal() or len(digits) > 3:
        return -1, "", 1
    return int(digits), word[len(digits) :], 1


def _short_age(text: str, words: list[Word], at: int, suffix: str) -> bool:
    """Whether "8yo" or "26F" is an age. "$5M", "10m" and "12y" alone are not."""
    _word, start, end = words[at]
    if suffix == "yo":
        return True
    return (
        suffix in {"f", "m"} and text[end - 1].isupper() and end - start == 3 and text[start - 1 : start] not in "$£€"
    )


def _said_of_someone(text: str, words: list[Word], at: int, count: int, number: int, found: list[Detail]) -> bool:
    """Whether a bare number is an age: "aged 7", "turned 40", "she is 72.", "a man, 41, said"."""
    if not at:
        return False
    before, after = words[at - 1], words[at + count][0] if at + count < len(words) else ""
    if before[0] in _AGED:
        return True
    end = words[at + count - 1][2]
    closes = end == len(text) or text[end] in _ENDS
    if before[0] in _TURNED:
        return closes or after in _AFTER_BIRTHDAY
    if not closes:
        return False
    if before[0] in {"is", "was"}:
        return at > 1 and words[at - 2][0] in {"he", "she", "who"}
    between = text[before[2] : words[at][1]]
    if before[0] in {"he", "she"}:
        return text[before[1] : before[2]].lower().endswith(("'s", "’s")) and between == " "
    if before[0] == "of" and at > 1:
        return number > 9 and _is_someone(words[at - 2], found)
    return _is_someone(before, found) and between in {", ", " ("}


def _is_someone(word: Word, found: list[Detail]) -> bool:
    """Whether a person stands here: "man", or the end of a detail such as "quantity surveyor"."""
    return word[0] in _PERSON or bool(found and found[-1].end == word[2] and found[-1].kind in SHARED.values())


def estimate(found: Iterable[Detail], tables: PeopleTables, country: str = "", region: str = "") -> People | None:
    """About how many people fit these details, or None where they hardly narrow anything.

    country, region  of the practice: "UK", "England"; where they are not known, the rarest figure counts
    The number begins with the people around a practice, at most `tables.around`: a client seldom comes from far. A
    place can make it smaller, never larger. Each share counts once. Of one kind the rarest counts in full and every
    other by its square root, for they often go together or are of two people; of sexes, age bands and places, the
    rarest alone. Taking a detail out never lowers `low` or `high`, and never turns None into a number.
    """
    values = sorted({(one.kind, one.value) for one in found})
    events = [value for kind, value in values if kind == EVENT]
    if events:
        return People(1, 1, said(1, 1), tuple(_event_words(value, tables) for value in events))
    start, place_words = _start(values, tables, country, region)
    shares = [(kind, value, *_share(kind, value, tables, country)) for kind, value in values if kind != PLACE]
    shares = [one for one in shares if one[2] < 1]
    by_kind: dict[str, list[tuple[str, float]]] = {}
    for kind, value, share, _cited in shares:
        by_kind.setdefault(kind, []).append((value, share))
    count = start
    for kind in sorted(by_kind):
        count *= _together(kind, by_kind[kind])
    # Six figures: what rounding does far behind the point must not break the law above.
    count = float(f"{count:.6g}")
    if count * NARROWS >= tables.around:
        return None
    low, high = _rounded(count)
    told = [_words(kind, value, share, cited) for kind, value, share, cited in shares]
    return People(low, high, said(low, high), (*place_words, *told, *_caveats(by_kind)))


def said(low: int, high: int) -> str:
    """The number in words."""
    if high <= 1:
        return "About one person fits."
    if low >= _THOUSANDS:
        return "Thousands of people fit."
    return f"About {low:,} to {high:,} people fit."


def _rounded(count: float) -> tuple[int, int]:
    """The range around a number, in round steps, from 1."""
    low = max((step for step in _STEPS if step <= count * _LOW), default=1)
    return int(low), int(min(step for step in _STEPS if step >= count * _HIGH))


def _together(kind: str, told: list[tuple[str, float]]) -> float:
    """The share of people of whom everything of one kind holds. Never falls when something is taken out."""
    shares = [share for _value, share in told]
    if kind == SEX:
        return min(shares)
    if kind != AGE:
        return _product(shares)
    # A band may hold an age that is told too ("a teenager of 16"), so bands never multiply.
    exact = [share for value, share in told if "-" not in value]
    bands = [share for value, share in told if "-" in value]
    return min([_product(exact), *bands])


def _product(shares: list[float]) -> float:
    """The rarest share in full, each other by its square root; 1 for none."""
    ordered = sorted(shares)
    total = ordered[0] if ordered else 1.0
    for share in ordered[1:]:
        total *= sqrt(share)
    return total


def _share(kind: str, value: str, tables: PeopleTables, country: str) -> tuple[float, Cited]:
    """Which part of all people a detail leaves, and who says so; 1 where the tables do not know it."""
    if kind == AGE:
        first, _dash, last = value.partition("-")
        ages = range(int(first), int(last or first) + 1)
        known = [tables.ages[country]] if country in tables.ages else list(tables.ages.values())
        return min(
            (sum(_of_age(age, bands) for age in ages) / MILLION for bands in known), default=1.0
        ), tables.ages_from
    figures = tables.figures.get((kind, value))
    if not figures:
        return 1.0, Cited()
    figure = _figure(figures, country)
    return figure.people / MILLION, figure.cited


def _figure(figures: Mapping[str, Figure], country: str) -> Figure:
    """The figure of this country, or the one for every other; where there is none, the rarest."""
    here = figures.get(country) or figures.get("")
    return here or min(figures.values(), key=lambda one: (one.people, one.cited.name))


def _of_age(age: int, bands: tuple[int, ...]) -> float:
    """How many in a million are of an age. In the open band people thin out: about one in forty is 100 or more."""
    if age >= 100:
        return bands[-1] / 400
    if age >= BANDS[-1]:
        return bands[-1] / 10
    return bands[age // 5] / 5


def _start(
    values: list[tuple[str, str]], tables: PeopleTables, country: str, region: str
) -> tuple[float, tuple[str, ...]]:
    """How many people are counted before any share, and why."""
    home = tables.countries.get((country, region)) or tables.countries.get((country, ""))
    count = min(tables.around, home.people) if home else tables.around
    places = [_nearest(tables.places[value], country, region) for kind, value in values
              if kind == PLACE and value in tables.places]  # fmt: skip
    smallest = min(places, key=lambda one: (one.people, one.name), default=None)
    told = (f"{_capital(smallest.name)} has about {smallest.people:,} people ({smallest.cited}).",) if smallest else ()
    if smallest and smallest.people < count:
        return smallest.people, told
    because = f"We count the {count:,} people around a practice, for clients seldom come from far"
    return count, (*told, f"{because} ({tables.around_from}).")


def _nearest(places: tuple[Place, ...], country: str, region: str) -> Place:
    """Of places with one name, the one in this region, else in this country; of several the smallest."""
    here = [one for one in places if one.country == country and one.region == region]
    here = here or [one for one in places if one.country == country] or list(places)
    return min(here, key=lambda one: (one.people, one.country, one.region))


def _words(kind: str, value: str, share: float, cited: Cited) -> str:
    """One share as a sentence with its source."""
    if kind == AGE:
        value = f"aged {value.replace('-', ' to ')}"
    return f"“{value}”: about 1 in {_round(1 / share):,} people ({cited})."


def _round(number: float) -> int:
    """To two figures."""
    return int(float(f"{number:.2g}"))


def _event_words(value: str, tables: PeopleTables) -> str:
    return f"“{value}” points to about one person, whom a reader may know or look up ({tables.events_from})."


def _caveats(by_kind: Mapping[str, list[tuple[str, float]]]) -> Iterator[str]:
    if any(len(told) > 1 for kind, told in by_kind.items() if kind not in {SEX, AGE}):
        yield "Of details of one kind, the rarest counts in full and the others in part, for they often go together."
    if len(by_kind) > 1:
        yield "We treat the details as independent. In real lives some go together, so this is a rough number."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
