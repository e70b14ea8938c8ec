"""What somebody else writes into the detector is tried when it is read: every fault has its file and its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorframe.cli import content_check
from doorframe.engines.content import loader
from doorframe.engines.content.detection import TACTICS
from doorframe.engines.content.loader import OWN
from doorframe.engines.detection import examples

GUILT = """id = "guilt"
title = "Counts up favours"
meaning = "A favour is counted. It is held up later."
look_for = ["One.", "Two.", "Three."]
is_not = ["One.", "Two.", "Three."]
why = "These words may count up a favour."
guidance = "Look at it. Talk to both."
sources = ["good-practice"]
matches = ["I baked for you.", "I baked you bread.", "I baked, you slept.", "I baked all day for you."]
passes = ["We baked.", "They baked.", "You slept.", "Bread for all.", "Good night.", "I slept."]
also = ["He says “I baked for you”.", "Did I say I baked?", "“I baked”, a poem."]
[[cues]]
id = "baked"
patterns = ["i baked"]
"""


def write(folder: Path, name: str, text: str) -> Path:
    place = folder / "detection" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path, text: str, name: str = "tactics/guilt.toml") -> list[str]:
    return [str(problem) for problem in loader.read_detection(write(folder, name, text))[1]]


def test_a_tactic_of_ones_own_stands_in_the_place_of_ours(tmp_path: Path) -> None:
    assert problems(tmp_path, GUILT) == []
    content = loader.load_detection(tmp_path)
    assert content.tactics["guilt"].title == "Counts up favours"
    assert tuple(content.tactics) == TACTICS
    assert content.sha256 != loader.load_detection().sha256
    assert examples.check(content) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("i baked\"]", "<nosuch> baked\"]", "guilt.toml:14: there is no word class <nosuch>"),
        ("i baked\"]", ".. baked\"]", "guilt.toml:14: “.. baked” must begin and end with a word"),
        ('patterns = ["i baked"]', "", "guilt.toml:12: a cue needs `patterns`"),
        ('id = "baked"', 'id = "Baked!"', "guilt.toml:12: the id of a cue is small letters"),
        ('id = "guilt"', 'id = "charm"', "guilt.toml:1: `id` of a tactic is “charm”; it can be denial-of-events"),
        ('id = "guilt"', 'id = "threat"', "guilt.toml:1: the file of the tactic “threat” must be called threat.toml"),
        ('why = "These words may count up a favour."', "", "guilt.toml:1: a tactic needs `why`"),
        ("count up a favour.", "count. Or not.", "guilt.toml:6: `why` of a tactic has one sentence, not 2"),
        ("Look at it. Talk to both.", "Look.", "guilt.toml:7: `guidance` of a tactic has 2 to 5 sentences, not 1"),
        (', "Three."]\nis_not', "]\nis_not", "guilt.toml:4: `look_for` of a tactic has 3 to 6 items, not 2"),
        (', "I slept."]', "]", "guilt.toml:10: `passes` of a tactic has 6 to 99 items, not 5"),
        (', "“I baked”, a poem."]', "]", "guilt.toml:11: `also` of a tactic has 3 to 99 items, not 2"),
        ('sources = ["good-practice"]', "", "`sources` of a tactic has 1 to 9 items, not 0"),
        ("[[cues]]", 'colour = "red"\n[[cues]]', "guilt.toml:12: a tactic has no `colour`"),
        ("[[cues]]", '[[cues]]\nid = "baked"\npatterns = ["baked"]\n[[cues]]', "there is another cue “baked”"),
        ('title = "Counts up favours"', "title =", "guilt.toml:2: this is not valid TOML"),
    ],
)  # fmt: skip
def test_a_fault_is_said_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GUILT
    found = problems(tmp_path, GUILT.replace(old, new, 1))
    assert any(said in one for one in found), found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unclear =", "vague =", "ask.toml:1: the words for the moderator needs `unclear`"),
        ("received =", "got =", "needs `received`"),
        ("[pairs]", "[couples]", "needs a table `pairs`"),
        ("high =", "higher =", "has no `higher`"),
    ],
)
def test_the_words_for_a_moderator_are_all_there(tmp_path: Path, old: str, new: str, said: str) -> None:
    own = (OWN / "detection" / "ask.toml").read_text(encoding="utf-8")
    found = problems(tmp_path, own.replace(old, new), "ask.toml")
    assert any(said in one for one in found), found


def test_a_fault_in_a_word_class_is_said_with_its_line(tmp_path: Path) -> None:
    own = (OWN / "detection" / "words.toml").read_text(encoding="utf-8")
    found = problems(tmp_path, own + 'mine = ["<mine> bread"]\n', "words.toml")
    assert f"detection/words.toml:{own.count(chr(10)) + 1}: the word class <mine> holds itself" in found


def test_a_file_that_nothing_reads_is_named(tmp_path: Path) -> None:
    assert any("nothing reads this file" in one for one in problems(tmp_path, GUILT, "guilt.toml"))
    assert any(
        "it can be" in one for one in problems(tmp_path, GUILT.replace('"guilt"', '"charm"'), "tactics/charm.toml")
    )


def test_a_folder_without_the_files_says_which_are_missing(tmp_path: Path) -> None:
    (tmp_path / "detection").mkdir()
    found = [str(one) for one in loader.read_detection(base=tmp_path)[1]]
    assert len(found) == len(TACTICS) + 1
    with pytest.raises(loader.ContentError):
        loader.load_detection(base=tmp_path)


def test_what_is_cited_must_be_verified(tmp_path: Path) -> None:
    write(tmp_path, "tactics/guilt.toml", GUILT.replace('["good-practice"]', '["good-practice", "made-up/1"]'))
    found = loader.read_detection(tmp_path, verified=frozenset({"aca-2014/A.5.e"}))[1]
    assert [str(one) for one in found] == ["detection/tactics/guilt.toml: there is no verified citation “made-up/1”"]


def test_our_own_patterns_are_tried_where_citations_are() -> None:
    assert loader.read_detection(verified=frozenset())[1] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("I baked for you.", "I fried for you.", ":9: in “I fried for you.” a cue of this tactic must stand"),
        ("We baked.", "I baked.", ":10: in “I baked.” no cue of this tactic may stand: baked"),
        ("Did I say I baked?", "Did I?", ":11: in “Did I?” a cue of this tactic must stand"),
        ("[[cues]]", '[[cues]]\nid = "fried"\npatterns = ["fried"]\n[[cues]]', ":12: no example shows the cue “fried”"),
    ],
)
def test_every_example_is_tried_and_every_cue_is_shown(tmp_path: Path, old: str, new: str, said: str) -> None:
    content = loader.load_detection(write(tmp_path, "tactics/guilt.toml", GUILT.replace(old, new, 1)))
    assert f"detection/tactics/guilt.toml{said}" in [str(one) for one in examples.check(content)]


def test_the_check_of_the_content_says_what_does_not_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in ("examples", "screening_examples"):  # the other rooms have tests of their own, and take seconds
        monkeypatch.setattr(f"doorframe.cli.content_check.{other}.check", lambda _rules: [])
    write(tmp_path, "tactics/guilt.toml", GUILT.replace("We baked.", "I baked."))
    assert content_check.run([str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "detection/tactics/guilt.toml:10: in “I baked.” no cue of this tactic may stand: baked" in out
    assert "\n1 problems." in out
