"""What readers and members type in. Answers stay where they are when something is wrong."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorframe.engines.interview.answers import tidy


class SignForm(forms.Form):
    """A name, typed as one writes it; strokes where it was drawn; and the yes to records on a screen."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    strokes = forms.CharField(required=False, widget=forms.HiddenInput, max_length=400_000)

    name.widget.attrs.update({"autocomplete": "name", "spellcheck": "false"})

    def clean_name(self) -> str:
        """The name in one line."""
        name = " ".join(tidy(self.cleaned_data["name"]).split())
        if not name:
            raise forms.ValidationError(_("Type your name as you write it. Nothing was signed."))
        return name

    def clean_strokes(self) -> list[list[list[int]]]:
        """Lists of points; [] where nothing was drawn."""
        raw = self.cleaned_data["strokes"]
        if not raw:
            return []
        try:
            return _strokes(json.loads(raw))
        except (ValueError, TypeError, RecursionError) as error:
            sentence = _("The drawing could not be read. Nothing was signed. Draw it again, or type your name alone.")
            raise forms.ValidationError(sentence) from error


def _strokes(raw: Any) -> list[list[list[int]]]:
    """The drawing with whole numbers within its frame, a thousand across and four hundred down."""
    found = [[[_within(point[0], 1000), _within(point[1], 400)] for point in stroke] for stroke in raw if stroke]
    if sum(len(stroke) for stroke in found) > 20_000:
        raise ValueError("too many points")
    return found


def _within(value: Any, most: int) -> int:
    return max(0, min(int(value), most))
