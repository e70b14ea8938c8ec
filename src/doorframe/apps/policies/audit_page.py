"""The report of an audit as its page shows it. Made from the words alone; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from doorframe.apps.library import queries as library
from doorframe.apps.policies import audit_marks, known
from doorframe.apps.policies.audit_forms import BODIES, PLACE
from doorframe.engines.citations import GOOD_PRACTICE, Citation
from doorframe.engines.content.conditions import Facts, holds
from doorframe.engines.content.schema import Pack
from doorframe.engines.coverage.audit import audit
from doorframe.engines.coverage.report import Finding, PartSeen, Quote, Report, TopicSeen
from doorframe.engines.interview.answers import check
from doorframe.engines.interview.facts import resolve

MOST_FINDINGS = 150
"""So many findings are shown; a text with more of them is broken in one way, again and again."""

LONGEST_QUOTE = 480
"""Letters of a quote beside a finding; the text below has it whole."""

SEVERITIES = {
    "high": (gettext_lazy("Mend before anyone reads it"), "stop"),
    "medium": (gettext_lazy("Mend next"), "ask"),
    "low": (gettext_lazy("Mend when you can"), "fine"),
}
STATUSES = {
    "contradictory": (gettext_lazy("Says two things"), "ask"),
    "missing": (gettext_lazy("Missing"), "stop"),
    "mentioned": (gettext_lazy("Only mentioned"), "ask"),
    "adequate": (gettext_lazy("Settled"), "fine"),
}
"""By what is shown first: its name on the page, and the kind of note it looks like."""


@dataclass(frozen=True, slots=True)
class Cite:
    """A clause, the day on which it was last read, and whether it binds only members of a body that nobody named."""

    clause: Citation
    read: date | None
    members: bool = False


Cites = tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Words of the text: cut where they are long, with the anchor where they stand, "" where they stand nowhere."""

    text: str
    to: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding with its number on the page."""

    number: int
    title: str
    why: str
    mend: str
    kind: str
    quote: Shown | None
    other: Shown | None
    cites: Cites

    @property
    def id(self) -> str:
        return f"finding-{self.number}"


@dataclass(frozen=True, slots=True)
class ShownTopic:
    """One topic: what was found of it, what it lacks, and why it matters."""

    topic: str
    title: str
    stance: str
    why: str
    found: tuple[tuple[str, Shown | None], ...]
    lacks: tuple[tuple[str, str], ...]
    quotes: tuple[Shown, ...]
    cites: Cites

    @property
    def id(self) -> str:
        return f"topic-{self.topic}"


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one severity, or topics of one status. `key` is the severity or status itself."""

    key: str
    name: str
    kind: str
    items: tuple[ShownFinding, ...] | tuple[ShownTopic, ...]


class AuditPage:
    """Everything the page and its PDF show of one text.

    place   what is said of country and profession
    bodies  the professional bodies that the practice's policy names; None where nobody was asked
    """

    def __init__(self, words: str, place: Mapping[str, str], bodies: list[str] | None = None) -> None:
        self.words = words
        self.place = dict(place)
        self.bodies = bodies
        self.sieve = library.sieve()
        self.pack: Pack = library.pack()
        self.report: Report = audit(words, self.sieve, country=_country(place), profession=place.get("profession", ""))

    @property
    def is_none(self) -> bool:
        """Whether the text is no social media policy, so that nothing was judged."""
        return self.report.audience == "none"

    @property
    def settled(self) -> int:
        return self._with("adequate")

    @property
    def total(self) -> int:
        return len(self.report.topics)

    def _with(self, status: str) -> int:
        return sum(1 for seen in self.report.topics.values() if seen.status == status)

    @property
    def heading(self) -> str:
        """The page in one line."""
        if self.is_none:
            return _("This does not look like a social media policy")
        counts = {"settled": self.settled, "total": self.total}
        return _("%(settled)s of %(total)s topics are settled") % counts

    @property
    def summary(self) -> str:
        """What follows from it, in one more line."""
        lines = [self._rest(), self._to_mend()]
        return " ".join(line for line in lines if line)

    def _rest(self) -> str:
        mentioned, missing = self._with("mentioned"), self._with("missing")
        two_ways = self._with("contradictory")
        parts = [
            ngettext("one is only mentioned", "%(number)s are only mentioned", mentioned) % {"number": mentioned},
            ngettext("one is settled in two ways", "%(number)s are settled in two ways", two_ways)
            % {"number": two_ways},
            ngettext("one is missing", "%(number)s are missing", missing) % {"number": missing},
        ]
        told = [part for part, number in zip(parts, (mentioned, two_ways, missing), strict=True) if number]
        return _("Of the others, %(parts)s.") % {"parts": ", ".join(told)} if told else ""

    def _to_mend(self) -> str:
        count, grave = len(self.report.findings), sum(one.severity == "high" for one in self.report.findings)
        if not count:
            return _("No passage was found that is wrong or out of date.")
        lines = [ngettext("One thing needs mending.", "%(count)s things need mending.", count) % {"count": count}]
        if grave and count > 1:
            first = ngettext("One of them comes first.", "%(count)s of them come first.", grave)
            lines.append(first % {"count": grave})
        return " ".join(lines)

    @property
    def read_as(self) -> str:
        """For whom the text was written, and what follows for how it was judged."""
        return {
            "client": _("Read as a policy for clients."),
            "staff": _(
                "Read as rules for staff, and judged as such: what only clients need, such as a way to get help in a "
                "crisis, is not asked of it. It does not take the place of a policy for clients."
            ),
            "website": _(
                "Read as text for a website, and judged as such. It tells visitors something, and does not take the "
                "place of a policy that each client is given."
            ),
        }.get(self.report.audience, "")

    @property
    def facts(self) -> str:
        """What was read, in numbers."""
        said = [self._label(name) for name in self.place]
        words = ngettext("One word", "%(count)s words", self.report.words) % {"count": self.report.words}
        grade = _("school grade %(grade)s") % {"grade": self.report.grade}
        return " · ".join([words, *([] if self.is_none else [grade]), *said])

    def _label(self, name: str) -> str:
        option = self.pack.fields[name].option(self.place[name])
        return option.label if option else self.place[name]

    # --- Findings and topics ---

    @cached_property
    def findings(self) -> tuple[ShownFinding, ...]:
        """As they are numbered: the gravest first."""
        shown = self.report.findings[:MOST_FINDINGS]
        return tuple(self._finding(number, one) for number, one in enumerate(shown, 1))

    @property
    def left_out(self) -> int:
        """How many findings are not on the page."""
        return len(self.report.findings) - len(self.findings)

    @cached_property
    def to_mend(self) -> list[Group]:
        severities = [one.severity for one in self.report.findings]
        return self._groups(SEVERITIES, [*zip(severities, self.findings, strict=False)])

    @cached_property
    def topics(self) -> list[Group]:
        """By status, and within one in the order of a policy."""
        order = {topic: place for place, topic in enumerate(self.pack.topics)}
        seen = sorted(self.report.topics.values(), key=lambda one: order.get(one.topic, len(order)))
        return self._groups(STATUSES, [(one.status, self._topic(one)) for one in seen])

    def _groups(self, names: Mapping[str, tuple[object, str]], rows: list[tuple[str, object]]) -> list[Group]:
        found = [
            Group(key, str(name), kind, tuple(one for its, one in rows if its == key))  # type: ignore[arg-type]
            for key, (name, kind) in names.items()
        ]
        return [group for group in found if group.items]

    def _finding(self, number: int, one: Finding) -> ShownFinding:
        spelled = self.pack.spelled
        return ShownFinding(
            number, spelled(one.title), spelled(one.why), spelled(one.mend), SEVERITIES[one.severity][1],
            _shown(one.quote), _shown(one.other) if one.other else None, self.cites(one.cites),
        )  # fmt: skip

    def _topic(self, seen: TopicSeen) -> ShownTopic:
        rule, spelled = self.sieve.rules.topics[seen.topic], self.pack.spelled
        found = tuple((spelled(part.name), _shown(part.quote)) for part in seen.parts if part.found)
        lacks = tuple((spelled(part.name), spelled(part.missing)) for part in seen.parts if _is_lacking(part))
        quoted = {quote.start for part in seen.parts if part.found and (quote := part.quote)}
        others = [shown for quote in seen.evidence if quote.start not in quoted and (shown := _shown(quote))]
        settled = seen.status == "adequate"
        return ShownTopic(
            seen.topic, self.title(seen.topic), spelled(seen.stance_name), spelled(rule.why), found, lacks,
            tuple(others), () if settled else self.cites(rule.cites),
        )  # fmt: skip

    def title(self, topic: str) -> str:
        """A topic as the practice reads it."""
        named = self.pack.topics.get(topic)
        return self.pack.spelled(named.name if named else topic)

    def cites(self, refs: tuple[str, ...]) -> Cites:
        """The clauses that bind this practice, or may, by their body; all of them where its place is not said."""
        named = [self.pack.references[ref] for ref in refs if ref != GOOD_PRACTICE and ref in self.pack.references]
        found = []
        for one in (one for one in named if one.verified):
            binds = len(self.place) < len(PLACE) or holds(one.when, self._facts)
            if binds or holds(one.when, self._facts_of_members):
                cite = one.citation()
                spelled = replace(cite, summary=self.pack.spelled(cite.summary))
                found.append(Cite(spelled, _day(cite.checked), members=not binds))
        return tuple(found)

    @cached_property
    def _facts(self) -> Facts:
        return resolve(self.pack, {**self.place, BODIES: self.bodies or []})

    @cached_property
    def _facts_of_members(self) -> Facts:
        """The same for somebody who belongs to every body, where nobody was asked."""
        every = [option.id for option in self.pack.fields[BODIES].options]
        return resolve(self.pack, {**self.place, BODIES: every}) if self.bodies is None else self._facts

    # --- The text ---

    @property
    def text(self) -> SafeString:
        """The words themselves, with everything that rests on them marked."""
        return audit_marks.marked(self.words, [*self._finding_marks(), *self._topic_marks()])

    def _finding_marks(self) -> list[audit_marks.Mark]:
        found = []
        for shown, one in zip(self.findings, self.report.findings, strict=False):
            title = _("Finding %(number)s: %(title)s") % {"number": shown.number, "title": shown.title}
            for quote in (one.quote, one.other):
                if quote:
                    found.append(
                        audit_marks.Mark(quote.start, quote.end, one.severity, shown.id, str(shown.number), title)
                    )
        return found

    def _topic_marks(self) -> list[audit_marks.Mark]:
        found = []
        for seen in self.report.topics.values():
            name = self.title(seen.topic)
            title = _("Topic: %(name)s") % {"name": name}
            quotes = [*seen.evidence, *(part.quote for part in seen.parts if part.found and part.quote)]
            found += [
                audit_marks.Mark(quote.start, quote.end, "topic", f"topic-{seen.topic}", name, title)
                for quote in quotes
            ]
        return found

    # --- The interview ---

    @property
    def answers(self) -> dict[str, object]:
        """What the text settles, as answers: each is checked by the interview itself, and left out if it fails."""
        return check(self.pack, self.report.answers)[0]


def _country(place: Mapping[str, str]) -> str:
    """The country as the audit knows it; one that the questions do not name says nothing."""
    country = place.get("country", "")
    return "" if country == known.ELSEWHERE else country


def _is_lacking(part: PartSeen) -> bool:
    return not part.found and bool(part.missing) and part.needed


def _shown(quote: Quote | None) -> Shown | None:
    if quote is None or not quote.text.strip():
        return None
    words = " ".join(quote.text.split())
    cut = words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}…"
    return Shown(cut, audit_marks.place(quote.start))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
