"""Forms of the practice, its people and of whoever joins."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorframe.apps.members import places
from doorframe.apps.members.models import Language, User, check_time_zone
from doorframe.apps.members.roles import EXPLAINED, Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Line(forms.CharField):
    """One line of text without control signs."""

    def to_python(self, value: Any) -> str:
        text = "".join(sign if unicodedata.category(sign) != "Cc" else " " for sign in super().to_python(value) or "")
        return " ".join(text.split())


def missing(sentence: StrOrPromise) -> dict[str, StrOrPromise]:
    """What a required field says when it is empty: what to enter."""
    return {"required": sentence}


class PersonName(Line):
    """What a person is called here."""

    widget = forms.TextInput(attrs={"autocomplete": "name"})

    def __init__(self, help_text: StrOrPromise) -> None:
        super().__init__(
            label=gettext_lazy("Your name"), max_length=200, help_text=help_text,
            error_messages=missing(gettext_lazy("Enter your name, as others know you.")),
        )  # fmt: skip


class Email(forms.EmailField):
    """An address to sign in with."""

    def __init__(self, help_text: StrOrPromise, *, whose: str = "email") -> None:
        sentence = gettext_lazy("Enter an e-mail address, for example office@harbour-lane.example.")
        super().__init__(
            label=gettext_lazy("E-mail address"), max_length=254, help_text=help_text,
            error_messages={"required": sentence, "invalid": sentence},
            widget=forms.EmailInput(attrs={"autocomplete": whose}),
        )  # fmt: skip


class NewPassword(forms.CharField):
    """A password that is chosen here; it is not shown again after an error."""

    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Password"),
            help_text=gettext_lazy("At least twelve characters. Four or five unrelated words make a good one."),
            max_length=200,
            strip=False,
            error_messages=missing(gettext_lazy("Choose a password of at least twelve characters.")),
        )


class PlaceForm(forms.Form):
    """Where the practice is, and by which clock it lives."""

    place = forms.ChoiceField(
        label=gettext_lazy("Where you practise"), choices=places.choices,
        error_messages=missing(gettext_lazy("Choose the place where you practise.")),
    )  # fmt: skip
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), required=False, validators=[check_time_zone],
        choices=lambda: [("", _("As is usual there")), *places.zone_choices()],
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Adds `country` and `region`, and the zone that is usual there where none was chosen."""
        found = super().clean() or {}
        place = places.PLACES.get(found.get("place", ""))
        if place is None:
            return found
        found["country"], found["region"] = place.country, place.region
        found["time_zone"] = found.get("time_zone") or place.zone
        if not found["time_zone"] and "time_zone" not in self.errors:
            self.add_error("time_zone", _("Several times are kept there. Choose yours."))
        return found


class BeginForm(PlaceForm):
    """What a practice needs to begin."""

    practice_name = Line(
        label=gettext_lazy("Name of the practice"), max_length=200,
        help_text=gettext_lazy("Your own name, if the practice has no other."),
        error_messages=missing(gettext_lazy("Enter what the practice is called; your own name will do.")),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    name = PersonName(gettext_lazy("As your clients and colleagues know you, for example Dr Imani Cole."))
    email = Email(gettext_lazy("You sign in with it. Nothing is sent to it now."))
    password = NewPassword()

    field_order = ["practice_name", "name", "email", "password", "place", "time_zone"]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        check_password(self, User(email=found.get("email", ""), display_name=found.get("name", "")))
        return found


class JoinForm(forms.Form):
    """What somebody new needs to join. The address is the invitation's."""

    name = PersonName(gettext_lazy("As your colleagues know you."))
    password = NewPassword()

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        check_password(self, User(email=self.email, display_name=found.get("name", "")))
        return found


class OwnNameForm(forms.Form):
    """One's own name."""

    name = PersonName(gettext_lazy("As your colleagues know you. What you did before keeps the name you had then."))


def check_password(form: forms.Form, user: User) -> None:
    """Put on the form's password whatever makes it too weak for this person."""
    given = form.cleaned_data.get("password")
    if not given:
        return
    try:
        validate_password(given, user)
    except ValidationError as error:
        form.add_error("password", error)


class PracticeForm(PlaceForm):
    """The practice as its owner may change it."""

    name = Line(
        label=gettext_lazy("Name of the practice"), max_length=200,
        error_messages=missing(gettext_lazy("Enter what the practice is called.")),
    )  # fmt: skip
    slug = forms.SlugField(
        label=gettext_lazy("Address on the web"), max_length=80,
        error_messages={
            "required": gettext_lazy("Enter a short name for the address, for example harbour-lane."),
            "invalid": gettext_lazy("Use letters without accents, digits and hyphens only."),
        },
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("Language and spelling of these pages"), choices=Language.choices, widget=forms.RadioSelect
    )
    two_person_rule = forms.BooleanField(
        label=gettext_lazy("A second person approves each policy"), required=False,
        help_text=gettext_lazy(
            "Whoever wrote a version cannot approve it; somebody else who is an owner or a supervisor does. "
            "Without this rule one person may take a policy the whole way."
        ),
    )  # fmt: skip

    field_order = ["name", "place", "time_zone", "language", "two_person_rule", "slug"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A zone that came from the command line may have another name for the same hours; it is kept.
        zone = str(self.initial.get("time_zone", ""))
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        if zone and not field.valid_value(zone):
            field.choices = [("", _("As is usual there")), *places.zone_choices(), (zone, zone)]

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()


@dataclass(frozen=True, slots=True)
class Explained:
    """A role on a form: what it is called, and what it may do."""

    label: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.label}: {self.sentence}"


def role_choices() -> list[tuple[str, Explained]]:
    """The roles in words, from the least to the most."""
    return [(role.value, Explained(str(role.label), str(sentence))) for role, sentence in EXPLAINED.items()]


class RoleForm(forms.Form):
    """What a person is in the practice."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=role_choices, widget=forms.RadioSelect,
        error_messages=missing(gettext_lazy("Choose what the person is in your practice.")),
    )  # fmt: skip

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm):
    """Whom to invite, as what."""

    email = Email(gettext_lazy("The person signs in with it."), whose="off")

    field_order = ["email", "role"]
