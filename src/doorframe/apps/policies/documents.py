"""From a version's answers to words, pages and files."""

from __future__ import annotations

import hashlib
import json
import zoneinfo
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from doorframe.adapters import kept
from doorframe.adapters.render import html, render
from doorframe.apps.library import queries as library
from doorframe.apps.policies import contact
from doorframe.apps.policies.models import IssuedDocument, Version
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.assembly.document import Document, Paragraph, Section
from doorframe.engines.text import Span

STYLESHEET = "/p/policy.css"
"""The readers' style sheet, linked from every public page: part of their permanent address."""


def edition(version: Version) -> Edition:
    """What is printed on its documents: the day it came into force, or the day the draft was last changed."""
    dated = version.in_force_from or local_day(version, version.changed_at)
    return Edition(dated=dated.isoformat(), version=version.number or 0, draft=not version.is_issued)


def local_day(version: Version, at: datetime) -> date:
    """The day that it is at the practice."""
    return at.astimezone(zoneinfo.ZoneInfo(version.practice.time_zone)).date()


def document(version: Version, output: str = "policy") -> Document:
    """One output of a version as it stands."""
    return _assembled(version, output, edition(version))


def _assembled(version: Version, output: str, edition: Edition) -> Document:
    return _remembered(library.pack().sha256, json.dumps(version.answers, sort_keys=True), output, edition)


# Publishing asks for the same words a dozen times: to compare, to freeze, and once for each format of each output.
@lru_cache(maxsize=32)
def _remembered(pack_sha256: str, answers: str, output: str, edition: Edition) -> Document:
    """The words of one output, by all that decides them."""
    return assemble(library.pack(), json.loads(answers), output, edition)


def outputs() -> list[tuple[str, str, str]]:
    """Every (name, format, title) that a published version gives."""
    return [(item.id, format, item.title) for item in library.pack().outputs.values() for format in item.formats]


FORMAT_WORDS = {"pdf": "PDF", "docx": "Word", "html": _lazy("web page"), "md": "Markdown"}


PURPOSES = {
    "policy": _lazy("The policy itself, for clients: to read, to sign and to put on your website."),
    "summary": _lazy("For clients who want the rules on one page, with the numbers for an emergency."),
    "appendix": _lazy("For clients: to add to the consent form that you already hand out."),
    "notices": _lazy("For you and your staff: short texts to paste into profiles, e-mails and replies."),
    "talking-points": _lazy("For you and your staff: how to speak about the policy in a session."),
    "handbook": _lazy("For staff only: what each rule asks of the people who work with you. Not for clients."),
}
"""What each document is for and to whom it goes, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """One document of a version: what it is for, and (format in words, file) for each of its files."""

    title: str
    purpose: str
    files: tuple[tuple[str, IssuedDocument], ...]


def shelf(files: tuple[IssuedDocument, ...]) -> list[Shelved]:
    """The files by document: the policy first, then what clients get, then what is for staff."""
    places = list(PURPOSES)
    outputs = sorted(
        library.pack().outputs.values(), key=lambda output: places.index(output.id) if output.id in PURPOSES else 99
    )
    found = []
    for output in outputs:
        kept = {file.format: file for file in files if file.name == output.id}
        rows = [(str(FORMAT_WORDS.get(format, format)), kept[format]) for format in output.formats if format in kept]
        if rows:
            found.append(Shelved(output.title, str(PURPOSES.get(output.id, "")), tuple(rows)))
    return found


def file_name(version: Version, name: str, format: str) -> str:
    """What a file is called once it is downloaded: whose it is, what it is, and which version."""
    which = f"v{version.number}" if version.number else "draft"
    return f"{version.practice.slug}-{name}-{which}.{format}"


_ANY_DAY = Edition(dated="2000-01-01")


def undated(version: Version) -> Document:
    """The policy as its answers make it now, for looking at its words whatever their day and number."""
    return _assembled(version, "policy", _ANY_DAY)


def text_hash(version: Version) -> str:
    """SHA-256 over the words of the policy itself, whatever the format, edition line and date."""
    return kept.words_hash(undated(version))


def freeze(version: Version) -> None:
    """Set the public page and the fragment to paste: from here on these bytes are what readers get."""
    made = contact.linked(document(version), version)
    words = _("The version in force, and those before it")
    closing = Section("versions", _("Versions"), (Paragraph("versions-link", (Span(words),)),))
    public = replace(made, sections=(*_without_signatures(made), closing))
    version.public_page = _with_versions_link(html.page(public, stylesheet=STYLESHEET), version, words)
    version.public_fragment = html.fragment(replace(made, sections=_without_signatures(made)), level=2)


def _without_signatures(made: Document) -> tuple[Section, ...]:
    return tuple(section for section in made.sections if section.id != "sign")


def _with_versions_link(page: str, version: Version, words: str) -> str:
    """Documents link to whole addresses alone, for they travel; this page stays here and links to its neighbour."""
    address = reverse("public:versions", kwargs={"slug": version.practice.slug})
    plain = f'<p id="versions-link">{escape(words)}</p>'
    if page.count(plain) != 1:
        raise ValueError("The public page has no place for its link to the versions")
    return page.replace(plain, f'<p id="versions-link"><a href="{address}">{escape(words)}</a></p>')


def file(version: Version, name: str, format: str) -> tuple[bytes, str]:
    """One file of a version and its SHA-256."""
    data = render(document(version, name), format)
    return data, hashlib.sha256(data).hexdigest()


def stylesheet() -> str:
    """The style of a downloaded page with the typefaces of this server in front, and tables that fit a phone."""
    return _FACES + html.style() + _ON_A_PHONE


_FACES = "".join(
    f'@font-face{{font-family:"{family}";src:url("/static/fonts/{file}-latin-wght-normal.woff2") format("woff2");'
    "font-weight:200 900;font-display:swap}\n"
    for family, file in (("Source Serif 4", "source-serif-4"), ("Source Sans 3", "source-sans-3"))
)

# Three columns side by side leave a phone four letters a line: there each row becomes a short paragraph of its own.
_ON_A_PHONE = (
    "\n@media screen and (max-width:32rem){"
    "article>section>table,article>section>table :is(thead,tbody,tr,tbody th,td){display:block}"
    "article>section>table thead th{display:inline;border:0;padding:0}"
    'article>section>table thead th+th::before{content:" · "}'
    "article>section>table tr{padding:.7rem 0;border-bottom:1px solid var(--rule)}"
    "article>section>table :is(tbody th,td){padding:0;border:0;min-width:0}}\n"
)
