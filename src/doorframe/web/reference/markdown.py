"""What the pages share."""

from __future__ import annotations

from collections.abc import Iterable


def page(title: str, intro: str, lines: Iterable[str]) -> str:
    """A whole page, with a line that says how it is written."""
    note = "This page is written by `doorframe-admin docs`. To change it, change what it describes."
    return "\n".join([f"# {title}", "", intro, "", note, "", *lines]).rstrip() + "\n"


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """A Markdown table, followed by an empty line."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(" ".join(text.split()).replace("|", "\\|") for text in row) + " |" for row in rows]
    return [*lines, ""]
