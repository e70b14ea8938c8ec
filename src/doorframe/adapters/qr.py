"""A square code for a tablet or a sheet of paper: SVG that stands in a page without style or script."""

from __future__ import annotations

from html import escape

import qrcode  # type: ignore[import-untyped]

LONGEST = 1000
"""Bytes. A code with more is too fine for a camera at arm's length."""

_QUIET = 4
"""Empty squares around a code, as the standard asks (ISO/IEC 18004)."""


def svg(text: str, *, title: str = "") -> str:
    """The code for `text` as an SVG element, dark on white in every theme.

    `title` is what somebody hears who does not see it: where the code leads, with the address beside it in words.
    Without a title the code is decoration, and hidden from screen readers.

    The element has no width and no height; the page gives it its size. Raises ValueError for text that is empty or
    too long.
    """
    if not text or len(text.encode("utf-8")) > LONGEST:
        raise ValueError(f"A square code holds 1 to {LONGEST} bytes of text")
    rows = matrix(text)
    size = len(rows) + 2 * _QUIET
    spoken = f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" {spoken} shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d="{_path(rows)}"/></svg>'
    )


def matrix(text: str) -> list[list[bool]]:
    """The squares of the code, dark ones true, without the empty border."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(square) for square in row] for row in code.get_matrix()]


def _path(rows: list[list[bool]]) -> str:
    """Dark squares as runs: one rectangle for each row's stretch of them."""
    parts: list[str] = []
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate([*row, False]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                parts.append(f"M{start + _QUIET},{y + _QUIET}h{x - start}v1h-{x - start}z")
                start = None
    return "".join(parts)
