"""One language, two spellings, and room for every other: what changes with the locale, and that meaning does not."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from doorframe.adapters.render import render
from doorframe.apps.members.models import Language
from doorframe.cli.main import main
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.content import languages, loader
from doorframe.engines.content.language import Grammar, Spelling, denied, join_words, say, say_date, say_month, spell
from doorframe.engines.content.schema import Checklist, Field, Pack
from doorframe.engines.interview import answers
from doorframe.web.management.commands import catalogue
from tests.every_page import every_page
from tests.golden import profiles

SOURCE = Path(loader.OWN).parent
EDITION = Edition(dated="2026-11-21", draft=False, version=3)
BOTH = {"practice", "practices", "license", "licenses", "check", "while", "learned", "inquiry", "program", "programs"}
"""American forms that are British words too: "in practice", "to license", "a check", a program of a computer."""


@pytest.fixture(scope="module")
def table() -> Spelling:
    return profiles.pack().spelling["en-US"]


def in_spelling(profile: str, language: str, output: str) -> str:
    """A document in Markdown, which every Document can become."""
    chosen = {**profiles.answers_of(profile), "language": language}
    return render(assemble(profiles.pack(), chosen, output, EDITION), "md").decode()


# The two spellings


@pytest.mark.promise("A11")
@pytest.mark.parametrize("profile", profiles.PROFILES)
def test_the_same_answers_differ_by_the_table_and_the_order_of_a_date_alone(profile: str, table: Spelling) -> None:
    differing = set()
    for output in profiles.pack().outputs:
        british, american = (in_spelling(profile, tag, output) for tag in ("en-GB", "en-US"))
        british = re.sub(r"\b(\d{1,2}) (November) (\d{4})\b", r"\2 \1, \3", british)
        pairs = zip(re.findall(r"\w+|\S", british), re.findall(r"\w+|\S", american), strict=True)
        differing |= {(one.lower(), other.lower()) for one, other in pairs if one != other}
    assert differing, "nothing changes with the spelling: is the table read?"
    assert differing <= set(table.words.items())


@pytest.mark.promise("A11")
def test_a_spelling_changes_neither_the_id_nor_the_questions(table: Spelling) -> None:
    ours, spoken = profiles.pack(), languages.spoken(profiles.pack(), "en-US")
    assert spoken.label == ours.label
    assert [*spoken.fields] == [*ours.fields]
    options = [[option.id for option in field.options] for field in ours.fields.values()]
    assert [[option.id for option in field.options] for field in spoken.fields.values()] == options
    assert languages.spoken(ours, "en-GB") is ours
    for profile in profiles.PROFILES:
        for output in ours.outputs:
            made = [assemble(pack, profiles.answers_of(profile), output, EDITION) for pack in (ours, spoken)]
            assert made[0] == made[1], "a document speaks its own language, whoever looks at it"


@pytest.mark.promise("A11")
def test_every_word_of_the_interview_is_spelled_in_one_place(table: Spelling) -> None:
    before, after = (said(pack) for pack in (profiles.pack(), languages.spoken(profiles.pack(), "en-US")))
    assert [spell(words, table) for words in before] == after
    assert sum(one != other for one, other in zip(before, after, strict=True)) > 5


def test_an_answer_may_be_given_by_its_label_in_either_spelling() -> None:
    for pack in (profiles.pack(), languages.spoken(profiles.pack(), "en-US")):
        field = pack.fields["profession"]
        for label in ("Counsellor or psychotherapist", "counsellor"):
            assert answers.clean(field, label) == "counsellor"
    assert answers.clean(field, "Counselor or psychotherapist") == "counsellor"


def said(pack: Pack) -> list[str]:
    """Everything that the interview says, in a fixed order."""
    found = [section.name for section in pack.sections]
    for screen in pack.screens:
        found += [screen.title, screen.name, screen.help, screen.why]
        found += [words for field in screen.fields for words in _field(field)]
    for rule in pack.contradictions:
        found += [rule.message, rule.why]
    for checklist in pack.checklists.values():
        found += _checklist(checklist)
    return [*found, *pack.messages.values()]


def _field(field: Field) -> Iterator[str]:
    yield from (field.label, field.hint, field.why_required)
    for option in field.options:
        yield from (option.label, option.hint)
    for column in field.columns:
        yield from _field(column)


def _checklist(item: Checklist) -> Iterator[str]:
    yield from (item.title, item.intro)
    for section in item.sections:
        yield from (section.title, section.help)
        for inner in section.items:
            yield from (inner.title, inner.explain)
            for field in inner.fields:
                yield from _field(field)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Counselling centres, LICENCE", "Counseling centers, LICENSE"),
        ("a person-centred counsellor’s programme", "a person-centered counselor’s program"),
        ("{licence} of %(organisation)s at <a href='/colour'>", "{licence} of %(organisation)s at <a href='/colour'>"),
        ("https://counselling.example/colour or mum@colour.example", None),
        ("See counselling.org, @colour and answers.toml", None),
        ("British Association for Behavioural and Cognitive Psychotherapies", None),
        ("Behavioural and colour", "Behavioral and color"),
        ("", None),
    ],
)
def test_a_word_is_respelled_and_a_name_is_not(text: str, said: str | None, table: Spelling) -> None:
    assert spell(text, table) == (text if said is None else said)
    assert spell(spell(text, table), table) == spell(text, table)


def test_the_names_of_bodies_codes_and_laws_stay_as_they_are(table: Spelling) -> None:
    """A name that the table would change belongs into `keep`."""
    for path in sorted([*loader.OWN.glob("ethics/*.toml"), *loader.OWN.glob("law/*.toml")]):
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        rows = [found, *found.get("boards", []), *found.get("lines", [])]
        for name in (row[key] for row in rows for key in ("body", "title", "short", "name") if key in row):
            assert spell(name, table) == name, f"{path.name}: keep “{name}”"
    assert all(any(word in table.words for word in re.findall("[a-z]+", name.lower())) for name in table.keep)


def test_content_and_interface_are_written_in_british_spelling(table: Spelling) -> None:
    """Only words in small letters: an American body keeps its name."""
    pack = profiles.pack()
    texts = [*said(pack), *pack.labels.values(), *(topic.title for topic in pack.topics.values())]
    texts += [reference.summary for reference in pack.references.values()]
    texts += [notice.text for notice in pack.notices]
    passages = [*pack.passages, *(passage for frame in pack.frames.values() for passage in frame)]
    texts += [sentence for passage in passages for paragraph in passage.paragraphs for sentence in paragraph]
    texts += [str(message.id) for message in catalogue.collected()]
    american = set(table.words.values()) - BOTH
    for text in texts:
        words = set(re.findall(r"\b[a-z]+\b", text.replace("American (counselor, authorization)", "")))
        assert not words & american, text


def test_dates_and_lists_speak_the_language_of_the_content(table: Spelling) -> None:
    grammar = profiles.pack().grammar
    assert say_date("2026-11-21", grammar) == "21 November 2026"
    assert say_date("2026-11-21", grammar, table) == "November 21, 2026"
    assert say_month("2026-11-21", grammar) == "November 2026"
    assert (say_date("soon", grammar), say_month("", grammar)) == ("soon", "")
    assert say_date("2026-11-21", Grammar()) == "2026-11-21", "without names of months none is invented"
    assert [join_words(words, grammar.last) for words in ([], ["a"], ["a", "", "b"], ["a", "b", "c"])] == [
        "", "a", "a and b", "a, b and c"
    ]  # fmt: skip
    assert join_words(["a", "b"], Grammar().last) == "a, b"
    assert say("{day} {x}", {"day": "{x}"}) == "{x} {x}", "what is filled in is not filled again"


@pytest.mark.parametrize(
    ("before", "expected"),
    [("Please do not ", True), ("We never call. You may ", False), ("If I cannot reach you, I may ", False)],
)
def test_what_is_denied_is_known_by_the_words_of_the_content(before: str, expected: bool) -> None:
    assert denied(profiles.pack().grammar, before) is expected
    assert denied(Grammar(), before) is False


# The command line


def test_the_command_line_speaks_in_the_spelling_of_the_answers(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shown = {}
    for country in ("US", "UK"):
        assert main(["policy", "new", "--country", country, "--profession", "counsellor"]) == 0
        shown[country] = capsys.readouterr().out
    assert "Counselor or psychotherapist" in shown["US"] and "Counsellor or psychotherapist" not in shown["US"]
    assert "Counsellor or psychotherapist" in shown["UK"]
    file = tmp_path / "answers.toml"
    file.write_text(shown["US"], encoding="utf-8")
    assert main(["policy", "check", str(file)]) == 1
    assert "is not answered yet" in capsys.readouterr().out


# The interface


@pytest.mark.promise("A11")
def test_the_catalogues_are_up_to_date() -> None:
    """Run `doorframe-admin catalogue` after a sentence was added or changed."""
    stale = [path.name for path, data in catalogue.files().items() if path.read_bytes() != data]
    assert not stale


def test_the_command_writes_what_is_missing_and_says_what_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = (catalogue.LOCALE / "en_GB" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    some = 'msgid "Sign out"\nmsgstr "Salir"\n\nmsgid "Sign In"\nmsgstr "Entrar"\n'
    for name, text in (("en_GB", kept), ("es", some)):
        (tmp_path / name / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / name / "LC_MESSAGES" / "django.po").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("catalogue", "--check")
    assert not (tmp_path / "django.pot").exists()
    call_command("catalogue")
    call_command("catalogue", "--check")
    spanish = (tmp_path / "es" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    assert 'msgid "Sign out"\nmsgstr "Salir"' in spanish
    assert 'msgid "Sign In"\nmsgstr "Entrar"' in spanish, "what replaces a building block's words stays"
    assert 'msgid "Where you practise"\nmsgstr ""' in spanish, "what is new waits for its translation"
    assert "0 of 6 files are out of date." in capsys.readouterr().out


@pytest.mark.promise("A11")
@pytest.mark.django_db
@pytest.mark.parametrize("language", [Language.AMERICAN, Language.BRITISH])
def test_no_page_mixes_the_spellings(language: str, table: Spelling) -> None:
    country = "US" if language == Language.AMERICAN else "UK"
    never = set(table.words) if language == Language.AMERICAN else set(table.words.values()) - BOTH
    shown = 0
    for address, text in every_page(language=language, answers={"country": country, "profession": "counsellor"}):
        for name in (*table.keep, "American (counselor, authorization)", "North Dakota, Center", "Behavioral Health"):
            text = text.replace(name, "")
        words = set(re.findall(r"[a-z]+", re.sub(r"\S+@\S+|\w+[./]\S+", "", text.lower())))
        assert not words & never, f"{address} {sorted(words & never)}"
        shown += 1
    assert shown > 30
