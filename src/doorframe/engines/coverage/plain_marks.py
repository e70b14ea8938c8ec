"""Marks that a template leaves behind, looked for in the text as it stands."""

from __future__ import annotations

import re
from functools import lru_cache

from doorframe.engines.content.audit import Defect
from doorframe.engines.coverage import settings
from doorframe.engines.coverage.found import Place, Topics, finding
from doorframe.engines.coverage.report import Finding, Quote
from doorframe.engines.coverage.sight import Sight


def placeholders(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """Every mark, once for each different one. A blank to sign on or to fill in by hand is none."""
    marks = _marks(settings.texts(defect, "marks"))
    found: dict[str, Finding] = {}
    for match in marks.finditer(sight.text):
        start, line = _line(sight.text, match.start())
        if _to_fill_in(match, line, match.start() - start, defect):
            continue
        quote = Quote(match.group(), match.start(), match.end())
        found.setdefault(match.group().lower(), finding(defect, quote))
    return list(found.values())


@lru_cache(maxsize=4)
def _marks(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)", re.IGNORECASE)


def _line(text: str, place: int) -> tuple[int, str]:
    """The line around a place, and where it begins."""
    start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    return start, text[start : end if end >= 0 else len(text)]


def _to_fill_in(match: re.Match[str], line: str, column: int, defect: Defect) -> bool:
    """A blank to sign on or to fill in by hand; one in the middle of a sentence was left by a template."""
    if not re.fullmatch(settings.text(defect, "blank") or "(?!)", match.group()):
        return False
    if re.search(settings.text(defect, "signing"), line, re.IGNORECASE):
        return True
    before, after = line[:column], line[column + len(match.group()) :]
    goes_on = re.match(r"\s*(?:\([^)\n]{1,40}\)\s*)?(?:[a-z]{2,}|[.,;](?:\s|$))", after)
    expects = re.search(rf"\b(?:{settings.text(defect, 'expects')})\s*$", before, re.IGNORECASE)
    return not (before.strip() and (goes_on or expects))
