"""Answers and clauses in, a Document out. Same answers, same pack, same Document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from doorframe.engines.assembly import document as d
from doorframe.engines.assembly.words import Words, account_name, account_rows
from doorframe.engines.citations import GOOD_PRACTICE, Citation
from doorframe.engines.content.conditions import holds, names
from doorframe.engines.content.schema import Notice, Output, OutputPart, Pack, Passage, PolicySection
from doorframe.engines.interview.facts import Answers, resolve
from doorframe.engines.text import Span

MOST_CLIENTS = 4
"""Places for clients on the signature page where several come together: partners, or a family."""
FEWEST_CLIENTS = 2
"""Places where all clients come alone: one of them may still bring a partner for a session."""
_COME_TOGETHER = frozenset({"couples-families", "minors", "groups"})


@dataclass(frozen=True, slots=True)
class Edition:
    """What is known of a document besides its words.

    dated    ISO date printed on it
    version  number of the published version, 0 for a draft
    draft    True where the document is not in force
    """

    dated: str
    version: int = 0
    draft: bool = True


def assemble(pack: Pack, answers: Answers, output: str, edition: Edition) -> d.Document:
    """Build one output. Raises KeyError for an output that the pack does not have."""
    words = Words(pack, resolve(pack, answers), edition.dated)
    return _Assembly(words, pack.outputs[output], edition).document()


@dataclass(frozen=True)
class _Assembly:
    words: Words
    output: Output
    edition: Edition

    @property
    def pack(self) -> Pack:
        return self.words.pack

    def label(self, key: str) -> str:
        return self.words.spell(self.pack.labels.get(key, key))

    def document(self) -> d.Document:
        sections: list[d.Section] = []
        lede: list[d.Paragraph] = []
        for part in self.output.parts:
            made = self.part(part)
            if not sections and part.kind == "frame" and not part.title:
                lede += [block for section in made for block in section.blocks if isinstance(block, d.Paragraph)]
            else:
                sections += made
        practice = self.words.value("practice_name")
        return d.Document(
            kind=self.output.id, title=self.words.fill(self.output.title), subtitle=practice,
            language=self.words.language, author=practice, dated=self.edition.dated, version=self.version(),
            draft=self.edition.draft, footer=self.footer(practice), pack=self.pack.label, lede=tuple(lede),
            sections=tuple(self.numbered(sections)),
            labels=self.labels(),
        )  # fmt: skip

    def labels(self) -> dict[str, str]:
        """The words that a renderer adds, and the date as people there write it."""
        said = {key: self.label(key) for key in self.pack.labels}
        return said | {"printed_date": self.words.date(self.edition.dated)}

    def version(self) -> str:
        if self.edition.draft:
            return self.label("draft")
        return f"{self.label('version')} {self.edition.version}" if self.edition.version else ""

    def footer(self, practice: str) -> str:
        date = "" if self.edition.draft else self.words.date(self.edition.dated)
        return " · ".join(part for part in (practice, self.words.fill(self.output.title), self.version(), date) if part)

    def numbered(self, sections: list[d.Section]) -> list[d.Section]:
        if not self.output.numbered:
            return sections
        return [
            d.Section(
                section.id,
                f"{number}. {section.title}",
                section.blocks,
                section.sections,
                section.topic,
                section.new_page,
            )
            for number, section in enumerate(sections, start=1)
        ]

    def part(self, part: OutputPart) -> list[d.Section]:
        if part.kind == "frame":
            return self.frame(part)
        if part.kind == "sources":
            return self.sources()
        if part.kind == "signatures":
            return [self.signatures()]
        if part.kind == "notices":
            return self.notices()
        if part.kind == "crisis":
            return self.crisis(part)
        return self.topics()

    # Words

    def frame(self, part: OutputPart) -> list[d.Section]:
        blocks = self.blocks(self.pack.frames[part.frame], audience="")
        return [d.Section(part.frame, self.words.fill(part.title), blocks)] if blocks else []

    def crisis(self, part: OutputPart) -> list[d.Section]:
        topic = "crisis-or-emergency-contact"
        passages = [passage for passage in self.pack.passages_of[topic] if passage.tone == "help"]
        blocks = self.blocks(passages, audience="client")
        return [
            d.Section(f"{self.output.id}-help", self.words.fill(part.title or self.pack.topics[topic].title), blocks)
        ]

    def topics(self) -> list[d.Section]:
        if self.output.audience == "summary":
            return self.summary()
        return [section for item in self.pack.sections if (section := self.section(item)) is not None]

    def section(self, item: PolicySection) -> d.Section | None:
        children = []
        for topic in item.topics:
            blocks = self.blocks(self.pack.passages_of[topic], audience=self.output.audience)
            if blocks:
                children.append(d.Section(topic, self.heading(topic), blocks, topic=topic))
        if not children:
            return None
        title = self.words.spell(item.staff) if self.output.audience == "staff" else self.words.fill(item.title)
        return d.Section(f"part-{item.id}", title, (), tuple(children))

    def heading(self, topic: str) -> str:
        """What the topic is called for this reader: staff read its plain name, clients the practice's voice."""
        found = self.pack.topics[topic]
        return self.words.spell(found.name) if self.output.audience == "staff" else self.words.fill(found.title)

    def summary(self) -> list[d.Section]:
        """One list for each section: the policy in one page."""
        found = []
        for item in self.pack.sections:
            spans = [
                span
                for topic in item.topics
                for passage in self.in_force(self.pack.passages_of[topic], "summary")
                for paragraph in passage.paragraphs
                for sentence in paragraph
                if (span := self.sentence(passage, sentence)).text
            ]
            if spans:
                block = d.ListBlock(f"summary-{item.id}", tuple((span,) for span in spans))
                found.append(d.Section(f"part-{item.id}", self.words.fill(item.title), (block,)))
        return found

    def in_force(self, passages: Iterable[Passage], audience: str) -> list[Passage]:
        return [
            passage
            for passage in passages
            if audience in {"", passage.audience} and holds(passage.when, self.words.facts)
        ]

    def blocks(self, passages: Iterable[Passage], audience: str) -> tuple[d.Block, ...]:
        found: list[d.Block] = []
        for passage in self.in_force(passages, audience):
            made = self.passage(passage)
            previous = found[-1] if found else None
            if passage.join and isinstance(previous, d.Paragraph) and made and isinstance(made[0], d.Paragraph):
                found[-1] = _joined(previous, made[0])
                made = made[1:]
            elif isinstance(previous, d.ListBlock) and made and isinstance(made[0], d.ListBlock):
                found[-1] = _longer(previous, made[0])
                made = made[1:]
            found += made
        return tuple(found)

    def passage(self, passage: Passage) -> list[d.Block]:
        id = passage.id.replace("/", "-")
        cites, good = self.cites(passage)
        if passage.listed:
            every = [self.sentence(passage, sentence) for group in passage.paragraphs for sentence in group]
            items = tuple((span,) for span in every if span.text)
            return [d.ListBlock(id, items, cites=cites, good_practice=good, clause=passage.id)] if items else []
        made: list[d.Block] = []
        for number, sentences in enumerate(passage.paragraphs):
            spans = self.sentences(passage, sentences)
            if not spans:
                continue
            block_id = id if number == 0 else f"{id}-{number + 1}"
            if passage.tone:
                made.append(d.Note(block_id, passage.tone, spans))
                continue
            made.append(
                d.Paragraph(block_id, spans, cites if number == 0 else (), good and number == 0, clause=passage.id)
            )
        return made + self.lists_after(passage)

    def lists_after(self, passage: Passage) -> list[d.Block]:
        """Rows the practice gave, as a list below the sentence that introduces them."""
        if passage.id == "platforms-and-use/list":
            items = [self.account(row) for row in account_rows(self.words.facts, "professional")]
        elif passage.id == "crisis-or-emergency-contact/lines":
            items = self.lines()
        else:
            return []
        block_id = passage.id.replace("/", "-") + "-items"
        return [d.ListBlock(block_id, tuple(items), clause=passage.id)] if items else []

    def account(self, row: object) -> tuple[Span, ...]:
        assert isinstance(row, dict)
        name = account_name(self.pack, row)
        name = name[:1].upper() + name[1:]
        purpose = str(row.get("purpose", "")).rstrip(".")
        return (Span(f"{name}: {purpose}" if purpose else name, ("accounts",), own=True),)

    def lines(self) -> list[tuple[Span, ...]]:
        rows = self.words.facts.get("crisis_lines")
        found: list[tuple[Span, ...]] = []
        for row in rows if isinstance(rows, list) else []:
            before = f"{row['name']}: " if row.get("name") else ""
            before += f"{row['how']} " if row.get("how") else ""
            # A line that only takes texts must not be dialled.
            link = "" if row.get("how", "").lower().startswith("text") else _tel(row.get("number", ""))
            number = Span(row.get("number", ""), ("crisis_lines",), strong=True, link=link)
            found.append((Span(before, ("crisis_lines",)), number) if before else (number,))
        return found

    def sentences(self, passage: Passage, sentences: tuple[str, ...]) -> tuple[Span, ...]:
        filled = [self.sentence(passage, sentence) for sentence in sentences]
        filled = [span for span in filled if span.text.strip()]
        spaced = [Span(f"{span.text} ", span.answers, span.own, span.strong, span.link) for span in filled[:-1]]
        return (*spaced, *filled[-1:])

    def sentence(self, passage: Passage, sentence: str) -> Span:
        return self.words.span(sentence, self.answers_behind(passage))

    def answers_behind(self, passage: Passage) -> tuple[str, ...]:
        """The answers a passage stands on: those its condition names, through derived facts."""
        found: list[str] = []
        waiting = [name.split(".", 1)[0] for name in names(passage.when)]
        while waiting:
            name = waiting.pop(0)
            if name in self.pack.derived:
                waiting += [inner.split(".", 1)[0] for inner in names(self.pack.derived[name])]
            elif name not in found:
                found.append(name)
        return tuple(found)

    def cites(self, passage: Passage) -> tuple[tuple[Citation, ...], bool]:
        found = []
        for ref in passage.cites:
            reference = self.pack.references.get(ref)
            if reference and reference.verified and holds(reference.when, self.words.facts):
                citation = reference.citation()
                found.append(replace(citation, summary=self.words.spell(citation.summary)))
        good = not found and (passage.role == "stance" or GOOD_PRACTICE in passage.cites)
        return tuple(found), good

    # The document's own parts

    def sources(self) -> list[d.Section]:
        """A table of every clause that the document cites, each once."""
        frames = [passage for part in self.output.parts if part.frame for passage in self.pack.frames[part.frame]]
        spoken = [*self.in_force(frames, "")]
        for topic in self.pack.topics:
            spoken += self.in_force(self.pack.passages_of[topic], self.output.audience)
        cited = {citation.ref: citation for passage in spoken for citation in self.cites(passage)[0]}
        if not cited:
            return []
        rows = tuple(
            (
                (Span(citation.short, link=citation.link),),
                (Span(citation.summary),),
                (Span(self.words.month(citation.checked)),),
            )
            for citation in sorted(cited.values(), key=lambda citation: citation.short)
        )
        header = (self.label("source"), self.label("source_says"), self.label("source_checked"))
        intro = d.Paragraph("sources-intro", (Span(self.label("sources_intro")),))
        table = d.Table("sources-table", "", header, rows)
        return [d.Section("sources", self.label("sources"), (intro, table))]

    def signatures(self) -> d.Section:
        fields = (self.label("name"), self.label("signature"), self.label("date"))
        clients_sign = self.words.facts.get("acknowledgement") != "talk-and-record"
        seen = _list(self.words.facts.get("clients"))
        places = FEWEST_CLIENTS if _COME_TOGETHER.isdisjoint(seen) else MOST_CLIENTS
        roles = [self.label("client")] * places if clients_sign else []
        if clients_sign and "minors" in seen:
            roles.append(self.label("guardian"))
        roles.append(self.label("therapist"))
        frame = self.in_force(self.pack.frames.get("signature", ()), "")
        choices = tuple(
            self.words.fill(sentence)
            for passage in frame
            if passage.listed
            for group in passage.paragraphs
            for sentence in group
        )
        intro = tuple(
            block for passage in frame if not passage.listed for block in self.passage(passage)
        )  # fmt: skip
        block = d.Signatures("signatures", choices, tuple(d.SignatureLine(role, fields) for role in roles))
        return d.Section("sign", self.label("signature_title"), (*intro, block), new_page=True)

    def notices(self) -> list[d.Section]:
        found = []
        for notice in self.pack.notices:
            if holds(notice.when, self.words.facts):
                found.append(self.notice(notice))
        return found

    def notice(self, notice: Notice) -> d.Section:
        lines = (self.words.span(line) for line in notice.text.strip().splitlines() if line.strip())
        said = [line for line in lines if line.text]
        text = " ".join(line.text for line in said)
        answers = tuple(dict.fromkeys(name for line in said for name in line.answers))
        whole = Span(text, answers, any(line.own for line in said))
        blocks: list[d.Block] = [d.Note(f"notice-{notice.id}", "info", (whole,))]
        where = notice.where
        if notice.limit:
            room = f"{len(text)} {self.label('of')} {notice.limit} {self.label('characters')}"
            where = f"{where} ({room})" if where else room
        if where:
            blocks.insert(0, d.Paragraph(f"notice-{notice.id}-where", (Span(self.words.fill(where)),)))
        return d.Section(f"notice-{notice.id}-section", self.words.fill(notice.title), tuple(blocks))


def _joined(first: d.Paragraph, second: d.Paragraph) -> d.Paragraph:
    """Two passages that read as one paragraph; it carries the citations of both."""
    last = first.spans[-1]
    spaced = (*first.spans[:-1], Span(f"{last.text} ", last.answers, last.own, last.strong, last.link))
    cites = tuple(dict.fromkeys((*first.cites, *second.cites)))
    good = (first.good_practice or second.good_practice) and not cites
    return d.Paragraph(first.id, (*spaced, *second.spans), cites, good, first.clause)


def _longer(first: d.ListBlock, second: d.ListBlock) -> d.ListBlock:
    """Items that stand under different conditions and follow one another are one list."""
    cites = tuple(dict.fromkeys((*first.cites, *second.cites)))
    good = (first.good_practice or second.good_practice) and not cites
    return d.ListBlock(first.id, first.items + second.items, first.ordered, cites, good, first.clause)


def _tel(number: str) -> str:
    digits = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return f"tel:{digits}" if 3 <= len(digits) <= 16 and not any(sign.isalpha() for sign in number) else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
