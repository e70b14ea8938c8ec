"""Each check on a pack, with the smallest pack that breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorframe.engines.interview.findings import example_problems
from tests.engines.content import small

PACK, ASKS, CLAUSE = "policy/pack.toml", "policy/questions/010-friending.toml", "policy/clauses/friending.md"
RULE, NOTICE, OUTPUT, LAW = (
    "policy/contradictions/all.toml",
    "policy/notices/all.toml",
    "policy/outputs/policy.toml",
    "law/searching.toml",
)


def test_the_small_pack_is_in_order(tmp_path: Path) -> None:
    pack, problems = small.read(tmp_path, small.FILES)
    assert problems == []
    assert pack is not None
    assert example_problems(pack) == []


BROKEN = [
    # file, what is there, what comes instead, the file that is named, words of the problem
    (ASKS, 'section = "first"', 'section = "second"', ASKS, "no section “second”"),
    (ASKS, 'topics = ["friending"]', 'topics = ["friending", "liking"]', ASKS, "no topic “liking”"),
    (ASKS, 'kind = "choice"', 'kind = "choice"\ndefault_from = "stars"', ASKS, "no usual answers called “stars”"),
    (ASKS, 'kind = "choice"', 'kind = "choice"\noptions_from = "stars"', ASKS, "no options called “stars”"),
    (ASKS, 'default = "decline"', 'default = "perhaps"', ASKS, "the default of “friending” is not among its options"),
    (ASKS, 'kind = "choice"', 'kind = "rows"', ASKS, "needs columns"),
    (ASKS, "{I} say no", "{we} say no", ASKS, "nothing fills the placeholder {we}"),
    (ASKS, "{I} say no", "I say no", ASKS, "write {I}"),
    (ASKS, "{I} say no", "{I say no", ASKS, "a brace is open"),
    (ASKS, 'cites = ["code-2020/1.1"]', 'cites = ["code-2020/9.9"]', ASKS, "is not verified"),
    (ASKS, 'cites = ["code-2020/1.1"]', 'cites = ["code-2020/1.2"]', ASKS, "resolves to no clause"),
    (ASKS, 'why = "Clients', 'when = "moon"\nwhy = "Clients', ASKS, "no question and no derived fact is called “moon”"),
    (CLAUSE, "friending:decline", "friending:never", CLAUSE, "“friending” can be decline, accept; not “never”"),
    (CLAUSE, 'cites = ["code-2020/1.1"]', 'cites = ["code-2020/9.9"]', CLAUSE, "is not verified"),
    (CLAUSE, 'cites = ["code-2020/1.1"]', 'cites = ["code-2021/1.1"]', CLAUSE, "resolves to no clause"),
    (CLAUSE, 'cites = ["code-2020/1.1"]', "cites = []", CLAUSE, "states a rule: it needs cites"),
    (CLAUSE, "{I} do not accept", "I do not accept", CLAUSE, "write {I}"),
    (CLAUSE, "{I} do not accept", "{they} do not accept", CLAUSE, "nothing fills the placeholder {they}"),
    (CLAUSE, "{I} do not accept", "{I} {do not accept", CLAUSE, "a brace is open"),
    (CLAUSE, 'id = "staff"\naudience = "staff"', 'id = "staff"', CLAUSE, "has no passage for staff"),
    (CLAUSE, 'id = "staff"', 'id = "decline"', CLAUSE, "two of the passage “friending/decline”"),
    (RULE, 'screens = ["friending"]', 'screens = ["moon"]', RULE, "leads to no screen “moon”"),
    (RULE, 'screens = ["friending"]', "screens = []", RULE, "must name the screens that mend it"),
    (RULE, 'when = "friending:accept"', 'says = ["yes"]', RULE, "must name the fields they stand in"),
    (RULE, 'when = "friending:accept"', 'says = ["yes"]\nfields = ["moon"]', RULE, "reads “moon”"),
    (RULE, 'when = "friending:accept"', 'when = "friending:sometimes"', RULE, "not “sometimes”"),
    (NOTICE, "{I} answer.", "{I} answer every message that comes in.", NOTICE, "longer than its limit of 30"),
    (NOTICE, "{I} answer.", "{you} answer.", NOTICE, "nothing fills the placeholder {you}"),
    (NOTICE, "{I} answer.", "We answer.", NOTICE, "write {I}"),
    (NOTICE, 'title = "A line"', 'title = "A line"\ncites = ["code-2020/9.9"]', NOTICE, "is not verified"),
    (NOTICE, 'title = "A line"', 'title = "A line"\nwhen = "moon"', NOTICE, "called “moon”"),
    (OUTPUT, 'frame = "intro"', 'frame = "outro"', OUTPUT, "no frame “outro”"),
    (OUTPUT, 'formats = ["pdf"]', 'formats = ["pdf", "rtf"]', OUTPUT, "nothing can be written as “rtf”"),
    (OUTPUT, 'title = "Policy"', 'title = "{Our} policy"', OUTPUT, "nothing fills the placeholder {Our}"),
    (PACK, "How {I} work", "How we work", PACK, "write {I}"),
    (PACK, "How {I} work", "How {he} works", PACK, "nothing fills the placeholder {he}"),
    (LAW, 'when = "friending:decline"', 'when = { some = ["x"] }', LAW, "a condition knows all, any and not"),
    (LAW, 'when = "friending:decline"', 'when = "moon"', LAW, "called “moon”"),
    (LAW, 'regime = "here"', 'regime = "there"', LAW, "there is no regime “there”"),
    (LAW, 'cites = ["code-2020/1.1"]', 'cites = ["code-2020/9.9"]', LAW, "is not verified"),
    (LAW, 'cites = ["good-practice"]', 'cites = ["moon/1"]', LAW, "resolves to no clause"),
]


@pytest.mark.promise("B5")
@pytest.mark.parametrize(("file", "old", "new", "named", "words"), BROKEN, ids=[f"{b[2]}"[:60] for b in BROKEN])
def test_a_broken_pack_is_named(tmp_path: Path, file: str, old: str, new: str, named: str, words: str) -> None:
    _, problems = small.read(tmp_path, small.replaced(file, old, new))
    assert [p for p in problems if p.file == named and words in p.message], [str(problem) for problem in problems]


def test_a_screen_that_asks_nothing(tmp_path: Path) -> None:
    asks = small.FILES[ASKS].split("[[fields]]")[0]
    _, problems = small.read(tmp_path, small.changed(**{ASKS: asks}))
    assert any("asks nothing" in problem.message for problem in problems)


def test_a_choice_without_options(tmp_path: Path) -> None:
    asks = small.FILES[ASKS].split("[[fields.options]]")[0].replace('default = "decline"', "")
    _, problems = small.read(tmp_path, small.changed(**{ASKS: asks}))
    assert any("“friending” needs options" in problem.message for problem in problems)


def test_two_questions_for_one_field(tmp_path: Path) -> None:
    again = small.FILES[ASKS].replace('id = "friending"\nsection', 'id = "again"\nsection').replace("= 10", "= 20")
    _, problems = small.read(tmp_path, small.changed(**{"policy/questions/020-again.toml": again}))
    assert any("“friending” stands in policy/questions/010-friending.toml too" in p.message for p in problems)


@pytest.mark.promise("A3")
def test_a_topic_nobody_asks_about(tmp_path: Path) -> None:
    _, problems = small.read(tmp_path, small.replaced(ASKS, 'topics = ["friending"]', "topics = []"))
    assert [p.message for p in problems] == ["no screen asks about the topic “friending”"]


@pytest.mark.promise("A3")
def test_a_topic_nothing_is_said_about(tmp_path: Path) -> None:
    _, problems = small.read(tmp_path, small.changed(**{CLAUSE: None}))
    assert {p.message for p in problems} == {
        "the topic “friending” has no passage for client",
        "the topic “friending” has no passage for staff",
    }


@pytest.mark.promise("A6")
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('matches = [{ friending = "accept" }]', 'matches = [{ friending = "decline" }]', "should match"),
        ('passes = [{ friending = "decline" }]', 'passes = [{ friending = "accept" }]', "should pass"),
        ('passes = [{ friending = "decline" }]', 'passes = [{ moon = "full" }]', "which no screen asks"),
    ],
)
def test_an_example_that_does_not_hold(tmp_path: Path, old: str, new: str, words: str) -> None:
    pack, problems = small.read(tmp_path, small.replaced(RULE, old, new))
    assert pack is not None and problems == []
    found = example_problems(pack)
    assert len(found) == 1 and words in found[0] and found[0].startswith(RULE)
