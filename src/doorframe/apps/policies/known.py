"""What the practice has already said elsewhere, as the first answers of a new policy."""

from __future__ import annotations

from doorframe.apps.library import queries as library
from doorframe.apps.members.models import Membership, Practice

ELSEWHERE = "other"
"""The answer for a country that the questions do not name."""


def answers(actor: Membership) -> dict[str, object]:
    """Country, region and the two names, as far as they are known. Each is still asked, and can be changed."""
    found = {
        "country": _country(actor.practice),
        "region": _region(actor.practice),
        "practice_name": _fits("practice_name", actor.practice.name),
        "therapist_name": _fits("therapist_name", actor.user.display_name),
    }
    return {key: value for key, value in found.items() if value}


def _country(practice: Practice) -> str:
    """The questions' own name of the country; they say “UK” where the practice keeps “GB”."""
    field = library.pack().fields.get("country")
    if field is None:
        return ""
    named = (option.id for option in field.options if practice.country in {option.id, *option.aliases})
    return next(named, ELSEWHERE)


def _region(practice: Practice) -> str:
    field = library.pack().fields.get("region")
    option = field.option(f"{practice.country}-{practice.region}") if field else None
    return option.id if option else ""


def _fits(name: str, text: str) -> str:
    """The words where the question has room for them; cut names are worse than none."""
    field = library.pack().fields.get(name)
    words = " ".join(text.split())
    return words if field and len(words) <= field.max_length else ""
