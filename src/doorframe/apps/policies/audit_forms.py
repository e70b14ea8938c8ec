"""What comes in for the audit: a file or pasted words, and the same words again behind each button of the report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorframe.adapters.read import LARGEST_FILE, LONGEST_TEXT, Unreadable, read, read_words
from doorframe.apps.library import queries as library
from doorframe.apps.members.models import Membership
from doorframe.apps.policies import known, queries

ACCEPT = ".docx,.pdf,.html,.htm,.md,.txt"
PLACE = ("country", "profession")
"""What is asked about the practice, by the names that the interview gives them."""

BODIES = "bodies"
"""What the interview alone asks: to which professional bodies somebody belongs."""


class Words(forms.CharField):
    """Many words, kept as they came apart from signs that nobody types and that no page could send back."""

    def __init__(self, **more: Any) -> None:
        super().__init__(strip=False, **more)

    def to_python(self, value: Any) -> str:
        return settled(super().to_python(value) or "")


def settled(text: str) -> str:
    """One kind of line end and no control signs, so that words which go out and come back are the same words."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    kept = "".join(sign for sign in plain if sign >= " " or sign in "\t\n\f")
    return kept.encode("utf-8", "replace").decode()


class OneOfTwo:
    """A field of which the page does not say that it may be left out, since one of the two is needed.

    Which of them it is, the form asks as a whole.
    """

    def validate(self, value: Any) -> None:
        """Nothing to say yet."""


class PlacedFile(OneOfTwo, forms.FileField):
    """A file, or none."""


class PastedWords(OneOfTwo, Words):
    """Pasted words, or none."""


class PlaceForm(forms.Form):
    """Where a policy is used, and by whom: it decides which codes and laws are named."""

    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    profession = forms.ChoiceField(label=gettext_lazy("Profession"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in PLACE:
            options = library.pack().fields[name].options
            self.fields[name].choices = [("", _("Not said")), *((one.id, one.label) for one in options)]  # type: ignore[attr-defined]

    @property
    def place(self) -> dict[str, str]:
        """The country and the profession, as far as they are said."""
        return {name: self.cleaned_data[name] for name in PLACE if self.cleaned_data.get(name)}


class AuditForm(PlaceForm):
    """A policy to look at. `words` holds what was read, once the form is valid."""

    file = PlacedFile(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("Word (.docx), PDF, a web page, Markdown or plain text, up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}), allow_empty_file=True,
    )  # fmt: skip
    text = PastedWords(
        label=gettext_lazy("Or paste its words"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )  # fmt: skip
    field_order = ("file", "text", *PLACE)
    use_required_attribute = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.words = ""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        file, text = found.get("file"), found.get("text", "")
        if self.errors:
            return found
        if file is not None and text.strip():
            self.add_error("file", _("A file and pasted words came together. Send one of them: which one is meant?"))
        elif file is not None:
            self._read("file", _file(file))
        elif text.strip():
            self._read("text", text)
        else:
            self.add_error("file", _("Choose a file, or paste the words of the policy."))
        return found

    def _read(self, field: str, given: bytes | str) -> None:
        try:
            self.words = settled((read(given) if isinstance(given, bytes) else read_words(given)).text)
        except Unreadable as error:
            self.add_error(field, library.pack().spelled(str(error)))


def _file(file: UploadedFile) -> bytes:
    """Its bytes, of a file that is too large just enough to be told so."""
    return bytes(file.read(LARGEST_FILE + 1))


class AgainForm(PlaceForm):
    """The words of a report once more, as they were read: they are not taken for a file a second time."""

    words = Words(max_length=LONGEST_TEXT, widget=forms.HiddenInput)
    country = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    profession = forms.ChoiceField(required=False, widget=forms.HiddenInput)


def place_of(member: Membership) -> dict[str, object]:
    """Country, profession and professional bodies, as far as the practice or its policy says them."""
    version = queries.current(member.practice) or queries.latest_draft(member.practice)
    said = {**known.answers(member), **(version.answers if version else {})}
    return {name: said[name] for name in (*PLACE, BODIES) if said.get(name)}
