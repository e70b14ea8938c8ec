"""The rules of the house, read from the source itself. Each check is shown to find a planted fault."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "doorframe"
LONGEST = 400


def modules(*folders: str) -> Iterator[tuple[str, str]]:
    """Every module below these folders of the package: its path and its text. Migrations are written by Django."""
    for folder in folders or ("",):
        for path in sorted((SOURCE / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")


def templates() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*.html")):
        yield path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")


# No module over 400 lines


def too_long(files: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{name}: {len(text.splitlines())} lines" for name, text in files if len(text.splitlines()) > LONGEST]


def test_no_module_is_longer_than_400_lines() -> None:
    assert too_long(modules()) == []


def test_a_long_module_is_found() -> None:
    assert too_long([("a.py", "x = 1\n" * 400), ("b.py", "x = 1\n" * 401)]) == ["b.py: 401 lines"]


# Every action: arguments by name, one transaction, a line on the trail

ALLOWED = {
    "apps/trail/actions.py:record": "the record itself; it asks for an open transaction",
    "apps/jobs/actions.py:enqueue": "refuses to run outside the transaction of the action that asks, which records",
    "apps/members/actions/invitations.py:fingerprint": "reads a token and writes nothing",
    "apps/members/actions/people.py:person": "one step of the actions that add somebody, which record",
}
"""Public functions in modules of actions that need not keep the rule, each with the reason."""


def _calls(node: ast.AST) -> set[str]:
    """The names of what a function calls: "record", "trail.record", "_move"."""
    return {ast.unparse(inner.func) for inner in ast.walk(node) if isinstance(inner, ast.Call)}


def faulty_actions(name: str, text: str) -> list[str]:
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    recording: set[str] = {"trail.record"}
    if re.search(r"^from doorframe\.apps\.trail\.actions import .*\brecord\b", text, re.MULTILINE):
        recording.add("record")
    for _ in functions:  # a function records when it calls one that does
        recording |= {node.name for node in functions if _calls(node) & recording}
    found = []
    for node in functions:
        label = f"{name}:{node.name}"
        if node.name.startswith("_") or label in ALLOWED:
            continue
        if node.args.args or node.args.posonlyargs or node.args.vararg:
            found.append(f"{label} takes arguments by position")
        if "transaction.atomic" not in {ast.unparse(item) for item in node.decorator_list}:
            found.append(f"{label} is no transaction of its own")
        if not _calls(node) & recording:
            found.append(f"{label} leaves no line on the trail")
    return found


def action_modules() -> list[tuple[str, str]]:
    return [item for item in modules("apps") if "/actions" in item[0] and not item[0].endswith("__init__.py")]


@pytest.mark.promise("D3")
def test_every_action_takes_names_is_atomic_and_records() -> None:
    found = [fault for name, text in action_modules() for fault in faulty_actions(name, text)]
    assert found == []
    assert len(action_modules()) >= 4


def test_what_is_allowed_still_exists() -> None:
    known = {
        f"{name}:{node.name}"
        for name, text in action_modules()
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }
    assert set(ALLOWED) <= known


PLANTED_ACTION = """
from doorframe.apps.trail import actions as trail
@transaction.atomic
def good(*, actor, at):
    return _step(actor)
def _step(actor):
    trail.record("x", actor=actor)
@transaction.atomic
def by_position(actor, *, at):
    trail.record("x")
def no_transaction(*, actor):
    trail.record("x")
@transaction.atomic
def silent(*, actor):
    actor.save()
"""


def test_a_faulty_action_is_found() -> None:
    assert faulty_actions("apps/x/actions.py", PLANTED_ACTION) == [
        "apps/x/actions.py:by_position takes arguments by position",
        "apps/x/actions.py:no_transaction is no transaction of its own",
        "apps/x/actions.py:silent leaves no line on the trail",
    ]


# No database call in a view

DATABASE = {
    "objects", "filter", "exclude", "save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "select_related", "prefetch_related", "select_for_update", "raw", "execute", "cursor", "atomic", "refresh_from_db",
}  # fmt: skip


def database_calls(name: str, text: str) -> list[str]:
    return [
        f"{name}:{node.lineno}: .{node.attr}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and node.attr in DATABASE
    ]


def view_modules() -> list[tuple[str, str]]:
    return [item for item in modules("apps", "web") if re.search(r"(^|/)views(/|\.py$)", item[0])]


def test_no_view_speaks_to_the_database() -> None:
    assert [call for name, text in view_modules() for call in database_calls(name, text)] == []
    assert len(view_modules()) >= 4


@pytest.mark.parametrize(
    "line", ["Version.objects.get(pk=1)", "version.save()", "rows.filter(a=1)", "row.delete()", "transaction.atomic()"]
)
def test_a_database_call_in_a_view_is_found(line: str) -> None:
    assert len(database_calls("views.py", f"def view(request):\n    {line}\n")) == 1


# Engines: plain values in, plain values out

STANDARD = {
    "__future__", "ast", "bisect", "collections", "contextlib", "dataclasses", "datetime", "difflib", "fractions",
    "functools", "hashlib", "ipaddress", "itertools", "json", "math", "operator", "pathlib", "re", "string", "textwrap",
    "tomllib", "typing", "unicodedata", "zlib",
}  # fmt: skip
CLOCK = re.compile(r"\b(now|today|utcnow|time|monotonic|perf_counter)$")
FILES = re.compile(r"(^|\.)(open|read_text|read_bytes|write_text|write_bytes|rglob|glob|iterdir|exists|unlink)$")
OPENS_CONTENT = "engines/content/loader/files.py"


def imported(text: str) -> set[str]:
    """The names of the modules a module imports, in full."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def impure(name: str, text: str) -> list[str]:
    """What an engine may not do: import anything outside, ask the clock, open a file."""
    found = []
    for module in sorted(imported(text)):
        if not module.startswith("doorframe.engines") and module.split(".")[0] not in STANDARD:
            found.append(f"{name} imports {module}")
    for call in sorted(_calls(ast.parse(text))):
        if CLOCK.search(call):
            found.append(f"{name} asks the clock: {call}")
        if FILES.search(call) and name != OPENS_CONTENT:
            found.append(f"{name} opens files: {call}")
    return found


def test_engines_know_no_framework_no_clock_and_no_file() -> None:
    assert [fault for name, text in modules("engines") for fault in impure(name, text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import django", "import socket", "from urllib.request import urlopen", "import numpy",
        "from doorframe.adapters import reading", "from doorframe.apps.trail import actions", "import os",
        "from datetime import date\ndate.today()", "from datetime import datetime\ndatetime.now()",
        "from pathlib import Path\nPath('x').read_text()", "open('x')",
    ],
)  # fmt: skip
def test_an_impure_engine_is_found(text: str) -> None:
    assert len(impure("engines/x.py", text)) == 1


def test_the_command_line_knows_neither_apps_nor_django() -> None:
    for name, text in modules("cli"):
        wrong = {m for m in imported(text) if m.startswith(("django", "doorframe.apps", "doorframe.web"))}
        assert wrong == set(), name


# States are tables


def unlisted(states: Iterable[str], transitions: Iterable[tuple[str, str, str]]) -> list[str]:
    """States that no step leads to or from."""
    named = {state for before, _, after in transitions for state in (before, after)}
    return sorted(set(states) - named)


@pytest.mark.promise("B4")
def test_every_state_and_every_verb_of_a_policy_stands_in_the_table() -> None:
    from doorframe.apps.policies.states import TRANSITIONS, State, Verb, after, diagram

    steps = [(str(before), str(verb), str(following)) for (before, verb), following in TRANSITIONS.items()]
    assert unlisted([str(state) for state in State], steps) == []
    assert {verb for _, verb in TRANSITIONS} == set(Verb)
    reached = {str(State.DRAFT)}
    for _ in State:
        reached |= {following for before, _, following in steps if before in reached}
    assert reached == {str(state) for state in State}, "every state can be reached from a draft"
    assert after("draft", Verb.PUBLISH) is None
    assert all(state.value.replace("-", "_") in diagram() for state in State)


def test_an_unlisted_state_is_found() -> None:
    assert unlisted(["draft", "lost"], [("draft", "go", "draft")]) == ["lost"]


# Templates: no inline script or style, and every visible word can be translated

_BLOCKS = re.compile(r"{%\s*blocktrans(?:late)?\b.*?%}.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
_COMMENTS = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}", re.DOTALL)
_CLASSES = re.compile(r"{%\s*block\s+\w*class\w*\s*%}.*?{%\s*endblock\b.*?%}", re.DOTALL)
_TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SPOKEN = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}


class _Reader(HTMLParser):
    """Collects what a template may not hold: inline script and style, and words outside translation."""

    quiet: ClassVar[set[str]] = {"script", "style", "code", "kbd", "textarea"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.inline: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(f"<{tag}>")
        self.inline += [f"{tag} {key}" for key in given if key == "style" or re.fullmatch(r"on[a-z]+", key)]
        self.inline += [f"{tag} {k}" for k, v in given.items() if (v or "").strip().lower().startswith("javascript:")]
        self.words += [v for k, v in given.items() if k in _SPOKEN and v and _LETTERS.search(v)]
        if tag in self.quiet:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open and _LETTERS.search(data):
            self.words.append(" ".join(data.split()))


def read_template(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(_TAGS.sub("", _CLASSES.sub("", _BLOCKS.sub("", _COMMENTS.sub("", text)))))
    reader.close()
    return reader


NAMES = {"Doorframe"}
"""Words that are the same in every language."""


def test_no_template_holds_inline_script_or_style() -> None:
    assert [(name, fault) for name, text in templates() for fault in read_template(text).inline] == []
    assert len(list(templates())) > 20


def test_every_visible_word_of_a_template_can_be_translated() -> None:
    found = [(name, word) for name, text in templates() for word in read_template(text).words]
    found = [(name, word) for name, word in found if word.strip(" ·") not in NAMES]
    assert found == []


@pytest.mark.parametrize(
    ("text", "inline", "words"),
    [
        ("<p onclick='x()'>{{ a }}</p>", 1, 0),
        ("<p style='color:red'></p>", 1, 0),
        ("<style>p { color: red }</style>", 1, 0),
        ("<script>go()</script>", 1, 0),
        ("<script src='{% static 'a.js' %}'></script>", 0, 0),
        ("<a href='javascript:go()'></a>", 1, 0),
        ("<p>Hello there</p>", 0, 1),
        ("<img alt='A door'>", 0, 1),
        ("<input placeholder='Your name'>", 0, 1),
        ("{% translate 'Hello' %}<p>{% blocktranslate %}Hello <b>you</b>{% endblocktranslate %} {{ name }}</p>", 0, 0),
        ("{# A note #}{% comment %}Another{% endcomment %}<p>·</p>", 0, 0),
        ("{% if a %}<p>One more</p>{% endif %}", 0, 1),
    ],
)
def test_a_faulty_template_is_found(text: str, inline: int, words: int) -> None:
    reader = read_template(text)
    assert (len(reader.inline), len(reader.words)) == (inline, words)


def test_this_runs_on_the_pythons_that_are_promised() -> None:
    assert sys.version_info >= (3, 11)
