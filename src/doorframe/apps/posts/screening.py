"""Asks the engine about words: in the practice's place, with its own names, by the content in force.

Every door of this room comes through here, and so does the programming interface (DOORFRAME_SCREENING): the same words
get the same answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from doorframe import __version__
from doorframe.adapters.screener import as_data
from doorframe.apps.authorisations import queries as authorisations
from doorframe.apps.library.screening import screener, warm
from doorframe.apps.members.models import Practice
from doorframe.apps.posts import queries
from doorframe.apps.posts.models import Post
from doorframe.engines.screening import identifiers
from doorframe.engines.screening.verdict import (
    ASK,
    NOTHING_FOUND,
    Authorisation,
    Draft,
    Finding,
    Profile,
    Rewrite,
    Verdict,
)

__all__ = [
    "answer", "authorisation_for", "key", "release", "rewritten", "screen", "screen_picture", "screen_post", "sha256",
    "warm",
]  # fmt: skip

_COUNTRIES = {"GB": "UK", "XX": ""}
"""Where a practice's country is called otherwise by the engine."""


def screen(
    practice: Practice, draft: Draft, *, authorisation: Authorisation | None = None, own: tuple[str, ...] = ()
) -> Verdict:
    """What the engine says of this draft for this practice.

    Where the draft names no country, the practice's own place holds, and its profession. `own` are words of the
    practice besides those it keeps.
    """
    if not draft.country:
        draft = replace(draft, country=_COUNTRIES.get(practice.country, practice.country), region=practice.region)
    if not draft.profession:
        draft = replace(draft, profession=_profession(practice))
    profile = Profile(own=(*queries.own_names(practice), *own))
    return screener().screen(draft, profile=profile, authorisation=authorisation)


def answer(practice: Practice, values: Mapping[str, Any]) -> dict[str, Any]:
    """What another program is told; values holds the fields of a Draft, and `own`. DOORFRAME_SCREENING names this."""
    given = dict(values)
    own = tuple(given.pop("own", ()))
    verdict = screen(practice, Draft(**given), own=own)
    return {**as_data(verdict), "sha256": sha256(given["text"]), "checked_with": release()}


def screen_post(post: Post, *, at: datetime) -> Verdict:
    """What the engine says of a post as it is now."""
    draft = Draft(post.text, kind=post.kind, platform=post.platform)
    authorisation = authorisation_for(post.practice, post.permission, platform=post.platform, at=at)
    return screen(post.practice, draft, authorisation=authorisation)


_NOBODY = frozenset({"place", "organisation", "url"})
"""What readers mark and what names no person."""


def screen_picture(practice: Practice, text: str) -> Verdict:
    """What the engine says of the words in a picture, and every name and number in them for a person to look at.

    A name tells of a client only beside words of treatment, in a sentence. A whiteboard has no sentences: there a
    name by itself can be a client's.
    """
    verdict = screen(practice, Draft(text))
    named = [(one.start, one.end) for one in screener().names.find(text) if one.kind not in _NOBODY]
    numbered = [(one.start, one.end) for one in identifiers.find(text) if one.kind not in _NOBODY]
    own = [_words(name) for name in queries.own_names(practice)]
    found = [
        Finding("picture", "identifier", start, end, text[start:end], ASK, _why_in_a_picture())
        for start, end in sorted({*named, *numbered})
        if not any(_words(text[start:end]) <= words for words in own)
        and not any(one.start <= start and end <= one.end for one in verdict.findings)
    ]
    if not found:
        return verdict
    outcome = ASK if verdict.outcome == NOTHING_FOUND else verdict.outcome
    return replace(verdict, outcome=outcome, findings=(*verdict.findings, *found))


def _why_in_a_picture() -> str:
    return _(
        "In a picture nothing says whose name or number this is, and somebody may know. "
        "Cut it off, or cover it with a solid block, unless it is the practice’s own."
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.casefold().split())


def authorisation_for(practice: Practice, reference: str, *, platform: str, at: datetime) -> Authorisation | None:
    """The written permission that a story rests on, where one of this reference is in force for this place.

    The one place where a permission reaches screening. It is asked anew at every step, for it can be taken back.
    """
    return authorisations.for_draft(practice, reference, at, platform=platform) if reference else None


def sha256(text: str) -> str:
    """The hash that stands for the words in the log and on the trail."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def release() -> str:
    """Which program and which rules screened, and who read second: "doorframe 0.1.0 · rules 9f86d081884c · …"."""
    return f"doorframe {__version__} · {screener().release}"


def key(rewrite: Rewrite) -> str:
    """What a button says to take exactly this wording, of exactly these words."""
    return f"{rewrite.id}:{rewrite.start}-{rewrite.end}"


def rewritten(text: str, rewrite: Rewrite) -> str:
    """The words with one safer wording taken."""
    return text[: rewrite.start] + rewrite.words + text[rewrite.end :]


def _profession(practice: Practice) -> str:
    """What the practice's policy says of its profession, by the setting DOORFRAME_PROFESSION; "" where nothing does."""
    path = settings.DOORFRAME_PROFESSION
    return str(import_string(path)(practice)) if path else ""
