"""Forms of the posts. What a person wrote stays in the form on every error."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorframe.adapters import image
from doorframe.apps.library import queries as library
from doorframe.apps.members.fields import Day, Line
from doorframe.apps.posts import pictures, queries
from doorframe.apps.posts.models import Kind, Outcome
from doorframe.engines.interview.answers import tidy

LONGEST = 20_000
"""Signs of a text: a long newsletter."""
MOST_NAMES, LONGEST_NAME = 300, 200


class Words(forms.CharField):
    """Several lines of text without control signs."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        attrs = {"rows": rows, "autocomplete": "off", "spellcheck": "true"}
        super().__init__(widget=forms.Textarea(attrs=attrs), strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "").encode("utf-8", "replace").decode()


class PostForm(forms.Form):
    """What is to be posted, where, and when."""

    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=Kind.choices)
    platform = forms.ChoiceField(label=gettext_lazy("Where would it go?"), required=False)
    text = Words(
        label=gettext_lazy("Your words"), rows=9, max_length=LONGEST,
        help_text=gettext_lazy("Without a client in mind, if you can. Nothing leaves this computer."),
        error_messages={"required": gettext_lazy("Write what you want to post.")},
    )  # fmt: skip
    planned_for = Day(label=gettext_lazy("Planned for"), required=False)
    permission = Line(
        label=gettext_lazy("Reference of the permission"), required=False, max_length=12,
        help_text=gettext_lazy("As it is printed on it, for example 7KQM-3FTA."),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        platform = self.fields["platform"]
        assert isinstance(platform, forms.ChoiceField)
        platform.choices = [("", _("Not decided yet")), *queries.platform_choices()]

    @property
    def can_be_screened(self) -> bool:
        """Whether the words and where they go are understood, whatever else is still half-written."""
        return {"kind", "platform", "text"} <= set(self.cleaned_data)

    @property
    def values(self) -> dict[str, Any]:
        """What the actions take."""
        return {name: self.cleaned_data[name] for name in ("kind", "platform", "text", "planned_for", "permission")}

    def clean_permission(self) -> str:
        """The reference as it is kept: two groups of four, in capitals."""
        signs = "".join(sign for sign in self.cleaned_data["permission"].upper() if sign.isalnum())
        return f"{signs[:4]}-{signs[4:]}"[:12] if signs else ""


class DecideForm(forms.Form):
    """An approver's answer. Which of the two fields is needed follows from the answer and from the outcome."""

    reason = Words(
        label=gettext_lazy("Why it may go out"), rows=3, max_length=2000, required=False,
        help_text=gettext_lazy("The log keeps this sentence for good. Name no client in it, and quote nothing."),
    )  # fmt: skip
    note = Words(
        label=gettext_lazy("What should be different"), rows=3, max_length=2000, required=False,
        help_text=gettext_lazy("For whoever wrote it. This note goes when the text goes."),
    )  # fmt: skip
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, data: QueryDict | None = None, *, outcome: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.asks = outcome == Outcome.ASK
        if not self.asks:
            del self.fields["reason"]

    @property
    def sends_back(self) -> bool:
        return self.data.get("do") == "send-back"

    def clean_note(self) -> str:
        """Somebody who gets it back must know why."""
        note: str = self.cleaned_data["note"]
        if self.sends_back and not note:
            raise ValidationError(_("Write what should be different, so that it can be changed."))
        return note

    def clean_reason(self) -> str:
        """A person must decide, and says why."""
        reason: str = self.cleaned_data["reason"]
        if not self.sends_back and not reason:
            raise ValidationError(_("Write why this may go out."))
        return reason


class PublishForm(forms.Form):
    """The day on which it was posted."""

    on = Day(
        label=gettext_lazy("Posted on"),
        error_messages={"required": gettext_lazy("Enter the day it was posted; today will do if you are not sure.")},
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, today: date, **kwargs: Any) -> None:
        super().__init__(data, initial={"on": today}, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError(_("This day has not come yet. Enter it when it has happened."))
        return day


class LogForm(forms.Form):
    """What of the log is shown."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), required=False)
    search = Words(
        label=gettext_lazy("Find"), rows=1, max_length=LONGEST, required=False,
        help_text=gettext_lazy("A name, a platform, the first signs of a hash, or a whole text."),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = [("", _("Every outcome")), *Outcome.choices]


class NamesForm(forms.Form):
    """The practice's own words, one a line."""

    lines = Words(
        label=gettext_lazy("One a line"), rows=14, max_length=MOST_NAMES * LONGEST_NAME, required=False,
        help_text=gettext_lazy(
            "The practice, everybody who works in it, its addresses and telephone numbers, its accounts, its prices, "
            "the dog in the waiting room."
        ),
    )  # fmt: skip

    def clean_lines(self) -> str:
        """The lines without blanks around them, each once."""
        lines = list(dict.fromkeys(" ".join(line.split()) for line in self.cleaned_data["lines"].splitlines()))
        kept = [line for line in lines if line]
        if len(kept) > MOST_NAMES:
            raise ValidationError(_("These are more than %(most)s lines. Keep the ones that posts are likely to name.")
                                  % {"most": MOST_NAMES})  # fmt: skip
        if any(len(line) > LONGEST_NAME for line in kept):
            raise ValidationError(_("One line is longer than %(most)s signs. Put each name on a line of its own.")
                                  % {"most": LONGEST_NAME})  # fmt: skip
        return "\n".join(kept)


class PictureForm(forms.Form):
    """One picture. `cleaned` holds it without what its file told, once the form is valid."""

    picture = forms.FileField(
        label=gettext_lazy("The picture"),
        help_text=gettext_lazy("JPEG, PNG, WebP or HEIC, as a telephone takes them, up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": "image/*"}), allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a picture.")},
    )  # fmt: skip
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cleaned: image.Cleaned | None = None

    def clean_picture(self) -> UploadedFile:
        """A picture that can be cleaned; whatever else it is, the sentence says so."""
        file: UploadedFile = self.cleaned_data["picture"]
        if (file.size or 0) > pictures.LARGEST:
            raise ValidationError(_("This file is larger than 20 MB. Nothing was kept. Save a smaller copy of it."))
        try:
            self.cleaned = image.clean(file.read(), file.name or "")
        except image.Refused as refused:
            raise ValidationError(library.pack().spelled(str(refused))) from refused
        return file


def month(text: str | None, today: date) -> date:
    """The first day of a month from an address, “2026-11”; this month for whatever is none."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 2000 <= found.year <= 2100 else today.replace(day=1)


def place(text: str | None) -> int:
    """Where a page begins; 0 for whatever is no number."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else 0
