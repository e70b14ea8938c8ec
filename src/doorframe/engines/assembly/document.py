"""The Document: a small semantic tree that every format is rendered from.

A Document holds sections; a section holds blocks and smaller sections. Blocks are paragraphs, lists,
tables, notes, charts, the page to sign and signatures that were given. Each block has an id that stays the same while
its clause stays the same, so that an address such as `#friending` keeps working across versions.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from doorframe.engines.citations import Citation
from doorframe.engines.text import Span, plain


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together.

    Spans are joined as they are: each already ends with the space that separates it from the next.
    cites is empty and good_practice True where no code speaks to the rule.
    """

    id: str
    spans: tuple[Span, ...]
    cites: tuple[Citation, ...] = ()
    good_practice: bool = False
    clause: str = ""

    @property
    def text(self) -> str:
        return plain(self.spans)


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A bulleted or numbered list; each item is a tuple of spans."""

    id: str
    items: tuple[tuple[Span, ...], ...]
    ordered: bool = False
    cites: tuple[Citation, ...] = ()
    good_practice: bool = False
    clause: str = ""

    @property
    def text(self) -> str:
        return "\n".join(plain(item) for item in self.items)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row; the first cell of each row names the row. caption may be empty."""

    id: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[tuple[Span, ...], ...], ...]
    clause: str = ""

    @property
    def text(self) -> str:
        return "\n".join("\t".join(plain(cell) for cell in row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Note:
    """Words set apart from the text. tone is "help" (crisis route), "info" or "draft"."""

    id: str
    tone: str
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        return plain(self.spans)


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One place to sign. role names who ("Client", "Parent or guardian", "Therapist")."""

    role: str
    fields: tuple[str, ...] = ("Name", "Signature", "Date")


@dataclass(frozen=True, slots=True)
class Signatures:
    """The signature page: choices to tick, then one line per signer."""

    id: str
    choices: tuple[str, ...]
    lines: tuple[SignatureLine, ...]

    @property
    def text(self) -> str:
        return "\n".join((*self.choices, *(line.role for line in self.lines)))


@dataclass(frozen=True, slots=True)
class Mark:
    """A signature as it was given: a name that was typed, or strokes that were drawn.

    typed    the name as it was typed; "" where it was drawn
    strokes  each a line of points (x, y): whole numbers from the top left, x to 1000 and y to 400
    spoken   what stands for the drawing where it is not seen
    lined    False where it is no signature, and stands on no line: a square code
    """

    id: str
    typed: str = ""
    strokes: tuple[tuple[tuple[int, int], ...], ...] = ()
    spoken: str = ""
    lined: bool = True

    @property
    def text(self) -> str:
        return self.typed or self.spoken


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures over a course as a picture. Every place is a share from 0 to 1, from the left or from below.

    caption  a line above it
    spoken   what stands for the picture where it is not seen: all that it shows, in words
    bars     (left, right, height, label)
    line     the corners of a line (x, y)
    dots     (x, y) of points that are like many others
    marks    (x, y, label) of points that stand out: another shape, so that it shows without colour too
    levels   (y, label) of lines all across
    across   (x, label) below; up: (y, label) at the left
    tall     the height, as a share of the width
    """

    id: str
    caption: str
    spoken: str
    bars: tuple[tuple[float, float, float, str], ...] = ()
    line: tuple[tuple[float, float], ...] = ()
    dots: tuple[tuple[float, float], ...] = ()
    marks: tuple[tuple[float, float, str], ...] = ()
    levels: tuple[tuple[float, str], ...] = ()
    across: tuple[tuple[float, str], ...] = ()
    up: tuple[tuple[float, str], ...] = ()
    tall: float = 0.3

    @property
    def text(self) -> str:
        return f"{self.caption}\n{self.spoken}"


Block = Paragraph | ListBlock | Table | Note | Signatures | Mark | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it. topic is a topic id or "" for the document's own parts."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    topic: str = ""
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One output, ready to render.

    kind      "policy", "appendix", "handbook", "summary", "talking-points", "notices"
    title     "Social media policy"
    subtitle  the practice's name
    language  BCP 47 tag, "en-US"
    author    who answers for the words: the practice
    dated     ISO date printed on the document; also the PDF's timestamp
    version   "Version 3" or "Draft"
    draft     True where the document must say on every page that it is not in force
    footer    one line for the foot of each page
    pack      "doorframe-core 2026.11 (sha256 0123abcd...)": what the words were built from
    paper     "a4", "us-letter", or "" for what the country of the language uses
    """

    kind: str
    title: str
    subtitle: str
    language: str
    author: str
    dated: str
    version: str
    draft: bool
    footer: str
    pack: str
    lede: tuple[Paragraph, ...] = ()
    sections: tuple[Section, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    paper: str = ""

    def walk(self) -> list[tuple[int, Section]]:
        """Every section with its depth (1 for the top), in reading order."""
        found: list[tuple[int, Section]] = []

        def visit(section: Section, depth: int) -> None:
            found.append((depth, section))
            for child in section.sections:
                visit(child, depth + 1)

        for section in self.sections:
            visit(section, 1)
        return found
