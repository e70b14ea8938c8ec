"""How many people fit: the details in a draft, the number, its words and its reasons, and the laws that hold."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.content import loader
from doorframe.engines.content.reader import Source
from doorframe.engines.content.schema import Problem
from doorframe.engines.content.screening_people import EVENT, FOLDER, PeopleTables, people_tables
from doorframe.engines.screening.people import Detail, details, estimate, said
from doorframe.engines.screening.verdict import People


@cache
def tables() -> PeopleTables:
    problems: list[Problem] = []
    files = sorted((loader.OWN / FOLDER).glob("*.toml"))
    return people_tables([Source(f"{FOLDER}{file.name}", file.read_text(encoding="utf-8"), problems) for file in files])


def told(text: str, *kinds: str) -> list[str]:
    """The values of the details of these kinds, all but the sexes if none is given."""
    found = details(text, tables())
    return [one.value for one in found if (one.kind in kinds if kinds else one.kind != "sex")]


def people(text: str, country: str = "", region: str = "") -> People | None:
    return estimate(details(text, tables()), tables(), country, region)


AGES = [
    ("a 72-year-old", ["72"]),
    ("72 years old", ["72"]),
    ("a seventy-two-year-old widow", ["72"]),
    ("my 8yo", ["8"]),
    ("13 y.o. girl", ["13"]),
    ("16 y/o trans boy", ["16"]),
    ("he was 26F", ["26"]),
    ("34 F, works in IT", ["34"]),
    ("aged 41", ["41"]),
    ("age six", ["6"]),
    ("He is six.", ["6"]),
    ("she's 19, and", ["19"]),
    ("she’s 19!", ["19"]),
    ("who is 90.", ["90"]),
    ("just turned forty.", ["40"]),
    ("turns 50 on Sunday", ["50"]),
    ("man, 41, plumber", ["41"]),
    ("a woman (forty-four) came", ["44"]),
    ("a paramedic of thirty-four, off work", ["34"]),
    ("in her seventies", ["70-79"]),
    ("in his late 40s", ["40-49"]),
    ("fortysomething", ["40-49"]),
    ("a 40-something mum", ["40-49"]),
    ("my teenagers and one teen", ["13-19"]),
    ("retired", ["60-99"]),
    ("a centenarian, 101 years old", ["100-109", "101"]),
    # look-alikes
    ("a 50-minute hour", []),
    ("20 years of practice", []),
    ("aged 6 months", []),
    ("age 7 weeks", []),
    ("music of the eighties", []),
    ("the 1970s", []),
    ("in my late 40s", []),
    ("$20M, £26F", []),
    ("a 10m walk, 5M followers, 12y", []),
    ("she's 19 weeks pregnant", []),
    ("he is six feet tall", []),
    ("turned 30 pages", []),
    ("turned 400.", []),
    ("call 988, open 9 to 5", []),
    ("in 2024, 41 people", []),
    ("120 years old, 999-year-old", []),
    ("a pack of 12, a man of 3.", []),
    ("²ﾞ ½ ٣٣٣٣ year old", []),
]


@pytest.mark.parametrize(("text", "ages"), AGES)
def test_ages(text: str, ages: list[str]) -> None:
    assert told(text, "age") == ages


PLACES = [
    ("a nurse in Leeds", ["leeds"]),
    ("LEEDS, leeds", ["leeds", "leeds"]),
    ("from Hebden Bridge.", ["hebden bridge"]),
    ("Newcastle upon Tyne", ["newcastle"]),
    ("Stratford-upon-Avon", ["stratford upon avon"]),
    ("in Stratford", ["stratford"]),
    ("Palmy", ["palmerston north"]),
    ("Montréal", ["montreal"]),
    ("tampa/st pete", ["tampa", "st petersburg"]),
    ("someone from Reading", ["reading"]),
    ("a practice near Bath", ["bath"]),
    ("in READING", ["reading"]),
    ("in our village", ["village"]),
    ("West Virginia", ["west virginia"]),
    # look-alikes
    ("Reading is a joy", []),
    ("I was reading in bed, in reading week", []),
    ("Bath time with Hope", []),
    ("in the bath, at hope's end", []),
    ("Charlotte and Austin came in", []),
    ("for sale: deal of the week", []),
    ("ACT for anxiety, in March", []),
    ("la vida, forks and knives", []),
]


@pytest.mark.parametrize(("text", "places"), PLACES)
def test_places(text: str, places: list[str]) -> None:
    assert told(text, "place") == places


OTHERS = [
    ("a fireman and his wife", ["firefighter"]),
    ("a head teacher, not a teacher", ["head teacher", "teacher"]),
    ("the nurse practitioner", ["nurse practitioner"]),
    ("The GP's twins", ["GP", "twins"]),
    ("a male midwife", ["male midwife"]),
    ("a single mum of five", ["single mother"]),
    ("mother of five", ["mother of five"]),
    ("two mums", ["same-sex couple"]),
    ("her wife is a rabbi", ["same-sex couple", "rabbi"]),
    ("an ex-Amish veteran with Huntington’s disease", ["Amish", "veteran", "Huntington's disease"]),
    ("won the lottery", ["a lottery win"]),
    ("dad's a judge here", ["a judge"]),
    ("the first woman to fly", ["the first to do something"]),
    ("not only a doctor who listens", ["a doctor"]),
    ("the only doctor in town", ["the only one of a place"]),
    ("a car crash last week", ["a crash"]),
    # look-alikes
    ("nursing a coffee, teaching, policing our thoughts", []),
    ("the news of a new office", []),
    ("as your therapist, psychologist or social worker", []),
    ("a crash course", []),
    ("we do not judge, we cook, we adopted a policy", []),
    ("a pilot study with wheelchair access and cleaner air", []),
    ("a blind spot, on deaf ears", []),
    ("we did it, did you", []),
    ("me too", []),
]


@pytest.mark.parametrize(("text", "values"), OTHERS)
def test_other_details(text: str, values: list[str]) -> None:
    assert told(text) == values


def test_where_a_detail_stands() -> None:
    text = "😀 The 72-year-old nurse’s note"
    assert [text[one.start : one.end] for one in details(text, tables())] == ["72-year-old", "nurse’s"]


@given(
    st.text(max_size=80), st.sampled_from(["Hebden Bridge", "aged 7", "in her forties", "twins ", "seventy", "ﾞ", "9"])
)
def test_any_text_can_be_read(around: str, inner: str) -> None:
    text = around + inner + around
    found = details(text, tables())
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    estimate(found, tables())


SAID = [
    ((1, 1), "About one person fits."),
    ((1, 3), "About 1 to 3 people fit."),
    ((200, 600), "About 200 to 600 people fit."),
    ((1000, 3000), "About 1,000 to 3,000 people fit."),
    ((2000, 8000), "Thousands of people fit."),
]


@pytest.mark.parametrize(("span", "words"), SAID)
def test_the_number_in_words(span: tuple[int, int], words: str) -> None:
    assert said(*span) == words


ESTIMATES = [
    # 100,000 x 9,500 in a million = 950
    ("a nurse", "UK", "England", (400, 1500)),
    ("a nurse in Leeds", "UK", "England", (400, 1500)),
    # 4,700 x 9,500 in a million = 45
    ("a nurse in Hebden Bridge", "UK", "England", (20, 80)),
    ("a nurse, a nurse, the registered nurse", "UK", "England", (400, 1500)),
    # 100,000 x 0.5 x 920 in a million = 46
    ("He is a firefighter", "US", "TX", (20, 80)),
    ("A rabbi, 41, and his triplets in Limerick", "IE", "Munster", (1, 1)),
    ("She won the lottery", "", "", (1, 1)),
    ("a teenager", "UK", "", (4000, 15000)),
    # 100,000 x 0.02 x the square root of 0.02 = 283: adopted twins, or twins and an adopted child
    ("twins, both were adopted", "UK", "England", (100, 500)),
    # 100,000 x 9,500 in a million x 0.5 = 475, whether or not her husband is told of
    ("She is a nurse", "UK", "England", (200, 800)),
    ("She is a nurse and he is not", "UK", "England", (200, 800)),
    # 100,000 x 11,600 in a million = 1,160, and no fewer for saying it twice
    ("aged 16", "UK", "England", (500, 2000)),
    ("a teenager, aged 16", "UK", "England", (500, 2000)),
    # 100,000 x 11,600 in a million x the square root of 10,000 in a million
    ("one aged 16, one aged 70", "UK", "England", (50, 200)),
    # a farmer in Ireland is less rare than elsewhere: 100,000 x 26,000 in a million
    ("a farmer", "IE", "", (1000, 4000)),
    ("a farmer", "CA", "", (300, 1000)),
    # Perth in Scotland has 47,000 people, in Australia far more than come to one practice
    ("a farmer in Perth", "UK", "Scotland", (100, 500)),
    ("a farmer in Perth", "AU", "WA", (300, 1000)),
    # a territory smaller than what is around a practice elsewhere
    ("a nurse", "CA", "YT", (200, 800)),
    # unknown country: the rarest figure that is known
    ("a garda", "FR", "", (100, 500)),
    ("a midwife", "US", "", (1, 4)),
    ("a midwife", "NZ", "", (30, 100)),
]


@pytest.mark.parametrize(("text", "country", "region", "span"), ESTIMATES)
def test_estimates(text: str, country: str, region: str, span: tuple[int, int]) -> None:
    found = people(text, country, region)
    assert found is not None
    assert (found.low, found.high) == span


@pytest.mark.parametrize("text", [
    "", "Breathe in, breathe out.", "She told him that her mother was well.", "We are in Leeds and in Texas.",
    "Details changed, shared with permission.",
])  # fmt: skip
def test_what_hardly_narrows_gives_no_number(text: str) -> None:
    assert people(text, "UK", "England") is None


def test_every_assumption_names_its_source() -> None:
    found = people("A 72-year-old nurse and widow in Hebden Bridge", "UK", "England")
    assert found is not None
    place, age, family, job, last = found.assumptions
    assert place.startswith("Hebden Bridge has about 4,700 people (ONS Census 2021")
    assert age == "“aged 72”: about 1 in 110 people (UN World Population Prospects 2024)."
    assert family.startswith("“widow”: about 1 in 29 people (") and job.startswith(
        "“nurse”: about 1 in 110 people (US Bur"
    )
    assert "independent" in last


def test_a_large_place_is_named_and_those_around_a_practice_are_counted() -> None:
    found = people("a rabbi in Leeds", "UK", "England")
    assert found is not None
    assert found.assumptions[0].startswith("Leeds has about 536,000 people (")
    assert found.assumptions[1].startswith("We count the 100,000 people around a practice")
    assert len(found.assumptions) == 3, "one share alone is not said to be independent"


def test_of_one_kind_the_rarest_counts_in_full() -> None:
    both, one = people("twins, an adoptee and a refugee", "UK"), people("twins, both were adopted", "UK")
    assert both is not None and one is not None
    assert both.high < one.low
    assert any("rarest counts in full" in line for line in both.assumptions)


def test_an_event_says_why() -> None:
    found = people("Our client, 44, a rabbi, won the lottery", "UK")
    assert found is not None
    assert [line.split(" (")[0] for line in found.assumptions] == [
        "“a lottery win” points to about one person, whom a reader may know or look up"
    ]


# The laws

VALUES = sorted(set(tables().phrases.values()))
AGES_TOLD = st.one_of(
    st.integers(0, 109).map(str),
    st.tuples(st.integers(0, 109), st.integers(0, 109)).map(lambda pair: f"{min(pair)}-{max(pair)}"),
)
DETAIL = st.one_of(
    st.sampled_from([one for one in VALUES if one[0] != EVENT]),
    st.sampled_from(VALUES),
    AGES_TOLD.map(lambda age: ("age", age)),
    st.sampled_from([("place", "nowhere"), ("occupation", "unheard of")]),
).map(lambda one: Detail(*one, 0, 1))
WHERE = st.sampled_from([("", ""), ("UK", "England"), ("US", "TX"), ("CA", "YT"), ("IE", "Munster"), ("FR", "Paris")])
MANY = 10**9


def range_of(found: list[Detail], where: tuple[str, str]) -> tuple[int, int]:
    """low and high; where nothing narrows, more than any number."""
    number = estimate(found, tables(), *where)
    return (number.low, number.high) if number else (MANY, MANY)


@pytest.mark.promise("F4")
@given(st.lists(DETAIL, min_size=1, max_size=7), WHERE, st.data())
def test_removing_a_detail_never_raises_the_risk(
    found: list[Detail], where: tuple[str, str], data: st.DataObject
) -> None:
    out = data.draw(st.integers(0, len(found) - 1))
    low, high = range_of(found, where)
    less_low, less_high = range_of(found[:out] + found[out + 1 :], where)
    assert less_low >= low and less_high >= high


@given(st.lists(DETAIL, max_size=7), WHERE, st.randoms(use_true_random=False))
def test_order_does_not_matter(found: list[Detail], where: tuple[str, str], random: Random) -> None:
    other = list(found)
    random.shuffle(other)
    assert estimate(found, tables(), *where) == estimate(other + other, tables(), *where)


@given(st.lists(DETAIL, max_size=5), st.sampled_from([one for one in VALUES if one[0] == EVENT]), WHERE)
def test_an_event_gives_about_one(found: list[Detail], event: tuple[str, str], where: tuple[str, str]) -> None:
    assert range_of([*found, Detail(*event, 0, 1)], where) == (1, 1)


@given(st.lists(DETAIL, max_size=6), WHERE)
def test_a_range_is_in_order(found: list[Detail], where: tuple[str, str]) -> None:
    low, high = range_of(found, where)
    assert 1 <= low <= high


CLAIMS = [
    "Names and details changed.", "Shared with permission.", "This is anonymous.", "A composite of several people.",
    "Read and agreed beforehand." , "Details altered so that nobody would know.", "Posted with full consent.",
]  # fmt: skip
STORIES = [
    "A nurse of 41, in Hebden Bridge.",
    "Twins, aged 9, in foster care.",
    "She won the lottery.",
    "A quiet hour.",
]


@pytest.mark.parametrize("story", STORIES)
@given(claims=st.lists(st.sampled_from(CLAIMS), min_size=1, max_size=4), first=st.booleans())
def test_a_claim_of_anonymity_changes_nothing(story: str, claims: list[str], first: bool) -> None:
    claim = " ".join(claims)
    text = f"{claim} {story}" if first else f"{story} {claim}"
    assert {(one.kind, one.value) for one in details(text, tables())} == {
        (one.kind, one.value) for one in details(story, tables())
    }
    assert people(text, "UK", "England") == people(story, "UK", "England")
