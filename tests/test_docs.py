"""The documentation: generated pages up to date, links that lead somewhere, nothing undocumented, plain words."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from doorframe.cli.reference import pages as content_pages
from doorframe.engines.content import loader
from doorframe.engines.reading import flesch_kincaid
from doorframe.web import env, reference
from doorframe.web.help import library, render
from doorframe.web.reference import commands, promises

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
FRONT = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")]
PAGES = [*FRONT, *sorted(DOCS.rglob("*.md"))]
GENERATED = {"topics", "questions", "clauses", "citations", "contradictions", "notices", "law",
             "settings", "api", "states", "commands", "promises"}  # fmt: skip
BY_HAND = [path for path in PAGES if not (path.parent.name == "reference" and path.stem in GENERATED)]
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
AGAIN = "write it again with: doorframe-admin docs"


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def links(path: Path) -> Iterator[str]:
    """Every target that a page links to, but for those on other machines."""
    for target in LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8"))):
        if not re.match(r"[a-z]+:", target):
            yield target


@cache
def anchors(path: Path) -> set[str]:
    return {heading.anchor for heading in render.headings(path.read_text(encoding="utf-8"))}


def code_lines(path: Path) -> Iterator[str]:
    """Each line inside a fence."""
    for block in FENCE.findall(path.read_text(encoding="utf-8")):
        yield from block.splitlines()[1:-1]


# --- generated pages


def test_every_generated_page_is_one_we_know() -> None:
    assert {path.stem for path in (DOCS / "reference").glob("*.md")} == GENERATED


def test_the_pages_from_content_are_up_to_date() -> None:
    for file, text in content_pages(loader.load()).items():
        assert (DOCS / "reference" / file).read_text(encoding="utf-8") == text, f"{file} is out of date; {AGAIN}"


def test_the_pages_from_the_application_are_up_to_date() -> None:
    for file, text in reference.pages(ROOT).items():
        assert (DOCS / "reference" / file).read_text(encoding="utf-8") == text, f"{file} is out of date; {AGAIN}"


@pytest.mark.promise("L6")
def test_one_command_writes_them_all_and_notices_a_stale_one(tmp_path: Path) -> None:
    for part in ("docs", "run.py"):
        (tmp_path / part).symlink_to(ROOT / part) if part == "run.py" else (tmp_path / part / "reference").mkdir(
            parents=True
        )
    (tmp_path / "docs/reference/promises.toml").write_bytes((DOCS / "reference/promises.toml").read_bytes())
    for part in promises.SHOWN_BY:
        if (ROOT / part).is_dir():
            (tmp_path / part).symlink_to(ROOT / part)
    clean = {key: value for key, value in os.environ.items() if key != "DOORFRAME_CONTENT"}

    def docs(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "doorframe.web.admin_cli", "docs", "--checkout", str(tmp_path), *options]
        return subprocess.run(command, capture_output=True, text=True, env=clean, timeout=120)

    assert docs("--check").returncode == 1
    written = docs()
    assert written.returncode == 0, written.stderr
    assert {path.stem for path in (tmp_path / "docs/reference").glob("*.md")} == GENERATED
    assert docs("--check").returncode == 0
    (tmp_path / "docs/reference/settings.md").write_text("something else", encoding="utf-8")
    stale = docs("--check")
    assert stale.returncode == 1
    assert "settings.md is out of date" in stale.stdout


# --- links


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in links(path):
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), f"{name(path)} links to {target}, which does not exist"
        if anchor:
            assert anchor in anchors(there), f"{name(path)} links to {target}, which has no such heading"


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=name)
def test_a_page_of_the_help_links_to_pages_of_the_help(path: Path) -> None:
    for target in links(path):
        there = (path.parent / target.partition("#")[0]).resolve()
        assert there.is_relative_to(DOCS), f"{name(path)} links to {target}, which is not in the installed help"


def test_every_page_can_be_reached_from_the_readme_or_the_help() -> None:
    assert {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")} == set(library.pages())


# --- nothing undocumented, nothing documented that is not there


@pytest.mark.parametrize("setting", [setting.name for setting in env.TABLE])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"\n## {setting}\n" in (DOCS / "reference/settings.md").read_text(encoding="utf-8")


def test_no_page_names_a_setting_that_does_not_exist() -> None:
    known = {setting.name for setting in env.TABLE}
    # Names of the table in settings.py that a room is added to, and what the tests themselves read.
    known |= {
        "DOORFRAME_AUTHORISATION_USES",
        "DOORFRAME_TODAY",
        "DOORFRAME_SEEDS",
        "DOORFRAME_REGISTER",
        "DOORFRAME_NAMED_ACCOUNTS",
        "DOORFRAME_CLIENT_STANDING",
        "DOORFRAME_CLIENT_SECTIONS",
        "DOORFRAME_HEARERS",
        "DOORFRAME_CHROMIUM",
    }
    for page in BY_HAND:
        for found in re.findall(r"\bDOORFRAME_[A-Z_]+\b", page.read_text(encoding="utf-8")):
            assert found in known, f"{name(page)} names {found}"


def test_every_command_is_documented() -> None:
    text = (DOCS / "reference/commands.md").read_text(encoding="utf-8")
    found = [parser.prog for parser in commands.client_parsers()]
    found += [f"doorframe-admin {name}" for name in commands.own_commands()]
    assert len(found) >= 9
    for command in found:
        assert f"\n### {command}\n" in text


def known_options() -> dict[str, set[str]]:
    """Every command with its long options."""
    parsers = commands.client_parsers()
    parsers += [command.create_parser("doorframe-admin", each) for each, command in commands.own_commands().items()]
    return {
        parser.prog: {option for action in parser._actions for option in action.option_strings} for parser in parsers
    }


@pytest.mark.parametrize("path", BY_HAND, ids=name)
def test_every_command_that_a_page_shows_exists(path: Path) -> None:
    known = known_options()
    for line in code_lines(path):
        words = shlex.split(line, comments=True) if re.search(r"\bdoorframe(-admin)? [a-z-]", line) else []
        words = [re.sub(r"^.*[\\/](doorframe)", r"\1", word) for word in words if not word.startswith("DOORFRAME_")]
        if not words or words[0] not in {"doorframe", "doorframe-admin"} or words[1].startswith("-"):
            continue
        length = 3 if words[0] == "doorframe" and " ".join(words[:3]) in known else 2
        command = " ".join(words[:length])
        if command in {"doorframe-admin migrate"}:
            continue  # Django's own
        assert command in known, f"{name(path)} shows “{line}”"
        for word in words[length:]:
            assert not word.startswith("--") or word in known[command], f"{name(path)} shows “{line}”"


# --- promises


def test_the_table_of_promises_is_whole() -> None:
    table = promises.read(ROOT)
    ids = [row["id"] for row in table["promises"]]
    assert len(ids) == len(set(ids)) >= 79
    assert {id[0] for id in ids} == {area["id"] for area in table["areas"]}
    assert all(row["promise"] and row["check"] for row in table["promises"])


def test_every_mark_names_a_row() -> None:
    known = {row["id"] for row in promises.read(ROOT)["promises"]}
    marks = list(promises.find(ROOT))
    assert len(marks) > 30
    assert [mark for mark in marks if mark.promise not in known] == []


def test_marks_are_read_wherever_they_may_stand(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_x.py").write_text(
        "import pytest\n"
        'pytestmark = [pytest.mark.promise("A1"), pytest.mark.journey]\n'
        '@pytest.mark.promise("B2")\nclass TestBoth:\n'
        '    @pytest.mark.promise("C3")\n    def test_inner(self): ...\n'
        "def helper(): ...\n",
        encoding="utf-8",
    )
    assert [(mark.promise, mark.test) for mark in promises.find(tmp_path)] == [
        ("A1", "test_inner"), ("B2", "test_inner"), ("C3", "test_inner"),
    ]  # fmt: skip


def test_a_row_without_a_test_is_open() -> None:
    text = (DOCS / "reference/promises.md").read_text(encoding="utf-8")
    shown = {mark.promise for mark in promises.find(ROOT)}
    for row in promises.read(ROOT)["promises"]:
        body = text.split(f"\n### {row['id']}\n")[1].split("\n###")[0]
        assert ("**Open.**" in body) is (row["id"] not in shown), row["id"]


# --- words


def prose(path: Path) -> str:
    """The sentences of a page, without code, tables, links' targets and marks."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    text = re.sub(r"^\s*(\||!|#).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\]\([^)]*\)|[`*\[]|^\s*(-|\d+\.) ", "", text, flags=re.MULTILINE)
    return re.sub(r"([^.?!:])\n\n+", r"\1.\n", text)


@pytest.mark.parametrize("path", BY_HAND, ids=name)
def test_a_page_reads_at_grade_nine_or_lower(path: Path) -> None:
    assert flesch_kincaid(prose(path)) <= 9


@pytest.mark.parametrize("path", BY_HAND, ids=name)
def test_a_page_begins_with_one_title_and_a_sentence(path: Path) -> None:
    headings = render.headings(path.read_text(encoding="utf-8"))
    assert [heading.level for heading in headings].count(1) == 1
    assert headings[0].level == 1
    for before, after in pairwise(headings):
        assert after.level <= before.level + 1, f"{name(path)} skips a level at “{after.text}”"


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_page_shouts(path: Path) -> None:
    assert "!" not in FENCE.sub("", path.read_text(encoding="utf-8")).replace("![", "")


def test_the_pictures_are_small_and_used() -> None:
    used = {target.rsplit("/", 1)[-1] for page in PAGES for target in links(page) if "pictures/" in target}
    kept = {path.name: path.stat().st_size for path in (DOCS / "pictures").glob("*.png")}
    assert set(kept) == used
    assert all(size < 150_000 for size in kept.values())


# --- the wheel


@pytest.mark.promise("L7")
def test_the_wheel_carries_the_documentation(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    for path in (*DOCS.rglob("*.md"), *DOCS.rglob("*.png")):
        assert f"doorframe/web/help/pages/{path.relative_to(DOCS).as_posix()}" in inside
