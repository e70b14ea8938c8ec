"""What is different from the version before, as a first draft of the note that readers get."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from doorframe.apps.policies import documents
from doorframe.apps.policies.models import Version
from doorframe.engines.assembly.compare import clauses, compare
from doorframe.engines.assembly.document import Document

MOST_NAMED = 6
"""Sections that one sentence names; where more are different, it says how many more."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One section that differs, as the page shows it: its heading, in which way, and the sentences."""

    title: str
    how: str
    gone: tuple[str, ...]
    came: tuple[str, ...]


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


def listing(before: Version, version: Version) -> list[dict[str, str]]:
    """Each section that differs, as {"id", "title", "how"}: how is "new", "changed" or "gone"."""
    old, new = documents.undated(before), documents.undated(version)
    was, now = _titles(old), _titles(new)
    found = []
    for id in compare(old, new).topics:
        if id in now or id in was:
            how = "gone" if id not in now else "changed" if id in was else "new"
            found.append({"id": id, "title": now.get(id) or was[id], "how": how})
    return found


def side_by_side(before: Version, version: Version) -> list[Changed]:
    """What every section that differs said before, and says now."""
    old, new = documents.undated(before), documents.undated(version)
    was, now = _titles(old), _titles(new)
    found = []
    for clause in clauses(old, new):
        title = now.get(clause.id) or was.get(clause.id)
        if title is not None:
            how = _("Gone") if clause.id not in now else _("Changed") if clause.id in was else _("New")
            found.append(Changed(title, how, clause.gone, clause.came))
    return found


def _titles(document: Document) -> dict[str, str]:
    """The sections that hold rules; sources and signatures follow from these."""
    return {section.id: section.title for _depth, section in document.walk() if section.topic}


def _named(titles: Iterable[str]) -> str:
    quoted = [_("“%(title)s”") % {"title": title} for title in titles]
    words = ", ".join(quoted[:MOST_NAMED])
    more = len(quoted) - MOST_NAMED
    return _("%(sections)s and %(number)s more") % {"sections": words, "number": more} if more > 0 else words
