"""A signature that was given, typed or drawn, as each format shows it."""

from __future__ import annotations

from html import escape

from doorframe.adapters.render.words import one_line
from doorframe.engines.assembly.document import Mark

WIDTH, HEIGHT = 1000, 400
"""The field in which a signature is drawn."""

_PEN = 9
_EMU = 2232
"""English metric units for one unit of the field: 62 mm across, as in the PDF."""

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"


def strokes(mark: Mark) -> list[list[tuple[int, int]]]:
    """The strokes inside the field, each with at least two points: a dot is a very short line."""
    found = [[(_within(x, WIDTH), _within(y, HEIGHT)) for x, y in stroke] for stroke in mark.strokes if stroke]
    return [stroke if len(stroke) > 1 else [*stroke, (stroke[0][0] + 1, stroke[0][1])] for stroke in found]


def _within(value: int, most: int) -> int:
    return max(0, min(int(value), most))


def path(mark: Mark) -> str:
    """The strokes as the path of an SVG."""
    return " ".join("M" + " L".join(f"{x} {y}" for x, y in stroke) for stroke in strokes(mark))


def svg(mark: Mark) -> str:
    """A picture of its own, in the ink of the letter."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><path d="{path(mark)}" fill="none"'
        f' stroke="#20302d" stroke-width="{_PEN}" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def html(mark: Mark, place: str) -> str:
    """One line of a page; a drawing takes the colour of the words around it."""
    words = escape(one_line(mark.text))
    if not mark.strokes:
        return f'<p id="{place}"><em>{words}</em></p>\n'
    return (
        f'<p id="{place}"><svg role="img" aria-label="{words}" viewBox="0 0 {WIDTH} {HEIGHT}" width="250" height="100">'
        f'<path d="{path(mark)}" fill="none" stroke="currentColor" stroke-width="{_PEN}" stroke-linecap="round"'
        ' stroke-linejoin="round"/></svg></p>\n'
    )


def word(mark: Mark, number: int) -> str:
    """What stands in a paragraph of a Word file. number tells the drawings of one file apart."""
    words = escape(one_line(mark.text))
    if not mark.strokes:
        return f'<w:r><w:rPr><w:i/><w:iCs/><w:sz w:val="36"/></w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'
    extent = f'cx="{WIDTH * _EMU}" cy="{HEIGHT * _EMU}"'
    paths = "".join(map(_drawn, strokes(mark)))
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_WP}" distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
        f'<wp:docPr id="{number}" name="Signature {number}" descr="{words}"/>'
        f'<a:graphic xmlns:a="{_A}"><a:graphicData uri="{_WPS}"><wps:wsp xmlns:wps="{_WPS}"><wps:cNvSpPr/><wps:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>'
        f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>{paths}</a:pathLst></a:custGeom><a:noFill/><a:ln w="19050"'
        ' cap="rnd"><a:solidFill><a:srgbClr val="20302D"/></a:solidFill><a:round/></a:ln></wps:spPr><wps:bodyPr/>'
        "</wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _drawn(stroke: list[tuple[int, int]]) -> str:
    (x, y), *rest = stroke
    lines = "".join(f'<a:lnTo><a:pt x="{x}" y="{y}"/></a:lnTo>' for x, y in rest)
    start = f'<a:moveTo><a:pt x="{x}" y="{y}"/></a:moveTo>'
    return f'<a:path w="{WIDTH}" h="{HEIGHT}" fill="none">{start}{lines}</a:path>'
