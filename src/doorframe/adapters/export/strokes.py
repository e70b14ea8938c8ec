"""A drawn signature as a picture: strokes of whole numbers, 0 to 1000 wide and 0 to 400 high, as SVG."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT = 1000, 400


def svg(strokes: Sequence[Sequence[Sequence[int]]]) -> str:
    """The strokes as one file, without script, style or words. A stroke of one point is a dot."""
    lines = [_line(stroke) for stroke in strokes if stroke]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" stroke="#000"'
        f' stroke-width="5" stroke-linecap="round" stroke-linejoin="round">{"".join(lines)}</svg>'
    )


def _line(stroke: Sequence[Sequence[int]]) -> str:
    points = [(int(x), int(y)) for x, y in stroke]
    if len(points) == 1:
        points *= 2
    return f'<polyline points="{" ".join(f"{x},{y}" for x, y in points)}"/>'
