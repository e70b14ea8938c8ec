"""A chart as a picture: one SVG without a library, legible in black and white."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from doorframe.adapters.render.words import one_line
from doorframe.engines.assembly.document import Chart

WIDTH = 750
"""Units across; five are a millimetre on a page of A4."""

_LEFT, _RIGHT, _TOP, _BELOW = 46, 12, 18, 24
_LETTERS = 13.5
_LETTER = 7
"""Units that a figure takes at most; one that is wider than its bar is written above the highest alone."""

_INSET = 10
"""Units between the edge of the field and its first and last point, so that no sign is cut."""


@dataclass(frozen=True, slots=True)
class _Look:
    """The colours of a picture, and the face of its words."""

    ink: str
    soft: str
    strong: str
    ground: str
    face: str


_PAPER = _Look("#20302d", "#55625e", "#1d5c56", "#ffffff", "'Source Sans 3'")
_PAGE = _Look("currentColor", "currentColor", "currentColor", "var(--sheet)", "inherit")


def svg(chart: Chart) -> str:
    """A picture of its own, in the colours of the letter."""
    return _drawn(chart, _PAPER, 'xmlns="http://www.w3.org/2000/svg"')


def html(chart: Chart, place: str) -> str:
    """A figure of a page; the picture takes the colour of the words around it."""
    caption = f"<figcaption>{escape(one_line(chart.caption))}</figcaption>" if one_line(chart.caption) else ""
    words = f'role="img" aria-label="{escape(one_line(chart.spoken))}"'
    return f'<figure id="{place}">{caption}{_drawn(chart, _PAGE, words)}</figure>\n'


class _Field:
    """From shares to units, rounded so that the same chart always gives the same bytes."""

    def __init__(self, chart: Chart) -> None:
        self.height = max(80, round(WIDTH * min(chart.tall, 1.0)))
        self.left, self.right = _LEFT, WIDTH - _RIGHT
        self.top, self.foot = _TOP, self.height - _BELOW

    def x(self, share: float) -> str:
        room = self.right - self.left - 2 * _INSET
        return f"{self.left + _INSET + _within(share) * room:.1f}"

    def y(self, share: float) -> str:
        return f"{self.foot - _within(share) * (self.foot - self.top):.1f}"


def _within(share: float) -> float:
    return max(0.0, min(1.0, share))


def _drawn(chart: Chart, look: _Look, head: str) -> str:
    field = _Field(chart)
    parts = [*_frame(chart, field, look), *_bars(chart, field, look), *_line(chart, field, look),
             *_dots(chart, field, look), *_levels(chart, field, look), *_marks(chart, field, look)]  # fmt: skip
    title, told = escape(one_line(chart.caption)), escape(one_line(chart.spoken))
    return (
        f'<svg {head} viewBox="0 0 {WIDTH} {field.height}" font-family="{look.face}" font-size="{_LETTERS}">'
        f"<title>{title}</title><desc>{told}</desc>{''.join(parts)}</svg>"
    )


def _frame(chart: Chart, field: _Field, look: _Look) -> Iterator[str]:
    """The foot, and what stands below and at the left of the field."""
    for y, words in chart.up:
        at = field.y(y)
        yield _rule(field.left, at, field.right, at, f'stroke="{look.soft}" stroke-width="0.6" stroke-opacity="0.35"')
        yield _words(field.left - 7, float(at) + 4.5, words, look.soft, "end")
    yield _rule(field.left, field.foot, field.right, field.foot, f'stroke="{look.soft}" stroke-width="1"')
    for x, words in chart.across:
        at = field.x(x)
        yield _rule(at, field.foot, at, field.foot + 5, f'stroke="{look.soft}" stroke-width="1"')
        yield _words(at, field.foot + 19, words, look.soft, "start" if x < 0.02 else "end" if x > 0.97 else "middle")


def _bars(chart: Chart, field: _Field, look: _Look) -> Iterator[str]:
    for left, right, height, words in chart.bars:
        start, end, top = float(field.x(left)), float(field.x(right)), float(field.y(height))
        gap = min(1.5, (end - start) / 6)
        yield (
            f'<rect x="{start + gap:.1f}" y="{top:.1f}" width="{max(1.0, end - start - 2 * gap):.1f}"'
            f' height="{max(0.0, field.foot - top):.1f}" fill="{look.strong}"/>'
        )
        if _LETTER * len(words) <= end - start or height >= 1:
            yield _words((start + end) / 2, top - 5, words, look.ink, "middle")


def _line(chart: Chart, field: _Field, look: _Look) -> Iterator[str]:
    if len(chart.line) < 2:
        return
    corners = [f"{field.x(x)} {field.y(y)}" for x, y in chart.line]
    first, last = field.x(chart.line[0][0]), field.x(chart.line[-1][0])
    area = f"M{first} {field.foot} L{' L'.join(corners)} L{last} {field.foot} Z"
    yield f'<path d="{area}" fill="{look.strong}" fill-opacity="0.12"/>'
    yield (
        f'<path d="M{" L".join(corners)}" fill="none" stroke="{look.strong}" stroke-width="2" stroke-linejoin="round"/>'
    )


def _dots(chart: Chart, field: _Field, look: _Look) -> Iterator[str]:
    for x, y in chart.dots:
        yield (
            f'<circle cx="{field.x(x)}" cy="{field.y(y)}" r="3.2" fill="{look.ground}" stroke="{look.soft}"'
            ' stroke-width="1.1"/>'
        )


def _levels(chart: Chart, field: _Field, look: _Look) -> Iterator[str]:
    for y, words in chart.levels:
        at = field.y(y)
        yield _rule(field.left, at, field.right, at, f'stroke="{look.ink}" stroke-width="1.2" stroke-dasharray="7 4"')
        # Below a line that lies high, where points that matter would cross the words above it.
        yield _words(field.right, float(at) + (15 if y > 0.7 else -5), words, look.ink, "end", ground=look.ground)


def _marks(chart: Chart, field: _Field, look: _Look) -> Iterator[str]:
    """Solid diamonds, above everything else."""
    for x, y, words in chart.marks:
        across, up = float(field.x(x)), float(field.y(y))
        yield (
            f'<path d="M{across:.1f} {up - 6.5:.1f} l6.5 6.5 l-6.5 6.5 l-6.5 -6.5 Z" fill="{look.strong}"'
            f' stroke="{look.ground}" stroke-width="1"/>'
        )
        yield _words(across, up - 9, words, look.ink, "middle", ground=look.ground)


def _rule(left: object, top: object, right: object, foot: object, style: str) -> str:
    return f'<line x1="{left}" y1="{top}" x2="{right}" y2="{foot}" {style}/>'


def _words(x: object, y: float, words: str, colour: str, anchor: str, *, ground: str = "") -> str:
    """Words at a place; with a ground they are strong, and stand on it where they cross something."""
    said = escape(one_line(words))
    behind = f' font-weight="600" stroke="{ground}" stroke-width="3" paint-order="stroke"' if ground else ""
    return f'<text x="{x}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}"{behind}>{said}</text>' if said else ""
