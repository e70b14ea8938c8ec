"""Small helps for the reader's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from doorframe.apps.signatures.reading import Reading

register = template.Library()


@register.filter
def of(rows: Mapping[str, Any] | None, key: str) -> Any:
    """What stands under a key, or nothing."""
    return (rows or {}).get(key, ())


@register.filter
def say(reading: Reading, id: str) -> tuple[str, ...]:
    """A short text of the reader's pages, paragraph by paragraph."""
    return reading.say(id)
