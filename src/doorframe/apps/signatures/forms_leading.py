"""Forms for whoever leads the practice: packs of evidence, the trail, preferences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from doorframe.apps.members.forms import Line
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures.models import EvidencePack, Paper
from doorframe.apps.signatures.queries import evidence as queries
from doorframe.apps.signatures.queries.evidence import Narrowed
from doorframe.engines.scheduling import retention
from doorframe.engines.scheduling.reminders import Plan

LARGEST_KEY = 100_000
"""Bytes of a key file."""


def place(text: str | None) -> int:
    """From where a page goes on, as a browser sent it; 0 for whatever is no number."""
    return int(text) if text and len(text) < 16 and text.isascii() and text.isdecimal() else 0


class PackForm(forms.Form):
    """What a pack is about. `wanted` holds what the action takes."""

    kind = forms.ChoiceField(
        label=_lazy("What is the pack about?"), choices=EvidencePack.Kind.choices, widget=forms.RadioSelect
    )
    code = Line(
        label=_lazy("Practice id of the client"), max_length=20, required=False,
        help_text=_lazy("For one client. It stands on the client's page."),
    )  # fmt: skip
    version = forms.TypedChoiceField(
        label=_lazy("Version"), coerce=int, empty_value=None, required=False,
        help_text=_lazy("For one version: everybody who was asked about it."),
    )  # fmt: skip

    def __init__(self, *args: Any, member: Membership, papers: Sequence[Paper], **more: Any) -> None:
        super().__init__(*args, **more)
        self._member, self._papers = member, {paper.number: paper for paper in papers}
        shown = [(number, _("Version %(number)s") % {"number": number}) for number in self._papers]
        self.fields["version"].choices = [("", "—"), *shown]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """kind, and the client or the paper."""
        given = self.cleaned_data
        return {"kind": given["kind"], "client": given.get("client"), "paper": given.get("paper")}

    def clean(self) -> dict[str, Any]:
        """The client or the version that the kind asks for."""
        given = super().clean() or self.cleaned_data
        if given.get("kind") == EvidencePack.Kind.CLIENT:
            given["client"] = queries.client_by_code(self._member, given.get("code") or "")
            if given["client"] is None:
                self.add_error(
                    "code", _("No client has this practice id. Look on the client's page. Nothing was made.")
                )
        if given.get("kind") == EvidencePack.Kind.VERSION:
            given["paper"] = self._papers.get(given.get("version") or 0)
            if given["paper"] is None:
                self.add_error("version", _("Choose the version that the pack is about. Nothing was made."))
        return given


class NarrowForm(forms.Form):
    """What somebody looks for on the trail."""

    code = Line(label=_lazy("Practice id"), max_length=20, required=False)
    version = forms.IntegerField(label=_lazy("Version"), required=False, min_value=1, max_value=100_000)
    since = forms.DateField(
        label=_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    @property
    def narrowed(self) -> Narrowed:
        """What was asked for; whatever cannot be read is left open."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return Narrowed(
            code=(given.get("code") or "").upper(), version=given.get("version") or 0, since=given.get("since"),
            until=given.get("until"),
        )  # fmt: skip


class PreferencesForm(forms.Form):
    """How the practice asks and keeps, each with why."""

    countersign = forms.BooleanField(
        label=_lazy("The therapist countersigns"), required=False,
        help_text=_lazy("The record is complete once you have signed too: it shows that you saw what was agreed."),
    )  # fmt: skip
    understanding = forms.BooleanField(
        label=_lazy("Three questions to check understanding"), required=False,
        help_text=_lazy("Asked after reading. They never stop anyone from signing; they show you where to talk."),
    )  # fmt: skip
    keep_ip = forms.BooleanField(
        label=_lazy("Keep the network address (IP) with a signature"), required=False,
        help_text=_lazy(
            "It can support the claim that somebody signed from their own connection. It also says roughly where "
            "they were, so it is off unless you need it. It applies to signatures from now on."
        ),
    )  # fmt: skip
    link_days = forms.IntegerField(
        label=_lazy("Days that a link works"), min_value=1, max_value=60,
        help_text=_lazy("1 to 60. A short time is safer, a long one kinder; whoever is late can ask for a new link."),
    )  # fmt: skip
    reminder_days = Line(
        label=_lazy("Days after which reminders follow"), max_length=60,
        help_text=_lazy("For example 3, 7, 14, counted from the first letter. Never at night and never on a weekend."),
    )  # fmt: skip
    idle_minutes = forms.IntegerField(
        label=_lazy("Minutes until the tablet locks"), min_value=1, max_value=60,
        help_text=_lazy("When nobody touches it. What was typed and not sent is gone then."),
    )  # fmt: skip
    keep_years = forms.IntegerField(
        label=_lazy("Years that proof is kept"), min_value=0, max_value=100,
        help_text=_lazy(
            "At least six. The time begins when the client has left and the version is no longer in force, whichever "
            "is later. What is signed already keeps the longer time that it has."
        ),
    )  # fmt: skip
    shorter = forms.BooleanField(
        label=_lazy("Yes, keep new proof for fewer years than before"), required=False,
        help_text=_lazy("Only needed when you lower the number above. Nothing that is signed already is touched."),
    )  # fmt: skip
    timestamp_url = forms.URLField(
        label=_lazy("Address of a time-stamp authority"), required=False, max_length=200, assume_scheme="https",
        help_text=_lazy(
            "Empty means none. With one, a hash of each sealed file leaves this machine, and the authority confirms "
            "the time. It learns the hash and when it came, and nothing else."
        ),
    )  # fmt: skip

    def clean_reminder_days(self) -> list[int]:
        """Whole days, each later than the one before, no more than six of them."""
        text = self.cleaned_data["reminder_days"].replace(";", ",")
        try:
            days = [int(part) for part in text.split(",") if part.strip()]
            if not days or len(days) > 6 or days[-1] > 365:
                raise ValueError
            Plan(days=tuple(days))
        except ValueError as error:
            sentence = _("Write whole days, each later than the one before, at most six: 3, 7, 14. Nothing was kept.")
            raise forms.ValidationError(sentence) from error
        return days

    def clean_keep_years(self) -> int:
        """Never fewer years than evidence must be kept."""
        years: int = self.cleaned_data["keep_years"]
        try:
            retention.check_years(years)
        except retention.RetentionError as error:
            raise forms.ValidationError(
                _("Evidence is kept for at least %(least)s years, so %(years)s is too few. Nothing was changed. "
                  "Give %(least)s or more.") % {"least": retention.LEAST, "years": years}
            ) from error  # fmt: skip
        return years

    def clean(self) -> dict[str, Any]:
        """Fewer years than before need a second yes."""
        given = super().clean() or self.cleaned_data
        before = self.initial.get("keep_years", retention.LEAST)
        if given.get("keep_years", before) < before and not given.get("shorter"):
            self.add_error(
                "shorter",
                _("This would keep new proof for fewer years than before. Say yes here, or leave the number. "
                  "Nothing was changed."),
            )  # fmt: skip
        return given


class KeyForm(forms.Form):
    """The practice's own key, as the file that its issuer gave."""

    file = forms.FileField(
        label=_lazy("Key file"), max_length=200,
        help_text=_lazy("PKCS#12, ending in .p12 or .pfx, at most 100 kB. It is kept encrypted."),
        error_messages={"required": _lazy("Choose the key file. Nothing was changed.")},
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx"}),
    )  # fmt: skip
    passphrase = forms.CharField(
        label=_lazy("Its passphrase"), required=False, max_length=500, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def clean_file(self) -> bytes:
        """The bytes, if they are few."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_KEY:
            raise forms.ValidationError(
                _("A key file is smaller than 100 kB, so this is another file. Nothing was changed.")
            )
        data: bytes = upload.read()
        return data
