"""The form for who the letters come from."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from doorframe.apps.members.forms import Line


class SenderForm(forms.Form):
    """The name and the address for answers; empty means the usual."""

    name = Line(
        label=gettext_lazy("Name of the sender"), max_length=70, required=False,
        help_text=gettext_lazy("If empty, it is the name of the person who writes, without titles."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    reply_to = forms.EmailField(
        label=gettext_lazy("Address for answers"), max_length=254, required=False,
        help_text=gettext_lazy("Where an answer goes. If empty, answers go to the sender's address."),
        error_messages={"invalid": gettext_lazy("Enter an e-mail address, for example imani@post.example.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
