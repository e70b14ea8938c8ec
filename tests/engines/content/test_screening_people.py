"""The tables by which people are counted: ours are in order, and what is wrong with one is said with file and line."""

from __future__ import annotations

from functools import cache

import pytest

from doorframe.engines.content import loader
from doorframe.engines.content.reader import Source
from doorframe.engines.content.schema import Problem
from doorframe.engines.content.screening_people import (
    EVENT,
    FOLDER,
    KINDS,
    PLACE,
    PeopleTables,
    people_tables,
    phrase_of,
    words_of,
)

CLAIMS = ("anonym", "permission", "consent", "disguise", "changed", "altered", "composite", "pseudonym", "blessing")


@cache
def texts() -> dict[str, str]:
    files = sorted((loader.OWN / FOLDER).glob("*.toml"))
    return {f"{FOLDER}{file.name}": file.read_text(encoding="utf-8") for file in files}


def read(changed: dict[str, str] | None = None) -> tuple[PeopleTables, list[Problem]]:
    problems: list[Problem] = []
    sources = [Source(name, text, problems) for name, text in {**texts(), **(changed or {})}.items()]
    return people_tables(sources), problems


def test_ours_are_in_order() -> None:
    tables, problems = read()
    assert problems == []
    assert {country for country, _region in tables.countries} == {"US", "CA", "UK", "IE", "AU", "NZ", "ZA", "IN"}
    assert tables.ages.keys() == {country for country, _region in tables.countries}
    assert sum(bool(place.region) for places in tables.places.values() for place in places) > 400
    assert sum(kind == "occupation" for kind, _value in tables.figures) > 120
    assert {kind for kind, _value in tables.phrases.values()} == set(KINDS)


def test_every_figure_says_who_counted_when_and_under_which_licence() -> None:
    tables, _problems = read()
    cited = {figure.cited for held in tables.figures.values() for figure in held.values()}
    cited |= {place.cited for places in tables.places.values() for place in places}
    cited |= {tables.ages_from, tables.around_from, tables.events_from}
    assert all(one.name and one.licence and 2010 <= one.year <= 2026 for one in cited)


def test_figures_are_rounded_to_two_figures_and_places_to_three() -> None:
    tables, _problems = read()
    figures = [one for held in tables.figures.values() for one in held.values()]
    too_fine = [one.people for one in figures if one.people != float(f"{one.people:.2g}")]
    assert too_fine == []
    places = {place.name: place.people for held in tables.places.values() for place in held}
    assert {name: people for name, people in places.items() if people != float(f"{people:.3g}")} == {}


def test_the_towns_of_a_region_are_no_larger_than_the_region() -> None:
    tables, _problems = read()
    towns = [place for held in tables.places.values() for place in held if place.country]
    wrong = [one.name for one in towns if one.people > 1.1 * tables.countries[one.country, one.region].people]
    assert wrong == []


def test_the_regions_of_a_country_make_the_country() -> None:
    tables, _problems = read()
    for (country, region), whole in tables.countries.items():
        if not region and country != "IN":  # of India only the larger states are here
            parts = sum(one.people for (of, part), one in tables.countries.items() if of == country and part)
            assert parts == pytest.approx(whole.people, rel=0.05), country


@pytest.mark.parametrize(("name", "people"), [
    # as the offices published them: CSO Census 2022, BLS May 2021 for 332 million, ONS Census 2021
    ("drogheda", 44_135), ("swords", 40_776), ("ennis", 27_923), ("letterkenny", 22_549), ("castlebar", 13_054),
])  # fmt: skip
def test_a_sample_of_places_stands_as_published(name: str, people: int) -> None:
    tables, _problems = read()
    assert tables.places[name][0].people == pytest.approx(people, rel=0.05)


@pytest.mark.parametrize(("job", "employed"), [("nurse", 3_000_000), ("CEO", 211_000), ("marketing manager", 377_000)])
def test_a_sample_of_jobs_stands_as_published(job: str, employed: int) -> None:
    tables, _problems = read()
    assert tables.figures["occupation", job][""].people == pytest.approx(employed / 335, rel=0.1)


def test_no_claim_of_anonymity_is_a_detail() -> None:
    tables, _problems = read()
    assert [phrase for phrase in tables.phrases if any(claim in phrase for claim in CLAIMS)] == []


def test_the_name_of_an_event_is_not_looked_for() -> None:
    tables, _problems = read()
    assert tables.phrases["won the lottery"] == (EVENT, "a lottery win")
    assert "the news" not in tables.phrases


def test_towns_of_one_name_stand_side_by_side() -> None:
    tables, _problems = read()
    assert {place.country for place in tables.places["perth"]} == {"UK", "AU"}
    assert tables.phrases["palmy"] == (PLACE, "palmerston north")


def test_the_longest_phrase_is_known_by_its_first_word() -> None:
    tables, _problems = read()
    assert tables.longest["stratford"] == 3
    assert all(tables.longest[phrase.split()[0]] >= len(phrase.split()) for phrase in tables.phrases)


WORDS = [
    ("Nurse's", ["nurse"]),
    ("72-year-old", ["72", "year", "old"]),
    ("Montréal, Māori", ["montreal", "maori"]),
    ("King’s Lynn", ["king", "lynn"]),
    ("Val-d'Or", ["val", "dor"]),
    ("４５", ["45"]),
    ("😀 …", []),
]


@pytest.mark.parametrize(("text", "words"), WORDS)
def test_words(text: str, words: list[str]) -> None:
    assert [word for word, _start, _end in words_of(text)] == words
    assert all(0 <= start < end <= len(text) for _word, start, end in words_of(text))
    assert phrase_of(text) == " ".join(words)


CASES = [
    # file, what stands there, what stands there instead, what is said
    ("occupations", "in_a_million = [", "hue = 1\nin_a_million = [", "has no `hue`"),
    ("occupations", "detective 320", "detective", "must be words and a whole number"),
    ("occupations", "detective 320", "detective 0", "from 1 to 1,000,000"),
    ("occupations", "detective 320", "detective 2000000", "from 1 to 1,000,000"),
    ("occupations", "detective 320", "… 320", "has no word in it"),
    ("occupations", "detective 320", "nun 320", "“nun” stands twice"),
    ("occupations", "detective 320", "amputee 320", "already tells of the"),
    ("occupations", 'licence = "public domain"', "", "needs `licence`"),
    ("occupations", "year = 2023", 'year = "2023"', "must be a whole number"),
    ("places-ie", 'id = "Munster"', 'id = "Leinster"', "stands twice"),
    ("places-ie", "people = 1370000", "people = 0", "must be 1 or more"),
    ("places-ie", "Cork 224000", "Cork 224000000", "from 1 to 5,300,000"),
    ("places-ie", "careful = [", 'careful = ["atlantis", ', "`careful` names “atlantis”"),
    ("places-ie", 'name = "Ireland"', 'name = "Ireland"\ncapital = "Dublin"', "has no `capital`"),
    ("ages", "toddler|two-year-old|preschooler 1 4", "toddler 4 1", "two ages, the lower one first"),
    ("ages", "toddler|two-year-old|preschooler 1 4", "toddler", "two ages, the lower one first"),
    ("ages", '"5 60000", ', "", "needs every band once"),
    ("ages", '"5 60000", ', '"5 160000", ', "about a million together"),
    ("ages", 'country = "US"', "", "needs `country`"),
    ("around", "around = 100000", "around = 0", "`around` must be from 1"),
    ("events", "|won the lottery", "", None),
    ("events", "about_one = [", 'about_one = ["a wonder", ', "needs words that tell of it"),
    ("events", "about_one = [", "about_one = 4 #", "is not valid TOML"),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), CASES)
def test_what_is_wrong_is_said_with_its_file(file: str, old: str, new: str, said: str | None) -> None:
    name = f"{FOLDER}{file}.toml"
    assert old in texts()[name]
    _tables, problems = read({name: texts()[name].replace(old, new, 1)})
    if said is None:
        assert problems == []
    else:
        assert any(one.file == name and said in one.message for one in problems), problems


def test_a_wrong_entry_is_said_with_its_line() -> None:
    name = f"{FOLDER}occupations.toml"
    text = texts()[name].replace("detective 320", "detective none", 1)
    _tables, problems = read({name: text})
    assert [(one.file, one.line) for one in problems] == [(name, text[: text.index("detective none")].count("\n") + 1)]


def test_a_file_of_another_name_is_a_problem() -> None:
    _tables, problems = read({f"{FOLDER}hobbies.toml": 'source = "x"'})
    assert ["must be called" in one.message for one in problems] == [True]


def test_without_files_there_is_nothing_to_count_with() -> None:
    tables = people_tables([])
    assert (tables.phrases, tables.figures, tables.around) == ({}, {}, 100_000)
