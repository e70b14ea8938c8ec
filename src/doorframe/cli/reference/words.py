"""Small words that the reference pages share: conditions in prose, cells of a table, citations."""

from __future__ import annotations

from collections.abc import Iterable

from doorframe.engines.citations import GOOD_PRACTICE
from doorframe.engines.content.conditions import All, Any, Atom, Condition, Not
from doorframe.engines.content.schema import Pack


def page(title: str, intro: str, lines: Iterable[str]) -> str:
    """A whole page. The first paragraph says that it is generated, so that nobody mends it by hand."""
    note = "This page is written by `doorframe content docs`. To change it, change the content."
    return "\n".join([f"# {title}", "", intro, "", note, "", *lines]).rstrip() + "\n"


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """A Markdown table, followed by an empty line; nothing at all where there are no rows."""
    body = ["| " + " | ".join(cell(text) for text in row) + " |" for row in rows]
    if not body:
        return []
    return ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header), *body, ""]


def cell(text: str) -> str:
    """Text on one line that no longer means a new cell."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    return f"`{text}`" if text else ""


def say(condition: Condition, *, inner: bool = False) -> str:
    """A condition as people read it, "" for one that always holds: "`country` is `US` and not `email`"."""
    if isinstance(condition, Atom):
        return _atom(condition)
    if isinstance(condition, Not):
        return _denied(condition.part)
    parts = [said for part in condition.parts if (said := say(part, inner=True))]
    word = " or " if isinstance(condition, Any) else " and "
    said = word.join(parts)
    return f"({said})" if inner and len(parts) > 1 else said


def _denied(part: Condition) -> str:
    if isinstance(part, Atom) and part.value:
        return f"{code(part.name)} is not {code(part.value)}"
    return f"not {say(part, inner=True)}"


def _atom(atom: Atom) -> str:
    return f"{code(atom.name)} is {code(atom.value)}" if atom.value else code(atom.name)


def quoted(phrases: Iterable[str]) -> str:
    return "; ".join(f"“{phrase}”" for phrase in phrases)


def is_always(condition: Condition) -> bool:
    return isinstance(condition, All) and not condition.parts


def cites(pack: Pack, refs: Iterable[str]) -> str:
    """Citations by name, each leading to its row; "good practice" where no code speaks."""
    found = []
    for ref in refs:
        if ref == GOOD_PRACTICE:
            found.append("good practice")
            continue
        reference = pack.references.get(ref)
        name = reference.citation().short if reference else ref
        found.append(f"[{name}](citations.md#{anchor(reference.pack if reference else ref)})")
    return ", ".join(found)


def anchor(heading: str) -> str:
    """The address of a heading inside its page, as code hosts and our own help make it."""
    kept = "".join(sign for sign in heading.lower() if sign.isalnum() or sign in " -_")
    return kept.replace(" ", "-")
