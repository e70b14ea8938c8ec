"""What members type in around the tablet and sheets of paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doorframe.apps.signatures import scans
from doorframe.apps.signatures.actions.sheets import Picture
from doorframe.apps.signatures.forms_desk import PastDay
from doorframe.apps.signatures.models import Signer


class PinForm(forms.Form):
    """A PIN, twice. It is never shown again, not even while something is wrong."""

    pin = forms.CharField(
        label=_("Your PIN"),
        max_length=20,
        help_text=_("6 to 12 digits, with at least three different ones. No birthday, and not the code of your door."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    again = forms.CharField(
        label=_("The same PIN once more"),
        max_length=20,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        given = super().clean() or {}
        if "pin" in given and "again" in given and given["pin"] != given["again"]:
            self.add_error("again", _("The two are not the same. Type both again. The PIN you had still works."))
        return given


class ReferenceForm(forms.Form):
    """What is printed at the foot of a sheet."""

    reference = forms.CharField(
        label=_("Reference"),
        max_length=60,
        help_text=_("Eight signs at the foot of each page, such as 7KQM-3FTA."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class SheetForm(forms.Form):
    """What stands on a sheet that came back: what each person said, the day, and perhaps a picture of it."""

    on = PastDay(label=_("Day on the sheet"))
    scan = forms.FileField(
        label=_("Scan"),
        required=False,
        help_text=_("A PDF, JPEG or PNG of at most 10 MB. It is kept encrypted."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )

    def __init__(self, people: Sequence[Signer], *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        on = self.fields["on"]
        assert isinstance(on, PastDay)
        on.today = today
        on.widget.attrs["max"] = today.isoformat()
        self.initial.setdefault("on", today)
        own = dict(self.fields)
        self.fields.clear()
        for one in people:
            self.fields[self.key(one)] = self._answer(one)
        self.fields.update(own)

    @staticmethod
    def key(signer: Signer) -> str:
        """The name of the field for this person."""
        return f"answer-{signer.uid}"

    def clean_scan(self) -> Picture | None:
        """The file as it is kept; whatever it is called, its bytes say what it is."""
        upload = self.cleaned_data.get("scan")
        if not upload:
            return None
        if upload.size > scans.LARGEST:
            raise forms.ValidationError(
                gettext("This file is larger than 10 MB. Scan it again with fewer dots an inch.")
            )
        try:
            data, media_type = scans.checked(upload.read())
        except scans.ScanError as error:
            raise forms.ValidationError(str(error)) from error
        return Picture(data, media_type)

    def answers(self) -> dict[str, bool]:
        """By a signer's uid, whether they agreed; whoever is not on the sheet is left out."""
        given = {str(one.uid): self.cleaned_data.get(self.key(one), "") for one in self.people}
        return {uid: said == "agreed" for uid, said in given.items() if said}

    def _answer(self, one: Signer) -> forms.ChoiceField:
        capacity = one.get_capacity_display()
        return forms.ChoiceField(
            label=f"{one.name}, {capacity}" if one.name else capacity,
            widget=forms.RadioSelect,
            required=False,
            choices=[
                ("agreed", gettext("Signed")),
                ("declined", gettext("Declined")),
                ("", gettext("Not on this sheet")),
            ],
            initial="",
        )
