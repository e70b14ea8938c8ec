"""What members and clients type in: one decision a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doorframe.apps.authorisations import queries, rules
from doorframe.apps.authorisations.models import Authorisation, Signer
from doorframe.apps.clients import codes
from doorframe.apps.clients.models import Capacity, Client, Person
from doorframe.apps.clients.words import called
from doorframe.apps.library import queries as library
from doorframe.apps.members.fields import Day, Line
from doorframe.apps.members.models import Membership
from doorframe.engines.interview.answers import tidy

LONGEST = 4000
NOT_NAMED = "other"
"""The platform that stands for any other. A permission names its places, so it is none."""


class Words(forms.CharField):
    """Several lines of words, without control signs."""

    def __init__(self, *, rows: int = 4, longest: int = LONGEST, **kwargs: Any) -> None:
        super().__init__(max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "").strip()


class WhoseForm(forms.Form):
    """Whose story it is, by practice id."""

    codes = Line(
        label=_("Whose story is it?"), max_length=120,
        help_text=_("The practice id. For a story of several, write each one, with a comma between them."),
        error_messages={"required": _("Write a practice id. You find it in the list of clients.")},
    )  # fmt: skip

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_codes(self) -> list[Client]:
        """The clients that these practice ids name."""
        typed = list(dict.fromkeys(codes.tidy(one) for one in re.split(r"[,;\s]+", self.cleaned_data["codes"]) if one))
        known = queries.clients(self.member, typed)
        missing = [one for one in typed if one not in known]
        if missing:
            said = gettext("No client of yours has the practice id %(code)s. Look again in the list of clients.")
            raise ValidationError(said % {"code": missing[0][:20]})
        return [known[one] for one in typed]


class PeopleForm(forms.Form):
    """Who is in the story, and so has to sign."""

    people = forms.MultipleChoiceField(
        label=_("Everyone who is in it"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Everyone you choose is asked, and one no is enough. Leave out whom the story does not touch."),
        error_messages={"required": _("Choose at least one person.")},
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(one.uid): one for one in people}
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(uid, _named(one)) for uid, one in self.known.items()]

    @property
    def chosen(self) -> list[Person]:
        """The people of the valid form."""
        return [self.known[uid] for uid in self.cleaned_data["people"]]


class StoryForm(forms.Form):
    """What may be told."""

    scope = Words(
        label=_("The story, in short"), rows=7,
        help_text=_(
            "Write it as the client will read it. What is not written here may not be told. Leave out names, places, "
            "days and anything else that the point does not need."
        ),
        error_messages={"required": _("Write what may be told.")},
    )  # fmt: skip


class PlacesForm(forms.Form):
    """Where it may go out."""

    platforms = forms.MultipleChoiceField(label=_("Every place"), widget=forms.CheckboxSelectMultiple, required=False)
    elsewhere = Words(
        label=_("Somewhere else"), rows=2, longest=400, required=False,
        help_text=_("One place a line, such as: our newsletter; a talk at a conference."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["platforms"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.id, one.name) for one in library.pack().platforms if one.id != NOT_NAMED]

    def clean(self) -> dict[str, Any]:
        """At least one place, however it is named."""
        given = super().clean() or {}
        if not self.errors and not given.get("platforms") and not given.get("elsewhere"):
            self.add_error("platforms", gettext("Say where it may go out: tick a place, or write one."))
        return given


class PurposeForm(forms.Form):
    """What it is for."""

    purpose = Line(
        label=_("The reason"), max_length=300,
        help_text=_(
            "It follows the words “This is why I want to tell it:”. For example: to show that sleep can get better."
        ),
        error_messages={"required": _("Write what it is for.")},
    )  # fmt: skip


class DaysForm(forms.Form):
    """From when until when."""

    first_on = Day(label=_("First day"), error_messages={"required": _("Choose the first day.")})
    last_on = Day(
        label=_("Last day"), help_text=_("Two years later at most. A short time is easier to say yes to."),
        error_messages={"required": _("A permission needs a day on which it ends.")},
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("first_on", today)
        self.initial.setdefault("last_on", today + timedelta(days=rules.USUAL_DAYS))


class PaperForm(forms.Form):
    """What stands on a signed sheet."""

    on = Day(label=_("Day on the sheet"), error_messages={"required": _("Choose the day on the sheet.")})
    kept_where = Line(
        label=_("Where the sheet is kept"), max_length=200,
        help_text=_("The folder, or the name of the scan, so that it can be found again."),
        error_messages={"required": _("Write where the signed sheet or its scan is kept.")},
    )  # fmt: skip

    def __init__(self, people: Sequence[Signer], *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.initial.setdefault("on", today)
        own = dict(self.fields)
        self.fields.clear()
        for one in people:
            self.fields[f"answer-{one.uid}"] = _answer(one)
            if one.capacity == Capacity.GUARDIAN and not (one.relationship and one.authority):
                self.fields[f"relationship-{one.uid}"] = relationship_field(
                    one.relationship, gettext("Who they are to the person they sign for")
                )
                self.fields[f"authority-{one.uid}"] = authority_field(one.authority, gettext("What lets them sign"))
        self.fields.update(own)

    def answers(self) -> dict[str, bool]:
        """By a signer's uid, whether they said yes; whoever is not on the sheet is left out."""
        given = {str(one.uid): self.cleaned_data.get(f"answer-{one.uid}", "") for one in self.people}
        return {uid: said == "yes" for uid, said in given.items() if said}

    def rights(self) -> dict[str, tuple[str, str]]:
        """By a signer's uid, who they are to the person they sign for, and what lets them."""
        return {
            str(one.uid): (
                self.cleaned_data.get(f"relationship-{one.uid}", ""), self.cleaned_data.get(f"authority-{one.uid}", "")
            )
            for one in self.people
        }  # fmt: skip


class RevokeForm(forms.Form):
    """Why it was taken back, where somebody wants that kept."""

    reason = Words(
        label=_("What was said"), rows=3, longest=1000, required=False,
        help_text=_("Nobody has to give a reason. Write what helps you to act on it, or nothing."),
    )  # fmt: skip


class SignForm(forms.Form):
    """A typed name, and what lets somebody sign for another."""

    def __init__(self, signer: Signer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signer.capacity == Capacity.GUARDIAN:
            self.fields["relationship"] = relationship_field(
                signer.relationship, gettext("Who you are to the person you sign for")
            )
            self.fields["authority"] = authority_field(signer.authority, gettext("What lets you sign"))
        self.fields["name"] = Line(
            label=gettext("Your name"), max_length=120,
            widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}),
            help_text=gettext("Typed here, it stands for your signature."),
            error_messages={"required": gettext("Type your name. It stands for your signature.")},
        )  # fmt: skip


def relationship_field(known: str, label: str) -> Line:
    """Who somebody is to the person they sign for."""
    hint = gettext("For example: mother, guardian.")
    return Line(label=label, max_length=120, required=False, initial=known, help_text=hint)


def authority_field(known: str, label: str) -> Line:
    """What lets somebody sign for another."""
    hint = gettext("For example: parental responsibility, an order of the court.")
    return Line(label=label, max_length=200, required=False, initial=known, help_text=hint)


def story_step(step: str, item: Authorisation, *args: Any, today: date, **kwargs: Any) -> forms.Form:
    """The form of one page that writes a column or two of the permission."""
    known: dict[str, Any] = {
        name: getattr(item, name) for name in ("scope", "purpose", "platforms", "elsewhere", "first_on", "last_on")
    }
    kwargs["initial"] = {name: value for name, value in known.items() if value}
    if step == "until":
        return DaysForm(*args, today=today, **kwargs)
    return {"story": StoryForm, "places": PlacesForm, "purpose": PurposeForm}[step](*args, **kwargs)


def _answer(one: Signer) -> forms.ChoiceField:
    capacity = one.get_capacity_display()
    return forms.ChoiceField(
        label=f"{one.name}, {capacity}" if one.name else f"{one.client.code}, {capacity}",
        widget=forms.RadioSelect,
        required=False,
        initial="",
        choices=[("yes", gettext("Yes")), ("no", gettext("No")), ("", gettext("Not on this sheet"))],
    )


def _named(one: Person) -> str:
    role = gettext("under age") if one.is_minor else one.get_capacity_display()
    return f"{called(one)}, {one.client.code}, {role}"
