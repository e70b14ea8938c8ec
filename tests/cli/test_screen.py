"""`doorframe screen`: one draft or many, from a file or standard input, and what is said when something is wrong."""

from __future__ import annotations

import json
import os
import stat
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from doorframe.adapters.screener import Screener, as_data, with_everything
from doorframe.engines.content import loader
from doorframe.engines.screening.verdict import Draft
from tests.cli.commands import one_sentence, run

STORY = "A client told me today that she finally slept through the night."
PLAIN = "We are closed on Monday, and the heating is fixed."
THANKS = "Thank you for coming in, glad the sessions helped."
PRAISE = "Client love: she gave me my weekends back. Read more of what our clients say on the website."


def lines(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def many(tmp_path: Path, text: str | bytes, *options: str | Path) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, results and what was said, of many drafts judged by the rules alone."""
    source = tmp_path / "in.jsonl"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = run("screen", "--jsonl", source, "--rules-only", *options)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.mark.promise("F1")
def test_a_draft_gets_its_outcome_words_reason_and_clause() -> None:
    done = run("screen", "-", "--country", "US", stdin=STORY)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("Do not post this.") and "“A client told me”" in done.stdout
    assert "Rule case-story-told-me: hipaa/" in done.stdout
    calm = run("screen", "-", stdin=PLAIN)
    assert (calm.returncode, calm.stdout.splitlines()[0]) == (
        0, "Nothing found. That is no guarantee: please read it once more as a client would."
    )  # fmt: skip


@pytest.mark.promise("F10")
def test_the_command_says_what_the_engine_says(tmp_path: Path) -> None:
    """A file, standard input and a line of many, with every reader that is here."""
    drafts = [Draft(STORY, country="US"), Draft(THANKS, "reply", country="UK"), Draft(PLAIN, "caption")]
    screener = with_everything(loader.load_screening())
    expected = [json.loads(json.dumps(as_data(screener.screen(one)))) for one in drafts]
    rows = [{"id": at, "text": one.text, "kind": one.kind, "country": one.country} for at, one in enumerate(drafts)]
    (tmp_path / "in.jsonl").write_text(lines(*rows), encoding="utf-8")
    done = run("screen", "--jsonl", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    told = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert told == [{"id": at, **one} for at, one in enumerate(expected)]
    (tmp_path / "draft.txt").write_bytes(b"\xef\xbb\xbf" + THANKS.encode())
    alone = run("screen", tmp_path / "draft.txt", "--kind", "reply", "--country", "gb", "--json")
    assert json.loads(alone.stdout) == expected[1]


@pytest.mark.promise("F8")
@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"country": "AU", "profession": "psychologist"}, "do-not-post"),
        ({"country": " au", "profession": "Psychologist "}, "do-not-post"),
        ({"country": "AU", "profession": "counsellor"}, "ask"),
        ({"country": "AU"}, "do-not-post"),  # nobody said who posts it: the strictest holds
        ({"country": "CA", "region": "ON"}, "do-not-post"),
        ({"country": "ca", "region": "ca-on"}, "do-not-post"),
        ({"country": "CA"}, "do-not-post"),
        ({"country": "CA", "region": "BC"}, "ask"),
        ({"country": "USA"}, "ask"),
        ({"country": "GB"}, "ask"),
        ({"country": "ZZ"}, "ask"),
        ({}, "ask"),
    ],
)
def test_a_place_is_known_however_it_is_typed(tmp_path: Path, said: dict[str, str], outcome: str) -> None:
    _, (told,), _ = many(tmp_path, lines({"text": PRAISE, **said}))
    assert told["outcome"] == outcome
    usual = [word for name, value in said.items() for word in (f"--{name}", value)]
    _, (told,), _ = many(tmp_path, lines({"text": PRAISE}), *usual)
    assert told["outcome"] == outcome


def test_what_a_line_says_comes_before_the_options(tmp_path: Path) -> None:
    options = ("--country", "AU", "--profession", "psychologist", "--kind", "newsletter")
    _, told, _ = many(tmp_path, lines({"text": PRAISE}, {"text": PRAISE, "country": "UK"}), *options)
    assert [one["outcome"] for one in told] == ["do-not-post", "ask"]


def test_what_cannot_be_read_gets_a_line_of_its_own_and_the_rest_is_done(tmp_path: Path) -> None:
    bad = b'\xef\xbb\xbf{"id": 1, "text": "Hello."}\r\n[1]\n{"id": 3}\n\n{"id": NaN, "text": "Hello."}\nno\n\xff\n'
    bad += b'{"id": 8, "text": 4}\n'
    code, told, said = many(tmp_path, bad + lines({"id": 9, "text": STORY}).encode())
    assert code == 2 and one_sentence(said).endswith("6 lines could not be read; the results name them.")
    assert [one.get("error", one.get("outcome")) for one in told] == [
        "nothing-found", "has no text", "has no text", "not JSON in UTF-8", "not JSON in UTF-8", "not JSON in UTF-8",
        "has no text", "do-not-post",
    ]  # fmt: skip
    assert [one["line"] for one in told if "error" in one] == [2, 3, 5, 6, 7, 8]


def test_half_a_sign_is_read_as_one_that_cannot_be_read(tmp_path: Path) -> None:
    """JSON can carry it, no text can: it moves no offset, and no line is lost."""
    rows = '{"id": "\\ud83d", "text": "\\ud83d ' + STORY + '"}\n{"id": 2, "text": "Hello \\udc00"}\n'
    (tmp_path / "in.jsonl").write_text(rows, encoding="utf-8")
    done = run("screen", "--jsonl", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl")
    assert (done.returncode, done.stderr) == (1, "")
    first, second = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert second["outcome"] == "nothing-found"
    found = first["findings"][0]
    assert ("\ufffd " + STORY)[found["start"] : found["end"]] == found["text"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in folders")
def test_a_pipe_or_a_link_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "real.jsonl").write_text("old", encoding="utf-8")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    assert many(tmp_path, lines({"text": PLAIN}), "--out", tmp_path / "link.jsonl")[0] == 0
    assert (tmp_path / "link.jsonl").is_symlink()
    assert json.loads((tmp_path / "real.jsonl").read_text(encoding="utf-8"))["outcome"] == "nothing-found"
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert many(tmp_path, lines({"text": PLAIN}), "--out", tmp_path / "pipe")[0] == 0
    assert json.loads(os.read(reader, 100_000))["outcome"] == "nothing-found"
    os.close(reader)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--jsonl", "{in}", "--out", "{folder}"), "is a folder, so nothing was screened. Name a file in it"),
        (("--jsonl", "{in}", "--out", "{folder}/no/out.jsonl"), "so nothing was screened. Make it, or name another"),
        (("--jsonl", "{in}", "--out", "{in}"), "--out must be another file than the one that is read"),
        (("{in}", "--profile", "{folder}/no.toml"), "no.toml, so nothing was screened."),
        (("{in}", "--profile", "{in}"), "cannot be read as TOML, so nothing was screened"),
        (("{in}", "--profile", "{folder}/names.toml"), 'must hold a list of names: own = ["Harbour Therapy"'),
        (("{folder}/bytes",), "is not UTF-8 text, so it was not screened. Save it as UTF-8."),
        (("{folder}/none.txt",), "none.txt"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    (tmp_path / "in.jsonl").write_text(lines({"text": PLAIN}), encoding="utf-8")
    (tmp_path / "names.toml").write_text('names = ["Harbour"]\n', encoding="utf-8")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    done = run("screen", *(one.format(folder=tmp_path, **{"in": tmp_path / "in.jsonl"}) for one in arguments))
    assert done.returncode == 2 and words in one_sentence(done.stderr)
    assert done.stdout == ""


@pytest.mark.promise("F3")
def test_the_practices_own_names_tell_of_nobody(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('own = ["Maria Lindqvist"]\n', encoding="utf-8")
    text = "Maria Lindqvist is our client coordinator. Ring her before noon."
    done = run("screen", "-", "--profile", tmp_path / "own.toml", "--json", stdin=text)
    assert not [one for one in json.loads(done.stdout)["findings"] if one["family"] == "identifier"]


def test_one_long_word_takes_little_memory() -> None:
    """It was once compared with each of its own beginnings."""
    screener = Screener(loader.load_screening())
    tracemalloc.start()
    assert screener.screen(Draft("a" * 1_000_000)).outcome == "nothing-found"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100_000_000


@pytest.mark.promise("F4")
def test_a_question_to_colleagues_says_how_many_would_fit() -> None:
    text = (
        "Colleagues, anyone in Kirkwall with space for a 17yo lad whose dad is the ferry captain? ADHD and self-harm."
    )
    done = run("screen", "-", "--kind", "group-question", "--country", "UK", "--json", stdin=text)
    told = json.loads(done.stdout)
    assert told["people"]["high"] <= 60 and told["others_risk"] == "high"
    assert told["outcome"] != "nothing-found"


def test_nothing_found_shows_no_risk_and_a_persons_decision_no_prohibition() -> None:
    screener = with_everything(loader.load_screening())
    for text in (PLAIN, STORY, PRAISE, "Two of my couples got engaged this week. I love this job!", "What a week."):
        verdict = screener.screen(Draft(text, country="UK"))
        if verdict.outcome == "nothing-found":
            assert (verdict.findings, verdict.self_risk, verdict.others_risk) == ((), "none", "none")
        if verdict.outcome == "ask":
            assert {one.outcome for one in verdict.findings} == {"ask"}
