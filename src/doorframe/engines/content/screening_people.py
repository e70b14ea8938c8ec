"""The shape of the tables by which people are counted, and their reading: places, ages, jobs, families, events."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from doorframe.engines.content.parts import toml_table
from doorframe.engines.content.reader import Source, Table

FOLDER = "screening/people/"
MILLION = 1_000_000
SEX, AGE, PLACE, EVENT = "sex", "age", "place", "event"
SHARED = {
    "sexes": SEX,
    "occupations": "occupation",
    "families": "family",
    "backgrounds": "background",
    "conditions": "condition",
}
"""Files of shares, each with the kind of detail that it tells of."""

KINDS = (PLACE, AGE, *SHARED.values(), EVENT)
BANDS = tuple(range(0, 95, 5))
"""Where each band of ages begins; the last one is open."""

OLDEST = 109
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ENTRY = re.compile(r"(.*\S) ([0-9]+)")
_AGED = re.compile(r"(.*\S) ([0-9]+) ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a figure is from: who counted, in which year, and the licence under which it may be used."""

    name: str = ""
    year: int = 0
    licence: str = ""

    def __str__(self) -> str:
        return self.name if _YEAR.search(self.name) else f"{self.name}, {self.year}"


@dataclass(frozen=True, slots=True)
class Figure:
    """How many in a million people are so. 0 < people <= a million."""

    people: int
    cited: Cited


@dataclass(frozen=True, slots=True)
class Place:
    """A place and how many live there. country and region are "" for a kind of place: a village."""

    name: str
    country: str
    region: str
    people: int
    cited: Cited


@dataclass(frozen=True, slots=True, eq=False)
class PeopleTables:
    """Everything that is known about how many people are what.

    phrases    words as `words_of` gives them, joined by spaces -> kind and value of the detail
    longest    the first word of a phrase -> words in the longest phrase that begins so
    careful    phrases of places that are common words or names of people too
    figures    kind and value -> country, "" for every other -> figure
    places     value -> every place of that name
    countries  country and region -> place; region "" for the whole country
    ages       country -> in a million, for each of BANDS
    ages_from  where these are from
    around     how many people live around a practice; `around_from` says who assumes so
    events_from  who judges that an event points to one
    """

    phrases: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    longest: Mapping[str, int] = field(default_factory=dict)
    careful: frozenset[str] = frozenset()
    figures: Mapping[tuple[str, str], Mapping[str, Figure]] = field(default_factory=dict)
    places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    countries: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    ages: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    ages_from: Cited = field(default_factory=Cited)
    around: int = 100_000
    around_from: Cited = field(default_factory=Cited)
    events_from: Cited = field(default_factory=Cited)


def words_of(text: str) -> list[tuple[str, int, int]]:
    """The words of a text as they are compared, each with its start and end in the text.

    Small letters without accents; "nurse's" is "nurse".
    """
    if text.isascii():
        words = [(found.group(), found.start(), found.end()) for found in _WORD.finditer(text.lower())]
    else:
        words = [(_plain(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)]
    return [(_bare(word), start, end) if "'" in word else (word, start, end) for word, start, end in words]


def _plain(word: str) -> str:
    if not word.isascii():
        apart = unicodedata.normalize("NFKD", word.replace("’", "'"))
        word = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return word.lower()


def _bare(word: str) -> str:
    return word.removesuffix("'s").replace("'", "")


def phrase_of(words: str) -> str:
    """Words as `phrases` holds them: "Stratford-upon-Avon" is "stratford upon avon"."""
    return " ".join(word for word, _start, _end in words_of(words))


def people_tables(sources: Iterable[Source]) -> PeopleTables:
    """The tables of all files in screening/people/; whatever is wrong with one is noted in its source.

    Pure: the sources are already read. A file whose name is not known is a problem.
    """
    built = _Built()
    for source in sorted(sources, key=lambda one: one.name):
        name = source.name.rsplit("/", 1)[-1].removesuffix(".toml")
        table = toml_table(source, "a table of people")
        if table is None:
            continue
        if name in SHARED:
            _shares(built, table, SHARED[name])
        elif name.startswith("places-"):
            _country(built, table)
        elif name in _OTHERS:
            _OTHERS[name](built, table)
        else:
            source.problem("the file must be called places-…, around, ages, events, " + ", ".join(SHARED))
            continue
        table.done()
    return built.tables()


class _Built:
    """The tables while they are put together."""

    def __init__(self) -> None:
        self.phrases: dict[str, tuple[str, str]] = {}
        self.careful: dict[str, Source] = {}
        self.figures: dict[tuple[str, str], dict[str, Figure]] = {}
        self.places: dict[str, list[Place]] = {}
        self.countries: dict[tuple[str, str], Place] = {}
        self.ages: dict[str, tuple[int, ...]] = {}
        self.ages_from = self.around_from = self.events_from = Cited()
        self.around = 100_000

    def tables(self) -> PeopleTables:
        for word, source in self.careful.items():
            if self.phrases.get(word, ("", ""))[0] != PLACE:
                source.problem(f"`careful` names “{word}”, which is no place here", source.line_of("careful"))
        longest: dict[str, int] = {}
        for phrase in self.phrases:
            first, count = phrase.split(" ", 1)[0], phrase.count(" ") + 1
            longest[first] = max(count, longest.get(first, 0))
        return PeopleTables(
            self.phrases, longest, frozenset(self.careful), self.figures,
            {name: tuple(found) for name, found in self.places.items()}, self.countries, self.ages, self.ages_from,
            self.around, self.around_from, self.events_from,
        )  # fmt: skip

    def means(self, source: Source, words: str, kind: str, value: str) -> None:
        """From now on these words tell of this; two meanings are a problem."""
        phrase = phrase_of(words)
        if not phrase:
            source.problem(f"“{words}” has no word in it", _line_with(source, words))
        elif self.phrases.setdefault(phrase, (kind, value)) != (kind, value):
            other = " ".join(self.phrases[phrase])
            source.problem(f"“{words}” already tells of the {other}", _line_with(source, words))

    def place(self, source: Source, written: str, place: Place) -> None:
        """A place under every name that is written for it, parted by "|"."""
        first, *others = written.split("|")
        value = phrase_of(first)
        self.places.setdefault(value, []).append(place)
        for name in (first, *others):
            self.means(source, name, PLACE, value)


def _cited(table: Table) -> Cited:
    return Cited(table.text("source", required=True), table.number("year", required=True),
                 table.text("licence", required=True))  # fmt: skip


def _entries(table: Table, key: str, most: int) -> Iterator[tuple[str, int]]:
    """Each "words number" of a list; the number lies from 1 to `most`."""
    for entry in table.texts(key):
        found = _ENTRY.fullmatch(entry)
        if found is None or not 1 <= int(found.group(2)[:12]) <= most:
            message = f"“{entry}” must be words and a whole number from 1 to {most:,}"
            table.source.problem(message, _line_with(table.source, entry))
            continue
        yield found.group(1), int(found.group(2))


def _shares(built: _Built, table: Table, kind: str) -> None:
    """One file of shares: tables with their source, each for all countries or for those that it names."""
    for row in table.tables("tables", "a table"):
        cited, countries = _cited(row), row.texts("countries") or ("",)
        for written, people in _entries(row, "in_a_million", MILLION):
            value, *others = written.split("|")
            for name in (value, *others):
                built.means(row.source, name, kind, value)
            held = built.figures.setdefault((kind, value), {})
            for country in countries:
                if country in held:
                    row.source.problem(f"“{value}” stands twice", _line_with(row.source, written, row.line))
                held[country] = Figure(people, cited)
        row.done()


def _country(built: _Built, table: Table) -> None:
    """places-xx.toml: a country, its regions, and the towns of each."""
    source, cited = table.source, _cited(table)
    country, name = table.text("country", required=True), table.text("name", required=True)
    whole = Place(_shown(name), country, "", _people(table), cited)
    built.countries[country, ""] = whole
    built.place(source, name.removeprefix("the "), whole)
    for row in table.tables("regions", "a region"):
        region, written = row.text("id", required=True), row.text("name", required=True)
        row.what = f"the region “{region}”"
        if (country, region) in built.countries:
            source.problem(f"the region “{region}” stands twice", row.line)
        here = Place(_shown(written), country, region, _people(row), cited)
        built.countries[country, region] = here
        built.place(source, written.removeprefix("the "), here)
        for town, people in _entries(row, "towns", whole.people):
            built.place(source, town, Place(_shown(town), country, region, people, cited))
        row.done()
    for word in table.texts("careful"):
        built.careful.setdefault(phrase_of(word), source)


def _shown(written: str) -> str:
    return written.split("|", 1)[0]


def _people(table: Table) -> int:
    people = table.number("people", required=True)
    if people < 1 and "people" in table.raw:
        table.source.problem(f"`people` of {table.what} must be 1 or more", table.line)
    return max(people, 1)


def _around(built: _Built, table: Table) -> None:
    """around.toml: how many people count where the draft does not say, and places without a name."""
    built.around_from = _cited(table)
    built.around = table.number("around", built.around, required=True)
    if not 1 <= built.around <= MILLION:
        table.source.problem(f"`around` must be from 1 to {MILLION:,}", table.source.line_of("around"))
    cited = Cited(table.text("source_of_kinds", required=True), built.around_from.year, built.around_from.licence)
    for written, people in _entries(table, "kinds", built.around):
        built.place(table.source, written, Place(f"a {_shown(written)}", "", "", people, cited))


def _ages(built: _Built, table: Table) -> None:
    """ages.toml: words that tell an age, and how many people are of each."""
    built.ages_from = _cited(table)
    for entry in table.texts("words"):
        found = _AGED.fullmatch(entry)
        first, last = (int(found.group(2)[:4]), int(found.group(3)[:4])) if found else (1, 0)
        if found is None or not first <= last <= OLDEST:
            message = f"“{entry}” must be words and two ages, the lower one first, none over {OLDEST}"
            table.source.problem(message, _line_with(table.source, entry))
            continue
        for words in found.group(1).split("|"):
            built.means(table.source, words, AGE, f"{first}-{last}")
    for row in table.tables("countries", "the ages of a country"):
        bands = list(_entries(row, "in_a_million", MILLION))
        if [start for start, _people in bands] != [str(start) for start in BANDS]:
            row.source.problem("`in_a_million` needs every band once, in order: 0, 5, 10 … 90", row.line)
        elif not 0.97 <= sum(people for _start, people in bands) / MILLION <= 1.03:
            row.source.problem("the bands of ages must make about a million together", row.line)
        else:
            built.ages[row.text("country", required=True)] = tuple(people for _start, people in bands)
        row.taken.add("country")
        row.done()


def _events(built: _Built, table: Table) -> None:
    """events.toml: words for what points to one person."""
    built.events_from = _cited(table)
    for written in table.texts("about_one"):
        name, *looked_for = written.split("|")
        if not looked_for:
            table.source.problem(f"“{name}” needs words that tell of it after “|”", _line_with(table.source, name))
        for words in looked_for:
            built.means(table.source, words, EVENT, name)


_OTHERS = {"around": _around, "ages": _ages, "events": _events}


def _line_with(source: Source, words: str, start: int = 1) -> int:
    return next((number for number, line in enumerate(source.lines, start=1) if number >= start and words in line), 0)
