"""From a folder to a pack: every mistake with its file and line, the digest, and a folder of one's own on top."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from doorframe.engines.content import loader
from doorframe.engines.content.schema import Problem
from tests.engines.content import small

PACK, ASKS, CLAUSE = "policy/pack.toml", "policy/questions/010-friending.toml", "policy/clauses/friending.md"
CODE, OUTPUT, RULE, NOTICE = (
    "ethics/code-2020.toml",
    "policy/outputs/policy.toml",
    "policy/contradictions/all.toml",
    "policy/notices/all.toml",
)

WRONG = [
    # file, what is there, what comes instead, words of the line that is named, words of the problem
    (ASKS, 'label = "Yes"', 'label = "Yes"\ncolour = "red"', 'colour = "red"', "has no `colour`"),
    (ASKS, 'label = "Yes"', "label = 5", "label = 5", "`label` of an option of “friending” must be text"),
    (ASKS, 'label = "Yes"', "", "[[fields.options]]", "an option of “friending” needs `label`"),
    (ASKS, "order = 10", "order = true", "order = true", "`order` of a screen must be a whole number"),
    (ASKS, "order = 10", 'order = "10"', 'order = "10"', "must be a whole number"),
    (ASKS, 'topics = ["friending"]', 'topics = "friending"', "topics", "must be a list"),
    (ASKS, 'topics = ["friending"]', "topics = [1]", "topics", "must be a list of texts"),
    (ASKS, 'kind = "choice"', 'kind = "slider"', "slider", "`kind` of the field “friending” is “slider”; it can be"),
    (ASKS, 'kind = "choice"', 'kind = "choice"\nrequired = "yes"', "required", "must be true or false"),
    (ASKS, 'kind = "choice"', 'kind = "choice"\nwhen = { some = [] }', "when", "a condition knows all, any and not"),
    (ASKS, "[[fields]]", '[fields]\nid = "x"\n[[other]]', "[fields]", "`fields` of a screen must be a list"),
    (ASKS, "order = 10", "order = = 10", "order = =", "this is not valid TOML"),
    (ASKS, "order = 10", f"order = {'9' * 5000}", "", "a number in it is far too long"),
    (CLAUSE, 'audience = "staff"', 'audience = "everyone"', "everyone", "is “everyone”; it can be client, staff"),
    (CLAUSE, 'audience = "staff"', 'audience = "staff"\nsize = 3', "size = 3", "the passage “staff” has no `size`"),
    (CLAUSE, 'audience = "staff"', "audience = = 3", "audience = =", "this front matter is not valid TOML"),
    (CLAUSE, "\nDo not accept requests.\n", "", "+++", "the passage “staff” has no words"),
    (CLAUSE, '+++\nid = "decline"', 'Words.\n+++\nid = "decline"', "Words.", "begins with +++"),
    (CODE, "checked = 2026-01-31", 'checked = "last week"', "last week", "must be a date"),
    (CODE, "checked = 2026-01-31", "checked = 5", "checked = 5", "must be a date"),
    (CODE, 'summary = "Nobody has read this."', 'sumary = "Nobody."', "sumary", "has no `sumary`"),
    (OUTPUT, 'kind = "topics"', 'kind = "weather"', "weather", "is “weather”; it can be frame, topics"),
    (RULE, "matches = ", "examples = ", "[[contradictions]]", "needs `matches`"),
    (NOTICE, "limit = 30", "limit = 30.5", "limit = 30.5", "must be a whole number"),
    (PACK, 'friending = "Friend requests"\n[names]', "[names]", "[topics]", "the topics needs `friending`"),
    (PACK, 'version = "1"', 'version = "1"\nauthor = "me"', "author", "the pack has no `author`"),
    ("policy/voice.toml", 'I = "we"', "I = 5", "[group]", "`group` must be a table of words"),
    ("policy/platforms.toml", 'name = "A website"', "", "[[platforms]]", "a platform needs `name`"),
    ("policy/placeholders.toml", "_{3,}", "(", "patterns", "is not a pattern"),
    ("law/searching.toml", 'id = "searching"', "id = searching", "id = searching", "this is not valid TOML"),
]


@pytest.mark.parametrize(("file", "old", "new", "at", "words"), WRONG, ids=[f"{w[0]} {w[4]}"[:80] for w in WRONG])
def test_a_mistake_has_its_file_and_line(tmp_path: Path, file: str, old: str, new: str, at: str, words: str) -> None:
    files = small.replaced(file, old, new)
    _, problems = small.read(tmp_path, files)
    found = [problem for problem in problems if words in problem.message]
    assert [problem.file for problem in found] == [file], [str(problem) for problem in problems]
    line = found[0].line
    assert bool(line) is bool(at)
    assert not line or at in files[file].splitlines()[line - 1], str(found[0])
    assert str(found[0]).startswith(f"{file}:{line}: " if line else f"{file}: ")


def test_the_second_of_two_tables_gets_its_own_line(tmp_path: Path) -> None:
    second = '\n[[fields]]\nid = "more"\nkind = "text"\nlabel = 7\n'
    files = small.changed(**{ASKS: small.FILES[ASKS] + second})
    _, problems = small.read(tmp_path, files)
    lines = files[ASKS].splitlines()
    assert [(problem.line, lines[problem.line - 1]) for problem in problems] == [(len(lines), "label = 7")]


def test_tables_written_inline_are_read(tmp_path: Path) -> None:
    asks = small.FILES[ASKS].split("[[fields.options]]")[0]
    asks += 'options = [{ id = "decline", label = "No" }, { id = "accept", label = "Yes" }]\n'
    _, problems = small.read(tmp_path, small.changed(**{ASKS: asks}))
    assert problems == []


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    small.write(tmp_path, small.FILES)
    (tmp_path / CLAUSE).write_bytes(small.FILES[CLAUSE].replace("staff", "Änderung").encode("latin-1"))
    _, problems = loader.read(base=tmp_path)
    assert Problem(CLAUSE, 10, "this file is not UTF-8 text; save it as UTF-8") in problems


def test_a_mark_at_the_beginning_is_no_mistake(tmp_path: Path) -> None:
    small.write(tmp_path, small.FILES)
    (tmp_path / ASKS).write_bytes(small.FILES[ASKS].encode("utf-8-sig"))
    pack, problems = loader.read(base=tmp_path)
    assert problems == [] and pack is not None and pack.screens[0].id == "friending"


def test_nesting_too_deep_is_a_sentence(tmp_path: Path) -> None:
    deep = "x = " + "[" * 100_000
    _, problems = small.read(tmp_path, small.changed(**{"law/deep.toml": deep}))
    assert [(p.file, p.message.split(":")[0]) for p in problems] == [("law/deep.toml", "this cannot be read")]


def test_each_problem_is_said_once(tmp_path: Path) -> None:
    _, problems = small.read(tmp_path, small.replaced("law/searching.toml", "[[acts]]", "[[acts"))
    assert len(problems) == len(set(problems)) == 1


def test_a_missing_pack(tmp_path: Path) -> None:
    pack, problems = small.read(tmp_path, small.changed(**{PACK: None}))
    assert pack is None
    assert Problem(PACK, 0, "the pack itself is missing") in problems


def test_an_empty_folder_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(loader.ContentError, match="the pack itself is missing"):
        loader.load(base=tmp_path)


def test_a_clause_for_no_topic(tmp_path: Path) -> None:
    _, problems = small.read(tmp_path, small.changed(**{"policy/clauses/liking.md": small.FILES[CLAUSE]}))
    assert [p.file for p in problems if "there is no topic “liking”" in p.message] == ["policy/clauses/liking.md"]


@pytest.mark.parametrize("name", ["policy/clause/friending.md", "notes.toml", "policy/questions.toml", "laws/x.toml"])
def test_a_file_nothing_reads_is_named(tmp_path: Path, name: str) -> None:
    _, problems = small.read(tmp_path, small.changed(**{name: "id = 1"}))
    assert [problem.file for problem in problems] == [name]
    assert "nothing reads this file" in problems[0].message


def test_the_digest_follows_the_words_not_the_line_ends(tmp_path: Path) -> None:
    one, _ = small.read(tmp_path / "one", small.FILES)
    crlf, problems = small.read(tmp_path / "two", {name: t.replace("\n", "\r\n") for name, t in small.FILES.items()})
    other, _ = small.read(tmp_path / "three", small.replaced(CLAUSE, "{I} do not accept", "{I} never accept"))
    moved = {("policy/notices/lines.toml" if name == NOTICE else name): text for name, text in small.FILES.items()}
    renamed, _ = small.read(tmp_path / "four", moved)
    assert one and crlf and other and renamed and problems == []
    assert one.sha256 == crlf.sha256
    assert one.passages == crlf.passages
    assert len({one.sha256, other.sha256, renamed.sha256}) == 3


def test_a_folder_of_ones_own_adds_and_overrides(tmp_path: Path) -> None:
    base = small.write(tmp_path / "base", small.FILES)
    own = small.write(
        tmp_path / "own",
        {
            CLAUSE: small.FILES[CLAUSE].replace("{I} do not accept requests.", "{I} turn requests down."),
            "policy/frames/more.md": '+++\nid = "words"\n+++\nMore words.\n',
        },
    )
    pack = loader.load(own, base=base)
    assert pack.passages[0].paragraphs == (("{I} turn requests down.",),)
    assert set(pack.frames) == {"intro", "more"}
    assert pack.sha256 != loader.load(base=base).sha256
    assert loader.load(base=base).passages[0].paragraphs == (("{I} do not accept requests.",),)


def test_the_last_folder_has_the_last_word(tmp_path: Path) -> None:
    base = small.write(tmp_path / "base", small.FILES)
    for name in ("one", "two"):
        text = small.FILES["policy/frames/intro.md"].replace("This is", name)
        small.write(tmp_path / name, {"policy/frames/intro.md": text})
    pack = loader.load(tmp_path / "one", tmp_path / "two", base=base)
    assert pack.frames["intro"][0].paragraphs == (("two a policy.",),)


def test_a_mistake_in_ones_own_folder_stops_the_pack(tmp_path: Path) -> None:
    own = small.write(tmp_path / "own", {CLAUSE: "no front matter"})
    with pytest.raises(loader.ContentError) as caught:
        loader.load(own, base=small.write(tmp_path / "base", small.FILES))
    assert str(caught.value).startswith(f"{CLAUSE}:1: ")


def test_the_whole_of_ours_has_the_same_digest_with_other_line_ends(tmp_path: Path) -> None:
    shutil.copytree(loader.OWN, tmp_path / "ours")
    for path in (tmp_path / "ours").rglob("*.*"):
        if path.suffix in {".toml", ".md"}:
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert loader.load(base=tmp_path / "ours") == loader.load()
