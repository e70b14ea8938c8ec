"""How long evidence is kept, by place. The figures were typed from the rule, not from content."""

from __future__ import annotations

from typing import Any

import pytest

from doorframe.engines.content.conditions import holds, parse
from doorframe.engines.interview.facts import resolve
from doorframe.engines.scheduling.retention import LEAST, least_years
from tests.engines.practices import COUNTRIES, basics, pack


def table() -> dict[str, Any]:
    found = pack().law["retention"]
    assert isinstance(found, dict)
    return found


@pytest.mark.promise("D3")
def test_nobody_keeps_less_than_the_engine_allows() -> None:
    assert table()["least"] == LEAST == 6
    assert all(regime["years"] >= LEAST for regime in table()["regimes"])


@pytest.mark.promise("D3")
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_rule_for_every_place(country: str) -> None:
    facts = resolve(pack(), basics(country))
    found = [row["id"] for row in table()["regimes"] if not row.get("fallback") and holds(parse(row["when"]), facts)]
    assert found == (["hipaa"] if country == "US" else [])


@pytest.mark.promise("D3")
@pytest.mark.parametrize(("years", "expected"), [(6, 6), (3, 6), (10, 10)])
def test_the_longest_rule_in_force_counts(years: int, expected: int) -> None:
    here, there = {"years": years, "when": "country:US"}, {"years": 30, "when": "country:UK"}
    table = {"regimes": [here, there, {"years": 40, "fallback": True}]}
    assert least_years(table, {"country": "US"}) == expected
    assert least_years({}, {"country": "US"}) == least_years(None, {}) == LEAST


@pytest.mark.parametrize("country", COUNTRIES)
def test_ours_asks_for_six_everywhere(country: str) -> None:
    assert least_years(pack().law["retention"], resolve(pack(), basics(country))) == 6


def test_hipaa_cites_both_of_its_rules() -> None:
    hipaa = next(row for row in table()["regimes"] if row["id"] == "hipaa")
    assert hipaa["cites"] == ["hipaa/164.530(j)", "hipaa/164.316(b)(2)(i)"]
