"""Every string is ready for translation: a made-up language in which no English may be left but names."""

from __future__ import annotations

import ast
import calendar
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from django.utils.translation import trans_real

from doorframe.adapters.render import html, labels, render
from doorframe.apps.library import queries as library
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.content import loader
from doorframe.engines.content.schema import Pack
from doorframe.engines.interview import answers, answers_file
from doorframe.engines.interview.findings import findings
from doorframe.web.management.commands import catalogue
from tests import pseudo_language as pseudo
from tests.every_page import every_page
from tests.golden import profiles
from tests.test_languages import said

EDITION = Edition(dated="2026-11-21", draft=False, version=3)
NUMBERS = re.compile(r"[\d\W_]*")
BROKEN: dict[str, object] = {
    "nothing-like-this": "x", "contry": "US", "country": "Mars", "region": "Mars", "email": "no", "website": "no",
    "practice_name": 3, "therapist_name": "x" * 9999, "clients": 3, "accounts": "x", "profession": ["x"],
    "crisis_lines": [{"phone": "1"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pseudo.overlay(tmp_path_factory.mktemp("xx"))


@pytest.fixture(scope="module")
def pack(folder: Path) -> Pack:
    return loader.load(folder)


def own_words(value: object) -> Iterator[str]:
    """Every text of an answer, with each of its lines, and a name without what stands behind its comma."""
    if isinstance(value, str):
        yield from (value, *value.splitlines(), value.partition(",")[0])
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ():
        yield from own_words(item)


def ids(pack: Pack) -> set[str]:
    """What questions and options are called inside a file."""
    fields = [inner for field in pack.fields.values() for inner in (field, *field.columns)]
    return {*pack.fields, *(item.id for field in fields for item in (field, *field.options))}


def names(pack: Pack) -> list[str]:
    """What no language changes: how a code or a law is cited, and the pack itself."""
    return [pack.label, *(reference.citation().short for reference in pack.references.values())]


# Documents


@pytest.mark.promise("A11")
@pytest.mark.parametrize("profile", profiles.PROFILES)
def test_a_whole_set_of_documents_holds_no_english(profile: str, pack: Pack) -> None:
    given = profiles.answers_of(profile)
    own = [*names(pack), *own_words(given)]
    for output in pack.outputs.values():
        document = assemble(pack, given, output.id, EDITION)
        assert document.language.startswith("xx"), "a document is in the language of its content"
        assert not pseudo.left(pseudo.plain_markdown(render(document, "md").decode()), own), output.id
        assert not pseudo.left(pseudo.seen(html.page(document)), own), output.id
        if "docx" in output.formats:
            assert not pseudo.left(pseudo.plain_word(render(document, "docx")), own), output.id


@pytest.mark.promise("A11")
def test_a_draft_and_its_provenance_hold_no_english(pack: Pack) -> None:
    given = profiles.answers_of(profiles.PROFILES[0])
    document = assemble(pack, given, "policy", Edition(dated="2026-11-21"))

    def where(answer: str) -> tuple[str, str]:
        return pack.screen_of[answer].name, "/"

    page = html.fragment(document, provenance=True, where=where)
    assert not pseudo.left(pseudo.seen(page), [*names(pack), *own_words(given)])


def test_every_label_of_the_renderers_stands_in_content(pack: Pack) -> None:
    document = assemble(pack, {}, "policy", EDITION)
    assert set(labels.DEFAULTS) <= set(document.labels)
    ours = assemble(profiles.pack(), {"country": "UK"}, "policy", EDITION)
    assert {key: ours.labels[key] for key in labels.DEFAULTS if key != "printed_date"} == {
        key: value for key, value in labels.DEFAULTS.items() if key != "printed_date"
    }


# The interview


@pytest.mark.promise("A11")
def test_the_interview_holds_no_english(pack: Pack) -> None:
    for words in said(pack):
        assert not pseudo.left(pseudo.FILLED.sub("", words), ()), words


@pytest.mark.promise("A11")
def test_what_is_wrong_with_answers_is_said_in_the_language_of_the_pack(pack: Pack) -> None:
    _, problems = answers.check(pack, BROKEN)
    assert {problem.field for problem in problems} == set(BROKEN)
    texts = [problem.message for problem in problems]
    for broken in ("x = [", "a" * 1_000_001, "[" * 5000, f"x = {'9' * 5000}"):
        texts += [problem.message for problem in answers.read_toml(pack, broken)[1]]
    texts.append(answers.Refused("too_long", pack.fields["email"], count=3, limit=2).sentence(pack, "⟦E-mail⟧"))
    register = [{"platform": "instagram", "kind": "professional", "handle": "@two"}]
    contrary = {"country": "US", "region": "CA-ON", "board_name": "[name]", "sms": "never",
                "accounts": [{"platform": "linkedin", "kind": "professional", "handle": "@one"}]}  # fmt: skip
    found = findings(pack, contrary, register)
    assert {finding.kind for finding in found} >= {"gap", "placeholder", "register"}
    texts += [words for finding in found for words in (finding.message, finding.why)]
    assert len(texts) > 20
    # What is wrong with TOML itself is said by the parser.
    typed = [*BROKEN, *own_words(BROKEN), *own_words(contrary), "two", "one", "TOML", *ids(pack)]
    for text in texts:
        assert not pseudo.left(re.sub(r"Invalid [a-z ]+ \(at .*\)|x{9,}", "", text), typed), text


@pytest.mark.promise("A11")
def test_an_answers_file_explains_itself_in_the_language_of_the_pack(pack: Pack) -> None:
    text = answers_file.write(pack, {"country": "US"})
    comments = [
        line.removeprefix("#").strip() for line in text.splitlines() if line.startswith("#") and " = " not in line
    ]
    assert len(comments) > 100
    assert not set(pseudo.left(" ".join(comments).replace("- ", "-"), ids(pack))) - {"pack"}


def test_every_message_that_an_engine_asks_for_stands_in_content() -> None:
    """And fills the placeholders that it has: a message of the same id in another language may use no others."""
    asked: dict[str, set[str]] = {}
    for path in sorted((Path(loader.OWN).parent / "engines").rglob("*.py")):
        if path.name == "certificate.py":
            continue  # its words are a file of their own, and its tests ask for each
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"say", "Refused"}:
                given = {word.arg for word in node.keywords if word.arg} | ({"field"} if name == "Refused" else set())
                asked.setdefault(str(node.args[0].value), set()).update(given)
    asked |= {key: {"field", "options", "more", "value"} for key in ("unknown_choice", "unknown_choice_of_many")}
    messages = profiles.pack().messages
    assert len(asked) > 20
    for id, sentence in messages.items():
        assert id in asked or id.startswith("fine_"), f"nothing says “{id}”"
        assert set(re.findall(r"\{(\w+)\}", sentence)) <= asked.get(id, set()), id
    assert set(asked) <= set(messages)


# The interface


@pytest.fixture
def made_up(folder: Path, tmp_path: Path, settings: Any) -> Iterator[None]:
    """Pages in the made-up language: the interface from a catalogue, the interview from the folder."""
    found = catalogue.collected()
    for message in found:
        if message.id:
            message.string = (
                pseudo.wrap(message.id) if isinstance(message.id, str) else tuple(map(pseudo.wrap, message.id))
            )
    place = tmp_path / "en_US" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "django.mo").open("wb") as file:
        write_mo(file, found)
    settings.LOCALE_PATHS = [tmp_path]
    settings.CONTENT = folder
    caches = (library._read, library._spoken)
    _forget(caches)
    yield
    _forget(caches)


def _forget(caches: tuple[Any, ...]) -> None:
    trans_real._translations.clear()
    trans_real._default = None
    for cache in caches:
        cache.cache_clear()


BRING_THEIR_OWN = ("/me/", "/help/", "/acknowledgements/trail/", "/read/ended/")
"""The account pages are translated by the building block they come from; the help is written as a book; the trail shows
each event by the name it is kept under; a page without a sitting speaks the language of the browser."""


@pytest.mark.promise("A11")
@pytest.mark.django_db
def test_no_page_holds_english(made_up: None, pack: Pack) -> None:
    known = [*names(pack), "Doorframe", "Harbour Lane", "Imani Cole", "imani@harbour.example", "UTC", "localhost"]
    known += [
        *calendar.day_name,
        *calendar.month_name,
        *calendar.month_abbr[1:],
    ]  # Django's own words, in every language it knows
    shown = 0
    for address, text in every_page(language="en-US", answers={"country": "US", "profession": "counsellor"}):
        if not address.startswith(BRING_THEIR_OWN):
            assert not pseudo.left(re.sub(r"https?://[^\s⟦⟧]+", "", text), known), address
            shown += 1
    assert shown > 30


# Sentences in Python

SHOWN = re.compile(r"[A-Z“][^{}<>]* [^{}<>]*[.?]")
"""A whole sentence with its full stop: made for a person."""
NO_READERS = re.compile(
    r"/(management|migrations|testing|seed)|web/(env|settings|start|admin_cli|logs|health|reference|safety|backup)\b"
    r"|connections/openapi(_screening)?\b|members/actions/keys\b"
)
"""Where sentences are for whoever runs the installation or writes a program, or are example data."""


def parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    return {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}


def is_translated(node: ast.AST, above: dict[ast.AST, ast.AST], functions: set[str]) -> bool:
    """Whether a text stands inside a call of gettext, or is a docstring."""
    if isinstance(above[node], ast.Expr):
        return True
    while node in above:
        node = above[node]
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in functions:
            return True
    return False


@pytest.mark.promise("A11")
def test_every_sentence_in_python_goes_through_the_catalogue() -> None:
    root = Path(loader.OWN).parent
    looked = 0
    for path in sorted([*root.glob("apps/**/*.py"), *root.glob("web/**/*.py")]):
        if NO_READERS.search(path.relative_to(root).as_posix()):
            continue
        text = path.read_text(encoding="utf-8")
        functions = set(catalogue._names(text))
        tree = ast.parse(text)
        above = parents(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and SHOWN.fullmatch(node.value):
                looked += 1
                assert is_translated(node, above, functions), f"{path.relative_to(root)}:{node.lineno} “{node.value}”"
    assert looked > 100


@pytest.mark.promise("A11")
def test_what_is_said_at_once_goes_through_the_catalogue() -> None:
    """Refusals, messages and what Today lists: no bare text and no f-string, however short."""
    root = Path(loader.OWN).parent
    said = {"success", "error", "warning", "info", "Item", "NotNow", "PermissionDenied", "Http404", "ValidationError"}
    looked = 0
    for path in sorted(root.glob("apps/**/*.py")):
        text = path.read_text(encoding="utf-8")
        functions = set(catalogue._names(text))
        tree = ast.parse(text)
        above = parents(tree)
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            by = getattr(getattr(call.func, "value", None), "id", "")
            if name not in said or (name.islower() and by != "messages"):
                continue
            looked += 1
            for node in ast.walk(call):
                words = isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
                if words or isinstance(node, ast.JoinedStr):
                    assert is_translated(node, above, functions), f"{path.relative_to(root)}:{call.lineno}"
    assert looked > 20
