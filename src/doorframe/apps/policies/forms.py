"""The form of one screen, made from its fields. Values are kept as typed, so that nothing is lost on an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as fresh

from django.http import QueryDict
from django.utils.translation import gettext as _

from doorframe.apps.library import queries as library
from doorframe.apps.policies.models import Version
from doorframe.engines.content.conditions import holds
from doorframe.engines.content.schema import Field, Option, Screen
from doorframe.engines.interview.answers import Refused, clean
from doorframe.engines.interview.facts import resolve
from doorframe.engines.interview.path import visible_fields

ADD = "add"


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as the page shows it."""

    id: str
    label: str
    hint: str
    chosen: bool


@dataclass(slots=True)
class Cell:
    """A field with its value as typed, ready for a template. `name` is its name in the form."""

    field: Field
    name: str
    value: object
    error: str = ""
    choices: list[Choice] = fresh(default_factory=list)
    rows: list[list[Cell]] = fresh(default_factory=list)

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def error_in_full(self) -> str:
        """The error as it stands away from its field, and so with the field's name."""
        named = not self.field.label or self.field.label in self.error
        return self.error if named else f"{self.field.label}: {self.error}"


class ScreenForm:
    """One screen for one version: `cells` to show, `answers` to keep, `errors` by form name.

    data is what was posted, or None to show what is kept. `adds` names a list that asked for one more row.
    `came_up` tells that an answer brought up a further question, which was not on the page.
    """

    def __init__(self, version: Version, screen: Screen, data: QueryDict | None = None) -> None:
        self.screen = screen
        self.answers: dict[str, object] = {}
        self.errors: dict[str, str] = {}
        pack = library.pack()
        posted = _posted(screen, data) if data is not None else {}
        kept = {**version.answers, **posted}
        self.facts = resolve(pack, _usable(kept, screen))
        self.adds = data.get(ADD, "") if data is not None else ""
        fields = visible_fields(screen, self.facts)
        if data is not None:
            for item in fields:
                if item.id in kept:  # a field that only now applies was not on the page: it has no answer yet
                    self._read(item, kept[item.id])
        self.cells = [self._cell(item, kept, data is not None) for item in fields]
        self.came_up = data is not None and any(
            item.part == "main" and item.id not in kept and f"{item.id}-shown" not in data for item in fields
        )

    @property
    def main(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.field.part == "main"]

    @property
    def fine(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.field.part == "fine"]

    @property
    def fine_is_open(self) -> bool:
        """Whether the finer answers should be seen at once: one of them has words, or an error."""
        return any(cell.error or (cell.value and cell.field.kind == "long-text") for cell in self.fine)

    @property
    def asks_one_choice(self) -> bool:
        """Whether the heading itself is the question of a single choice."""
        return (
            len(self.main) == 1 and self.main[0].field.kind in {"choice", "choices"} and len(self.main[0].choices) < 12
        )

    @property
    def unread(self) -> list[str]:
        """Fields whose words cannot be kept as they stand, by id."""
        return [item.id for item in self.screen.fields if item.id in self.errors and item.id not in self.answers]

    def is_complete(self) -> bool:
        """Whether the answers can be kept and the next screen shown."""
        return not self.errors and not self.came_up

    def require(self) -> None:
        """Note every required field that is empty; called on Continue, not while typing."""
        if self.came_up:  # what was not on the page is no fault
            return
        for cell in self.cells:
            # Where a question has a usual answer, that one is in force.
            if cell.field.required and not self.facts.get(cell.field.id) and cell.name not in self.errors:
                cell.error = self.errors[cell.name] = _("Please answer this. Everything else is kept.")

    def _read(self, item: Field, value: object) -> None:
        try:
            self.answers[item.id] = clean(item, value)
        except Refused as error:
            self.errors[item.id] = error.sentence(library.pack(), called=item.label or self.screen.name)

    def _cell(self, item: Field, kept: Mapping[str, object], posted: bool) -> Cell:
        value = kept.get(item.id) if posted or item.id in kept else None
        if value in (None, ""):
            value = self.facts.get(item.id, "")
        cell = Cell(item, item.id, value, self.errors.get(item.id, ""))
        cell.choices = self._choices(item.options, value)
        if item.kind == "rows":
            rows = list(value) if isinstance(value, (list, tuple)) else []
            if not rows or self.adds == item.id:
                rows.append({})
            cell.rows = [self._row(item, number, row) for number, row in enumerate(rows)]
        return cell

    def _row(self, item: Field, number: int, row: Mapping[str, object]) -> list[Cell]:
        cells = []
        for column in item.columns:
            value = row.get(column.id) or (column.defaults[0].value if column.defaults else "")
            cell = Cell(column, f"{item.id}-{number}-{column.id}", value)
            cell.choices = self._choices(column.options, value)
            cells.append(cell)
        return cells

    def _choices(self, options: tuple[Option, ...], value: object) -> list[Choice]:
        if not options:
            return []
        chosen = value if isinstance(value, (list, tuple)) else [value]
        return [
            Choice(option.id, option.label, option.hint, option.id in chosen)
            for option in options
            if holds(option.when, self.facts)
        ]


def _posted(screen: Screen, data: QueryDict) -> dict[str, object]:
    """What was posted for this screen, field by field, as typed. A field that was not on the page is left out."""
    found: dict[str, object] = {}
    for item in screen.fields:
        if item.kind == "rows":
            if f"{item.id}-rows" in data:
                found[item.id] = _posted_rows(item, data)
        elif item.kind == "choices":
            if f"{item.id}-shown" in data:
                found[item.id] = data.getlist(item.id)
        elif item.id in data:
            found[item.id] = data.get(item.id, "")
    return found


def whole_number(text: str | None) -> int:
    """A small number that a browser sent; 0 for whatever is none."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdecimal() else 0


def _posted_rows(item: Field, data: QueryDict) -> list[dict[str, str]]:
    count = min(whole_number(data.get(f"{item.id}-rows")), 200)
    rows = []
    for number in range(count):
        if f"{item.id}-{number}-remove" in data:
            continue
        rows.append({column.id: data.get(f"{item.id}-{number}-{column.id}", "") for column in item.columns})
    return rows


def _usable(kept: Mapping[str, object], screen: Screen) -> dict[str, object]:
    """The kept answers without what cannot be understood, so that the page can be shown all the same."""
    found = dict(kept)
    for item in screen.fields:
        if item.id not in found:
            continue
        try:
            found[item.id] = clean(item, found[item.id])
        except ValueError:
            found.pop(item.id)
    return found
