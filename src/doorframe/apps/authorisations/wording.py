"""The form in force for a practice, and the words that fill it: its published answers, or what it is known by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from doorframe.apps.authorisations.models import Authorisation, Signer
from doorframe.apps.clients.models import Capacity
from doorframe.apps.library import queries as library
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.signatures.queries import current_paper
from doorframe.engines.assembly import authorisation as engine
from doorframe.engines.assembly.document import Document
from doorframe.engines.assembly.words import Words
from doorframe.engines.content import loader
from doorframe.engines.content.authorisation import Forms
from doorframe.engines.interview.facts import resolve


def forms() -> Forms:
    """Every form, checked. Raises ContentError where one is wrong: better no page than a wrong form."""
    own = getattr(settings, "CONTENT", None)
    return _read(Path(own) if own else None)


@cache
def _read(own: Path | None) -> Forms:
    return loader.load_authorisation(library.pack(), *([own] if own else []))


def words(practice: Practice, at: datetime) -> Words:
    """The practice's words on the day that it is there."""
    pack = library.pack()
    paper = current_paper(practice)
    answers = paper.answers if paper is not None else _known(practice)
    return Words(pack, resolve(pack, answers), at.astimezone(ZoneInfo(practice.time_zone)).date().isoformat())


def _known(practice: Practice) -> dict[str, Any]:
    """What is known of a practice that has published no policy yet."""
    fields = library.pack().fields
    known: dict[str, Any] = {"practice_name": practice.name, "practice": "solo", "country": "other"}
    if Membership.objects.for_practice(practice).filter(is_active=True).count() > 1:
        known["practice"] = "group"
    for option in fields["country"].options:
        if practice.country in {option.id, *option.aliases}:
            known["country"] = option.id
    region = fields["region"].option(f"{practice.country}-{practice.region}")
    return known | ({"region": region.id} if region else {})


def request(item: Authorisation, people: Sequence[Signer]) -> engine.Request:
    """What is asked, as the engine takes it."""
    roles = tuple(
        engine.Signing(
            str(Capacity(one.capacity).label), one.name, one.capacity == Capacity.GUARDIAN, _whom(one, people)
        )
        for one in people
    )
    first, last = (day.isoformat() if day else "" for day in (item.first_on, item.last_on))
    return engine.Request(
        item.reference, item.scope, tuple(places(item)), " ".join(item.purpose.split()), first, last, roles
    )


def _whom(guardian: Signer, people: Sequence[Signer]) -> str:
    """For whom a guardian signs: the minors of the same practice id, or its clients where none is marked as one."""
    if guardian.capacity != Capacity.GUARDIAN:
        return ""
    here = [one for one in people if one.client_id == guardian.client_id and one.capacity == Capacity.CLIENT]
    minors = [one for one in here if one.person.is_minor] or here
    known = [one.name for one in minors if one.name]
    return get_text_list(known, _("and")) if len(known) == len(minors) else guardian.client.code


def places(item: Authorisation) -> list[str]:
    """Where it may go out, each by name: the platforms in the order of content, then what was written."""
    found = [one.name for one in library.pack().platforms if one.id in item.platforms]
    return [*found, *(line.strip() for line in item.elsewhere.splitlines() if line.strip())]


def form(item: Authorisation, people: Sequence[Signer], at: datetime) -> tuple[Document, dict[str, Any], str]:
    """The form with its page to sign, what stands beside the buttons, and the form's id. Raises Incomplete."""
    with translation.override(item.practice.language):
        spoken, asked = words(item.practice, at), request(item, people)
        document = engine.document(forms(), spoken, asked)
        said = asdict(engine.asked(forms(), spoken, asked))
        return document, {**said, "statements": list(said["statements"])}, engine.form(forms(), spoken).id


def notes(practice: Practice, at: datetime, *, current: bool) -> tuple[engine.Note, ...]:
    """What the practice is told before it asks, in the spelling of the page; current where somebody is a client now."""
    told = words(practice, at)
    language, _mark, region = (translation.get_language() or "en-gb").partition("-")
    told = replace(told, facts={**told.facts, "language": f"{language}-{region.upper()}"})
    return engine.notes(forms(), told, current=current)
