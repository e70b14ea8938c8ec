"""What a person looks over: the answers in words, what is to settle, how it reads, where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from doorframe.adapters import reading
from doorframe.apps.library import queries as library
from doorframe.apps.policies import actions, documents, queries
from doorframe.apps.policies.models import Version
from doorframe.engines.assembly.words import Words, account_name
from doorframe.engines.citations import Citation
from doorframe.engines.content.conditions import holds
from doorframe.engines.content.schema import Field, Screen
from doorframe.engines.interview.facts import resolve
from doorframe.engines.interview.findings import Finding
from doorframe.engines.interview.path import screens, visible_fields


@dataclass(frozen=True, slots=True)
class Answered:
    """One screen on the check page: its name and each answer in words. `usual` where nobody changed it."""

    screen: Screen
    lines: tuple[tuple[str, str], ...]
    usual: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the check page."""

    name: str
    answered: tuple[Answered, ...]


def parts(version: Version) -> list[Part]:
    """Every answer in words, by section."""
    pack = library.pack()
    facts = resolve(pack, version.answers)
    words = Words(pack, facts, "2000-01-01")
    found = []
    for section in pack.sections:
        items = [_answered(version, words, screen) for screen in screens(pack, facts) if screen.section == section.id]
        if items:
            found.append(Part(section.name, tuple(items)))
    return found


def _answered(version: Version, words: Words, screen: Screen) -> Answered:
    fields = visible_fields(screen, words.facts)
    lines = tuple((item.label or screen.name, text) for item in fields if (text := say(words, item)))
    usual = screen.id not in version.done and not any(item.id in version.answers for item in fields)
    return Answered(screen, lines, usual)


def say(words: Words, item: Field) -> str:
    """An answer as a person reads it; "" where there is none."""
    value = words.facts.get(item.id)
    if item.kind == "rows" and isinstance(value, (list, tuple)):
        return "; ".join(_row(words, item, row) for row in value)
    if item.kind in {"choice", "choices"}:
        chosen = value if isinstance(value, (list, tuple)) else [value]
        return words.join([option.label for option in item.options if option.id in chosen])
    return str(value or "")


def _row(words: Words, item: Field, row: dict[str, str]) -> str:
    if item.id == "accounts":
        kind = next((c.option(row.get("kind", "")) for c in item.columns if c.id == "kind"), None)
        return f"{account_name(words.pack, row)}, {kind.phrase if kind else ''}"
    return ", ".join(value for value in row.values() if value)


def citations(version: Version, screen: Screen) -> list[tuple[Citation, date | None]]:
    """The clauses of this person's own codes behind a question, each with the day on which it was last read."""
    pack = library.pack()
    facts = resolve(pack, version.answers)
    found = [pack.references[ref] for ref in screen.cites if ref in pack.references]
    shown = [item.citation() for item in found if item.verified and holds(item.when, facts)]
    return [(replace(citation, summary=pack.spelled(citation.summary)), _day(citation.checked)) for citation in shown]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def beside(version: Version, screen: Screen) -> list[Finding]:
    """Contradictions that this screen can mend, to be named while the person is still here."""
    found = queries.to_settle(version)
    return [item for item in found if item.kind != "gap" and screen.id in item.screens]


@dataclass(frozen=True, slots=True)
class ToSettle:
    """A finding with the questions that mend it; the one that holds the words it rests on comes first."""

    finding: Finding
    screens: tuple[Screen, ...]


def to_settle(version: Version) -> list[ToSettle]:
    """Everything that a draft still has to settle, what blocks publishing first."""
    pack = library.pack()
    found = []
    for finding in queries.to_settle(version):
        screens = [pack.screen[id] for id in finding.screens]
        if finding.words:
            screens.sort(key=lambda screen: not _holds_words(version, screen, finding.words))
        found.append(ToSettle(finding, tuple(screens)))
    return found


def _holds_words(version: Version, screen: Screen, words: str) -> bool:
    """Whether something that was typed on this screen has these words."""
    return any(words in text for item in screen.fields for text in _texts(version.answers.get(item.id)))


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for row in value if isinstance(row, dict) for text in row.values()]
    return []


def grades(version: Version) -> reading.Grades:
    """The reading grade of the whole and of each section."""
    return reading.grades(documents.document(version))


def conflict(error: actions.Conflict, screen: Screen) -> list[tuple[str, str]]:
    """What another tab has kept meanwhile: (label, answer in words)."""
    words = Words(library.pack(), resolve(library.pack(), error.version.answers), "2000-01-01")
    return [(item.label or screen.name, say(words, item)) for item in screen.fields if item.id in error.fields]
