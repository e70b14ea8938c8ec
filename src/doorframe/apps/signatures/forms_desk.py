"""What members type in on the practice's own pages. A day that lies ahead is never taken for one that has been."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorframe.apps.clients.forms import Day, Line
from doorframe.apps.signatures.states import Capacity
from doorframe.engines.assembly.signing import Option
from doorframe.engines.interview.answers import tidy

LONGEST = 4_000


class Words(forms.CharField):
    """Several lines of text without control signs."""

    widget = forms.Textarea(attrs={"rows": 6})

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "").strip()


class PastDay(Day):
    """A day that has been, or today. `today` is given by the form."""

    today: date

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is not None and found > self.today:
            raise forms.ValidationError(_("This day has not been yet. Write the day on which it happened."))
        return found


class _Dated(forms.Form):
    """A form with days; `today` is the day in the practice's time zone."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, PastDay):
                field.today = today
                field.widget.attrs["max"] = today.isoformat()
                self.initial.setdefault(name, today)


class DayForm(_Dated):
    """On which day something was talked about."""

    on = PastDay(label=gettext_lazy("Day"))


class SendForm(forms.Form):
    """Whether the link asks for a code that is told apart."""

    code = forms.ChoiceField(
        label=gettext_lazy("How should the link open?"), widget=forms.RadioSelect,
        choices=[
            ("no", gettext_lazy("By itself: whoever reads the e-mail can open it, once")),
            ("yes", gettext_lazy("With a code of six digits that you tell this person yourself")),
        ],
        error_messages={"required": gettext_lazy("Choose one. Nothing was sent yet.")},
    )  # fmt: skip


class RecordForm(_Dated):
    """What somebody said away from the screen."""

    how = forms.ChoiceField(
        label=gettext_lazy("What was it?"), widget=forms.RadioSelect,
        choices=[
            ("paper", gettext_lazy("Agreed, and signed on paper")),
            ("verbal", gettext_lazy("Agreed aloud; nothing was signed")),
            ("declined", gettext_lazy("Declined")),
        ],
        error_messages={"required": gettext_lazy("Say which of these it was. Nothing was recorded yet.")},
    )  # fmt: skip
    on = PastDay(label=gettext_lazy("On which day?"))
    reason = Words(
        label=gettext_lazy("Why, in their words"), required=False, max_length=2_000,
        help_text=gettext_lazy("Nobody has to give a reason. Leave it empty if none was given."),
    )  # fmt: skip


class HelperForm(forms.Form):
    """An interpreter or a witness: a name, and who they are to the client."""

    name = Line(
        label=gettext_lazy("Name"), max_length=200,
        error_messages={"required": gettext_lazy("Write the name of this person. Nobody was added yet.")},
    )  # fmt: skip
    relationship = forms.ChoiceField(
        label=gettext_lazy("Who are they?"), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say who this person is to the client. Nobody was added yet.")},
    )  # fmt: skip
    language = Line(
        label=gettext_lazy("Into which language, or way of speaking?"), max_length=80,
        error_messages={"required": gettext_lazy("Write the language. Nobody was added yet.")},
    )  # fmt: skip

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, capacity: Capacity, options: Iterable[Option], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["relationship"]
        assert isinstance(field, forms.ChoiceField)
        # The words are kept as they were shown: a later edition of the list does not change what was recorded.
        field.choices = [(one.label, one.label) for one in options]
        if capacity != Capacity.INTERPRETER:
            del self.fields["language"]

    @property
    def values(self) -> dict[str, str]:
        """Name and relationship, as the action takes them."""
        parts = [self.cleaned_data["relationship"], self.cleaned_data.get("language", "")]
        return {"name": self.cleaned_data["name"], "relationship": ", ".join(part for part in parts if part)}


class QuestionForm(_Dated):
    """How a question is settled: by an answer in writing or a talk on a day. The button that was pressed says which."""

    way = forms.ChoiceField(choices=[("write", "write"), ("talk", "talk")])
    answer = Words(
        label=gettext_lazy("Your answer"), max_length=LONGEST,
        help_text=gettext_lazy("It goes beside the clause, for this person alone."),
        error_messages={"required": gettext_lazy("Write your answer first. Nothing was kept yet.")},
    )  # fmt: skip
    tell = forms.BooleanField(label=gettext_lazy("Let them know by e-mail that the answer is there"), required=False)
    on = PastDay(
        label=gettext_lazy("On which day?"),
        error_messages={"required": gettext_lazy("Write the day on which you talked about it.")},
    )  # fmt: skip
    clarify = forms.BooleanField(
        label=gettext_lazy("Say this better in the next version of the policy"), required=False
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date, **kwargs: Any) -> None:
        super().__init__(data, today=today, **kwargs)
        way = (data or {}).get("way")
        self.fields["answer"].required = way != "talk"
        self.fields["on"].required = way != "write"
