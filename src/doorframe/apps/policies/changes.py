"""What is different from the version before, as a first draft of the note that readers get."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from doorframe.apps.policies import documents
from doorframe.apps.policies.models import Version
from doorframe.engines.assembly.compare import compare
from doorframe.engines.assembly.document import Document

MOST_NAMED = 6
"""Sections that one sentence names; where more are different, it says how many more."""


def proposal(before: Version, version: Version) -> str:
    """The sections that are new, changed or gone, in words that a person can mend before readers see them."""
    old, new = documents.undated(before), documents.undated(version)
    different = compare(old, new).topics
    was, now = _titles(old), _titles(new)
    told = [
        (_("New: %(sections)s."), [now[id] for id in different if id in now and id not in was]),
        (_("Changed: %(sections)s."), [now[id] for id in different if id in now and id in was]),
        (_("No longer there: %(sections)s."), [was[id] for id in different if id in was and id not in now]),
    ]
    sentences = [sentence % {"sections": _named(titles)} for sentence, titles in told if titles]
    return " ".join(sentences) or _("The rules are the same as before.")


def _titles(document: Document) -> dict[str, str]:
    """The sections that hold rules; sources and signatures follow from these."""
    return {section.id: section.title for _depth, section in document.walk() if section.topic}


def _named(titles: Iterable[str]) -> str:
    quoted = [_("“%(title)s”") % {"title": title} for title in titles]
    words = ", ".join(quoted[:MOST_NAMED])
    more = len(quoted) - MOST_NAMED
    return _("%(sections)s and %(number)s more") % {"sections": words, "number": more} if more > 0 else words
