"""The words around signing: what is missing, unknown or wrong in them is said with its file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from doorframe.engines.content import loader
from doorframe.engines.content.signing import ASKS, CAPACITIES, CHOICES, ELEMENTS, TALKS
from doorframe.engines.content.signing_checks import SAYS
from tests.cli.commands import run
from tests.engines.practices import pack


def broken(folder: Path, name: str, old: str, new: str) -> list[str]:
    """What is said of our words with one piece of one file changed; the file is laid over ours."""
    text = (loader.OWN / "signing" / name).read_text(encoding="utf-8")
    assert old in text, f"{name} does not hold {old!r}"
    path = folder / "signing" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(problem) for problem in loader.read_signing(pack(), folder)[1]]


def test_ours_is_in_order() -> None:
    words, problems = loader.read_signing(pack())
    assert problems == []
    assert tuple(dict.fromkeys(one.id for one in words.choices)) == CHOICES
    assert tuple(words.capacities) == CAPACITIES
    assert tuple(words.talks) == TALKS
    assert {say.id for say in words.says} == set(SAYS)
    assert {ask for one in words.capacities.values() for ask in one.asks} == set(ASKS)
    assert len(words.sha256) == 64


CASES = [
    # file, what stands there, what stands there instead, what is said
    ("disclosures/us.toml", "needs = [", "hue = 1\nneeds = [", "signing/disclosures/us.toml:", "has no `hue`"),
    ("disclosures/us.toml", 'elements = ["scope"]', "elements = []", "", "tells of “scope”, which it needs"),
    ("disclosures/us.toml", 'elements = ["scope"]', 'elements = ["scop"]', "", "not “scop”"),
    ("disclosures/us.toml", "esign-2000/7001(c)", "esign-2000/7001(z)", "", "citation “esign-2000/7001(z)”"),
    ("disclosures/us.toml", 'when = "country:US"', 'when = "country:XX"', "", "“country” can be"),
    ("disclosures/us.toml", 'when = "country:US"', 'when = "planet:US"', "", "called “planet”"),
    ("disclosures/us.toml", "or tell {me}", "or tell me", "", "write {I}, {me} or {my}, not “me”"),
    ("disclosures/us.toml", "or tell {me}", "or tell {mee}", "", "nothing fills the placeholder {mee}"),
    ("disclosures/us.toml", "or tell {me}", "or tell {me", "", "a brace is open"),
    ("disclosures/us.toml", "title = ", "title = 4 #", "", "must be text"),
    ("disclosures/elsewhere.toml", "fallback = true", "", "signing/disclosures:", "must be the fallback"),
    ("disclosures/us.toml", 'when = "country:US"', "fallback = true", "", "must be the fallback"),
    ("choices.toml", 'id = "paper"', 'id = "refuse"', "signing/choices.toml:", "is “refuse”; it can be"),
    ("choices.toml", "talk-and-record", "talk-and-sing", "", "“acknowledgement” can be"),
    ("choices.toml", "signs = true", "sings = true", "signing/choices.toml:", "has no `sings`"),
    ("people.toml", 'id = "witness"', 'id = "guardian"', "", "the capacity “witness” is missing"),
    ("people.toml", 'asks = ["relationship", "authority"]', 'asks = ["age"]', "", "not “age”"),
    ("talking.toml", 'id = "yearly"', 'id = "third-session"', "", "the prompt to talk “yearly” is missing"),
    ("words.toml", 'id = "asked"', 'id = "askt"', "", "the short text “asked” is missing"),
    ("words.toml", 'id = "asked"', 'id = "askt"', "", "no page asks for the short text “askt”"),
    ("words.toml", "numbers = [", "numbers = []\nothers = [", "", "the list `numbers` is empty"),
    ("words.toml", "words_a_minute = 200", "words_a_minute = 0", "", "more than nothing"),
    ("questions/reaching.toml", 'topic = "email"', 'topic = "pigeons"', "", "there is no topic “pigeons”"),
    ("questions/reaching.toml", "right = true\n", "", "", "one of them right"),
    ("questions/reaching.toml", '"dm-never"', '"crisis"', "", "2 questions called “crisis”"),
    ("questions/reaching.toml", '"dm:never"', '"dm:nevr"', "", "“dm” can be"),
    ("questions/reaching.toml", "[[questions]]", "[[questions]", "", "not valid TOML"),
]  # fmt: skip


@pytest.mark.promise("C3")
@pytest.mark.parametrize(("name", "old", "new", "place", "said"), CASES)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, old: str, new: str, place: str, said: str) -> None:
    problems = broken(tmp_path, name, old, new)
    assert any(said in problem and problem.startswith(place) for problem in problems), problems


def test_a_file_that_nothing_reads(tmp_path: Path) -> None:
    (tmp_path / "signing").mkdir()
    (tmp_path / "signing" / "word.toml").write_text("", encoding="utf-8")
    (problem,) = loader.read_signing(pack(), tmp_path)[1]
    assert str(problem).startswith("signing/word.toml: nothing reads this file")


def test_a_folder_without_any_of_it_says_what_is_missing(tmp_path: Path) -> None:
    shutil.copytree(loader.OWN, tmp_path / "content", ignore=shutil.ignore_patterns("signing"))
    words, problems = loader.read_signing(pack(), base=tmp_path / "content")
    said = "\n".join(map(str, problems))
    for id in (*CHOICES, *CAPACITIES, *TALKS, *SAYS):
        assert f"“{id}” is missing" in said
    assert words.disclosures == ()
    with pytest.raises(loader.ContentError):
        loader.load_signing(pack(), base=tmp_path / "content")


def test_a_practice_lays_its_own_words_over_ours(tmp_path: Path) -> None:
    assert broken(tmp_path, "choices.toml", '"I agree"', '"I say yes"') == []
    assert "I say yes" in {one.label for one in loader.load_signing(pack(), tmp_path).choices}
    assert loader.load_signing(pack(), tmp_path).sha256 != loader.load_signing(pack()).sha256


def test_the_pack_and_its_hash_do_not_hang_on_these_words(tmp_path: Path) -> None:
    broken(tmp_path, "choices.toml", '"I agree"', '"I say yes"')
    assert loader.load(tmp_path).sha256 == pack().sha256


def test_the_content_check_reads_them_too(tmp_path: Path) -> None:
    broken(tmp_path, "choices.toml", 'id = "paper"', 'id = "refuse"')
    done = run("content", "check", tmp_path)
    assert done.returncode == 1 and "is “refuse”; it can be" in done.stdout


def test_every_element_is_told_somewhere() -> None:
    """An element that nothing tells would be a word that no file may need."""
    told = {
        element for one in loader.load_signing(pack()).disclosures for part in one.parts for element in part.elements
    }
    assert told == set(ELEMENTS)
