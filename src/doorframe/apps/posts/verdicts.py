"""A verdict as plain values and back, to be kept encrypted with the words that it is about."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any, TypeVar

from doorframe.engines.screening.verdict import Finding, People, Rewrite, Verdict

T = TypeVar("T")


def plain(verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON can say it."""
    return asdict(verdict)


def read(kept: dict[str, Any] | None) -> Verdict | None:
    """The verdict that `plain` wrote; None where the words are gone. What a later engine dropped is left out."""
    if not kept:
        return None
    people = kept.get("people")
    return _made(
        Verdict,
        {
            **kept,
            "findings": tuple(_made(Finding, one) for one in kept["findings"]),
            "rewrites": tuple(_made(Rewrite, one) for one in kept["rewrites"]),
            "people": _made(People, people) if people else None,
        },
    )


def _made(kind: type[T], values: dict[str, Any]) -> T:
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{key: _frozen(value) for key, value in values.items() if key in known})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
