"""Forms of the register, and the worksheet's, which is made from its checklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as fresh
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorframe.apps.accounts import questions
from doorframe.apps.accounts.models import Kind, TwoFactor
from doorframe.apps.library import queries as library
from doorframe.apps.members.fields import Day, Line
from doorframe.engines.content.schema import Checklist, ChecklistItem, ChecklistSection, Field, Option
from doorframe.engines.interview.answers import Refused, clean


class WhichForm(forms.Form):
    """Which account it is about."""

    platform = forms.ChoiceField(
        label=gettext_lazy("Platform"),
        error_messages={"required": gettext_lazy("Choose where it is; “Another platform” will do for the rest.")},
    )  # fmt: skip
    handle = Line(label=gettext_lazy("Name or handle"), max_length=120, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Whose account"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.PROFESSIONAL
    )

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        platform = self.fields["platform"]
        assert isinstance(platform, forms.ChoiceField)
        platform.choices = [("", _("Choose")), *questions.platforms()]


class AccountForm(WhichForm):
    """One entry of the register. `today` is the last day that may be entered."""

    handle = Line(
        label=gettext_lazy("Name or handle"), max_length=120,
        help_text=gettext_lazy("As people see it, for example @harbourlane."),
        error_messages={"required": gettext_lazy("Enter the name under which people find it.")},
    )  # fmt: skip
    owner = Line(label=gettext_lazy("Who holds it"), max_length=120, required=False,
                 help_text=gettext_lazy("The person or the practice in whose name it is kept."))  # fmt: skip
    purpose = Line(label=gettext_lazy("What it is for"), max_length=160, required=False,
                   help_text=gettext_lazy("Clients may read this line in your policy."))  # fmt: skip
    who_posts = Line(label=gettext_lazy("Who posts"), max_length=160, required=False,
                     help_text=gettext_lazy("Everyone who can sign in, by name or role."))  # fmt: skip
    two_factor = forms.ChoiceField(
        label=gettext_lazy("Is two-factor sign-in on?"), choices=TwoFactor.choices, widget=forms.RadioSelect,
        initial=TwoFactor.UNKNOWN, help_text=gettext_lazy("A code from an app or a passkey, beside the password."),
    )  # fmt: skip
    recovery = Line(label=gettext_lazy("How you get back in if the sign-in is lost"), max_length=200, required=False,
                    help_text=gettext_lazy("Where the recovery codes are. Never write the codes here."))  # fmt: skip
    since = Day(label=gettext_lazy("Since"), required=False, help_text=gettext_lazy("Roughly is enough."))

    def __init__(self, data: QueryDict | None = None, *, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today = today

    def clean_since(self) -> date | None:
        """A day that has come, or none."""
        return _not_later(self.cleaned_data["since"], self.today)


class CloseForm(forms.Form):
    """When an account was closed, and why."""

    on = Day(
        label=gettext_lazy("Closed on"),
        error_messages={"required": gettext_lazy("Enter the day it was closed; today will do if you are not sure.")},
    )  # fmt: skip
    note = Line(label=gettext_lazy("Why, in a line"), max_length=200, required=False)

    def __init__(self, data: QueryDict | None = None, *, today: date, **kwargs: Any) -> None:
        super().__init__(data, initial={"on": today}, **kwargs)
        self.today = today

    def clean_on(self) -> date | None:
        """A day that has come."""
        return _not_later(self.cleaned_data["on"], self.today)


def _not_later(day: date | None, today: date) -> date | None:
    if day is not None and day > today:
        raise ValidationError(_("This day has not come yet. Enter it when it has happened."))
    return day


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as the page shows it."""

    option: Option
    chosen: bool


@dataclass(slots=True)
class Cell:
    """A question with its value as typed."""

    field: Field
    value: object
    error: str = ""
    choices: list[Choice] = fresh(default_factory=list)

    @property
    def id(self) -> str:
        return f"id_{self.field.id}"

    @property
    def first_id(self) -> str:
        """Where a link to this question leads: the first option, or the line itself."""
        return f"{self.id}_{self.field.options[0].id}" if self.field.options else self.id


@dataclass(frozen=True, slots=True)
class Asked:
    """One item of the worksheet with its questions."""

    item: ChecklistItem
    cells: list[Cell]

    @property
    def weight(self) -> Cell:
        return self.cells[0]

    @property
    def controls(self) -> Cell | None:
        return next((cell for cell in self.cells[1:] if cell.field.kind == "choices"), None)

    @property
    def remark(self) -> Cell | None:
        return next((cell for cell in self.cells[1:] if cell.field.kind == "long-text"), None)


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the worksheet."""

    section: ChecklistSection
    asked: list[Asked]


class WorksheetForm:
    """The worksheet: `parts` to show, `answers` to keep, `cells` in the order of the page.

    data is what was posted, or None to show what is kept. Values are kept as typed, so that nothing is lost on
    an error; an answer that cannot be kept is in no `answers` and has an `error`.
    """

    def __init__(self, checklist: Checklist, kept: Mapping[str, object], data: QueryDict | None = None) -> None:
        self.checklist = checklist
        self.answers: dict[str, object] = {}
        self.parts = [
            Part(section, [Asked(item, [self._cell(one, kept, data) for one in item.fields]) for item in section.items])
            for section in checklist.sections
        ]
        self.cells = [cell for part in self.parts for asked in part.asked for cell in asked.cells]

    @property
    def wrong(self) -> list[Cell]:
        """The questions with an error, in the order of the page."""
        return [cell for cell in self.cells if cell.error]

    def require(self, missing: list[str]) -> None:
        """Note the questions without which nothing is decided."""
        for cell in self.cells:
            if cell.field.id in missing and not cell.error:
                cell.error = _("Answer this to decide. To stop here, save it as it is.")

    def _cell(self, item: Field, kept: Mapping[str, object], data: QueryDict | None) -> Cell:
        value: object = kept.get(item.id, "")
        error = ""
        if data is not None:
            value = data.getlist(item.id) if item.kind == "choices" else data.get(item.id, "")
            try:
                self.answers[item.id] = clean(item, value)
            except Refused as problem:
                error = problem.sentence(library.pack(), called=item.label)
        chosen = value if isinstance(value, (list, tuple)) else [value]
        return Cell(item, value, error, [Choice(option, option.id in chosen) for option in item.options])
