"""The forms for a new key and for a program that is told of events."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from doorframe.apps.connections import addresses
from doorframe.apps.connections.events import Told
from doorframe.apps.members.forms import Line, missing


class TokenForm(forms.Form):
    """What the key is for, and how long it lasts."""

    name = Line(
        label=gettext_lazy("What is it for?"), max_length=80,
        help_text=gettext_lazy("The name of the other program, for example “Diary”. You see it in the list later."),
        error_messages=missing(gettext_lazy("Enter the name of the other program, for example Diary.")),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    use = forms.ChoiceField(
        label=gettext_lazy("What may it do?"), required=False, initial="read", widget=forms.RadioSelect,
        choices=[
            ("read", gettext_lazy("Read where acknowledgements stand")),
            ("screen", gettext_lazy("Have drafts of posts checked")),
            ("read screen", gettext_lazy("Both")),
        ],
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long does it last?"), coerce=int, initial=90, widget=forms.RadioSelect,
        choices=[
            (30, gettext_lazy("30 days")), (90, gettext_lazy("90 days")), (365, gettext_lazy("One year")),
        ],
        error_messages=missing(gettext_lazy("Choose how long the key lasts.")),
    )  # fmt: skip

    @property
    def scopes(self) -> list[str]:
        """What was chosen; where nothing was, what every key could do before there was a choice."""
        return (self.cleaned_data["use"] or "read").split()


class EndpointForm(forms.Form):
    """Who is told, where, and of what."""

    name = Line(
        label=gettext_lazy("Name of the other program"), max_length=80,
        help_text=gettext_lazy("For example “Diary”. You see it in the list later."),
        error_messages=missing(gettext_lazy("Enter the name of the other program, for example Diary.")),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    url = forms.CharField(
        label=gettext_lazy("Its address for messages"), max_length=addresses.LONGEST,
        help_text=gettext_lazy("The other program shows it. It begins with https:// and is often called a webhook."),
        error_messages=missing(gettext_lazy("Enter the address that the other program shows.")),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=gettext_lazy("What is it told of?"), choices=Told.choices, widget=forms.CheckboxSelectMultiple,
        error_messages=missing(gettext_lazy("Choose at least one thing that the other program is told of.")),
    )  # fmt: skip
