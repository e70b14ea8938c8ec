"""The tables of law that differ by place, cell by cell. The cells here were typed from the facts, not from content."""

from __future__ import annotations

from typing import Any

import pytest

from doorframe.engines.assembly.words import Words
from doorframe.engines.citations import GOOD_PRACTICE
from doorframe.engines.content.conditions import holds, parse
from doorframe.engines.interview.facts import resolve
from tests.engines.practices import COUNTRIES, PROFESSIONS, basics, pack

REGIMES = ("apa", "aca", "tx-lpc", "crpo", "au-s133")

NO, SILENT, UNKNOWN = "forbidden", "no-clause", "none-found"
SAME_ACT: dict[str, tuple[str, str, str, str, str]] = {
    #                              APA                          ACA                       Texas LPC
    #                              Ontario CRPO                 Australia, section 133
    "ask-current-client": (NO, NO, "not-named", NO, "not-the-test"),
    "ask-former-client": ("allowed-if-not-vulnerable", NO, "not-named", NO, "not-the-test"),
    "use-unsolicited-testimonial": ("not-named", "allowed-with-permission", "allowed-with-disclaimer", NO, NO),
    "leave-clinical-comment": (SILENT, SILENT, UNKNOWN, "risky", "counts-as-own"),
    "link-to-review-page": (SILENT, UNKNOWN, UNKNOWN, "risky", "allowed-without-control"),
    "befriend-current-client": ("judgement", NO, UNKNOWN, "boundaries", "boundaries"),
    "search-without-consent": ("judgement", NO, UNKNOWN, UNKNOWN, UNKNOWN),
}
RESTS_ON = {
    ("ask-current-client", "apa"): "apa-2017/5.05",
    ("ask-current-client", "aca"): "aca-2014/C.3.b",
    ("ask-current-client", "crpo"): "crpo-2024/6.2.2",
    ("use-unsolicited-testimonial", "aca"): "aca-2014/C.3.b",
    ("use-unsolicited-testimonial", "tx-lpc"): "tx-lpc/681.49(b)(4)",
    ("use-unsolicited-testimonial", "crpo"): "crpo-2024/6.2.2",
    ("use-unsolicited-testimonial", "au-s133"): "ahpra-national-law/s133(1)",
    ("befriend-current-client", "apa"): "apa-2017/3.05",
    ("befriend-current-client", "aca"): "aca-2014/A.5.e",
    ("search-without-consent", "aca"): "aca-2014/H.6.c",
}


def table(name: str) -> dict[str, Any]:
    found = pack().law[name]
    assert isinstance(found, dict)
    return found


def cells(name: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(act["id"], row["regime"]): row for act in table(name)["acts"] for row in act["answers"]}


@pytest.mark.promise("B5")
@pytest.mark.parametrize("act", SAME_ACT)
@pytest.mark.parametrize("regime", REGIMES)
def test_the_same_act_under_each_rule(act: str, regime: str) -> None:
    cell = cells("testimonials")[act, regime]
    assert cell["answer"] == SAME_ACT[act][REGIMES.index(regime)]
    assert cell["answer"] in table("testimonials")["vocabulary"]
    assert cell["sentence"].endswith(".")
    if (act, regime) in RESTS_ON:
        assert RESTS_ON[act, regime] in cell["cites"]


def test_the_table_has_these_cells_and_a_fallback_for_each_act() -> None:
    found = cells("testimonials")
    assert {act for act, _ in found} == set(SAME_ACT)
    assert set(found) == {(act, regime) for act in SAME_ACT for regime in (*REGIMES, "other")}
    assert all(found[act, "other"]["cites"] == [GOOD_PRACTICE] for act in SAME_ACT)


BOUND_BY = [
    # country, region, profession, regimes
    ("US", "", "psychologist", ["apa"]),
    ("US", "", "counsellor", ["aca"]),
    ("US", "US-TX", "counsellor", ["aca", "tx-lpc"]),
    ("US", "US-TX", "psychologist", ["apa"]),
    ("US", "", "social-worker", []),
    ("CA", "CA-ON", "counsellor", ["crpo"]),
    ("CA", "CA-ON", "marriage-family-therapist", ["crpo"]),
    ("CA", "CA-ON", "psychologist", []),
    ("CA", "CA-BC", "counsellor", []),
    ("AU", "", "psychologist", ["au-s133"]),
    ("AU", "", "psychiatrist", ["au-s133"]),
    ("AU", "", "counsellor", []),
    ("UK", "", "psychologist", []),
    ("IE", "", "counsellor", []),
    ("other", "", "counsellor", []),
]


@pytest.mark.parametrize(("country", "region", "profession", "expected"), BOUND_BY)
def test_who_is_bound(country: str, region: str, profession: str, expected: list[str]) -> None:
    facts = resolve(pack(), {"country": country, "region": region, "profession": profession})
    regimes = table("testimonials")["regimes"]
    found = [r["id"] for r in regimes if not r.get("fallback") and holds(parse(r["when"]), facts)]
    assert found == expected


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"country": "US", "profession": "counsellor"}, "permission"),
        ({"country": "US", "profession": "counsellor", "region": "US-TX"}, "disclaimer"),
        ({"country": "CA", "profession": "counsellor", "region": "CA-ON"}, "does not use testimonials"),
        ({"country": "AU", "profession": "psychologist"}, "may not be used"),
        ({"country": "UK", "profession": "psychologist"}, "good practice"),
    ],
)
def test_a_practice_reads_its_own_rule(place: dict[str, object], words: str) -> None:
    assert words in Words(pack(), resolve(pack(), place), "2026-11-21").value("testimonial_use")


SEARCHING = {
    ("search-in-ordinary-work", "aca"): ("consent-needed", ["aca-2014/H.6.c"]),
    ("search-in-ordinary-work", "nasw"): ("consent-needed", ["nasw-2021/1.03(i)", "nasw-2021/1.07(q)"]),
    ("search-in-ordinary-work", "apa"): ("judgement", [GOOD_PRACTICE]),
    ("search-in-danger", "aca"): ("no-exception", ["aca-2014/H.6.c", "aca-2014/B.2.a"]),
    ("search-in-danger", "nasw"): ("exception", ["nasw-2021/1.03(i)"]),
}


@pytest.mark.promise("B5")
@pytest.mark.parametrize("cell", SEARCHING, ids=" ".join)
def test_searching_and_the_exception_for_danger(cell: tuple[str, str]) -> None:
    answer, cites = SEARCHING[cell]
    found = cells("search")[cell]
    assert (found["answer"], found["cites"]) == (answer, cites)


@pytest.mark.promise("B5")
def test_no_clause_speaks_to_likes_pseudonyms_or_places() -> None:
    for topic in ("fanning-liking", "pseudonym-advice", "location-services"):
        stances = [p for p in pack().passages_of[topic] if p.role == "stance" and p.audience == "client"]
        assert stances and all(passage.cites == (GOOD_PRACTICE,) for passage in stances), topic


CLOCKS = {
    # clock: duration, unit, limit, runs from, compares, number
    "hipaa-individuals": (60, "calendar-days", "at-most", "discovery", "any", None),
    "hipaa-hhs-500-or-more": (0, "at-once", "at-most", "discovery", "at-least", 500),
    "hipaa-hhs-under-500": (60, "calendar-days", "at-most", "end-of-year", "fewer-than", 500),
    "hipaa-media": (60, "calendar-days", "at-most", "discovery", "more-than", 500),
    "hipaa-papers": (6, "years", "at-least", "last-in-effect", "any", None),
    "part2-breach": (60, "calendar-days", "at-most", "discovery", "any", None),
    "uk-gdpr-regulator": (72, "hours", "at-most", "awareness", "unless-unlikely-risk", None),
    "uk-gdpr-people": (None, None, "as-soon-as", "awareness", "high-risk", None),
    "eu-gdpr-regulator": (72, "hours", "at-most", "awareness", "unless-unlikely-risk", None),
    "eu-gdpr-people": (None, None, "as-soon-as", "awareness", "high-risk", None),
    "au-assessment": (30, "calendar-days", "at-most", "suspicion", "serious-harm", None),
    "au-notice": (None, None, "as-soon-as", "awareness", "serious-harm", None),
    "pipeda-notice": (None, None, "as-soon-as", "determination", "significant-harm", None),
    "pipeda-record": (None, None, "as-soon-as", "determination", "any", None),
    "phipa-on-people": (None, None, "as-soon-as", "awareness", "any", None),
    "phipa-on-commissioner": (None, None, "as-soon-as", "awareness", "listed", None),
}


@pytest.mark.parametrize("clock", CLOCKS)
def test_each_clock(clock: str) -> None:
    row = next(row for row in table("clocks")["clocks"] if row["id"] == clock)
    threshold = row["threshold"]
    assert (
        row.get("duration"), row.get("unit"), row["limit"], row["start"], threshold["compare"], threshold.get("number")
    ) == CLOCKS[clock]  # fmt: skip
    assert row["rule"] and row["trap"]


def test_there_is_no_other_clock() -> None:
    assert {row["id"] for row in table("clocks")["clocks"]} == set(CLOCKS)


def test_part2_follows_hipaa_since_february_2026() -> None:
    row = next(row for row in table("clocks")["clocks"] if row["id"] == "part2-breach")
    assert (row["follows"], row["in_force"].isoformat()) == ("hipaa-individuals", "2026-02-16")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"country": "US", "hipaa": "yes"}, "60 days"),
        ({"country": "US", "hipaa": "no"}, "as soon as possible"),
        ({"country": "UK"}, "72 hours"),
        ({"country": "IE"}, "Data Protection Commission"),
        ({"country": "AU"}, "as soon as practicable"),
        ({"country": "CA"}, "as soon as feasible"),
        ({"country": "CA", "region": "CA-ON"}, "first reasonable opportunity"),
        ({"country": "other"}, "as soon as possible"),
    ],
    ids=str,
)
def test_what_clients_are_told_of_a_breach(answers: dict[str, object], words: str) -> None:
    told = Words(pack(), resolve(pack(), {**basics(), **answers}), "2026-11-21").value("breach_client")
    assert words in told
    assert ("60 days" in told) is (words == "60 days")


CRISIS = {
    # country: emergency number, lines for adults, lines more for the young
    "US": ("911", ["988"], []),
    "UK": ("999", ["116 123", "111, then option 2", "85258"], ["0800 1111"]),
    "CA": ("911", ["9-8-8"], ["1-800-668-6868", "686868"]),
    "AU": ("000", ["13 11 14", "0477 13 11 14"], ["1800 55 1800"]),
    "IE": ("112 or 999", ["116 123", "50808"], ["1800 66 66 66"]),
    "other": ("", [], []),
}


@pytest.mark.promise("A8")
@pytest.mark.parametrize("country", COUNTRIES)
def test_the_crisis_route_of_each_country(country: str) -> None:
    emergency, adults, young = CRISIS[country]
    for clients, expected in ((["adults"], adults), (["adults", "minors"], [*adults, *young])):
        facts = resolve(pack(), {"country": country, "clients": clients})
        lines = facts["crisis_lines"]
        assert isinstance(lines, list)
        assert (facts["emergency_number"], [line["number"] for line in lines]) == (emergency, expected)


def test_northern_ireland_has_no_111() -> None:
    lines = resolve(pack(), {"country": "UK", "region": "GB-NIR"})["crisis_lines"]
    assert isinstance(lines, list)
    assert [line["number"] for line in lines] == ["116 123", "85258"]


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("profession", PROFESSIONS)
def test_every_table_has_something_to_say_to_everyone(country: str, profession: str) -> None:
    words = Words(pack(), resolve(pack(), basics(country, profession)), "2026-11-21")
    for name in ("breach_client", "breach_staff", "testimonial_use"):
        assert words.value(name).endswith(".")
