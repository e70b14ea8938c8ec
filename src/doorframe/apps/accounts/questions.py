"""The worksheet's questions in the practice's spelling, and the names of platforms."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from doorframe.apps.library import queries as library
from doorframe.apps.members.models import Practice
from doorframe.engines.assembly import words
from doorframe.engines.content.checklists import DECISION
from doorframe.engines.content.schema import Checklist, ChecklistItem, Field, Option


def checklist(practice: Practice, name: str = DECISION) -> Checklist:
    """A worksheet, spelled as this practice spells. Raises Http404 for a name that the content does not know."""
    pack = library.pack()
    found = pack.checklists.get(name)
    if found is None:
        raise Http404(_("The content has no worksheet of this name."))
    spell = words.Words(pack, {"language": practice.language}, "2000-01-01").spell

    def option(item: Option) -> Option:
        return replace(item, label=spell(item.label), hint=spell(item.hint))

    def field(item: Field) -> Field:
        options = tuple(map(option, item.options))
        return replace(item, label=spell(item.label), hint=spell(item.hint), options=options)

    def asked(item: ChecklistItem) -> ChecklistItem:
        fields = tuple(map(field, item.fields))
        return replace(item, title=spell(item.title), explain=spell(item.explain), fields=fields)

    sections = tuple(
        replace(
            section,
            title=spell(section.title),
            help=spell(section.help),
            named=spell(section.named),
            items=tuple(map(asked, section.items)),
        )
        for section in found.sections
    )
    return replace(found, title=spell(found.title), intro=spell(found.intro), sections=sections)


def platforms() -> list[tuple[str, str]]:
    """(id, name) of every platform, as a form offers them."""
    return [(item.id, capfirst(item.name)) for item in library.pack().platforms]


def platform_name(id: str) -> str:
    """The name of a platform at the beginning of a line; its id where the content no longer knows it."""
    return next((name for known, name in platforms() if known == id), id)


def account_name(platform: str, handle: str) -> str:
    """ "Instagram (@harbourlane)", or what is known of it."""
    name: str = capfirst(words.account_name(library.pack(), {"platform": platform, "handle": handle}))
    return name or handle or platform
