"""Speed as counts and ratios: what is loaded, what is kept, and how the cost grows with the work."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from benchmarks.growth import many_answers, much_content
from benchmarks.measure import ANSWERS, DATED
from doorframe.adapters import toml_cache
from doorframe.adapters.render import render
from doorframe.cli import common
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.content import loader
from doorframe.engines.content.schema import Pack
from doorframe.engines.interview.findings import _folded, findings

HEAVY = ("django", "typst", "docx", "numpy", "lxml", "markdown_it", "cryptography")

# Runs a command and tells on the last line of stderr which of the heavy packages it loaded.
_WITNESS = """
import json, sys
from doorframe.cli.main import main
code = main(sys.argv[1:])
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]), file=sys.stderr)
"""


def loaded(*arguments: str, cache: Path) -> tuple[int, set[str]]:
    """The exit code of a command and the heavy packages that it loaded, in a process of its own."""
    env = {**os.environ, "XDG_CACHE_HOME": str(cache), "LOCALAPPDATA": str(cache), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", _WITNESS, *arguments], capture_output=True, text=True, env=env)
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules) & set(HEAVY)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["policy", "--help"], ["policy", "build", "--help"]])
def test_asking_for_help_loads_nothing_heavy(words: list[str], tmp_path: Path) -> None:
    assert loaded(*words, cache=tmp_path) == (0, set())


@pytest.mark.parametrize(
    ("words", "code", "needs"),
    [
        (["policy", "new"], 0, set()),
        (["policy", "check", str(ANSWERS)], 0, set()),
        (["content", "check"], 0, set()),
        (["policy", "build", str(ANSWERS), "--only", "policy", "--format", "html"], 0, set()),
        (["policy", "build", str(ANSWERS), "--only", "policy", "--format", "md"], 0, set()),
        (["policy", "build", str(ANSWERS), "--only", "policy", "--format", "pdf"], 0, {"typst"}),
    ],
)
def test_a_command_loads_only_what_it_needs(words: list[str], code: int, needs: set[str], tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "out")] if "build" in words else []
    assert loaded(*words, *out, cache=tmp_path) == (code, needs)


# What our content's TOML says, kept between starts


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "tables.json"


def load(path: Path | None, *own: Path) -> Pack:
    with toml_cache.parser(path) as toml:
        return loader.load(*own, toml=toml)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that the cache had to parse anew."""
    found: list[str] = []
    real = toml_cache.toml_plain.loads

    def noting(text: str) -> dict[str, object]:
        found.append(text)
        return real(text)

    monkeypatch.setattr(toml_cache.toml_plain, "loads", noting)
    return found


def test_a_second_start_parses_nothing_and_gives_the_same_pack(kept: Path, parsed: list[str]) -> None:
    fresh = load(None)
    first = load(kept)
    parsed.clear()
    second = load(kept)
    assert parsed == []
    assert first == second == fresh
    assert repr(second) == repr(fresh)  # dates stay dates


def test_a_changed_file_is_parsed_again(kept: Path, parsed: list[str]) -> None:
    text = 'id = "before"\n'
    with toml_cache.parser(kept) as toml:
        toml(text)
    parsed.clear()
    with toml_cache.parser(kept) as toml:
        assert toml(text) == {"id": "before"}
        assert toml('id = "after"\n') == {"id": "after"}
    assert parsed == ['id = "after"\n']


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "words", "list"])
def test_a_damaged_cache_is_as_good_as_none(harm: str, kept: Path, parsed: list[str]) -> None:
    with toml_cache.parser(kept) as toml:
        toml("number = 1\n")
    good = kept.read_bytes()
    kept.write_bytes(
        {"cut": good[:-5], "flip": good.replace(b"1", b"2"), "empty": b"", "words": b"\xff\xfe", "list": b"[]"}[harm]
    )
    parsed.clear()
    with toml_cache.parser(kept) as toml:
        assert toml("number = 1\n") == {"number": 1}
    assert parsed == ["number = 1\n"]
    assert kept.read_bytes() == good


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps others out by the folder")
def test_a_cache_that_others_may_write_is_not_believed(kept: Path, parsed: list[str]) -> None:
    with toml_cache.parser(kept) as toml:
        toml("number = 1\n")
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.chmod(0o666)
    parsed.clear()
    with toml_cache.parser(kept) as toml:
        toml("number = 1\n")
    assert parsed == ["number = 1\n"]


def test_a_place_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    with toml_cache.parser(in_the_way / "doorframe" / "tables.json") as toml:
        assert toml("number = 1\n") == {"number": 1}
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_what_cannot_be_parsed_says_so_and_keeps_nothing(kept: Path) -> None:
    with pytest.raises(tomllib.TOMLDecodeError), toml_cache.parser(kept) as toml:
        toml("number = \n")
    assert not kept.exists()


def test_a_practices_own_files_are_never_kept(kept: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "policy"
    own.mkdir(parents=True)
    (own / "platforms.toml").write_bytes((loader.OWN / "policy" / "platforms.toml").read_bytes() + b"# ours alone\n")
    load(kept, tmp_path / "own")
    keys = set(re.findall(rb'"([0-9a-f]{64})":', kept.read_bytes()))

    def key(path: Path) -> bytes:
        return sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest().encode()

    assert key(loader.OWN / "policy" / "pack.toml") in keys
    assert key(own / "platforms.toml") not in keys


def test_the_check_of_content_reads_every_file_itself(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from doorframe.cli.main import main

    monkeypatch.setattr(toml_cache, "place", lambda: kept)
    assert main(["content", "check"]) == 0
    assert not kept.exists()
    assert main(["policy", "new"]) == 0
    assert kept.exists()


# Growth


def test_folding_misses_no_letter_that_ignoring_case_would_match() -> None:
    pack = loader.load()
    every = "".join(chr(number) for number in range(0x3000) if not 0xD800 <= number < 0xE000)
    for letter in sorted({letter for rule in pack.contradictions for phrase in rule.says for letter in phrase}):
        for same in re.findall(re.escape(letter), every, re.IGNORECASE):
            assert _folded(same) == _folded(letter), f"{same!r} matches {letter!r}"


def fastest(work: Callable[[], object], rounds: int = 3) -> float:
    """The least time of several rounds: a busy moment elsewhere only ever adds."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.parametrize("work", ["assembly", "findings", "html", "md", "docx"])
def test_ten_times_the_answers_cost_at_most_twenty_times(work: str) -> None:
    pack = loader.load()
    usual = common.read_answers(str(ANSWERS), pack)

    def one(size: int) -> Callable[[], object]:
        answers = many_answers(usual, size)
        document = assemble(pack, answers, "policy", Edition(dated=DATED))
        if work == "assembly":
            return lambda: assemble(pack, answers, "policy", Edition(dated=DATED))
        if work == "findings":
            return lambda: findings(pack, answers)
        return lambda: render(document, work)

    assert fastest(one(100)) < 20 * fastest(one(10))


def test_ten_times_the_content_costs_at_most_twenty_times() -> None:
    pack = loader.load()
    usual = common.read_answers(str(ANSWERS), pack)
    small, large = much_content(pack, 1), much_content(pack, 10)
    for work in (
        lambda pack: assemble(pack, usual, "policy", Edition(dated=DATED)),
        lambda pack: findings(pack, usual),
    ):
        assert fastest(lambda: work(large)) < 20 * fastest(lambda: work(small))  # noqa: B023 - called at once
