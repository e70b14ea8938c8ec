"""`doorframe-admin catalogue`: collect what the interface says, spell it for the United States, compile every language.

British English is the source. `locale/django.pot` holds every sentence; `locale/en_GB` is written by hand and replaces
only what our building blocks say; `locale/en_US` is made from both by the spelling table of the content; any other
language is brought up to date with the template and keeps its translations. Needs Babel, from the development set.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

from doorframe.engines.content import language, loader

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

SOURCE = Path(__file__).resolve().parents[3]
LOCALE = SOURCE / "web" / "locale"

_DATE = datetime(2026, 11, 21, tzinfo=UTC)
"""The same sentences give the same bytes on every day."""

_ARGUMENTS: dict[str, Any] = {
    "gettext": None, "gettext_noop": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
"""Which arguments of each function are sentences, as Babel counts them; "c" is the context."""

_IN_TEMPLATES = {**_ARGUMENTS, "_": None}


class Command(BaseCommand):
    help = "Write the catalogues of the interface: the template, American English and every compiled file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = files()
        except ImportError as error:
            raise CommandError("This needs Babel: install the development set, requirements/dev.txt.") from error
        stale = [path for path, data in made.items() if not path.is_file() or path.read_bytes() != data]
        for path in stale:
            self.stdout.write(path.relative_to(LOCALE).as_posix())
            if not options["check"]:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(made[path])
        self.stdout.write(f"{len(stale)} of {len(made)} files {'are out of date' if options['check'] else 'written'}.")
        if stale and options["check"]:
            sys.exit(1)


def files() -> dict[Path, bytes]:
    """Every file that this command answers for, as it should be."""
    template = collected()
    british = _read(LOCALE / "en_GB" / "LC_MESSAGES" / "django.po")
    made = {LOCALE / "django.pot": _po(template)}
    catalogues = {"en_GB": british, "en_US": american(template, british)}
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        if path.parts[-3] not in catalogues:
            catalogues[path.parts[-3]] = _updated(_read(path), template)
    for name, catalogue in catalogues.items():
        folder = LOCALE / name / "LC_MESSAGES"
        if name != "en_GB":
            made[folder / "django.po"] = _po(catalogue)
        made[folder / "django.mo"] = _mo(catalogue)
    return made


def collected() -> Catalog:
    """Every sentence of the interface, from templates and Python.

    Without the files it stands in: a sentence that only moved changes nothing for a translator.
    """
    found = _catalogue("en_GB", "What the interface of Doorframe says.")
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix in {".html", ".txt", ".py"} and (path.suffix == ".py" or "templates" in path.parts):
            for sentence, context in sentences(path):
                found.add(sentence, context=context)
    return found


def sentences(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """(sentence, or singular and plural; context) in the order of the file."""
    from babel.messages.extract import extract

    text = path.read_text(encoding="utf-8")
    keywords = _names(text) if path.suffix == ".py" else _IN_TEMPLATES
    if path.suffix != ".py":
        # What is no sentence becomes rows of X; indented, they would be no Python.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    if keywords:
        for _, sentence, _, context in extract("python", BytesIO(text.encode()), keywords):
            yield sentence, context


def _names(text: str) -> dict[str, Any]:
    """What this module calls the translating functions: `from ... import pgettext_lazy as _in`."""
    found = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for name in node.names:
                function = name.name.removesuffix("_lazy")
                if function in _ARGUMENTS:
                    found[name.asname or name.name] = _ARGUMENTS[function]
    return found


def american(template: Catalog, british: Catalog) -> Catalog:
    """Only what differs: our sentences by the spelling table, and what replaces our building blocks' words."""
    spell = partial(language.spell, spelling=loader.load().spelling["en-US"])
    found = _catalogue("en_US", "Made by doorframe-admin catalogue: nothing here is edited by hand.")
    for message in template:
        if message.id and (said := _each(message.id, spell)) != message.id:
            _put(found, message, said)
    for message in british:
        if message.id and message.string:
            _put(found, message, _each(message.string, spell))
    return found


def _each(words: Any, spell: Callable[[str], str]) -> Any:
    return spell(words) if isinstance(words, str) else tuple(map(spell, words))


def _put(catalogue: Catalog, message: Message, said: Any) -> None:
    catalogue.add(message.id, said, context=message.context, flags=message.flags)


def _updated(catalogue: Catalog, template: Catalog) -> Catalog:
    """A translation with the sentences of today; one whose source is gone goes too, a changed one is marked fuzzy."""
    kept = {message.id: message for message in catalogue if message.id}
    own = [message for id, message in kept.items() if template.get(id, message.context) is None]
    catalogue.update(template, update_creation_date=False)
    catalogue.obsolete.clear()
    for message in own:  # what replaces our building blocks' words
        _put(catalogue, message, message.string)
    return catalogue


def _catalogue(locale: str, header: str) -> Catalog:
    from babel.messages.catalog import Catalog

    return Catalog(
        locale, header_comment=f"# {header}", project="Doorframe", version="1", msgid_bugs_address="",
        creation_date=_DATE, revision_date=_DATE, last_translator="Doorframe", language_team="Doorframe", fuzzy=False,
    )  # fmt: skip


def _read(path: Path) -> Catalog:
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def _po(catalogue: Catalog) -> bytes:
    from babel.messages.pofile import write_po

    target = BytesIO()
    write_po(target, catalogue, width=110, no_location=True, sort_output=True)
    return target.getvalue()


def _mo(catalogue: Catalog) -> bytes:
    from babel.messages.mofile import write_mo

    target = BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()
