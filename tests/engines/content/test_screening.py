"""What somebody else writes into screening is tried when it is read: every fault has its file and its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorframe.engines.content import loader

RULE = """title = "Says goodbye"
family = "case-story"
why = "Somebody is known by it."
matches = ["Goodbye, dear client."]
passes = ["Goodbye, summer."]
[[signs]]
cues = ["goodbye .. client"]
"""


def problems(folder: Path, text: str) -> list[str]:
    place = folder / "screening" / "rules" / "mine.toml"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return [str(problem) for problem in loader.read_screening(folder)[1]]


def test_a_rule_of_ones_own_is_read(tmp_path: Path) -> None:
    assert problems(tmp_path, RULE) == []
    assert loader.load_screening(tmp_path).rules["mine"].title == "Says goodbye"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("goodbye .. client", "<nosuch> client", "mine.toml:7: there is no word class <nosuch>"),
        ("goodbye .. client", ".. client", "mine.toml:7: “.. client” must begin and end with a word, and need one"),
        ('family = "case-story"', 'family = "tales"', "mine.toml:2: `family` of a rule is “tales”"),
        ('why = "Somebody is known by it."', "", "mine.toml:1: a rule needs `why`"),
        ('matches = ["Goodbye, dear client."]', "", "a rule needs `matches` and `passes`"),
        ("[[signs]]", 'colour = "red"\n[[signs]]', "mine.toml:6: a rule has no `colour`"),
        ('title = "Says goodbye"', "title =", "mine.toml:1: this is not valid TOML"),
    ],
)
def test_a_fault_is_said_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    found = problems(tmp_path, RULE.replace(old, new))
    assert any(said in one for one in found), found


def test_our_own_patterns_are_tried_where_citations_are() -> None:
    assert loader.read_screening(verified=frozenset())[1] != []
