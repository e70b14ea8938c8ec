"""The shape of everything a therapist or a lawyer may read and edit.

Each class here is one kind of content file after it has been read and checked. Nothing here opens a file:
`loader.py` does that and turns what it finds into one Pack, or into a list of problems.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from doorframe.engines.citations import Citation
from doorframe.engines.content.conditions import ALWAYS, Condition
from doorframe.engines.content.language import Grammar, Spelling, say, spell

Kind = Literal["choice", "choices", "text", "long-text", "email", "phone", "url", "rows"]
Audience = Literal["client", "staff", "summary", "spoken"]
Role = Literal["stance", "scope", "exception", "happens", "reason", "info"]

KINDS: tuple[str, ...] = ("choice", "choices", "text", "long-text", "email", "phone", "url", "rows")
AUDIENCES: tuple[str, ...] = ("client", "staff", "summary", "spoken")
_UNSPACED = re.compile(r"^(Art\.|s\.?|Part|Principle)-?(?=\d)")
"""How the id of a clause begins where people write a space: an id has none."""
OUTCOMES: tuple[str, ...] = ("open", "wait", "not-open", "close")
"""How the worksheet “open-account” can end."""
ROLES: tuple[str, ...] = ("stance", "scope", "exception", "happens", "reason", "info")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a content file, said so that its author can mend it. line is 1-based, 0 if unknown."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Reference:
    """One clause of a code or law as the facts hold it. Only verified ones are ever shown."""

    ref: str
    pack: str
    clause: str
    short: str
    kind: str
    summary: str
    topics: tuple[str, ...]
    when: Condition
    verified: bool
    checked: str
    link: str
    source_url: str
    note: str

    def citation(self) -> Citation:
        return Citation(self.ref, self._name(), self.summary, self.link, self.checked, self.kind)

    def _name(self) -> str:
        """As people say it: "ACA Code of Ethics 2014, A.5.e", "UK GDPR Art. 9"; a whole document alone."""
        if not any(sign.isdigit() for sign in self.clause):
            return self.short
        clause = _UNSPACED.sub(r"\1 ", self.clause)
        return f"{self.short}{' ' if self.kind == 'law' else ', '}{clause}"


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing a policy speaks about. title is the heading clients read, name the one staff read."""

    id: str
    title: str
    name: str
    section: str


@dataclass(frozen=True, slots=True)
class PolicySection:
    """A part of the policy. title heads it for clients, name in the interview, staff in the handbook."""

    id: str
    title: str
    name: str
    topics: tuple[str, ...]
    staff: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer. phrase is how it reads inside a sentence of a document."""

    id: str
    label: str
    hint: str = ""
    phrase: str = ""
    when: Condition = ALWAYS
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Default:
    """A usual answer for those to whom the condition applies; the first that holds is taken."""

    value: object
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Field:
    """One fact the interview asks for. Its id is its name in answers and in placeholders.

    part      "main" is shown at once; "fine" stands under "Fine-tune this answer"
    columns   for rows: the fields of one row, each a Field of a simple kind
    default_from names a table of content that gives the usual rows or value ("crisis", "emergency")
    options_from names a table of content that gives the options ("platforms")
    """

    id: str
    kind: str
    label: str
    hint: str = ""
    options: tuple[Option, ...] = ()
    columns: tuple[Field, ...] = ()
    defaults: tuple[Default, ...] = ()
    default_from: str = ""
    options_from: str = ""
    required: bool = False
    required_when: Condition | None = None
    when: Condition = ALWAYS
    part: str = "main"
    max_length: int = 300
    autocomplete: str = ""
    why_required: str = ""

    def option(self, id: str) -> Option | None:
        return next((option for option in self.options if option.id == id), None)


@dataclass(frozen=True, slots=True)
class Screen:
    """One decision: a heading that asks it, why it is asked, and the fields that answer it."""

    id: str
    section: str
    title: str
    name: str
    order: int
    fields: tuple[Field, ...]
    topics: tuple[str, ...] = ()
    path: str = "main"
    help: str = ""
    why: str = ""
    cites: tuple[str, ...] = ()
    when: Condition = ALWAYS
    file: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Some paragraphs, or a list, that stand or fall together.

    paragraphs  each is a tuple of sentence templates, one a line of the file
    listed      True where every sentence is an item of a list
    join        True where the words go on in the paragraph before
    cites       references, or "good-practice"
    """

    id: str
    topic: str
    audience: str
    role: str
    paragraphs: tuple[tuple[str, ...], ...]
    listed: bool = False
    when: Condition = ALWAYS
    cites: tuple[str, ...] = ()
    tone: str = ""
    join: bool = False
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """Words that mean something only beside others in the same sentence: "text me" beside "in a crisis".

    says    the words    cues  of these one must stand in the sentence, before or after
    spares  words that, before the words in the sentence, make them harmless: "then", in "call 988, then text me"
    """

    says: tuple[str, ...]
    cues: tuple[str, ...]
    spares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Answers that cannot stand together, in words a person can act on.

    says      words (as written by the practice) that trigger it, looked for in `fields` ("*" is every own-words field)
    beside    words that trigger it only beside a cue
    blocks    True where it must be mended before publishing; False where it is only worth a look
    """

    id: str
    message: str
    why: str
    screens: tuple[str, ...]
    when: Condition
    says: tuple[str, ...] = ()
    beside: Beside | None = None
    fields: tuple[str, ...] = ()
    blocks: bool = True
    matches: tuple[dict[str, object], ...] = ()
    passes: tuple[dict[str, object], ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class OutputPart:
    """One part of an output: a frame by name, the topics of the policy, the sources or the signature page."""

    kind: str
    frame: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """What one output holds: whose words, which frames stand before and after, which formats."""

    id: str
    title: str
    audience: str
    formats: tuple[str, ...]
    parts: tuple[OutputPart, ...]
    numbered: bool = False
    order: int = 0
    file: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A short text to paste: a profile line, an automatic reply. limit is in characters, 0 for none."""

    id: str
    title: str
    where: str
    text: str
    limit: int = 0
    when: Condition = ALWAYS
    cites: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Platform:
    """A place online, with the longest profile text it takes."""

    id: str
    name: str
    profile_limit: int = 0


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """A number that answers now. tel is the number as a link dials it, "" where it is text only."""

    country: str
    name: str
    number: str
    how: str
    tel: str = ""
    emergency: bool = False
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to weigh or to say, with the fields that take the answer.

    layout  "weigh" (how much, what is done about it, a remark) or "ask" (one plain question)
    """

    id: str
    title: str
    fields: tuple[Field, ...]
    explain: str = ""
    layout: str = "ask"


@dataclass(frozen=True, slots=True)
class ChecklistSection:
    """Items that belong together, under one heading. named is what one weighed item is called in a record: "Risk"."""

    id: str
    title: str
    items: tuple[ChecklistItem, ...]
    help: str = ""
    named: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """A worksheet of one page: what is thought over before a decision, and the decision."""

    id: str
    title: str
    intro: str
    sections: tuple[ChecklistSection, ...]
    file: str = ""

    @property
    def fields(self) -> dict[str, Field]:
        """Every field by its id, in the order of the page."""
        return {field.id: field for section in self.sections for item in section.items for field in item.fields}


@dataclass(frozen=True)
class Pack:
    """Everything in force, checked. `sha256` covers every byte that was read.

    reader  how the person spells who answers, where that differs (see languages.spoken)
    """

    id: str
    version: str
    sha256: str
    sections: tuple[PolicySection, ...]
    topics: dict[str, Topic]
    screens: tuple[Screen, ...]
    passages: tuple[Passage, ...]
    frames: dict[str, tuple[Passage, ...]]
    contradictions: tuple[Contradiction, ...]
    outputs: dict[str, Output]
    notices: tuple[Notice, ...]
    references: dict[str, Reference]
    derived: dict[str, Condition]
    voices: dict[str, dict[str, str]]
    spelling: dict[str, Spelling]
    labels: dict[str, str]
    platforms: tuple[Platform, ...]
    crisis: tuple[CrisisLine, ...]
    placeholder_patterns: tuple[str, ...] = ()
    law: dict[str, object] = field(default_factory=dict)
    grammar: Grammar = field(default_factory=Grammar)
    messages: dict[str, str] = field(default_factory=dict)
    reader: Spelling | None = None
    checklists: dict[str, Checklist] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.id} {self.version} ({self.sha256[:12]})"

    def say(self, message: str, **values: object) -> str:
        """A sentence of policy/messages.toml with its {placeholders} filled; its id where the pack has no such one."""
        return say(self.messages.get(message, message), values)

    def spelled(self, text: str) -> str:
        """Words of a citation or a document's title, as the reader of a page spells them."""
        return spell(text, self.reader)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every field of the interview by its id."""
        return {item.id: item for screen in self.screens for item in screen.fields}

    @cached_property
    def screen_of(self) -> dict[str, Screen]:
        """The screen that asks each field."""
        return {item.id: screen for screen in self.screens for item in screen.fields}

    @cached_property
    def screen(self) -> dict[str, Screen]:
        return {screen.id: screen for screen in self.screens}

    @cached_property
    def passages_of(self) -> dict[str, tuple[Passage, ...]]:
        """The passages of each topic, in the order of the file."""
        found: dict[str, list[Passage]] = {topic: [] for topic in self.topics}
        for passage in self.passages:
            found[passage.topic].append(passage)
        return {topic: tuple(passages) for topic, passages in found.items()}
