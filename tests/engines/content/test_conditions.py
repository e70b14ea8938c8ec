"""Conditions as data: reading them, judging them, and judging them while facts are still open."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.content.conditions import All, Any, Atom, Condition, Not, atoms, holds, may_hold, names, parse

READ = [
    ("has_accounts", Atom("has_accounts")),
    ("country:US", Atom("country", "US")),
    ("office_hours:9:00", Atom("office_hours", "9:00")),
    (" country : US ", Atom("country", "US")),
    (["a", "b"], All((Atom("a"), Atom("b")))),
    ({"all": ["a", "b"]}, All((Atom("a"), Atom("b")))),
    ({"any": ["a", {"not": "b"}]}, Any((Atom("a"), Not(Atom("b"))))),
    ({"not": ["a", "b"]}, Not(All((Atom("a"), Atom("b"))))),
    ({"all": ["a"], "not": "b"}, All((All((Atom("a"),)), Not(Atom("b"))))),
    ([], All(())),
]


@pytest.mark.parametrize(("raw", "expected"), READ, ids=[str(raw) for raw, _ in READ])
def test_what_is_read(raw: object, expected: Condition) -> None:
    assert parse(raw) == expected


REFUSED = [
    ("", "a condition needs the name of a fact"),
    (":US", "a condition needs the name of a fact"),
    ("country:", "“country:” needs a value after the colon"),
    (5, "a condition is a fact, or a table with all, any or not"),
    ({}, "a condition is a fact, or a table with all, any or not"),
    ({"some": ["a"]}, "a condition knows all, any and not; it does not know some"),
    ({"all": "a"}, "all takes a list of facts"),
    ({"any": {"not": "a"}}, "any takes a list of facts"),
    ({"not": 5}, "a condition is a fact, or a table with all, any or not"),
    (["a", ["b", None]], "a condition is a fact, or a table with all, any or not"),
]


@pytest.mark.parametrize(("raw", "sentence"), REFUSED, ids=[str(raw) for raw, _ in REFUSED])
def test_what_is_refused(raw: object, sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse(raw)
    assert str(caught.value) == sentence


FACTS: dict[str, object] = {
    "country": "US",
    "clients": ["adults", "minors"],
    "accounts": [{"platform": "instagram", "kind": "professional", "handle": ""}],
    "nothing": "",
    "none": [],
    "refused": "no",
    "worked_out": True,
    "worked_in": False,
}

HOLDS = [
    ("country", True),
    ("country:US", True),
    ("country:UK", False),
    ("clients:minors", True),
    ("clients:groups", False),
    ("accounts", True),
    ("accounts.platform:instagram", True),
    ("accounts.platform:x", False),
    ("accounts.kind", True),
    ("nothing", False),
    ("none", False),
    ("refused", False),
    ("refused:no", True),
    ("worked_out", True),
    ("worked_in", False),
    ("unknown", False),
    ("unknown.column:x", False),
    ("country.column:x", False),
    ({"not": "unknown"}, True),
    ({"all": ["country:US", {"not": "refused"}]}, True),
    ({"any": ["unknown", "nothing"]}, False),
    ({"all": []}, True),
    ({"any": []}, False),
]


@pytest.mark.parametrize(("raw", "expected"), HOLDS, ids=[str(raw) for raw, _ in HOLDS])
def test_what_holds(raw: object, expected: bool) -> None:
    assert holds(parse(raw), FACTS) is expected


MAY_HOLD = [
    # condition, facts that are settled, may it hold
    ("country:UK", [], True),
    ("country:UK", ["country"], False),
    ({"not": "country:US"}, [], True),
    ({"not": "country:US"}, ["country"], False),
    ({"all": ["country:UK", "unknown"]}, ["country"], False),
    ({"all": ["country:US", "unknown"]}, ["country"], True),
    ({"any": ["country:UK", "unknown"]}, ["country"], True),
    ({"any": ["country:UK", "nothing"]}, ["country", "nothing"], False),
    ({"not": {"any": ["country:US", "unknown"]}}, ["country"], False),
    ({"not": {"all": ["country:US", "unknown"]}}, ["country"], True),
]


@pytest.mark.parametrize(("raw", "settled", "expected"), MAY_HOLD, ids=[f"{m[0]} {m[1]}" for m in MAY_HOLD])
def test_what_may_still_hold(raw: object, settled: Collection[str], expected: bool) -> None:
    assert may_hold(parse(raw), FACTS, settled.__contains__) is expected


_ATOMS = st.sampled_from([Atom("a"), Atom("b"), Atom("c", "x"), Atom("c", "y")])
_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Any(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=8,
)
_FACTS = st.fixed_dictionaries({"a": st.booleans(), "b": st.booleans(), "c": st.sampled_from(["x", "y", ""])})


@given(_CONDITIONS, _FACTS, _FACTS, st.sets(st.sampled_from("abc")))
def test_what_cannot_hold_never_comes_to_hold(
    condition: Condition, now: dict[str, object], later: dict[str, object], settled: set[str]
) -> None:
    """Whatever the open facts turn out to be, a condition that was ruled out stays out."""
    after = {**later, **{name: now[name] for name in settled}}
    if holds(condition, after):
        assert may_hold(condition, now, settled.__contains__)


@given(_CONDITIONS, _FACTS)
def test_with_every_fact_settled_may_hold_is_holds(condition: Condition, facts: dict[str, object]) -> None:
    assert may_hold(condition, facts, lambda name: True) is holds(condition, facts)


def test_names_and_atoms_in_reading_order() -> None:
    condition = parse({"all": ["b:1", {"any": ["a", "b:2"]}], "not": "c"})
    assert names(condition) == ("b", "a", "c")
    assert [str(atom) for atom in atoms(condition)] == ["b:1", "a", "b:2", "c"]
