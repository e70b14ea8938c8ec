"""Which pages there are, and their text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HERE = Path(__file__).resolve()
_INSTALLED = HERE.parent / "pages"
_CHECKOUT = HERE.parents[4] / "docs"


@dataclass(frozen=True, slots=True)
class Area:
    """One kind of page: its folder, what it is called and what it is for."""

    id: str
    title: str | Promise
    purpose: str | Promise


AREAS = (
    Area("tutorial", _("First steps"), _("From nothing to a published policy.")),
    Area("how-to", _("How to"), _("One task a page.")),
    Area("explanation", _("Why it is so"), _("The reasons behind what you see.")),
    Area("reference", _("Look it up"), _("Every topic, question, clause, setting and command.")),
    Area("evaluation", _("How well it works"), _("What was measured, on what, and with which figures.")),
    Area("decisions", _("Decisions"), _("For those who work on Doorframe itself.")),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `path` is its address below /help/, `lead` its first paragraph as plain text."""

    path: str
    area: str
    title: str
    lead: str
    text: str


def root() -> Path:
    """Where the pages stand: inside the installed package, or in the checkout's docs/."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def pages() -> dict[str, Page]:
    """Every page by its path, in reading order. A page that was edited is read again."""
    files = [(area.id, path, path.stat().st_mtime_ns) for area in AREAS for path in _files(area.id)]
    return _read(tuple(files))


def _files(area: str) -> list[Path]:
    """The files of one area. A page beside the folders is something to look up."""
    beside = sorted(root().glob("*.md")) if area == "reference" else []
    return sorted((root() / area).glob("*.md")) + beside


@lru_cache(maxsize=2)
def _read(files: tuple[tuple[str, Path, int], ...]) -> dict[str, Page]:
    found = [_page(area, path) for area, path, _changed in files]
    return {page.path: page for page in found}


def _page(area: str, path: Path) -> Page:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    title = next((line[2:].strip() for line in lines if line.startswith("# ")), path.stem)
    return Page(path.relative_to(root()).with_suffix("").as_posix(), area, title, _lead(lines), text)


def _lead(lines: list[str]) -> str:
    """The first sentence of the first paragraph below the title."""
    body = [line.strip() for line in lines[1:]]
    start = next((number for number, line in enumerate(body) if line and not line.startswith(("#", "!", "|"))), None)
    if start is None:
        return ""
    end = next((number for number in range(start, len(body)) if not body[number]), len(body))
    paragraph = " ".join(body[start:end]).replace("`", "").replace("**", "")
    return paragraph.split(". ")[0].rstrip(".:") + "."


def shelves() -> list[tuple[Area, list[Page]]]:
    """Every area that has pages, with its pages."""
    every = pages().values()
    found = [(area, [page for page in every if page.area == area.id]) for area in AREAS]
    return [(area, inside) for area, inside in found if inside]


def picture(name: str) -> Path | None:
    """The file of a picture, or None where there is none of that name."""
    # Looked for among those there are: a name from outside may be longer than any file system takes.
    return next((path for path in (root() / "pictures").glob("*.png") if path.name == name), None)
