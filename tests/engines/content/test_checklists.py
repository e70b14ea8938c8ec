"""A checklist is read strictly: what is missing, doubled or unknown is named with its file."""

from __future__ import annotations

import pytest

from doorframe.engines.content import loader
from doorframe.engines.content.checklists import DECISION, checklist
from doorframe.engines.content.reader import Source
from doorframe.engines.content.schema import OUTCOMES, Problem

GOOD = """
id = "round"
title = "A round"
[[sections]]
id = "risks"
title = "Risks"
named = "Risk"
asked = "How much?"
controls = "What you would do"
remark = "More"
[[sections.weights]]
id = "small"
label = "Small"
[[sections.items]]
id = "seen"
title = "Who can see it"
explain = "A post travels."
[[sections.items.controls]]
id = "hide"
label = "Hide the list"
[[sections.fields]]
id = "who"
label = "Who posts"
hint = "By name."
"""


def read(text: str) -> tuple[object, list[str]]:
    problems: list[Problem] = []
    found = checklist(Source("checklists/round.toml", text, problems))
    return found, [problem.message for problem in problems]


def test_a_thing_to_weigh_becomes_up_to_three_fields() -> None:
    found, problems = read(GOOD)
    assert problems == []
    fields = found.fields  # type: ignore[attr-defined]
    assert {id: field.kind for id, field in fields.items()} == {
        "seen": "choice",
        "seen_controls": "choices",
        "seen_remark": "long-text",
        "who": "text",
    }
    assert [option.id for option in fields["seen"].options] == ["small"]


@pytest.mark.parametrize(
    ("change", "to", "says"),
    [
        ('explain = "A post travels."', 'explane = "A post travels."', "explane"),
        ('id = "who"', 'id = "seen"', "stands twice"),
        ('named = "Risk"\n', "", "named"),
        ('[[sections.weights]]\nid = "small"\nlabel = "Small"\n', "", "cannot be weighed"),
        ('hint = "By name."', 'kind = "choice"', "needs options"),
        ('hint = "By name."', 'kind = "rows"', "list of rows"),
        ('id = "round"', f'id = "{DECISION}"', "outcome"),
    ],
)
def test_what_is_wrong_is_named(change: str, to: str, says: str) -> None:
    assert change in GOOD
    _found, problems = read(GOOD.replace(change, to))
    assert any(says in problem for problem in problems), problems


def test_a_section_that_asks_nothing_is_named() -> None:
    _found, problems = read('id = "x"\ntitle = "X"\n[[sections]]\nid = "empty"\ntitle = "Empty"\n')
    assert problems == ["the section “empty” asks nothing: it needs items or fields"]


def test_a_file_that_is_no_toml_is_named_once() -> None:
    found, problems = read("id = ")
    assert found is None and len(problems) == 1


@pytest.mark.promise("A10")
def test_our_own_worksheet_ends_in_one_of_four_ways() -> None:
    fields = loader.load().checklists[DECISION].fields
    assert {option.id for option in fields["outcome"].options} == set(OUTCOMES)
    assert fields["outcome"].required and fields["reason"].required
