"""The settings of a defect, as its finder reads them. What is missing or of another kind is empty."""

from __future__ import annotations

from collections.abc import Mapping

from doorframe.engines.content.audit import Defect
from doorframe.engines.coverage.sight import Sight
from doorframe.engines.patterns import pattern


def texts(defect: Defect, name: str) -> tuple[str, ...]:
    value = defect.settings.get(name)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, (list, tuple)) else ()


def text(defect: Defect, name: str) -> str:
    value = defect.settings.get(name)
    return value if isinstance(value, str) else ""


def number(defect: Defect, name: str) -> int:
    value = defect.settings.get(name)
    return value if isinstance(value, int) else 0


def flag(defect: Defect, name: str) -> bool:
    return defect.settings.get(name) is True


def table(defect: Defect, name: str) -> Mapping[str, object]:
    value = defect.settings.get(name)
    return value if isinstance(value, Mapping) else {}


def tables(defect: Defect, name: str) -> list[Mapping[str, object]]:
    """A list of tables."""
    value = defect.settings.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, (list, tuple)) else []


def lists(defect: Defect, name: str) -> list[tuple[str, ...]]:
    """A list of lists of texts."""
    value = defect.settings.get(name)
    return [words_of(one) for one in value] if isinstance(value, (list, tuple)) else []


def text_of(value: object) -> str:
    """A text inside a table."""
    return value if isinstance(value, str) else ""


def words_of(value: object) -> tuple[str, ...]:
    """A list of texts inside a table, or one text."""
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, (list, tuple)) else ()


def shows(sight: Sight, sources: tuple[str, ...], words: str) -> bool:
    """Whether any of these patterns stands in a normalised sentence."""
    return any(pattern(source, sight.rules.classes).search(words) is not None for source in sources)


def found(sight: Sight, source: str, words: str) -> str:
    """The words of a normalised sentence that a pattern finds, or ""."""
    return pattern(source, sight.rules.classes).search(words) or ""
