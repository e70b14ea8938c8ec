"""The form as it is read on a page and printed, from what was kept when its words were fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from doorframe.adapters import kept
from doorframe.adapters.render import html, render
from doorframe.apps.authorisations import queries, wording
from doorframe.apps.authorisations.models import Authorisation, Signer
from doorframe.apps.authorisations.states import Answer, Method
from doorframe.apps.clients.rules import NotNow
from doorframe.engines.assembly import authorisation as engine
from doorframe.engines.assembly.document import Document, Paragraph, Section


@dataclass(frozen=True, slots=True)
class Reading:
    """The form without its page to sign, as HTML, with what stands beside the buttons."""

    title: str
    html: str
    asked: Mapping[str, Any]

    def statement(self, signer: Signer) -> str:
        """What this person says by signing."""
        said: list[str] = self.asked["statements"]
        return said[min(signer.position, len(said)) - 1]


def reading(item: Authorisation) -> Reading:
    """The form as it was fixed, without addresses that would lead out of the device it is read on."""
    found = _document(item)
    return preview(replace(found, sections=tuple(_closed_in(section) for section in found.sections)), item.asked or {})


def preview(document: Document, asked: Mapping[str, Any]) -> Reading:
    """The same of a form that is not fixed yet."""
    sections = tuple(section for section in document.sections if section.id != "sign")
    alone = replace(document, sections=sections, pack="")
    return Reading(document.title, html.fragment(alone, level=2, heading=False, prefix=""), asked)


def _closed_in(section: Section) -> Section:
    blocks = tuple(
        replace(block, cites=tuple(replace(cite, link="") for cite in block.cites))
        if isinstance(block, Paragraph)
        else block
        for block in section.blocks
    )
    return replace(section, blocks=blocks)


def pdf(item: Authorisation) -> bytes:
    """To print: with a page to sign as long as answers are waited for, then with who answered, how and when.

    Raises RenderError, and NotNow before the words are fixed.
    """
    with translation.override(item.practice.language):
        people = queries.people(item)
        found = _document(item)
        answered = [one for one in people if one.answer]
        if answered:
            found = engine.signed(found, _("Signatures"), [_given(item, one) for one in answered])
        return render(found, "pdf")


def _document(item: Authorisation) -> Document:
    if item.tree is None:
        raise NotNow(_("The words are not fixed yet. Finish them first."))
    return kept.from_plain(item.tree)


def _given(item: Authorisation, one: Signer) -> engine.Given:
    role = str(one.get_capacity_display())
    name = one.name or one.client.code
    day = date_format(one.signed_on, "j F Y") if one.signed_on else ""
    yes = one.answer == Answer.YES
    how = {
        (True, Method.TYPED): _("Said yes and typed this name in the room on %(day)s."),
        (True, Method.PAPER): _("Said yes and signed on paper on %(day)s."),
        (False, Method.TYPED): _("Said no in the room on %(day)s."),
        (False, Method.PAPER): _("Said no on paper on %(day)s."),
    }[yes, Method(one.method)] % {"day": day}
    if yes and one.authority:
        how = f"{how} {one.relationship}: {one.authority}."
    said = (item.asked or {}).get("statements", [])
    statement = said[one.position - 1] if yes and one.position <= len(said) else ""
    return engine.Given(f"{role}: {name}", one.signed_name, how, statement)


def summary(item: Authorisation) -> dict[str, Any]:
    """What a page of the practice says of what is asked."""
    return {
        "story": [line for line in item.scope.splitlines() if line.strip()], "places": wording.places(item),
        "purpose": item.purpose, "first_on": item.first_on, "last_on": item.last_on,
    }  # fmt: skip
