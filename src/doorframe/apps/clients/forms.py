"""Forms of the clients: the entry, each person of it, the search, and a file that is brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorframe.apps.clients import codes, queries, rules, searching
from doorframe.apps.clients.models import Capacity, Client, CopyWay, Kind, Status
from doorframe.apps.members import permissions
from doorframe.apps.members.fields import Day, Line
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission

MOST_PEOPLE = 20


class Clinician(forms.ModelChoiceField):
    """Somebody who can have clients, by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.user)


class ClientForm(forms.Form):
    """The entry itself. The clinician is asked for where the member may choose one and there is a choice."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Who comes"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.INDIVIDUAL,
        error_messages={"required": gettext_lazy("Say who comes; one person will do if you do not know yet.")},
    )  # fmt: skip
    code = Line(
        label=gettext_lazy("Practice id"), max_length=20, required=False,
        help_text=gettext_lazy(
            "Addresses, logs and the trail say this and never a name. Keep ours, or write the one you use already."
        ),
    )  # fmt: skip
    clinician = Clinician(
        label=gettext_lazy("Clinician"), queryset=None, empty_label=None,
        error_messages={"required": gettext_lazy("Choose who sees this client.")},
    )  # fmt: skip
    status = forms.ChoiceField(
        label=gettext_lazy("Where they stand"), choices=Status.choices, widget=forms.RadioSelect,
        initial=Status.PROSPECTIVE,
    )  # fmt: skip
    first_session_on = Day(label=gettext_lazy("First session"), required=False)
    third_session_on = Day(
        label=gettext_lazy("Third session"), required=False,
        help_text=gettext_lazy("A good moment to talk about the policy once more."),
    )  # fmt: skip

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, member: Membership, client: Client | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.member, self.client = member, client
        if client is None:
            del self.fields["third_session_on"]
            self.initial.setdefault("code", codes.suggest())
        self._ask_for_clinician()

    def _ask_for_clinician(self) -> None:
        field = self.fields["clinician"]
        assert isinstance(field, Clinician)
        field.queryset = queries.clinicians(self.member.practice, besides=self.client)
        sees_clients = permissions.can(self.member, Permission.VIEW_ANSWERS)
        chooses = permissions.can(self.member, Permission.VIEW_ALL_CLIENTS)
        if not chooses or (sees_clients and len(field.queryset) < 2):
            del self.fields["clinician"]
        elif sees_clients:
            self.initial.setdefault("clinician", self.member.pk)

    def clean_code(self) -> str:
        """The practice id as it is kept, free to be used; "" lets the action make one."""
        code = codes.tidy(self.cleaned_data["code"])
        if not code:
            return self.client.code if self.client else ""
        try:
            rules.check_code(self.member.practice, code, besides=self.client)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return code


class PersonForm(forms.Form):
    """Somebody who reads and signs. A parent or guardian has two lines more; a client may be under age."""

    name = Line(label=gettext_lazy("Name"), max_length=120, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), required=False, max_length=254,
        error_messages={"invalid": gettext_lazy("This is not a whole e-mail address. It looks like ana@post.example.")},
    )  # fmt: skip
    phone = Line(label=gettext_lazy("Telephone"), max_length=40, required=False)
    is_minor = forms.BooleanField(label=gettext_lazy("Is under age"), required=False)
    relationship = Line(
        label=gettext_lazy("What they are to the client"), max_length=120, required=False,
        help_text=gettext_lazy("For example mother, foster father, legal guardian."),
    )  # fmt: skip
    authority = Line(
        label=gettext_lazy("Why they may sign"), max_length=300, required=False,
        help_text=gettext_lazy("For example: shares custody; court order seen on 3 March 2026."),
    )  # fmt: skip
    copy_way = forms.ChoiceField(
        label=gettext_lazy("How they get the copy of what they sign"), choices=CopyWay.choices,
        widget=forms.RadioSelect, initial=CopyWay.EMAIL,
    )  # fmt: skip

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, capacity: str = Capacity.CLIENT, is_new: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, **kwargs)
        self.is_guardian = capacity == Capacity.GUARDIAN
        self.capacity = Capacity.GUARDIAN if self.is_guardian else Capacity.CLIENT
        self.is_new = is_new
        without = ["is_minor"] if self.is_guardian else ["relationship", "authority"]
        for name in [*without, *(["copy_way"] if is_new else [])]:
            del self.fields[name]
        for name, kind in (("name", "off"), ("email", "off"), ("phone", "off")):
            # The browser would offer the therapist's own name and address.
            self.fields[name].widget.attrs["autocomplete"] = kind

    @property
    def values(self) -> dict[str, Any]:
        """What the actions take. A new person without an e-mail address gets the copy on paper."""
        known = {**self.cleaned_data, "capacity": self.capacity}
        if self.is_new:
            known["copy_way"] = CopyWay.EMAIL if known["email"] else CopyWay.PRINT
        return known


class PeopleForm:
    """The people of a new client: `rows` to show. Buttons add and take away; nothing typed is lost by it."""

    def __init__(self, data: QueryDict | None = None) -> None:
        self.data = data
        said = data.getlist("people")[:MOST_PEOPLE] if data is not None else [Capacity.CLIENT]
        kinds = said or [Capacity.CLIENT]
        self.rows = [PersonForm(data, capacity=kind, is_new=True, prefix=f"p{at}") for at, kind in enumerate(kinds)]

    def changed(self) -> PeopleForm:
        """The same people, with one more or one fewer as the pressed button says, and no errors yet."""
        assert self.data is not None
        more, less = self.data.get("more", ""), self.data.get("less", "")
        kept = [row for at, row in enumerate(self.rows) if str(at) != less or len(self.rows) == 1]
        shown = [(row.capacity, _typed(row)) for row in kept]
        if more in Capacity.values and len(shown) < MOST_PEOPLE:
            shown.append((Capacity(more), {}))
        again = PeopleForm()
        again.rows = [
            PersonForm(capacity=capacity, is_new=True, prefix=f"p{at}", initial=typed)
            for at, (capacity, typed) in enumerate(shown)
        ]
        if more:
            again.rows[-1].fields["name"].widget.attrs["autofocus"] = True
        return again

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= MOST_PEOPLE

    @property
    def wrong(self) -> list[forms.BoundField]:
        """The fields with an error, in the order of the page."""
        return [field for row in self.rows for field in row if field.errors]

    def is_valid(self) -> bool:
        return not any(row.errors for row in self.rows)

    @property
    def values(self) -> Sequence[dict[str, Any]]:
        """What the actions take."""
        return [row.values for row in self.rows]


def _typed(form: PersonForm) -> dict[str, Any]:
    return {name: form[name].data for name in form.fields}


class SearchForm(forms.Form):
    """A practice id or a part of a name."""

    search = Line(label=gettext_lazy("Find a client"), max_length=searching.LONGEST, required=False)


class ImportForm(forms.Form):
    """A table of clients, as a file or pasted."""

    file = forms.FileField(label=gettext_lazy("A CSV file"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Or paste the table here"), required=False, strip=False, max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        error_messages={"max_length": gettext_lazy("This is too long to paste. Save it as a file.")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Exactly one table."""
        found = super().clean() or self.cleaned_data
        if not self.errors and not found.get("file") and not found.get("text", "").strip():
            self.add_error("file", _("Choose a file, or paste its rows below."))
        return found

    @property
    def table(self) -> bytes:
        """The bytes of the table; of both, the file's."""
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file else str(self.cleaned_data["text"]).encode()
