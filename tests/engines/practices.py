"""Practices to try things on: every profile, every option of it, and answers drawn by chance."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import cache

from hypothesis import strategies as st

from doorframe.engines.content import loader
from doorframe.engines.content.schema import Field, Pack
from doorframe.engines.interview.answers import clean

COUNTRIES = ("US", "UK", "CA", "AU", "IE", "other")
PROFESSIONS = (
    "psychologist",
    "counsellor",
    "social-worker",
    "marriage-family-therapist",
    "psychiatrist",
    "other",
)
BODIES = {"UK": ["bacp"], "CA": ["ccpa"], "AU": ["pacfa"], "IE": ["iacp"]}
ACCOUNTS: tuple[dict[str, str], ...] = (
    {"platform": "instagram", "handle": "@harbourlane", "kind": "professional", "purpose": "articles about sleep"},
    {"platform": "linkedin", "handle": "Harbour Lane", "kind": "professional", "purpose": "news for colleagues"},
    {"platform": "facebook", "handle": "", "kind": "personal", "purpose": ""},
)


@cache
def pack() -> Pack:
    """The pack that ships, read once."""
    return loader.load()


def basics(country: str = "US", profession: str = "counsellor", practice: str = "solo") -> dict[str, object]:
    """What every practice must say before it can publish."""
    found: dict[str, object] = {
        "country": country,
        "profession": profession,
        "practice": practice,
        "practice_name": "Harbour Lane Practice",
        "therapist_name": "Dr Imani Cole",
        "board_name": "The Board of Care",
        "board_contact": "www.example.org",
        "bodies": BODIES.get(country, ["none"]),
        "clients": ["adults"],
        "phone": "555 0100",
        "email": "hello@example.org",
        "website": "https://example.org",
    }
    if country == "other":
        found["emergency_number"] = "112"
        found["crisis_lines"] = [{"name": "A listening line", "number": "0800 1", "how": "call"}]
    return found


def profiles() -> Iterator[dict[str, object]]:
    """Solo and group, in each country, of each profession, with accounts and without."""
    for country, profession, practice, online in itertools.product(
        COUNTRIES, PROFESSIONS, ("solo", "group"), (True, False)
    ):
        found = basics(country, profession, practice)
        if online:
            found["accounts"] = [dict(row) for row in ACCOUNTS]
        yield found


def wide(practice: str = "solo", country: str = "US", profession: str = "counsellor") -> dict[str, object]:
    """A practice to which nearly every question applies: all clients, all accounts, everything published."""
    found = basics(country, profession, practice)
    found["clients"] = ["adults", "minors", "couples-families", "groups"]
    found["accounts"] = [dict(row) for row in ACCOUNTS]
    found["publishes"] = [option.id for option in pack().fields["publishes"].options]
    found |= {"sms_number": "555 0101", "portal": "https://portal.example.org"}
    return found


def choices() -> list[tuple[str, str]]:
    """Every option of every choice, as field and value."""
    return [(id, o.id) for id, field in pack().fields.items() if field.kind == "choice" for o in field.options]


# What people really paste: quotes of every kind, backslashes, other scripts, line ends and things that look like code.
_SAMPLES = (
    'He said "no"', "it's", "back\\slash", "“quoted”", "naïve café", "ליאה", "مرحبا", "日本", "🙂 emoji", "#let x = 1",
    "{{ x }}", "{practice_name}", "[[accounts]]",
    "''' and \"\"\"", "tab\there", "a\nb", "a\r\nb", "= 1", "# no comment",
    "\\u0041", "\x00null", "\u2028line", "ends with \\", '"', "'", "\ufeffmark", "𝕬",
)  # fmt: skip
_TEXT = st.one_of(
    st.sampled_from(_SAMPLES), st.text(max_size=40), st.lists(st.sampled_from(_SAMPLES), max_size=3).map(" ".join)
)


def _raw(field: Field) -> st.SearchStrategy[object]:
    if field.kind == "choice":
        return st.sampled_from([option.id for option in field.options])
    if field.kind == "choices":
        return st.lists(st.sampled_from([option.id for option in field.options]), unique=True, max_size=4)
    if field.kind == "rows":
        row = {column.id: _raw(column) for column in field.columns}
        return st.lists(st.fixed_dictionaries(row), max_size=3)
    if field.kind == "email":
        return st.sampled_from(["", "a@example.org", "o'hara+x@example.co.uk", "name@münchen.example"])
    if field.kind == "url":
        return st.sampled_from(["", "example.org", 'https://example.org/a?b=c&d="e"'.replace('"', "%22"), "http://x.y"])
    return _TEXT.map(lambda text: text[: field.max_length])


@st.composite
def legal_answers(draw: st.DrawFn, most: int = 14) -> Mapping[str, object]:
    """Answers to some questions, as `check` would keep them."""
    fields = pack().fields
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=most))
    return {id: clean(fields[id], draw(_raw(fields[id]))) for id in chosen}


@st.composite
def choice_answers(draw: st.DrawFn, most: int = 30) -> dict[str, object]:
    """Answers to many of the choices, over a practice that can publish."""
    found = basics(*(draw(st.sampled_from(items)) for items in (COUNTRIES, PROFESSIONS, ("solo", "group"))))
    fields = {id: item for id, item in pack().fields.items() if item.kind in {"choice", "choices"} and id not in found}
    fields["bodies"] = pack().fields["bodies"]
    for id in draw(st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=most)):
        found[id] = draw(_raw(fields[id]))
    if draw(st.booleans()):
        found["accounts"] = draw(st.lists(st.sampled_from(ACCOUNTS), unique_by=str, max_size=3))
    found["clients"] = draw(st.lists(st.sampled_from(["adults", "minors", "couples-families", "groups"]), unique=True))
    return found
